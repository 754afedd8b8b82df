//! The file that is written to now: follows it where it is moved, removed or cut, and moves it on when it is full.

mod append;
#[cfg(all(test, unix))]
mod tests;

use std::fs::File;
use std::io::{self, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::calendar::Calendar;
use super::disk::{self, is_at, is_torn, lock_dir, lock_dir_within};
use super::gzip::Packer;
use super::{MOST, Rotation, Scope};
use crate::record::Timestamp;
use crate::trap;

pub(super) use append::Batch;

/// The open file and its older ones.
pub(super) struct Current {
    path: PathBuf,
    rotation: Rotation,
    calendar: Calendar,
    /// Compresses the older files, if that is wanted.
    packer: Option<Packer>,
    file: Option<File>,
    size: u64,
    /// Where our last write ended, or the file when it was opened: what is behind that somebody else wrote.
    end: u64,
    /// Whether the file ends in the middle of a line.
    torn: bool,
    /// Whether this program has not yet said that it writes to this file.
    fresh: bool,
    /// While the file cannot be moved: when to try again, and how long that pause is.
    stuck: Option<(Instant, Duration)>,
    /// Whether it was said that older files cannot be removed.
    untidy: bool,
    /// Whether it was said that the file has been moved, and no other can be opened.
    is_astray: bool,
    /// How many writes there were since it was last looked whether the path is still this file, and when.
    unchecked: u32,
    checked_at: Timestamp,
    /// The same by a clock that nobody sets.
    looked_at: Instant,
}

impl Current {
    /// After so many writes it is looked whether the path is still this file.
    const WRITES: u32 = 64;

    /// Nothing is opened before it is needed, or asked for.
    pub(super) fn new(path: PathBuf, rotation: Rotation) -> Self {
        Self {
            path,
            rotation,
            calendar: Calendar::default(),
            packer: None,
            file: None,
            size: 0,
            end: 0,
            torn: false,
            fresh: true,
            stuck: None,
            untidy: false,
            is_astray: false,
            unchecked: 0,
            checked_at: Timestamp::now(),
            looked_at: Instant::now(),
        }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Opens the file for the first time, and sees to its older ones.
    pub(super) fn start(&mut self) -> io::Result<()> {
        let opened = self.reopen();
        if opened.is_ok() && self.rotation.has_limits() {
            let _lock = lock_dir(&self.path);
            self.tidy(MOST);
        }
        self.start_packer();
        opened
    }

    /// Whether this program has not yet said that it writes to this file.
    pub(super) fn is_fresh(&self) -> bool {
        self.fresh || self.size == 0
    }

    /// Lets the file go; it is opened anew when it is needed.
    pub(super) fn close(&mut self) {
        self.file = None;
    }

    /// Moves the file on, whatever its size; one without older files to keep stays.
    pub(super) fn rotate_now(&mut self) -> io::Result<()> {
        if self.rotation.keep == 0 {
            return Ok(());
        }
        let _lock = lock_dir(&self.path)?;
        self.follow()?;
        // An empty file makes no older one.
        if self.size == 0 {
            return Ok(());
        }
        self.rotation.shift(&self.path)?;
        self.begin()
    }

    /// The file that was open is let go only when the new one is.
    pub(super) fn reopen(&mut self) -> io::Result<()> {
        let open = match self.rotation.scope {
            Scope::File => disk::open,
            Scope::Runs => disk::open_held,
        };
        let mut file = open(&self.path)?;
        self.size = file.seek(SeekFrom::End(0))?;
        self.end = self.size;
        if self.rotation.daily {
            let written = if self.size > 0 { file.metadata()?.modified().ok() } else { None };
            self.calendar.begin(written.map(Timestamp::at));
        }
        self.torn = self.size > 0 && is_torn(&mut file)?;
        self.file = Some(file);
        self.is_astray = false;
        Ok(())
    }

    /// Sees to it that there is an open file with room for that many bytes more.
    fn prepare(&mut self, bytes: u64, now: Timestamp) -> io::Result<()> {
        self.look(now)?;
        if self.is_due(bytes, now) && self.stuck.is_none_or(|(until, _)| Instant::now() >= until) {
            self.rotate(bytes, now)?;
        }
        Ok(())
    }

    /// Whether so many bytes belong into a new file. Without older files to keep there is one alone.
    fn is_due(&mut self, bytes: u64, now: Timestamp) -> bool {
        if self.size == 0 {
            self.calendar.begin(None);
        }
        let is_full = self.rotation.is_full(self.size, bytes);
        self.rotation.keep > 0 && (is_full || (self.rotation.daily && self.calendar.is_over(now)))
    }

    /// Sees to it that the file is open and is the one at the path: somebody may have moved or removed it, or made
    /// it shorter. Looks every 64 writes or once a second.
    fn look(&mut self, now: Timestamp) -> io::Result<()> {
        const MICROS: i64 = 1_000_000;
        self.unchecked += 1;
        let soon = (0..MICROS).contains(&(now.as_micros() - self.checked_at.as_micros()));
        if self.file.is_some() && self.unchecked < Self::WRITES && soon {
            return Ok(());
        }
        (self.unchecked, self.checked_at) = (0, now);
        self.follow()
    }

    fn follow(&mut self) -> io::Result<()> {
        self.looked_at = Instant::now();
        match &self.file {
            Some(file) if is_at(file, &self.path) => {
                self.size = file.metadata()?.len();
                Ok(())
            }
            _ => self.reopen().or_else(|error| self.stay(error)),
        }
    }

    /// Writes on to the file that has been moved away where there can be no other; says so once. In one that was removed
    /// nobody would find anything.
    fn stay(&mut self, error: io::Error) -> io::Result<()> {
        if !self.file.as_ref().is_some_and(disk::has_name) {
            return Err(error);
        }
        if !std::mem::replace(&mut self.is_astray, true) {
            let path = self.path.display();
            trap::report(format_args!(
                "cannot open `{path}`, writing on to the file that was there: {error}"
            ));
        }
        Ok(())
    }

    /// Moves the file on, unless another process has done so. A file that cannot be moved is written on; the records
    /// matter more than its length.
    fn rotate(&mut self, bytes: u64, now: Timestamp) -> io::Result<()> {
        // Who never lets go of the directory is waited for once.
        let lock = match self.stuck {
            None => lock_dir(&self.path),
            Some(_) => lock_dir_within(&self.path, Duration::ZERO),
        };
        self.follow()?;
        if !self.is_due(bytes, now) {
            return Ok(());
        }
        // Held until the end: rotating takes several steps.
        let _lock = match lock.and_then(|lock| self.rotation.shift(&self.path).map(|()| lock)) {
            Ok(lock) => lock,
            Err(error) => {
                self.put_off(&error);
                return Ok(());
            }
        };
        self.stuck = None;
        self.begin()?;
        // The new file is of the day of this record, whatever the disk's clock says of when it was made.
        self.calendar.is_over(now);
        Ok(())
    }

    /// Writes on for a while, each time for a longer one, before it is tried to rotate again; says so once.
    fn put_off(&mut self, error: &io::Error) {
        const FIRST: Duration = Duration::from_secs(1);
        const MOST: Duration = Duration::from_secs(60);
        let pause = self.stuck.map_or(FIRST, |(_, last)| MOST.min(last * 2));
        if self.stuck.replace((Instant::now() + pause, pause)).is_none() {
            trap::report(format_args!("cannot rotate `{}`, writing on: {error}", self.path.display()));
        }
    }

    /// Begins a new file, now that the old one has moved. Where that cannot be opened yet, the old one is written on.
    fn begin(&mut self) -> io::Result<()> {
        self.tidy(self.rotation.keep);
        self.packer.iter().for_each(Packer::ring);
        self.reopen().or_else(|error| if self.file.is_some() { Ok(()) } else { Err(error) })
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
        match Packer::start(self.path.clone(), self.rotation.scope) {
            Ok(packer) => self.packer.insert(packer).ring(),
            Err(error) => trap::report(format_args!("cannot compress older files: {error}")),
        }
    }
}
