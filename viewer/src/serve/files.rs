//! The files that were read, kept open: a record's line is read back from where it stands, wherever a rotation has moved its
//! file by then. Which file it is comes from a fact, never from a URL.

use std::fs::File;
use std::io;
use std::path::PathBuf;

use logwright::record::Record;

use crate::facts::Fact;
use crate::input::{self, Place};

/// Most lines are shorter than the first; no more than the second is read of one.
const BLOCK: usize = 8 << 10;
const MAX_LINE: usize = 1 << 20;
/// So much is shown of the lines that belong to a record besides its own.
const MAX_CONTINUATION: usize = 64 << 10;
/// A process may have so many files open that systems allow at least 1,024; those beyond are opened each time.
const MAX_OPEN: usize = 800;

#[derive(Debug, Default)]
pub(super) struct Files {
    files: Vec<Opened>,
}

#[derive(Debug)]
struct Opened {
    path: Option<PathBuf>,
    file: Option<File>,
}

/// What a record's line says.
#[derive(Debug)]
pub(super) struct Text {
    pub(super) record: Record<'static>,
    /// The lines below it that belong to it: a traceback, for one.
    pub(super) continuation: String,
}

impl Files {
    pub(super) fn open(paths: Vec<Option<PathBuf>>) -> Self {
        let mut files = Self::default();
        paths.into_iter().for_each(|path| {
            files.add(path);
        });
        files
    }

    /// Adds a file; its number.
    pub(super) fn add(&mut self, path: Option<PathBuf>) -> u32 {
        let is_plain = path.as_ref().is_some_and(|path| !input::is_compressed(path));
        let file = path.as_ref().filter(|_| is_plain && self.files.len() < MAX_OPEN);
        let file = file.and_then(|path| File::open(path).ok());
        self.files.push(Opened { path: path.filter(|_| is_plain), file });
        (self.files.len() - 1) as u32
    }

    pub(super) fn name(&self, file: u32) -> String {
        let path = self.files.get(file as usize).and_then(|file| file.path.as_ref());
        let name = path.and_then(|path| path.file_name());
        name.map_or_else(|| format!("input {file}"), |name| name.to_string_lossy().into_owned())
    }

    /// Reads up to so many bytes from a place on.
    pub(super) fn read(&self, place: Place, bytes: usize) -> io::Result<Vec<u8>> {
        let opened = self.files.get(place.file as usize);
        let opened = opened.ok_or(io::ErrorKind::NotFound)?;
        if let Some(file) = &opened.file {
            return read_at(file, place.offset, bytes);
        }
        let path = opened.path.as_ref().ok_or(io::ErrorKind::Unsupported)?;
        read_at(&File::open(path)?, place.offset, bytes)
    }

    /// The line at a place, without its line feed, as far as it is no longer than we read.
    pub(super) fn line(&self, place: Place) -> io::Result<Vec<u8>> {
        let mut bytes = BLOCK;
        loop {
            let mut block = self.read(place, bytes)?;
            let end = memchr::memchr(b'\n', &block);
            if end.is_some() || block.len() < bytes || bytes >= MAX_LINE {
                block.truncate(end.unwrap_or(block.len()));
                return Ok(block);
            }
            bytes = MAX_LINE;
        }
    }

    /// The record that a fact is of; `None` where it is not there any more.
    pub(super) fn record(&self, fact: &Fact) -> Option<Record<'static>> {
        record_in(&self.line(fact.place).ok()?, fact)
    }

    /// The same with the lines below that belong to it.
    pub(super) fn text(&self, fact: &Fact) -> Option<Text> {
        let line = self.line(fact.place).ok()?;
        let record = record_in(&line, fact)?;
        let below = Place { offset: fact.place.offset + line.len() as u64 + 1, ..fact.place };
        let below = self.read(below, MAX_CONTINUATION).unwrap_or_default();
        let continuation = String::from_utf8_lossy(&below[..continuation(&line, &below)]).into_owned();
        Some(Text { record, continuation })
    }
}

/// The record of a line that a fact is of; a line may hold several.
pub(super) fn record_in(line: &[u8], fact: &Fact) -> Option<Record<'static>> {
    let mut found = None;
    input::read_line(line, &mut |record| {
        let is_it = record.timestamp == fact.timestamp
            && (record.level, record.kind, record.op_id) == (fact.level, fact.kind, fact.op_id)
            && record.duration_ns == fact.duration_ns;
        if is_it && found.is_none() {
            found = Some(record.clone().into_owned());
        }
    });
    found
}

/// How many bytes below a line belong to it: up to where the next record begins, where they are not lost lines.
fn continuation(line: &[u8], below: &[u8]) -> usize {
    let both = [line, b"\n", below].concat();
    let mut next = None;
    let counts = input::read_block(&both, &mut |_, offset| {
        if offset > 0 && next.is_none() {
            next = Some(offset as usize);
        }
    });
    let end = next.unwrap_or(both.len()).saturating_sub(line.len() + 1);
    if counts.continuation > 0 { end.min(below.len()) } else { 0 }
}

/// Reads without moving the file's own place, so that threads need not wait for each other.
#[cfg(unix)]
pub(super) fn read_at(file: &File, offset: u64, bytes: usize) -> io::Result<Vec<u8>> {
    use std::os::unix::fs::FileExt as _;
    fill(bytes, |block, done| file.read_at(block, offset + done))
}

#[cfg(windows)]
pub(super) fn read_at(file: &File, offset: u64, bytes: usize) -> io::Result<Vec<u8>> {
    use std::os::windows::fs::FileExt as _;
    fill(bytes, |block, done| file.seek_read(block, offset + done))
}

fn fill(bytes: usize, read: impl Fn(&mut [u8], u64) -> io::Result<usize>) -> io::Result<Vec<u8>> {
    let mut block = vec![0; bytes];
    let mut done = 0;
    while done < bytes {
        match read(&mut block[done..], done as u64) {
            Ok(0) => break,
            Ok(more) => done += more,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    block.truncate(done);
    Ok(block)
}
