//! Appends lines to a file: each record is one `write(2)` in append mode, so that a record whose call has returned
//! survives the end of the process, and writers never split each other's lines. A full or missing disk costs
//! records, which are counted and told, never the program. Knows nothing of what a line says.

use std::fs::File;
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::calendar::Calendar;
use super::disk::{self, is_at, is_torn, lock_dir};
use super::gzip::Packer;
use super::{MOST, Rotation};
use crate::error::Error;
use crate::record::Timestamp;
use crate::trap;

/// The open file and how it fares.
pub(super) struct Writer {
    path: PathBuf,
    rotation: Rotation,
    calendar: Calendar,
    /// Compresses the older files, if that is wanted.
    packer: Option<Packer>,
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
    /// While the file cannot be moved: when to try again.
    rotate_at: Option<Instant>,
    /// Whether it was said that older files cannot be removed.
    untidy: bool,
    /// How many records were written since it was last looked whether the path is still this file, and when.
    unchecked: u32,
    checked_at: Timestamp,
}

impl Writer {
    /// Opens the file at once, so that trouble is told at the start; it is tried again with later records.
    pub(super) fn open(path: PathBuf, rotation: Rotation) -> Self {
        let mut writer = Self {
            path,
            rotation,
            calendar: Calendar::default(),
            packer: None,
            file: None,
            size: 0,
            torn: false,
            lost: 0,
            told: 0,
            cause: String::new(),
            retry_at: None,
            rotate_at: None,
            untidy: false,
            unchecked: 0,
            checked_at: Timestamp::now(),
        };
        if let Err(error) = writer.reopen() {
            writer.fail(&error);
        } else if rotation.has_limits() {
            let _lock = lock_dir(&writer.path);
            writer.tidy(MOST);
        }
        writer.start_packer();
        writer
    }

    /// Whether it is too early to try again.
    pub(super) fn waits(&self) -> bool {
        is_later(self.retry_at)
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Counts a record that was not even tried, and so not written.
    pub(super) fn lose(&mut self) -> bool {
        self.lost += 1;
        false
    }

    /// How many records are missing before the next one, and why.
    pub(super) fn loss(&self) -> Option<(u64, &str)> {
        (self.lost > 0).then_some((self.lost, &*self.cause))
    }

    /// Writes one line, or counts it as lost; whether it was written.
    pub(super) fn put(&mut self, line: &[u8], now: Timestamp) -> bool {
        match self.append(line, now) {
            Ok(()) => {
                self.recover();
                true
            }
            Err(error) => {
                self.fail(&error);
                self.lose()
            }
        }
    }

    /// Opens the file that is at the path now.
    pub(super) fn reopen_now(&mut self) -> Result<(), Error> {
        self.reopen().map_err(|error| Error::io(format!("cannot open `{}`", self.path.display()), error))
    }

    /// Moves the file on, whatever its size; one without older files to keep stays.
    pub(super) fn rotate_now(&mut self) -> Result<(), Error> {
        if self.rotation.keep == 0 {
            return Ok(());
        }
        let _lock = lock_dir(&self.path);
        // An empty file makes no older one.
        let rotated = self.follow().and_then(|()| {
            if self.size == 0 {
                return Ok(());
            }
            self.rotation.shift(&self.path)?;
            self.begin()
        });
        rotated.map_err(|error| Error::io(format!("cannot rotate `{}`", self.path.display()), error))
    }

    /// Says on stderr what could not be written, once.
    pub(super) fn tell_losses(&mut self) {
        if self.lost > self.told {
            let (path, lost, cause) = (self.path.display(), self.lost, &self.cause);
            trap::report(format_args!("{lost} records could not be written to `{path}`: {cause}"));
            self.told = self.lost;
        }
    }

    fn append(&mut self, line: &[u8], now: Timestamp) -> io::Result<()> {
        self.look(now)?;
        if self.is_due(line, now) && !is_later(self.rotate_at) {
            self.rotate(line, now)?;
        }
        if std::mem::take(&mut self.torn) {
            let whole = [b"\n", line].concat();
            return self.write(&whole);
        }
        self.write(line)
    }

    /// Whether this line belongs into a new file. Without older files to keep there is one alone.
    fn is_due(&mut self, line: &[u8], now: Timestamp) -> bool {
        if self.size == 0 {
            self.calendar.begin(None);
        }
        let is_full = self.rotation.is_full(self.size, line.len() as u64);
        self.rotation.keep > 0 && (is_full || (self.rotation.daily && self.calendar.is_over(now)))
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
        if self.torn { Err(io::Error::other("no room for a whole record")) } else { Ok(()) }
    }

    /// Sees to it that the file is open and is the one at the path: somebody may have moved or removed it, or made
    /// it shorter. Looks every 64 records or once a second.
    fn look(&mut self, now: Timestamp) -> io::Result<()> {
        const RECORDS: u32 = 64;
        const MICROS: i64 = 1_000_000;
        self.unchecked += 1;
        let soon = (0..MICROS).contains(&(now.as_micros() - self.checked_at.as_micros()));
        if self.file.is_some() && self.unchecked < RECORDS && soon {
            return Ok(());
        }
        (self.unchecked, self.checked_at) = (0, now);
        self.follow()
    }

    fn follow(&mut self) -> io::Result<()> {
        match &self.file {
            Some(file) if is_at(file, &self.path) => {
                self.size = file.metadata()?.len();
                Ok(())
            }
            _ => self.reopen(),
        }
    }

    /// The file that was open is let go only when the new one is.
    fn reopen(&mut self) -> io::Result<()> {
        let mut file = disk::open(&self.path)?;
        self.size = file.seek(SeekFrom::End(0))?;
        self.calendar.begin(file.metadata()?.modified().ok().map(Timestamp::at));
        self.torn = self.size > 0 && is_torn(&mut file)?;
        self.file = Some(file);
        Ok(())
    }

    /// Moves the file on, unless another process has done so. A file that cannot be moved is written on; the records
    /// matter more than its length.
    fn rotate(&mut self, line: &[u8], now: Timestamp) -> io::Result<()> {
        const PAUSE: Duration = Duration::from_secs(1);
        // Held until the end: rotating takes several steps.
        let _lock = lock_dir(&self.path);
        self.follow()?;
        if !self.is_due(line, now) {
            return Ok(());
        }
        if let Err(error) = self.rotation.shift(&self.path) {
            if self.rotate_at.replace(Instant::now() + PAUSE).is_none() {
                trap::report(format_args!("cannot rotate `{}`, writing on: {error}", self.path.display()));
            }
            return Ok(());
        }
        self.rotate_at = None;
        self.begin()
    }

    /// Begins a new file, now that the old one has moved.
    fn begin(&mut self) -> io::Result<()> {
        self.tidy(self.rotation.keep);
        self.packer.iter().for_each(Packer::ring);
        self.reopen()
    }

    /// Removes older files that are not to be kept. Those that cannot be are told once.
    fn tidy(&mut self, keep: u32) {
        let result = self.rotation.tidy(&self.path, keep);
        let was_untidy = std::mem::replace(&mut self.untidy, result.is_err());
        if let (Err(error), false) = (result, was_untidy) {
            trap::report(format_args!("cannot remove older files of `{}`: {error}", self.path.display()));
        }
    }

    fn start_packer(&mut self) {
        if !self.rotation.compress || self.rotation.keep == 0 {
            return;
        }
        match Packer::start(self.path.clone()) {
            Ok(packer) => self.packer.insert(packer).ring(),
            Err(error) => trap::report(format_args!("cannot compress older files: {error}")),
        }
    }

    /// Notes that writing failed; says so on stderr once for each outage.
    fn fail(&mut self, error: &io::Error) {
        const PAUSE: Duration = Duration::from_millis(250);
        if self.retry_at.is_none() {
            trap::report(format_args!("cannot write `{}`: {error}; records are lost", self.path.display()));
        }
        self.cause = error.to_string();
        self.retry_at = Some(Instant::now() + PAUSE);
        self.file = None;
    }

    fn recover(&mut self) {
        if self.retry_at.take().is_some() {
            let (path, lost) = (self.path.display(), self.lost);
            trap::report(format_args!("`{path}` is written again; {lost} records were lost"));
        }
        (self.lost, self.told) = (0, 0);
    }
}

fn is_later(at: Option<Instant>) -> bool {
    at.is_some_and(|at| Instant::now() < at)
}
