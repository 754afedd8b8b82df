//! Appends to the file that is written to now. Each write is one `write(2)` in append mode, so that what has returned
//! survives the end of the process, and writers never split each other's lines.

use std::io::{self, Seek, Write};
use std::time::Duration;

use super::Current;
use crate::record::Timestamp;
use crate::sink::block::Lines;
use crate::sink::disk::{self, Place};
use crate::sink::journal::Journal;

/// What is to be appended: lines of records, and what the file itself has to say before them.
pub(in crate::sink) struct Batch<'a> {
    pub(in crate::sink) lines: Lines<'a>,
    /// The record of a loss.
    pub(in crate::sink) loss: &'a str,
    /// What stands at the beginning of a file.
    pub(in crate::sink) opening: &'a str,
}

/// How much of a batch was written.
pub(in crate::sink) struct Written {
    pub(in crate::sink) lines: usize,
    /// Whether the first of them cannot be read where it is, and could not be written once more.
    pub(in crate::sink) is_first_lost: bool,
    /// Whether all that goes before them was.
    pub(in crate::sink) head: bool,
    pub(in crate::sink) result: io::Result<()>,
}

impl Current {
    /// Appends as many of the lines as belong into one file, at least the first.
    pub(in crate::sink) fn append(
        &mut self,
        batch: &Batch<'_>,
        now: Timestamp,
        journal: &dyn Journal,
    ) -> Written {
        let first = batch.lines.split_at(batch.lines.count().min(1)).0.bytes().len();
        match self.prepare((first + batch.loss.len()) as u64, now) {
            Ok(()) => self.write(batch, journal),
            Err(error) => Written { lines: 0, is_first_lost: false, head: false, result: Err(error) },
        }
    }

    /// One call of the system. A short write leaves a torn line behind, which the next one will not be glued to. A line
    /// that lacks its end alone is cut; where that cannot be done it is whole, as what comes next begins with its end.
    fn write(&mut self, batch: &Batch<'_>, journal: &dyn Journal) -> Written {
        let (head, lines) = self.compose(batch);
        let result = self.write_bytes(&head, lines, journal);
        let written = *result.as_ref().unwrap_or(&0);
        if written > 0 && self.is_nowhere() {
            return match self.follow() {
                Ok(()) => self.write(batch, journal),
                Err(error) => Written { lines: 0, is_first_lost: false, head: false, result: Err(error) },
            };
        }
        let is_glued = written > 0 && self.is_glued(written, &head, lines);
        let of_lines = written.saturating_sub(head.len());
        let is_cut = written > 0 && self.cut(head.iter().chain(lines.bytes()).nth(written).copied());
        let end = usize::from(!is_cut);
        let whole = if written > head.len() { lines.whole_within(of_lines + end) } else { 0 };
        let is_headed = written > 0 && written + end >= head.len();
        if written > 0 && is_cut {
            (self.torn, self.fresh) = (false, self.fresh && !is_headed);
        } else if written > 0 {
            self.torn = written < head.len() || lines.split_at(whole).0.bytes().len() != of_lines;
            self.fresh &= !is_headed || (is_glued && !head.is_empty());
        }
        let is_first_lost =
            is_glued && head.is_empty() && whole > 0 && !self.write_again(lines.split_at(1).0);
        journal.end(lines.split_at(whole).0);
        let is_short = written + end < head.len() + lines.bytes().len();
        let short = || io::Error::other("no room for a whole record");
        let result = result.and_then(|_| if is_short { Err(short()) } else { Ok(()) });
        // What owns up to a loss is said again where it cannot be read.
        let is_spoiled = is_glued && head == batch.loss.as_bytes();
        Written { lines: whole, is_first_lost, head: is_headed && !is_spoiled, result }
    }

    /// Whether what was just written came into a file that had no name any more. Others remove one, compressed, when whoever had it open
    /// has long looked where it is; but this process may have stood still since it did.
    pub(super) fn is_nowhere(&mut self) -> bool {
        const LONG: Duration = Duration::from_secs(1);
        const PATIENCE: Duration = Duration::from_millis(100);
        if self.looked_at.elapsed() < LONG {
            return false;
        }
        self.unchecked = Self::WRITES;
        // Who removes it looks at its size and then does, both under this lock.
        let _lock = disk::lock_dir_within(&self.path, PATIENCE);
        self.file.as_ref().is_some_and(disk::is_written_in_vain)
    }

    /// A line that the disk had no room for the end of would become one with what another process appends behind it. So its
    /// last byte becomes its end, and it is none; whether it was so, and that could be done.
    fn cut(&self, missing: Option<u8>) -> bool {
        let cut = |file| disk::end_before(file, &self.path, self.size);
        missing == Some(b'\n') && self.file.as_ref().is_some_and(cut)
    }

    /// Whether the first of what was just written stands behind half a line of another process, which died or had room for no
    /// more. Only what somebody else wrote since our last write can be that.
    fn is_glued(&mut self, written: usize, head: &[u8], lines: Lines<'_>) -> bool {
        let Some(file) = &mut self.file else { return false };
        let expected = self.end + written as u64;
        // In append mode it is the end of what was written, whoever else writes.
        self.end = file.stream_position().unwrap_or(expected);
        self.size = self.end;
        let first = if head.is_empty() { lines.bytes() } else { head };
        let line = first.split_inclusive(|byte| *byte == b'\n').next().unwrap_or_default();
        let line = &line[..line.len().min(written)];
        self.end != expected
            && line != b"\n"
            && disk::is_glued(file, self.end.saturating_sub(written as u64), line)
    }

    /// Writes a line that cannot be read where it is once more; whether that could be done.
    fn write_again(&mut self, line: Lines<'_>) -> bool {
        let apart = if self.torn { [b"\n", line.bytes()].concat() } else { line.bytes().to_vec() };
        let written = self.file.as_mut().and_then(|file| file.write(&apart).ok()).unwrap_or(0);
        self.size += written as u64;
        self.end = self.size;
        self.torn = (self.torn || written > 0) && written < apart.len();
        written == apart.len()
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
        journal.begin(lines, &mut || Place::of(file, self.size))?;
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
}
