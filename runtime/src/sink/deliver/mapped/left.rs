//! A ring that a process left behind. It is read and written as a file: what is wrong with it or with the disk is an error
//! then, where memory that cannot be loaded or stored to would end the program.

use std::cell::Cell;
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use super::layout::{
    DATA, DEVICE, GOAL, HEAD, INODE, KNOWN, MAGIC, MOST, SIZE, TAIL, WORD, read_about, remove, space,
    space_of,
};
use crate::escape::is_unsafe;
use crate::level::Level;
use crate::sink::block::{Block, Lines};
use crate::sink::disk::{self, Place};
use crate::sink::journal::Journal;
use crate::trap;

/// The words that say something.
const HEADER: usize = SIZE + 1;
type Header = [u64; HEADER];

pub(super) struct Left {
    path: PathBuf,
    /// Locked, so that nobody else recovers it at the same time.
    file: File,
    header: Cell<Header>,
    capacity: u64,
}

/// What a write was about to append when the process was killed, and where.
pub(super) struct Goal {
    pub(super) place: Place,
    /// How many bytes of the ring it was to empty.
    pub(super) bytes: u64,
}

impl Left {
    /// Opens that of a process that is no more; nothing if it lives, or if the file holds nothing.
    pub(super) fn open(path: &Path) -> io::Result<Option<Self>> {
        const START: u64 = DATA as u64 * WORD;
        let file = match File::options().read(true).write(true).open(path) {
            // Somebody else has recovered it.
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            file => file?,
        };
        if file.try_lock().is_err() || !disk::is_at(&file, path) {
            return Ok(None);
        }
        let length = file.metadata()?.len();
        if length <= START + MOST && is_blank(&file, length)? {
            // The process was killed when it made it, or is about to: then it will make another.
            remove(path);
            return Ok(None);
        }
        let capacity = length.saturating_sub(START) / WORD * WORD;
        let header = if capacity > 0 { read_header(&file)? } else { [0; HEADER] };
        if header[MAGIC] != KNOWN {
            return Err(io::Error::other("it is none of this version"));
        }
        let waits = header[TAIL].checked_sub(header[HEAD]);
        if capacity > MOST
            || waits.is_none_or(|bytes| bytes > capacity)
            || !(header[HEAD] | header[TAIL]).is_multiple_of(WORD)
        {
            return Err(io::Error::other("it is damaged"));
        }
        Ok(Some(Self { path: path.to_owned(), file, header: Cell::new(header), capacity }))
    }

    /// Removes its file.
    pub(super) fn remove(&self) {
        if disk::is_at(&self.file, &self.path) {
            remove(&self.path);
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.word(HEAD) >= self.word(TAIL)
    }

    /// What was being written, as far as it is not known that it was.
    pub(super) fn goal(&self) -> Option<Goal> {
        let bytes = self.word(GOAL).checked_sub(self.word(HEAD)).filter(|bytes| *bytes > 0)?;
        let place = Place { device: self.word(DEVICE), inode: self.word(INODE), size: self.word(SIZE) };
        Some(Goal { place, bytes })
    }

    /// Some of the lines that wait.
    pub(super) fn take(&self) -> io::Result<Block> {
        /// One call of the system writes so much at a time.
        const AT_ONCE: u64 = 256 * 1024;
        self.take_up_to(AT_ONCE)
    }

    /// Up to so many bytes of lines that wait. Nothing is sure behind what cannot be a line.
    pub(super) fn take_up_to(&self, bytes: u64) -> io::Result<Block> {
        let mut block = Block::default();
        let (head, tail) = (self.word(HEAD), self.word(TAIL));
        let mut place = head;
        while place < tail && place - head < bytes {
            if let Some((line, level)) = self.line_at(place)? {
                block.push(&line, level);
                place += space(line.len());
                continue;
            }
            // Lines before it come first.
            if place == head {
                let (path, lost) = (self.path.display(), tail - head);
                trap::report(format_args!("`{path}` is damaged; {lost} bytes of lines in it are lost"));
                self.set(&[(HEAD, tail)]);
            }
            break;
        }
        Ok(block)
    }

    /// The line at a place and its level, if there is one before the tail.
    fn line_at(&self, place: u64) -> io::Result<Option<(Vec<u8>, Level)>> {
        let mut about = [0; WORD as usize];
        self.read(place, &mut about)?;
        let fits = |length: usize| length > 0 && space(length) <= self.word(TAIL) - place;
        let about = read_about(u64::from_ne_bytes(about), place);
        let Some((length, level)) = about.filter(|(length, _)| fits(*length)) else { return Ok(None) };
        let mut line = vec![0; length];
        self.read(place + WORD, &mut line)?;
        Ok(is_line(&line).then_some((line, level)))
    }

    /// Reads what is at a place, in two parts where it goes around the end.
    fn read(&self, place: u64, into: &mut [u8]) -> io::Result<()> {
        let start = place % self.capacity;
        let until_end = usize::try_from(self.capacity - start).unwrap_or(usize::MAX);
        let (first, second) = into.split_at_mut(until_end.min(into.len()));
        self.file.read_exact_at(first, DATA as u64 * WORD + start)?;
        self.file.read_exact_at(second, DATA as u64 * WORD)
    }

    fn word(&self, index: usize) -> u64 {
        self.header.get()[index]
    }

    fn set(&self, words: &[(usize, u64)]) {
        let mut header = self.header.get();
        words.iter().for_each(|(index, value)| header[*index] = *value);
        self.header.set(header);
    }

    /// Brings the header to the disk, all of it by one call.
    fn note(&self) -> io::Result<()> {
        let bytes: Vec<_> = self.header.get().iter().flat_map(|word| word.to_ne_bytes()).collect();
        self.file.write_all_at(&bytes, 0)
    }
}

impl Journal for Left {
    fn begin(&self, lines: Lines<'_>, place: &mut dyn FnMut() -> Place) -> io::Result<()> {
        let place = place();
        let goal = self.word(HEAD) + space_of(lines);
        self.set(&[(DEVICE, place.device), (INODE, place.inode), (SIZE, place.size), (GOAL, goal)]);
        self.note()
    }

    fn end(&self, lines: Lines<'_>) {
        self.set(&[(HEAD, self.word(HEAD) + space_of(lines)), (GOAL, 0)]);
        // Where that fails the next recovery finds these lines in the log.
        let _ = self.note();
    }
}

/// Whether one of our writers may have made it: text, and nothing in it that they would not have escaped.
fn is_line(bytes: &[u8]) -> bool {
    let text = std::str::from_utf8(bytes).ok().and_then(|text| text.strip_suffix('\n'));
    // What belongs to a record is on lines that begin with a TAB.
    text.is_some_and(|text| !text.split("\n\t").any(|part| part.chars().any(is_unsafe)))
}

fn read_header(file: &File) -> io::Result<Header> {
    let mut bytes = [0; HEADER * WORD as usize];
    file.read_exact_at(&mut bytes, 0)?;
    let mut words = bytes.as_chunks().0.iter().map(|bytes| u64::from_ne_bytes(*bytes));
    Ok(std::array::from_fn(|_| words.next().unwrap_or_default()))
}

/// Whether a file of that length has nothing in it but zeros, as one that is being made. Another's is not ours to remove.
fn is_blank(file: &File, length: u64) -> io::Result<bool> {
    let mut bytes = vec![0; 64 * 1024];
    let mut at = 0;
    while at < length {
        let part = bytes.len().min(usize::try_from(length - at).unwrap_or(usize::MAX));
        file.read_exact_at(&mut bytes[..part], at)?;
        if bytes[..part].iter().any(|byte| *byte != 0) {
            return Ok(false);
        }
        at += part as u64;
    }
    Ok(true)
}
