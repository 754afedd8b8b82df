//! The file that is written to now: follows it where it is moved, removed or cut, and moves it on when it is full. Each
//! write is one `write(2)` in append mode, so that what has returned survives the end of the process, and writers
//! never split each other's lines.

use std::fs::File;
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::block::Lines;
use super::calendar::Calendar;
use super::disk::{self, Place, is_at, is_torn, lock_dir};
use super::gzip::Packer;
use super::journal::Journal;
use super::{MOST, Rotation};
use crate::record::Timestamp;
use crate::trap;

/// The open file and its older ones.
pub(super) struct Current {
    path: PathBuf,
    rotation: Rotation,
    calendar: Calendar,
    /// Compresses the older files, if that is wanted.
    packer: Option<Packer>,
    file: Option<File>,
    size: u64,
    /// Whether the file ends in the middle of a line.
    torn: bool,
    /// Whether this program has not yet said that it writes to this file.
    fresh: bool,
    /// While the file cannot be moved: when to try again.
    rotate_at: Option<Instant>,
    /// Whether it was said that older files cannot be removed.
    untidy: bool,
    /// How many writes there were since it was last looked whether the path is still this file, and when.
    unchecked: u32,
    checked_at: Timestamp,
}

/// What is to be appended: lines of records, and what the file itself has to say before them.
pub(super) struct Batch<'a> {
    pub(super) lines: Lines<'a>,
    /// The record of a loss.
    pub(super) loss: &'a str,
    /// What stands at the beginning of a file.
    pub(super) opening: &'a str,
}

/// How much of a batch was written.
pub(super) struct Written {
    pub(super) lines: usize,
    /// Whether all that goes before them was.
    pub(super) head: bool,
    pub(super) result: io::Result<()>,
}

impl Current {
    /// Nothing is opened before it is needed, or asked for.
    pub(super) fn new(path: PathBuf, rotation: Rotation) -> Self {
        Self {
            path,
            rotation,
            calendar: Calendar::default(),
            packer: None,
            file: None,
            size: 0,
            torn: false,
            fresh: true,
            rotate_at: None,
            untidy: false,
            unchecked: 0,
            checked_at: Timestamp::now(),
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

    /// Appends as many of the lines as belong into one file, at least the first.
    pub(super) fn append(&mut self, batch: &Batch<'_>, now: Timestamp, journal: &dyn Journal) -> Written {
        let first = batch.lines.split_at(batch.lines.count().min(1)).0.bytes().len();
        match self.prepare((first + batch.loss.len()) as u64, now) {
            Ok(()) => self.write(batch, journal),
            Err(error) => Written { lines: 0, head: false, result: Err(error) },
        }
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
        let mut file = disk::open(&self.path)?;
        self.size = file.seek(SeekFrom::End(0))?;
        let written = if self.size > 0 { file.metadata()?.modified().ok() } else { None };
        self.calendar.begin(written.map(Timestamp::at));
        self.torn = self.size > 0 && is_torn(&mut file)?;
        self.file = Some(file);
        Ok(())
    }

    /// Sees to it that there is an open file with room for that many bytes more.
    fn prepare(&mut self, bytes: u64, now: Timestamp) -> io::Result<()> {
        self.look(now)?;
        if self.is_due(bytes, now) && self.rotate_at.is_none_or(|at| Instant::now() >= at) {
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

    /// One call of the system. A short write leaves a torn line behind, which the next one will not be glued to. A line
    /// that lacks its end alone is whole, as what comes next begins with that.
    fn write(&mut self, batch: &Batch<'_>, journal: &dyn Journal) -> Written {
        let (head, lines) = self.compose(batch);
        let result = self.write_bytes(&head, lines, journal);
        let written = *result.as_ref().unwrap_or(&0);
        let is_glued = written > 0 && self.is_glued(written, &head, lines);
        let of_lines = written.saturating_sub(head.len());
        let whole = if written > head.len() { lines.whole_within(of_lines + 1) } else { 0 };
        let is_headed = written > 0 && written + 1 >= head.len();
        if written > 0 {
            self.torn = written < head.len() || lines.split_at(whole).0.bytes().len() != of_lines;
            self.fresh &= !is_headed || (is_glued && !head.is_empty());
        }
        if is_glued && head.is_empty() {
            self.write_again(lines.split_at(1).0);
        }
        journal.end(lines.split_at(whole).0);
        let is_short = written + 1 < head.len() + lines.bytes().len();
        let short = || io::Error::other("no room for a whole record");
        let result = result.and_then(|_| if is_short { Err(short()) } else { Ok(()) });
        // What owns up to a loss is said again where it cannot be read.
        let is_spoiled = is_glued && head == batch.loss.as_bytes();
        Written { lines: whole, head: is_headed && !is_spoiled, result }
    }

    /// Whether the first of what was just written stands behind half a line of another process, which died or had room for no
    /// more. Only what somebody else wrote since our last write can be that.
    fn is_glued(&mut self, written: usize, head: &[u8], lines: Lines<'_>) -> bool {
        let Some(file) = &mut self.file else { return false };
        let expected = self.size + written as u64;
        // In append mode it is the end of what was written, whoever else writes.
        self.size = file.stream_position().unwrap_or(expected);
        let first = if head.is_empty() { lines.bytes() } else { head };
        let line = first.split_inclusive(|byte| *byte == b'\n').next().unwrap_or_default();
        let line = &line[..line.len().min(written)];
        self.size != expected
            && line != b"\n"
            && disk::is_glued(file, self.size.saturating_sub(written as u64), line)
    }

    /// Writes a line that cannot be read where it is once more, if that can be done.
    fn write_again(&mut self, line: Lines<'_>) {
        let apart = if self.torn { [b"\n", line.bytes()].concat() } else { line.bytes().to_vec() };
        let written = self.file.as_mut().and_then(|file| file.write(&apart).ok()).unwrap_or(0);
        self.size += written as u64;
        self.torn = (self.torn || written > 0) && written < apart.len();
    }

    /// What goes before the lines, and as many of these as the file has room for.
    fn compose<'a>(&self, batch: &Batch<'a>) -> (Vec<u8>, Lines<'a>) {
        let mut head = Vec::new();
        if self.torn {
            head.push(b'\n');
        }
        let fits =
            |bytes: usize| self.rotation.keep == 0 || !self.rotation.is_full(self.size.max(1), bytes as u64);
        let least = batch.lines.split_at(batch.lines.count().min(1)).0.bytes().len() + batch.loss.len();
        if self.is_fresh() && fits(least + head.len() + batch.opening.len()) {
            head.extend_from_slice(batch.opening.as_bytes());
        }
        head.extend_from_slice(batch.loss.as_bytes());
        if batch.lines.count() < 2 || fits(head.len() + batch.lines.bytes().len()) {
            return (head, batch.lines);
        }
        let room = self.rotation.max_bytes.saturating_sub(self.size + head.len() as u64);
        let count = batch.lines.whole_within(usize::try_from(room).unwrap_or(usize::MAX)).max(1);
        (head, batch.lines.split_at(count).0)
    }

    fn write_bytes(&mut self, head: &[u8], lines: Lines<'_>, journal: &dyn Journal) -> io::Result<usize> {
        let file = self.file.as_mut().ok_or(io::ErrorKind::NotFound)?;
        journal.begin(lines, &mut || Place::of(file, self.size));
        let joined;
        let bytes = if head.is_empty() {
            lines.bytes()
        } else {
            joined = [head, lines.bytes()].concat();
            &joined
        };
        loop {
            match file.write(bytes) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                result => return result,
            }
        }
    }

    /// Sees to it that the file is open and is the one at the path: somebody may have moved or removed it, or made
    /// it shorter. Looks every 64 writes or once a second.
    fn look(&mut self, now: Timestamp) -> io::Result<()> {
        const WRITES: u32 = 64;
        const MICROS: i64 = 1_000_000;
        self.unchecked += 1;
        let soon = (0..MICROS).contains(&(now.as_micros() - self.checked_at.as_micros()));
        if self.file.is_some() && self.unchecked < WRITES && soon {
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

    /// Moves the file on, unless another process has done so. A file that cannot be moved is written on; the records
    /// matter more than its length.
    fn rotate(&mut self, bytes: u64, now: Timestamp) -> io::Result<()> {
        const PAUSE: Duration = Duration::from_secs(1);
        let lock = lock_dir(&self.path);
        self.follow()?;
        if !self.is_due(bytes, now) {
            return Ok(());
        }
        // Held until the end: rotating takes several steps.
        let _lock = match lock.and_then(|lock| self.rotation.shift(&self.path).map(|()| lock)) {
            Ok(lock) => lock,
            Err(error) => {
                if self.rotate_at.replace(Instant::now() + PAUSE).is_none() {
                    trap::report(format_args!(
                        "cannot rotate `{}`, writing on: {error}",
                        self.path.display()
                    ));
                }
                return Ok(());
            }
        };
        self.rotate_at = None;
        self.begin()?;
        // The new file is of the day of this record, whatever the disk's clock says of when it was made.
        self.calendar.is_over(now);
        Ok(())
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
        match Packer::start(self.path.clone()) {
            Ok(packer) => self.packer.insert(packer).ring(),
            Err(error) => trap::report(format_args!("cannot compress older files: {error}")),
        }
    }
}
