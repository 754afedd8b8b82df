//! Lines that wait in a file that is mapped into memory: they outlive the process, and the next one writes them into the
//! log. A line is there when `TAIL` is behind it, which is stored last; a process may be killed before and after any store.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{
    AtomicU64, Ordering::Acquire, Ordering::Relaxed, Ordering::Release, Ordering::SeqCst,
};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::layout::{
    DATA, DEVICE, GOAL, HEAD, INODE, KNOWN, LEAST, MAGIC, MOST, SIZE, TAIL, WORD, read_about, remove, space,
    space_of, write_about,
};
use super::map::Map;
use crate::level::Level;
use crate::sink::block::{Block, Lines};
use crate::sink::deliver::behind::Store;
use crate::sink::disk::{self, Place};
use crate::sink::journal::Journal;
use crate::sink::older::with_suffix;
use crate::trap;

pub(in crate::sink::deliver) struct Ring {
    path: PathBuf,
    /// Locked for as long as its process lives.
    file: File,
    map: Map,
    /// Held to store a line.
    turn: Mutex<()>,
}

impl Ring {
    /// Makes one beside the log, for this process.
    pub(in crate::sink::deliver) fn create(log: &Path, bytes: u64) -> io::Result<Self> {
        let words = DATA + usize::try_from(bytes.clamp(LEAST, MOST) / WORD).map_err(io::Error::other)?;
        let (path, mut file) = claim(log)?;
        fill(&mut file, words).inspect_err(|_| remove(&path))?;
        let map = Map::new(&file).inspect_err(|_| remove(&path))?;
        // The first store to a page is slow: it is made here.
        map.words().iter().step_by(DATA).for_each(|word| word.store(0, Relaxed));
        map.words()[MAGIC].store(KNOWN, SeqCst);
        Ok(Self { path, file, map, turn: Mutex::new(()) })
    }

    /// Removes its file.
    pub(super) fn remove(&self) {
        if disk::is_at(&self.file, &self.path) {
            remove(&self.path);
        }
    }

    fn word(&self, index: usize) -> &AtomicU64 {
        &self.map.words()[index]
    }

    /// The part of the memory that lines are in.
    pub(super) fn data(&self) -> &[AtomicU64] {
        &self.map.words()[DATA..]
    }

    fn capacity(&self) -> u64 {
        self.data().len() as u64 * WORD
    }

    /// So many words from a place on, in two parts where they go around the end.
    fn span(&self, place: u64, count: usize) -> [&[AtomicU64]; 2] {
        let data = self.data();
        let start = usize::try_from(place / WORD % data.len() as u64).unwrap_or_default();
        let first = &data[start..data.len().min(start + count)];
        [first, &data[..count - first.len()]]
    }

    fn turn(&self) -> MutexGuard<'_, ()> {
        self.turn.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Copies the line at a place into the block; its length, if it is one.
    fn push_into(&self, block: &mut Block, place: u64, tail: u64) -> Option<usize> {
        let (length, level) = self.line_at(place, tail)?;
        let [first, second] = self.span(place + WORD, length.div_ceil(WORD as usize));
        let words = first.iter().chain(second).map(|word| word.load(Relaxed));
        block.push_words(length, level, words).then_some(length)
    }

    /// The length and the level of the line at a place, if there is one before the tail.
    fn line_at(&self, place: u64, tail: u64) -> Option<(usize, Level)> {
        let about = self.span(place, 1)[0].first()?.load(Relaxed);
        let fits = |length: usize| length > 0 && space(length) <= (tail - place).min(self.capacity());
        read_about(about, place).filter(|(length, _)| fits(*length))
    }
}

impl Store for Ring {
    fn push(&self, line: &[u8], level: Level) -> Option<(u64, bool)> {
        let _turn = self.turn();
        let tail = self.word(TAIL).load(Relaxed);
        let (end, capacity) = (tail + space(line.len()), self.capacity());
        let used = end.saturating_sub(self.word(HEAD).load(Acquire));
        if used > capacity {
            return None;
        }
        let (whole, rest) = line.as_chunks();
        let mut last = [0; WORD as usize];
        last[..rest.len()].copy_from_slice(rest);
        let words = whole.iter().chain(std::iter::once(&last)).map(|bytes| u64::from_ne_bytes(*bytes));
        let mut words = std::iter::once(write_about(line.len(), level, tail)).chain(words);
        let [first, second] = self.span(tail, usize::try_from((end - tail) / WORD).unwrap_or_default());
        first.iter().chain(second).for_each(|at| at.store(words.next().unwrap_or_default(), Relaxed));
        self.word(TAIL).store(end, Release);
        Some((end, used > capacity / 2))
    }

    fn can_hold(&self, bytes: usize) -> bool {
        space(bytes) <= self.capacity()
    }

    /// What cannot be a line is not the work of this module; nothing is sure behind it.
    fn take(&self, block: &mut Block) {
        /// One call of the system writes so much at a time.
        const AT_ONCE: u64 = 256 * 1024;
        let (head, tail) = (self.done(), self.pushed());
        let mut place = head;
        while place < tail && place - head < AT_ONCE {
            let Some(length) = self.push_into(block, place, tail) else {
                // Lines before it come first.
                if place == head {
                    trap::report(format_args!("`{}` is damaged; lines in it are lost", self.path.display()));
                    self.word(HEAD).store(tail, SeqCst);
                }
                return;
            };
            place += space(length);
        }
    }

    fn pushed(&self) -> u64 {
        let _turn = self.turn();
        self.word(TAIL).load(Acquire)
    }

    fn done(&self) -> u64 {
        self.word(HEAD).load(Acquire)
    }

    fn waiting(&self) -> u64 {
        // Nothing is stored over what is looked at.
        let _turn = self.turn();
        let (mut place, tail) = (self.done(), self.word(TAIL).load(Relaxed));
        let mut count = 0;
        while let Some((length, _)) = (place < tail).then(|| self.line_at(place, tail)).flatten() {
            place += space(length);
            count += 1;
        }
        count
    }

    fn is_gone(&self) -> bool {
        !disk::is_at(&self.file, &self.path)
    }

    fn close(&self) {
        self.remove();
    }

    /// It stays, for the next run.
    fn abandon(&self) -> Option<u64> {
        let (path, waiting) = (self.path.display(), self.waiting());
        trap::report(format_args!(
            "{waiting} records wait in `{path}` for the next run, or `logwright recover`"
        ));
        None
    }
}

impl Journal for Ring {
    fn begin(&self, lines: Lines<'_>, place: &mut dyn FnMut() -> Place) -> io::Result<()> {
        let place = place();
        for (index, value) in [(DEVICE, place.device), (INODE, place.inode), (SIZE, place.size)] {
            self.word(index).store(value, Relaxed);
        }
        self.word(GOAL).store(self.done() + space_of(lines), SeqCst);
        Ok(())
    }

    fn end(&self, lines: Lines<'_>) {
        self.word(HEAD).store(self.done() + space_of(lines), SeqCst);
        self.word(GOAL).store(0, SeqCst);
    }
}

/// Makes a file that no other process takes for one that was left behind.
fn claim(log: &Path) -> io::Result<(PathBuf, File)> {
    loop {
        let number = crate::random::draw(|rng| rng.u32(..));
        let path = with_suffix(log, &format!(".{number:08x}.ring"));
        let file = disk::create_new(&path)?;
        file.lock()?;
        if disk::is_at(&file, &path) {
            return Ok((path, file));
        }
    }
}

/// Writes the file, so that the disk has room for it: storing to a page that has none would end the program.
fn fill(file: &mut File, words: usize) -> io::Result<()> {
    let zeros = [0; DATA * WORD as usize];
    let mut left = words * WORD as usize;
    while left > 0 {
        let part = left.min(zeros.len());
        file.write_all(&zeros[..part])?;
        left -= part;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// However long the lines are and however many are taken at a time, they come out as they went in.
        #[test]
        fn lines_come_out_as_they_went_in(rounds in prop::collection::vec(prop::collection::vec(0_usize..40_000, 1..12), 1..20)) {
            let dir = tempfile::tempdir().unwrap();
            let ring = Ring::create(&dir.path().join("x.log"), 0).unwrap();
            let mut next = b'a';
            for round in rounds {
                let mut expected = Vec::new();
                for length in round {
                    next = if next == b'z' { b'a' } else { next + 1 };
                    let line = [&[next].repeat(length)[..], b"\n"].concat();
                    let length = line.len();
                    let waits: u64 = expected.iter().map(|line: &Vec<u8>| 8 + (line.len() as u64).next_multiple_of(8)).sum();
                    let has_room = waits + 8 + (length as u64).next_multiple_of(8) <= 256 * 1024;
                    prop_assert_eq!(ring.push(&line, Level::Error).is_some(), has_room);
                    if has_room {
                        expected.push(line);
                    }
                }
                prop_assert_eq!(ring.waiting(), expected.len() as u64);
                let mut block = Block::default();
                ring.take(&mut block);
                prop_assert!(block.lines().levels().all(|level| level == Level::Error));
                let found: Vec<_> = block.lines().each().map(<[u8]>::to_vec).collect();
                prop_assert_eq!(found, expected);
                ring.end(block.lines());
                prop_assert_eq!((ring.waiting(), ring.done()), (0, ring.pushed()));
            }
        }
    }
}
