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
    rest: Vec<u8>,
    read: u64,
    number: u64,
    end: Option<io::Result<()>>,
}

/// Whole lines, or as much as is kept of one that is too long.
#[derive(Debug, Default)]
pub(super) struct Block {
    pub(super) bytes: Vec<u8>,
    /// Its place among the blocks.
    pub(super) number: u64,
    /// The byte of the input that it begins with.
    pub(super) offset: u64,
    /// How many bytes of its only line were not kept, the line feed included.
    pub(super) passed_over: u64,
}

impl<R: Read> Blocks<R> {
    pub(super) fn new(reader: R, sizes: Sizes) -> Self {
        Self { reader, sizes, rest: Vec::new(), read: 0, number: 0, end: None }
    }

    /// Fills the block with the next one; whether there is one.
    pub(super) fn next(&mut self, block: &mut Block) -> bool {
        block.bytes.clear();
        block.bytes.append(&mut self.rest);
        (block.number, block.offset, block.passed_over) = (self.number, self.read, 0);
        // Before that there is no line feed.
        let mut from = 0;
        while self.end.is_none() {
            self.read_into(&mut block.bytes);
            if self.end.is_some() {
                break;
            }
            if let Some(at) = memrchr(b'\n', &block.bytes[from..]) {
                self.rest.extend_from_slice(&block.bytes[from + at + 1..]);
                block.bytes.truncate(from + at + 1);
                break;
            }
            if block.bytes.len() > self.sizes.line {
                block.passed_over = self.pass_over() + (block.bytes.len() - self.sizes.line) as u64;
                block.bytes.truncate(self.sizes.line);
                break;
            }
            from = block.bytes.len();
        }
        self.number += 1;
        self.read += block.bytes.len() as u64 + block.passed_over;
        !block.bytes.is_empty()
    }

    /// How the input ended, when there is no other block.
    pub(super) fn take_end(&mut self) -> io::Result<()> {
        self.end.take().unwrap_or(Ok(()))
    }

    /// Reads as much as one block has, unless the input ends before that.
    fn read_into(&mut self, bytes: &mut Vec<u8>) {
        bytes.reserve_exact(self.sizes.block);
        let read = (&mut self.reader).take(self.sizes.block as u64).read_to_end(bytes);
        match read {
            Ok(read) if read == self.sizes.block => {}
            Ok(_) => self.end = Some(Ok(())),
            Err(error) => self.end = Some(Err(error)),
        }
    }

    /// Reads on to the end of the line; how many bytes that were.
    fn pass_over(&mut self) -> u64 {
        let mut passed = 0;
        let mut bytes = mem::take(&mut self.rest);
        while self.end.is_none() {
            self.read_into(&mut bytes);
            let feed = memchr(b'\n', &bytes);
            let end = feed.map_or(bytes.len(), |at| at + 1);
            passed += end as u64;
            bytes.drain(..end);
            if feed.is_some() {
                break;
            }
        }
        self.rest = bytes;
        passed
    }
}
