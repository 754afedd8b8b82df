//! Input of any kind, cut into blocks of whole lines in bounded memory. Knows nothing of what stands in a line.

use std::io::{self, Read};
use std::mem;

use memchr::{memchr, memrchr};

/// How much is read at a time, and how much of a line is kept.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sizes {
    pub(super) block: usize,
    pub(super) line: usize,
}

/// A block is large enough that handing it out costs nothing, and small enough for a cache.
pub(super) const SIZES: Sizes = Sizes { block: 1 << 20, line: 1 << 20 };

/// The blocks of a reader.
pub(super) struct Blocks<R> {
    reader: R,
    sizes: Sizes,
    /// What was read behind the last line feed.
    rest: Buffer,
    read: u64,
    number: u64,
    end: Option<io::Result<()>>,
}

/// Whole lines, or as much as is kept of one that is too long.
#[derive(Debug, Default)]
pub(super) struct Block {
    bytes: Buffer,
    /// Its place among the blocks.
    pub(super) number: u64,
    /// The byte of the input that it begins with.
    pub(super) offset: u64,
    /// How many bytes of its only line were not kept, the line feed included.
    pub(super) passed_over: u64,
}

impl Block {
    pub(super) fn bytes(&self) -> &[u8] {
        self.bytes.get()
    }
}

/// Bytes read so far. It never gets shorter, so that its memory is made once.
#[derive(Debug, Default)]
struct Buffer {
    memory: Vec<u8>,
    filled: usize,
}

impl Buffer {
    fn get(&self) -> &[u8] {
        &self.memory[..self.filled]
    }

    /// Reads so many bytes more, unless the input ends before that.
    fn read(&mut self, reader: &mut impl Read, count: usize) -> io::Result<usize> {
        let (from, end) = (self.filled, self.filled + count);
        if self.memory.len() < end {
            self.memory.resize(end, 0);
        }
        while self.filled < end {
            match reader.read(&mut self.memory[self.filled..end]) {
                Ok(0) => break,
                Ok(read) => self.filled += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(self.filled - from)
    }
}

impl<R: Read> Blocks<R> {
    pub(super) fn new(reader: R, sizes: Sizes) -> Self {
        Self { reader, sizes, rest: Buffer::default(), read: 0, number: 0, end: None }
    }

    /// Fills the block with the next one; whether there is one.
    pub(super) fn next(&mut self, block: &mut Block) -> bool {
        // Which memory is whose does not matter.
        mem::swap(&mut block.bytes, &mut self.rest);
        self.rest.filled = 0;
        (block.number, block.offset, block.passed_over) = (self.number, self.read, 0);
        // Before that there is no line feed.
        let mut from = 0;
        while self.end.is_none() {
            self.read_into(&mut block.bytes);
            if self.end.is_some() {
                break;
            }
            let bytes = block.bytes.get();
            if let Some(at) = memrchr(b'\n', &bytes[from..]) {
                self.keep(&bytes[from + at + 1..]);
                block.bytes.filled = from + at + 1;
                break;
            }
            from = bytes.len();
            if from > self.sizes.line {
                block.bytes.filled = self.sizes.line;
                block.passed_over = self.pass_over() + (from - self.sizes.line) as u64;
                break;
            }
        }
        self.number += 1;
        self.read += block.bytes.filled as u64 + block.passed_over;
        block.bytes.filled > 0
    }

    /// How the input ended, when there is no other block.
    pub(super) fn take_end(&mut self) -> io::Result<()> {
        self.end.take().unwrap_or(Ok(()))
    }

    /// Reads as much as one block has.
    fn read_into(&mut self, bytes: &mut Buffer) {
        match bytes.read(&mut self.reader, self.sizes.block) {
            Ok(read) if read == self.sizes.block => {}
            Ok(_) => self.end = Some(Ok(())),
            Err(error) => self.end = Some(Err(error)),
        }
    }

    /// Puts bytes aside for the next block.
    fn keep(&mut self, bytes: &[u8]) {
        let rest = &mut self.rest;
        if rest.memory.len() < bytes.len() {
            rest.memory.resize(bytes.len(), 0);
        }
        rest.memory[..bytes.len()].copy_from_slice(bytes);
        rest.filled = bytes.len();
    }

    /// Reads on to the end of the line; how many bytes that were.
    fn pass_over(&mut self) -> u64 {
        let (mut passed, mut bytes) = (0, Buffer::default());
        while self.end.is_none() {
            bytes.filled = 0;
            self.read_into(&mut bytes);
            if let Some(at) = memchr(b'\n', bytes.get()) {
                self.keep(&bytes.get()[at + 1..]);
                return passed + at as u64 + 1;
            }
            passed += bytes.filled as u64;
        }
        passed
    }
}
