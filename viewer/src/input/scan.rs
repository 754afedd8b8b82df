//! The lines of one file to records: each line's format is told from the line itself, since one file may hold
//! several. The formats themselves are `logwright::record`'s.

use std::borrow::Cow;

use logwright::record::{Record, json, text};

use super::lines::{End, Line, Lines};
use super::objects::{Part, split};
use super::{Counts, foreign};

/// How many lines of a traceback belong to its record. What goes on longer is no traceback.
const MAX_TRACEBACK: u32 = 10_000;

/// How many NULs in a row stand for a hole in the file. Fewer may stand in a message.
const HOLE: [u8; 4] = [0; 4];

/// Hands each record of the lines that it is given to `each`, with the place of its line.
pub(super) struct Scan<E> {
    pub(super) counts: Counts,
    pub(super) before: Before,
    each: E,
    /// Where the line begins.
    offset: u64,
}

/// What a line that is no record would continue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Before {
    #[default]
    Nothing,
    Record,
    /// A Python traceback, with as many lines so far.
    Traceback(u32),
}

/// Whether the line is a record and nothing else: what it says does not depend on what stands before it.
pub(super) fn is_record(line: &Line<'_>) -> bool {
    let text = line.text.filter(|_| !line.has_nul);
    text.is_some_and(|text| read(without_marks(text)).is_some())
}

/// What the whole line says.
pub(super) fn read(line: &str) -> Option<Record<'_>> {
    let start = line.trim_start();
    if start.starts_with('{') { object(start) } else { text::read(line) }
}

/// What an object says, whoever wrote it.
fn object(text: &str) -> Option<Record<'_>> {
    json::read(text).ok().or_else(|| foreign::read(text))
}

/// A line without what the ends of files and of other systems' lines may have.
fn without_marks(line: &str) -> &str {
    line.trim_start_matches('\u{feff}').trim_end_matches('\r')
}

impl<E: FnMut(&Record<'_>, u64)> Scan<E> {
    pub(super) fn new(each: E) -> Self {
        Self { counts: Counts::default(), before: Before::Nothing, each, offset: 0 }
    }

    pub(super) fn lines(&mut self, lines: Lines<'_>) {
        lines.for_each(|line| self.line(&line));
    }

    fn line(&mut self, line: &Line<'_>) {
        self.offset = line.offset;
        self.counts.bytes += line.bytes;
        self.counts.overlong += u64::from(line.end == End::Limit);
        match line.text {
            Some(text) if !line.has_nul => self.text(text, line.end),
            _ if !line.kept.contains(&0) => self.bytes(line.kept, line.end),
            _ => self.with_nul(line),
        }
    }

    fn with_nul(&mut self, line: &Line<'_>) {
        self.counts.with_nul += 1;
        let mut parts = around_holes(line.kept).peekable();
        if parts.peek().is_none() {
            self.lost(line.end);
        }
        while let Some(part) = parts.next() {
            // A hole ends what stands before it as the end of the input would.
            self.bytes(part, if parts.peek().is_some() { End::Input } else { line.end });
        }
    }

    fn bytes(&mut self, bytes: &[u8], end: End) {
        let text = match std::str::from_utf8(bytes) {
            Ok(text) => Cow::Borrowed(text),
            Err(_) => {
                // A cut character at our own limit is no fault of the file.
                self.counts.not_utf8 += u64::from(end != End::Limit);
                String::from_utf8_lossy(bytes)
            }
        };
        self.text(&text, end);
    }

    fn text(&mut self, line: &str, end: End) {
        let line = without_marks(line);
        match read(line) {
            Some(record) => self.record(&record),
            None if line.trim_start().starts_with('{') => self.objects(line.trim_start(), end),
            None => self.other(line, end),
        }
    }

    fn record(&mut self, record: &Record<'_>) {
        self.counts.records += 1;
        self.before = Before::Record;
        (self.each)(record, self.offset);
    }

    /// A line that starts with `{` and is not one record.
    fn objects(&mut self, line: &str, end: End) {
        let parts = split(line);
        self.counts.glued += u64::from(parts.len() > 1);
        let last = parts.len() - 1;
        for (at, part) in parts.into_iter().enumerate() {
            let end = if at == last { end } else { End::LineFeed };
            match part {
                Part::Object(text) => match object(text) {
                    Some(record) => self.record(&record),
                    None => self.counts.unparsed += 1,
                },
                Part::Torn(_) => self.counts.truncated += 1,
                Part::Other(text) => self.other(text, end),
            }
        }
    }

    /// A line that is no record: it continues one, is blank, or is lost.
    fn other(&mut self, line: &str, end: End) {
        if self.continues(line) {
            self.counts.continuation += 1;
        } else if !line.trim().is_empty() {
            self.lost(end);
        }
    }

    fn lost(&mut self, end: End) {
        match end {
            End::Input => self.counts.truncated += 1,
            End::LineFeed | End::Limit => self.counts.unparsed += 1,
        }
    }

    /// Whether the line belongs to the record before it: our lines that do start with a TAB, and Python writes a
    /// traceback below the record that it belongs to. That goes on until the next record.
    fn continues(&mut self, line: &str) -> bool {
        match self.before {
            Before::Nothing => false,
            Before::Traceback(lines) => {
                let more = lines < MAX_TRACEBACK;
                self.before = if more { Before::Traceback(lines + 1) } else { Before::Nothing };
                more
            }
            Before::Record if line.starts_with('\t') => true,
            Before::Record => {
                let opens = line.trim_start_matches([' ', '+', '|']);
                let opens = opens.strip_prefix("Exception Group ").unwrap_or(opens);
                let traceback = opens.starts_with("Traceback (most recent call last):");
                if traceback {
                    self.before = Before::Traceback(1);
                }
                traceback
            }
        }
    }
}

/// What stands between the holes of a line.
fn around_holes(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = Some(line);
    let parts = std::iter::from_fn(move || {
        let text = rest?;
        let hole = text.windows(HOLE.len()).position(|bytes| bytes == HOLE).unwrap_or(text.len());
        let (part, after) = text.split_at(hole);
        let next = after.iter().position(|&byte| byte != 0);
        rest = next.map(|at| &after[at..]);
        Some(part)
    });
    parts.filter(|part| part.iter().any(|&byte| byte != 0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::blocks::{Block, Blocks, SIZES};

    const TEXT: &str = "2026-11-22 12:45:15,642 - adapter-b - ERROR - no - ERROR - page";

    fn json_line(message: &str) -> String {
        let mut line = String::new();
        json::write(&mut line, &Record { message: message.into(), ..Record::default() });
        line.trim_end().to_owned()
    }

    fn scan(mut input: &[u8], each: impl FnMut(&Record<'_>, u64)) -> Counts {
        let (mut blocks, mut block) = (Blocks::new(&mut input, SIZES), Block::default());
        let mut scan = Scan::new(each);
        while blocks.next(&mut block) {
            scan.lines(Lines::of(&block, SIZES.line));
        }
        scan.counts
    }

    /// The messages of a file, and what it counts besides its bytes and records.
    #[track_caller]
    fn check(input: impl AsRef<[u8]>, messages: &[&str], counts: Counts) {
        let mut found = Vec::new();
        let input = input.as_ref();
        let mut found_counts = scan(input, |record, _| found.push(record.message.to_string()));
        assert_eq!(found, messages);
        assert_eq!((found_counts.bytes, found_counts.records), (input.len() as u64, found.len() as u64));
        (found_counts.bytes, found_counts.records) = (0, 0);
        assert_eq!(found_counts, counts);
    }

    #[test]
    fn formats_may_change_from_line_to_line() {
        let input =
            format!("\u{feff}{TEXT}\r\n{}\r\n\n{{\"level\":\"info\"}}\nhello\n{TEXT}\n", json_line("b"));
        let counts = Counts { unparsed: 2, ..Counts::default() };
        check(input, &["no - ERROR - page", "b", "no - ERROR - page"], counts);
    }

    #[test]
    fn a_traceback_belongs_to_its_record_until_the_next() {
        let traceback =
            "Traceback (most recent call last):\n  File \"x.py\", line 1\n\n    {f}\nValueError: {\"a\"}\n";
        let (first, last) = (TEXT, json_line("b"));
        let input = format!("{traceback}{first}\n{traceback}{last}\n\tcaused by: x\n  spaces\n");
        let counts = Counts { continuation: 6, unparsed: 5, ..Counts::default() };
        check(input, &["no - ERROR - page", "b"], counts);
    }

    #[test]
    fn a_traceback_without_end_is_none() {
        let input = format!("{TEXT}\nTraceback (most recent call last):\n{}", "x\n".repeat(10_005));
        let counts = Counts { continuation: 10_000, unparsed: 6, ..Counts::default() };
        check(input, &["no - ERROR - page"], counts);
    }

    #[test]
    fn a_last_line_without_line_feed_counts_if_it_is_whole() {
        check(TEXT, &["no - ERROR - page"], Counts::default());
        check(json_line("b"), &["b"], Counts::default());
        let whole = json_line("b");
        for cut in [&whole[..whole.len() - 1], &whole[..60], "{\"sch", &TEXT[..20]] {
            check(
                format!("{TEXT}\n{cut}"),
                &["no - ERROR - page"],
                Counts { truncated: 1, ..Counts::default() },
            );
        }
    }

    #[test]
    fn torn_and_glued_records_are_told_apart() {
        let (a, b) = (json_line("a"), json_line("b"));
        check(format!("{a}{b}\n"), &["a", "b"], Counts { glued: 1, ..Counts::default() });
        let counts = Counts { glued: 1, truncated: 1, ..Counts::default() };
        check(format!("{}{b}\n", &a[..70]), &["b"], counts);
        check(format!("{a}TRAILER\n{b}\n"), &["b"], Counts { truncated: 1, ..Counts::default() });
    }

    #[test]
    fn bytes_that_are_no_utf8_cost_one_lossy_line() {
        let input = [TEXT.as_bytes(), b" \xe9\n", TEXT.as_bytes(), b"\n"].concat();
        let counts = Counts { not_utf8: 1, ..Counts::default() };
        check(input, &["no - ERROR - page \u{fffd}", "no - ERROR - page"], counts);
    }

    #[test]
    fn a_hole_of_nuls_hides_no_record() {
        let (a, b, hole) = (json_line("a"), json_line("b"), "\0".repeat(4096));
        check(format!("{a}\n{hole}{b}\n"), &["a", "b"], Counts { with_nul: 1, ..Counts::default() });
        let torn = format!("{}{hole}{b}\n{hole}\n{hole}", &a[..30]);
        let counts = Counts { with_nul: 3, truncated: 2, unparsed: 1, ..Counts::default() };
        check(torn, &["b"], counts);
        check(
            format!("{TEXT}\0\0!\n"),
            &["no - ERROR - page\0\0!"],
            Counts { with_nul: 1, ..Counts::default() },
        );
    }

    #[test]
    fn a_huge_line_costs_its_rest_only() {
        let long = "x".repeat(3 << 20);
        let input = format!("{TEXT}{long}\n{}\n{TEXT}\n", json_line(&long));
        let mut lengths = Vec::new();
        let counts = scan(input.as_bytes(), |record, _| lengths.push(record.message.len()));
        assert!(lengths[0] > 1_000_000 && lengths[0] < 1 << 20 && lengths[1] == 17, "{lengths:?}");
        assert_eq!((counts.overlong, counts.truncated, counts.unparsed), (2, 1, 0));
    }
}
