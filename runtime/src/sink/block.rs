//! Lines on their way into a file, each with its level: what cannot be written is counted by it.

use crate::level::Level;

/// Where a line ends, in bytes from the beginning of the first, and how much it matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct End {
    pub(super) at: usize,
    pub(super) level: Level,
}

/// Whole lines that follow each other.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lines<'a> {
    bytes: &'a [u8],
    /// Where the first begins: the ends are those of the block that it is a part of.
    start: usize,
    ends: &'a [End],
}

impl<'a> Lines<'a> {
    pub(super) fn new(bytes: &'a [u8], ends: &'a [End]) -> Self {
        Self { bytes, start: 0, ends }
    }

    pub(super) fn bytes(self) -> &'a [u8] {
        &self.bytes[self.start..self.ends.last().map_or(self.start, |end| end.at)]
    }

    pub(super) fn count(self) -> usize {
        self.ends.len()
    }

    pub(super) fn levels(self) -> impl Iterator<Item = Level> {
        self.ends.iter().map(|end| end.level)
    }

    /// How many of the lines, from the first on, are whole within that many bytes.
    pub(super) fn whole_within(self, bytes: usize) -> usize {
        self.ends.partition_point(|end| end.at - self.start <= bytes)
    }

    /// That many of them, and the others.
    pub(super) fn split_at(self, count: usize) -> (Self, Self) {
        let (ends, others) = self.ends.split_at(count);
        let start = ends.last().map_or(self.start, |end| end.at);
        (Self { ends, ..self }, Self { start, ends: others, ..self })
    }

    /// The bytes of each line.
    #[cfg(any(test, all(feature = "mapped", unix)))]
    pub(super) fn each(self) -> impl Iterator<Item = &'a [u8]> {
        self.ends.iter().scan(self.start, move |start, end| {
            let line = &self.bytes[*start..end.at];
            *start = end.at;
            Some(line)
        })
    }
}

/// Lines that are kept until they are written.
#[derive(Debug, Default)]
pub(super) struct Block {
    bytes: Vec<u8>,
    ends: Vec<End>,
}

impl Block {
    pub(super) fn push(&mut self, line: &[u8], level: Level) {
        self.bytes.extend_from_slice(line);
        self.ends.push(End { at: self.bytes.len(), level });
    }

    /// The same with a line of that length that comes in words; what is in them behind it is left out. If it
    /// does not end as lines do, nothing is pushed.
    #[cfg(all(feature = "mapped", unix))]
    pub(super) fn push_words(
        &mut self,
        length: usize,
        level: Level,
        words: impl Iterator<Item = u64>,
    ) -> bool {
        let (start, end) = (self.bytes.len(), self.bytes.len() + length);
        let count = length.div_ceil(size_of::<u64>());
        words.take(count).for_each(|word| self.bytes.extend_from_slice(&word.to_ne_bytes()));
        self.bytes.truncate(end);
        let is_line = self.bytes[start..].ends_with(b"\n");
        if is_line {
            self.ends.push(End { at: end, level });
        } else {
            self.bytes.truncate(start);
        }
        is_line
    }

    pub(super) fn lines(&self) -> Lines<'_> {
        Lines::new(&self.bytes, &self.ends)
    }

    /// Lets go of the first lines.
    pub(super) fn drop_first(&mut self, count: usize) {
        let bytes = self.lines().split_at(count).0.bytes().len();
        self.bytes.drain(..bytes);
        self.ends.drain(..count);
        self.ends.iter_mut().for_each(|end| end.at -= bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_split_where_they_end() {
        let mut block = Block::default();
        for line in ["a\n", "bc\n", "d\n"] {
            block.push(line.as_bytes(), Level::Info);
        }
        let all = block.lines();
        assert_eq!([0, 1, 2, 4, 5, 6, 7, 9].map(|bytes| all.whole_within(bytes)), [0, 0, 1, 1, 2, 2, 3, 3]);
        let (first, others) = all.split_at(1);
        assert_eq!((first.bytes(), others.bytes()), (&b"a\n"[..], &b"bc\nd\n"[..]));
        assert_eq!([2, 3, 5].map(|bytes| others.whole_within(bytes)), [0, 1, 2]);
        assert_eq!(others.each().collect::<Vec<_>>(), [b"bc\n", &b"d\n"[..]]);
        assert_eq!(others.split_at(2).1.bytes(), b"");
        assert_eq!(all.split_at(0).0.bytes(), b"");
        block.drop_first(1);
        assert_eq!(block.lines().each().collect::<Vec<_>>(), [b"bc\n", &b"d\n"[..]]);
        block.drop_first(2);
        assert_eq!((block.lines().bytes(), block.lines().count()), (&b""[..], 0));
    }
}
