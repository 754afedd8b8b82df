//! The lines of a block. Knows nothing of what stands in a line.

use std::str;

use memchr::memchr;

use super::blocks::Block;

/// Lines that follow each other in a block.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lines<'a> {
    bytes: &'a [u8],
    /// The same, where all of it is UTF-8.
    text: Option<&'a str>,
    has_nul: bool,
    offset: u64,
    max_line: usize,
    passed_over: u64,
}

/// One line: what was kept of it, without its line feed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line<'a> {
    pub(super) kept: &'a [u8],
    /// The same, where it is known to be UTF-8.
    pub(super) text: Option<&'a str>,
    /// Whether there may be NULs in it.
    pub(super) has_nul: bool,
    /// The byte of the input that it begins with.
    pub(super) offset: u64,
    /// All of its bytes, the line feed included.
    pub(super) bytes: u64,
    pub(super) end: End,
}

/// What a kept line ends with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    LineFeed,
    /// The input ended before the line did.
    Input,
    /// The rest was passed over.
    Limit,
}

impl<'a> Lines<'a> {
    /// The lines of a block, of each of which so much is kept.
    pub(super) fn of(block: &'a Block, max_line: usize) -> Self {
        let bytes = block.bytes();
        Self {
            bytes,
            // Looked at once for all lines, since hardly a block has any that are not, or a NUL.
            text: str::from_utf8(bytes).ok(),
            has_nul: memchr(0, bytes).is_some(),
            offset: block.offset,
            max_line,
            passed_over: block.passed_over,
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Those before the first for which `is_it`, and the others.
    pub(super) fn split(self, is_it: impl Fn(&Line<'a>) -> bool) -> (Self, Self) {
        let mut rest = self;
        while !rest.is_empty() {
            let from = rest;
            if rest.next().is_some_and(|line| is_it(&line)) {
                let before = self.bytes.len() - from.bytes.len();
                return (self.cut(before), from);
            }
        }
        (self, rest)
    }

    fn cut(self, end: usize) -> Self {
        Self { bytes: &self.bytes[..end], text: self.text.and_then(|text| text.get(..end)), ..self }
    }
}

impl<'a> Iterator for Lines<'a> {
    type Item = Line<'a>;

    fn next(&mut self) -> Option<Line<'a>> {
        if self.bytes.is_empty() {
            return None;
        }
        let feed = memchr(b'\n', self.bytes);
        let length = feed.unwrap_or(self.bytes.len());
        let whole = feed.map_or(length, |at| at + 1);
        let kept = length.min(self.max_line);
        let is_cut = kept < length || self.passed_over > 0;
        let line = Line {
            kept: &self.bytes[..kept],
            text: self.text.and_then(|text| text.get(..kept)),
            has_nul: self.has_nul,
            offset: self.offset,
            bytes: whole as u64 + self.passed_over,
            end: if is_cut { End::Limit } else { feed.map_or(End::Input, |_| End::LineFeed) },
        };
        self.bytes = &self.bytes[whole..];
        self.text = self.text.and_then(|text| text.get(whole..));
        self.offset += line.bytes;
        Some(line)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;
    use crate::input::blocks::{Blocks, Sizes};

    const LINE: usize = 100;

    /// The kept length, the bytes and the end of each line, however the input is cut and wherever it comes from in pieces.
    #[track_caller]
    fn check(input: &[u8], expected: &[(usize, u64, End)]) {
        for block in [1, 2, 3, 7, 50, 99, 100, 101, 102, 150, 1000] {
            let (first, rest) = input.split_at(input.len() / 3);
            let mut blocks = Blocks::new(first.chain(rest), Sizes { block, line: LINE });
            let (mut found, mut filled, mut offset) = (Vec::new(), Block::default(), 0);
            while blocks.next(&mut filled) {
                assert!(
                    filled.bytes().len() <= LINE + 2 * block,
                    "{} in blocks of {block}",
                    filled.bytes().len()
                );
                for line in Lines::of(&filled, LINE) {
                    assert_eq!(line.offset, offset);
                    offset += line.bytes;
                    found.push((line.kept.len(), line.bytes, line.end));
                }
            }
            assert_eq!(found, expected, "in blocks of {block}");
            assert_eq!(offset, input.len() as u64);
            blocks.take_end().unwrap();
        }
    }

    #[test]
    fn every_byte_is_in_a_line() {
        check(b"", &[]);
        check(b"\n", &[(0, 1, End::LineFeed)]);
        check(b"ab\nc", &[(2, 3, End::LineFeed), (1, 1, End::Input)]);
        check(
            b"ab\n\n\nc\n",
            &[(2, 3, End::LineFeed), (0, 1, End::LineFeed), (0, 1, End::LineFeed), (1, 2, End::LineFeed)],
        );
    }

    #[test]
    fn a_huge_line_is_cut_and_the_next_one_is_whole() {
        let full = LINE as u64;
        let line = |length: usize, rest: &str| [vec![b'x'; length], rest.into()].concat();
        check(&line(LINE, "\ny\n"), &[(LINE, full + 1, End::LineFeed), (1, 2, End::LineFeed)]);
        check(&line(LINE + 1, "\ny"), &[(LINE, full + 2, End::Limit), (1, 1, End::Input)]);
        check(&line(3 * LINE, ""), &[(LINE, 3 * full, End::Limit)]);
        check(&line(3 * LINE, "\n\n"), &[(LINE, 3 * full + 1, End::Limit), (0, 1, End::LineFeed)]);
        check(&line(LINE, ""), &[(LINE, full, End::Input)]);
        check(
            &[line(5, "\n"), line(LINE + 9, "\n"), line(9, "")].concat(),
            &[(5, 6, End::LineFeed), (LINE, full + 10, End::Limit), (9, 9, End::Input)],
        );
    }

    #[test]
    fn lines_are_text_where_the_whole_block_is() {
        let texts = |bytes: &[u8]| {
            let mut block = Block::default();
            assert!(Blocks::new(bytes, Sizes { block: 100, line: LINE }).next(&mut block));
            Lines::of(&block, 3).map(|line| line.text.map(str::to_owned)).collect::<Vec<_>>()
        };
        assert_eq!(texts("é\nab".as_bytes()), [Some("é".to_owned()), Some("ab".to_owned())]);
        assert_eq!(texts(b"a\n\xff\n"), [None, None]);
        assert_eq!(
            texts("abé\nc".as_bytes()),
            [None, Some("c".to_owned())],
            "cut in the middle of a character"
        );
    }
}
