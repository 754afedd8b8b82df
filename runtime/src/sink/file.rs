//! A log file: each record is one `write(2)` in append mode, so that a record whose call has returned survives
//! the end of the process, and writers never split each other's lines. A full or missing disk costs records,
//! which are counted and told, never the program.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::{Rotation, Sink, with_buffer};
use crate::level::Level;
use crate::record::{Kind, Record, Timestamp, json, text};
use crate::trap;

/// The format of a file's lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Line {
    Text,
    Json,
}

pub(crate) struct FileSink {
    path: PathBuf,
    line: Line,
    level: Level,
    rotation: Rotation,
    /// Counts the records handed over, whether they could be written or not: a gap in a file is a lost record.
    seq: AtomicU64,
    writer: Mutex<Writer>,
}

impl FileSink {
    /// Opens the file at once, so that trouble is told at the start; it is tried again with later records.
    pub(crate) fn open(path: PathBuf, line: Line, level: Level, rotation: Rotation) -> Self {
        let mut writer = Writer::default();
        if let Err(error) = writer.reopen(&path) {
            writer.fail(&path, &error);
        }
        Self { path, line, level, rotation, seq: AtomicU64::new(0), writer: Mutex::new(writer) }
    }

    fn lock(&self) -> MutexGuard<'_, Writer> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn format(&self, out: &mut String, record: &Record<'_>) {
        match self.line {
            Line::Text => text::write(out, record),
            Line::Json => {
                json::write_numbered(out, record, Some(self.seq.fetch_add(1, Ordering::Relaxed)));
            }
        }
    }

    /// Makes the line that owns up to what was lost, if anything was.
    fn format_loss(&self, out: &mut String, lost: u64, cause: &str, record: &Record<'_>) {
        let loss = Record {
            kind: Kind::LogLoss,
            timestamp: Timestamp::now(),
            level: Level::Warning,
            logger: "logwright".into(),
            message: format!("{lost} records lost: {cause}").into(),
            run: record.run,
            pid: record.pid,
            thread: record.thread.as_deref().map(Into::into),
            lost: Some(lost),
            ..Record::default()
        };
        self.format(out, &loss);
    }
}

impl Sink for FileSink {
    fn level(&self) -> Level {
        self.level
    }

    fn put(&self, record: &Record<'_>) {
        // The guide's text has an operation's end only, which says all that its start does.
        if self.line == Line::Text && record.kind == Kind::OpStart {
            return;
        }
        with_buffer(|line| {
            self.format(line, record);
            let mut writer = self.lock();
            if writer.waits() {
                writer.lost += 1;
                return;
            }
            if writer.lost > 0 {
                self.format_loss(line, writer.lost, &writer.cause, record);
            }
            match writer.append(&self.path, self.rotation, line.as_bytes()) {
                Ok(()) => writer.recover(&self.path),
                Err(error) => {
                    writer.lost += 1;
                    writer.fail(&self.path, &error);
                }
            }
        });
    }

    fn flush(&self) {
        let mut writer = self.lock();
        if writer.lost > writer.told {
            let (path, lost, cause) = (self.path.display(), writer.lost, &writer.cause);
            trap::report(format_args!("{lost} records could not be written to `{path}`: {cause}"));
            writer.told = writer.lost;
        }
    }
}

/// The open file and how it fares.
#[derive(Default)]
struct Writer {
    file: Option<File>,
    size: u64,
    /// Whether the file ends in the middle of a line.
    torn: bool,
    lost: u64,
    /// How many of the lost were told on stderr.
    told: u64,
    cause: String,
    /// While something is wrong: when to try again.
    retry_at: Option<Instant>,
    rotation_failed: bool,
}

impl Writer {
    /// Whether it is too early to try again.
    fn waits(&self) -> bool {
        self.retry_at.is_some_and(|at| Instant::now() < at)
    }

    fn append(&mut self, path: &Path, rotation: Rotation, line: &[u8]) -> io::Result<()> {
        if self.file.is_none() {
            self.reopen(path)?;
        }
        if rotation.is_due(self.size, line.len() as u64) {
            self.rotate(path, rotation)?;
        }
        if std::mem::take(&mut self.torn) {
            let whole = [b"\n", line].concat();
            return self.write(&whole);
        }
        self.write(line)
    }

    /// One call, one record. A short write leaves a torn line behind, which the next one will not be glued to.
    fn write(&mut self, line: &[u8]) -> io::Result<()> {
        let file = self.file.as_mut().ok_or(io::ErrorKind::NotFound)?;
        let written = loop {
            match file.write(line) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                result => break result?,
            }
        };
        self.size += written as u64;
        self.torn = written < line.len();
        if self.torn { Err(io::ErrorKind::WriteZero.into()) } else { Ok(()) }
    }

    fn reopen(&mut self, path: &Path) -> io::Result<()> {
        let mut file = options().open(path).or_else(|error| {
            let Some(dir) = path.parent().filter(|_| error.kind() == io::ErrorKind::NotFound) else {
                return Err(error);
            };
            dir_builder().create(dir)?;
            options().open(path)
        })?;
        self.size = file.seek(SeekFrom::End(0))?;
        self.torn = self.size > 0 && !ends_a_line(&mut file)?;
        self.file = Some(file);
        Ok(())
    }

    /// A file that cannot be moved is written on; the records matter more than its length.
    fn rotate(&mut self, path: &Path, rotation: Rotation) -> io::Result<()> {
        match rotation.shift(path) {
            Ok(()) => {
                self.rotation_failed = false;
                self.reopen(path)
            }
            Err(error) => {
                if !std::mem::replace(&mut self.rotation_failed, true) {
                    trap::report(format_args!("cannot rotate `{}`, writing on: {error}", path.display()));
                }
                Ok(())
            }
        }
    }

    /// Notes that writing failed; says so on stderr once for each outage.
    fn fail(&mut self, path: &Path, error: &io::Error) {
        const PAUSE: Duration = Duration::from_millis(250);
        if self.retry_at.is_none() {
            trap::report(format_args!("cannot write `{}`: {error}; records are lost", path.display()));
        }
        self.cause = error.to_string();
        self.retry_at = Some(Instant::now() + PAUSE);
        self.file = None;
    }

    fn recover(&mut self, path: &Path) {
        if self.retry_at.take().is_some() {
            let lost = self.lost;
            trap::report(format_args!("`{}` is written again; {lost} records were lost", path.display()));
        }
        (self.lost, self.told) = (0, 0);
    }
}

fn ends_a_line(file: &mut File) -> io::Result<bool> {
    let mut last = [0];
    file.seek(SeekFrom::End(-1))?;
    file.read_exact(&mut last)?;
    Ok(last == *b"\n")
}

/// Readable, to look at how the file ends; private to the user and the group, as logs may hold names and places.
fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.append(true).create(true).read(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o640);
    options
}

fn dir_builder() -> std::fs::DirBuilder {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o750);
    builder
}
