//! A log file: formats each record and hands it to the writer, together with what had to be left out before.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::stats::{Counts, SinkStats};
use super::writer::Writer;
use super::{Rotation, Sink, with_buffer};
use crate::error::Error;
use crate::level::Level;
use crate::record::{Kind, Record, Timestamp, json, text};

/// The format of a file's lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Line {
    Text,
    Json,
}

pub(crate) struct FileSink {
    line: Line,
    level: Level,
    /// Counts the records handed over, whether they could be written or not: a gap in a file is a lost record.
    seq: AtomicU64,
    writer: Mutex<Writer>,
    counts: Counts,
}

impl FileSink {
    /// Opens the file at once, so that trouble is told at the start; it is tried again with later records.
    pub(crate) fn open(path: PathBuf, line: Line, level: Level, rotation: Rotation) -> Self {
        let writer = Mutex::new(Writer::open(path, rotation));
        Self { line, level, seq: AtomicU64::new(0), writer, counts: Counts::default() }
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
            let is_written = if writer.waits() {
                writer.lose()
            } else {
                if let Some((lost, cause)) = writer.loss() {
                    self.format_loss(line, lost, cause, record);
                }
                writer.put(line.as_bytes(), record.timestamp)
            };
            self.counts.add(record.level, is_written);
        });
    }

    fn flush(&self) {
        self.lock().tell_losses();
    }

    fn reopen(&self) -> Result<(), Error> {
        self.lock().reopen_now()
    }

    fn rotate(&self) -> Result<(), Error> {
        self.lock().rotate_now()
    }

    fn stats(&self) -> Option<SinkStats> {
        let name = self.lock().path().display().to_string();
        Some(self.counts.stats(name))
    }
}
