//! Lines of any length in bounded memory. Knows nothing of what stands in a line.

use std::io::{self, BufRead, Read as _};

/// How much of a line is kept.
pub(super) const MAX_LINE: usize = 1 << 20;

/// The lines of a reader, each in the same buffer.
pub(super) struct Lines<R> {
    reader: R,
    buffer: Vec<u8>,
}

/// One line: what was kept of it, without its line feed.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Line<'a> {
    pub(super) kept: &'a [u8],
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

impl<R: BufRead> Lines<R> {
    pub(super) fn new(reader: R) -> Self {
        Self { reader, buffer: Vec::new() }
    }

    /// The next line, or `None` at the end of the input.
    pub(super) fn next(&mut self) -> io::Result<Option<Line<'_>>> {
        self.buffer.clear();
        let limit = MAX_LINE as u64 + 1;
        let mut bytes = (&mut self.reader).take(limit).read_until(b'\n', &mut self.buffer)? as u64;
        let end = match self.buffer.last() {
            None => return Ok(None),
            Some(b'\n') => {
                self.buffer.pop();
                End::LineFeed
            }
            Some(_) if bytes < limit => End::Input,
            Some(_) => {
                bytes += self.reader.skip_until(b'\n')? as u64;
                self.buffer.truncate(MAX_LINE);
                End::Limit
            }
        };
        Ok(Some(Line { kept: &self.buffer, bytes, end }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(input: &[u8], expected: &[(usize, u64, End)]) {
        let mut lines = Lines::new(input);
        let mut found = Vec::new();
        while let Some(line) = lines.next().unwrap() {
            found.push((line.kept.len(), line.bytes, line.end));
        }
        assert_eq!(found, expected);
    }

    #[test]
    fn every_byte_is_in_a_line() {
        check(b"", &[]);
        check(b"\n", &[(0, 1, End::LineFeed)]);
        check(b"ab\nc", &[(2, 3, End::LineFeed), (1, 1, End::Input)]);
    }

    #[test]
    fn a_huge_line_is_cut_and_the_next_one_is_whole() {
        let full = MAX_LINE as u64;
        let line = |length: usize, rest: &str| [vec![b'x'; length], rest.into()].concat();
        check(&line(MAX_LINE, "\ny\n"), &[(MAX_LINE, full + 1, End::LineFeed), (1, 2, End::LineFeed)]);
        check(&line(MAX_LINE + 1, "\ny"), &[(MAX_LINE, full + 2, End::Limit), (1, 1, End::Input)]);
        check(&line(3 * MAX_LINE, ""), &[(MAX_LINE, 3 * full, End::Limit)]);
        check(&line(MAX_LINE, ""), &[(MAX_LINE, full, End::Input)]);
    }
}
