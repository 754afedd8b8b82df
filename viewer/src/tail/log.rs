//! A log: the file that is written, those that it was before it was moved aside, and copies of what was cut out of it.
//! Gives its lines in the order in which they were written, each once.

use std::cmp::Reverse;
use std::fs::File;
use std::io;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use logwright::record::Timestamp;

use super::back;
use super::entry::Entry;
use super::follow::{Follower, Id, Look, read_at};

/// How much is looked at for the first record of a file.
const FIRST_LINES: u64 = 1 << 16;

/// So long after the last write to a file that is gone, or no longer the newest, the half line at its end will not become
/// whole.
const GIVE_UP_LINE: Duration = Duration::from_secs(1);

/// So long a file that is gone is kept open: who writes it may not have seen that yet.
const LINGER: Duration = Duration::from_secs(10);

/// A file of a log, as its directory shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) path: PathBuf,
    pub(super) id: Id,
    pub(super) look: Look,
    /// Whether it has the log's own name: it is the one that is written.
    pub(super) is_own: bool,
    /// The number at the end of its name.
    pub(super) age: u64,
}

impl Found {
    /// A copy can only be told from other files when something is in it.
    pub(super) fn can_be_told(&self) -> bool {
        self.is_own || self.look.bytes > 0
    }
}

#[derive(Debug)]
pub(super) struct Log {
    /// What it is told from other logs by.
    pub(super) label: String,
    /// The oldest first.
    files: Vec<Follower>,
    /// What begins as a file of this log does. Nothing of it is read as long as that file has it as well.
    copies: Vec<Follower>,
    fresh: Vec<Fresh>,
}

/// A file that was not there before.
#[derive(Debug)]
struct Fresh {
    follower: Follower,
    order: (Timestamp, Reverse<u64>),
}

impl Log {
    pub(super) fn new(label: String) -> Self {
        Self { label, files: Vec::new(), copies: Vec::new(), fresh: Vec::new() }
    }

    /// Takes note of what is in the directory now, and opens what was not there before.
    pub(super) fn take_up(&mut self, all: &[Found], now: Instant) -> io::Result<()> {
        self.followers().for_each(|follower| follower.is_there = false);
        let mut result = Ok(());
        for found in all {
            if let Some(known) = self.followers().find(|known| known.id == found.id) {
                known.found(&found.path, found.is_own, found.look);
            } else if found.can_be_told() {
                result = result.and(self.open(found, now));
            }
        }
        result
    }

    fn open(&mut self, found: &Found, now: Instant) -> io::Result<()> {
        let follower = match Follower::open(&found.path, found.is_own, now) {
            // It has another name by now.
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            opened => opened?,
        };
        if self.followers().any(|known| known.id == follower.id) {
            return Ok(());
        }
        let first = follower.opened()?.map_or(Ok(None), |(file, _)| first_timestamp(file))?;
        // An empty file is the newest.
        let first = first.unwrap_or(Timestamp::from_micros(i64::MAX));
        self.fresh.push(Fresh { follower, order: (first, Reverse(found.age)) });
        Ok(())
    }

    fn followers(&mut self) -> impl Iterator<Item = &mut Follower> {
        let fresh = self.fresh.iter_mut().map(|fresh| &mut fresh.follower);
        self.files.iter_mut().chain(&mut self.copies).chain(fresh)
    }

    /// Puts the files that are new behind the others, in the order in which they were written. Their names do not tell it
    /// for sure, whatever moved them.
    pub(super) fn settle(&mut self) {
        let mut fresh = std::mem::take(&mut self.fresh);
        if !fresh.is_empty() {
            // What a copy is told by may have been written just now.
            self.look();
        }
        fresh.sort_by_key(|fresh| fresh.order);
        let fresh = fresh.into_iter().map(|fresh| fresh.follower);
        let (mut own, others): (Vec<_>, Vec<_>) = fresh.partition(|follower| follower.is_own);
        // What is written now is newer than all others, unless these came after what was seen or read of it.
        if self.files.last().is_some_and(|last| last.is_own && last.is_unread() && !last.is_cut) {
            own.splice(..0, self.files.pop());
        }
        for follower in others {
            // Copies are made of the file that is written, so that is none.
            if self.files.iter().chain(&own).any(|original| follower.begins_like(original)) {
                self.copies.push(follower);
            } else {
                self.files.push(follower);
            }
        }
        self.files.append(&mut own);
    }

    /// Leaves out all but the last records, as many as are left to find.
    pub(super) fn skip(&mut self, mut left: usize, wanted: &dyn Fn(&[u8]) -> bool) -> io::Result<()> {
        for follower in self.files.iter_mut().rev() {
            let Some((file, bytes)) = follower.opened()? else { continue };
            let start = back::last(file, bytes, &mut left, wanted)?;
            follower.skip_to(start)?;
        }
        Ok(())
    }

    /// Sees how far each file goes, the newest first: a record that is older than one that will be read of a newer file was
    /// written before that, so it will be read too.
    pub(super) fn look(&mut self) {
        for file in self.files.iter_mut().rev() {
            if file.look().is_err() {
                file.close();
            }
        }
    }

    /// Whether there is a file in which what was read does not stand any more.
    pub(super) fn is_cut(&self) -> bool {
        self.files.iter().any(|file| file.is_cut)
    }

    /// Goes on in the copies of files that were cut, and begins these anew, behind all others.
    pub(super) fn part(&mut self, each: &mut dyn FnMut(Entry)) {
        let mut anew = Vec::new();
        for mut file in std::mem::take(&mut self.files) {
            if !file.is_cut {
                self.files.push(file);
                continue;
            }
            if let Some(at) = self.copies.iter().position(|copy| copy.goes_on(&file)) {
                let mut copy = self.copies.swap_remove(at);
                if copy.take_over(&mut file).is_ok() {
                    self.files.push(copy);
                }
            }
            end_line(&mut file, each);
            file.restart();
            anew.push(file);
        }
        self.files.append(&mut anew);
    }

    /// Reads what the last look showed, the oldest file first, but not more than so many blocks. Whether something is left.
    pub(super) fn read(&mut self, mut blocks: usize, now: Instant, each: &mut dyn FnMut(Entry)) -> bool {
        for file in &mut self.files {
            while file.has_more() {
                if blocks == 0 {
                    return true;
                }
                blocks -= 1;
                if file.read(now, &mut |line| each(Entry::read(line, false))).is_err() {
                    file.close();
                }
            }
        }
        false
    }

    /// Lets go of files that are gone, and closes those that are no longer written.
    pub(super) fn tidy(&mut self, now: Instant, each: &mut dyn FnMut(Entry)) {
        let newest = self.files.len().saturating_sub(1);
        for (at, file) in self.files.iter_mut().enumerate() {
            if (at < newest || !file.is_there) && file.is_quiet(now, GIVE_UP_LINE) {
                end_line(file, each);
            }
            if at < newest {
                file.rest(now);
            }
        }
        self.files.retain(|file| file.is_there || file.is_open() && !file.is_quiet(now, LINGER));
        self.copies.retain(|copy| copy.is_there);
    }

    /// Gives up on the lines that have not ended.
    pub(super) fn end(&mut self, each: &mut dyn FnMut(Entry)) {
        self.files.iter_mut().for_each(|file| end_line(file, each));
    }

    /// Whether there is nothing to follow.
    pub(super) fn is_gone(&self) -> bool {
        self.files.is_empty() && self.copies.is_empty()
    }
}

fn end_line(file: &mut Follower, each: &mut dyn FnMut(Entry)) {
    file.take_partial().into_iter().for_each(|line| each(Entry::read(&line, true)));
}

/// The time of the first record.
fn first_timestamp(file: &File) -> io::Result<Option<Timestamp>> {
    let lines = read_at(file, 0, FIRST_LINES)?;
    Ok(lines.split(|&byte| byte == b'\n').find_map(|line| Entry::read(line, false).timestamp()))
}
