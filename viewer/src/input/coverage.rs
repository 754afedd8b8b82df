//! What was read and what was not: every byte of the input is accounted for, so that a report never looks more
//! complete than it is.

use std::io;

/// What one file, or all of them, held. A line is a record, continues one, is blank, or is counted as lost.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) bytes: u64,
    pub(crate) records: u64,
    /// Lines that belong to the record before them.
    pub(crate) continuation: u64,
    /// Lines, or parts of glued lines, that are no record.
    pub(crate) unparsed: u64,
    /// Records cut short: by the end of the file, by another record, by our limit on a line.
    pub(crate) truncated: u64,
    /// Lines with several JSON objects, or with the torn rest of one.
    pub(crate) glued: u64,
    /// Lines of which only the first part was kept.
    pub(crate) overlong: u64,
    /// Lines that are not UTF-8.
    pub(crate) not_utf8: u64,
    /// Lines with NUL bytes, as a file system leaves them when power fails.
    pub(crate) with_nul: u64,
}

impl Counts {
    pub(crate) fn add(&mut self, more: &Self) {
        self.bytes += more.bytes;
        self.records += more.records;
        self.continuation += more.continuation;
        self.unparsed += more.unparsed;
        self.truncated += more.truncated;
        self.glued += more.glued;
        self.overlong += more.overlong;
        self.not_utf8 += more.not_utf8;
        self.with_nul += more.with_nul;
    }
}

/// Something to say of one file or path.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Note {
    pub(crate) name: String,
    pub(crate) text: String,
    /// Whether something was not read that should have been.
    pub(crate) problem: bool,
}

/// What the whole input held, and what was passed over.
#[derive(Debug, Default)]
pub(crate) struct Coverage {
    pub(crate) files: u64,
    pub(crate) counts: Counts,
    /// Paths that could not be read, at all or to their end, and files without a single record in their bytes.
    pub(crate) unreadable: u64,
    /// Files passed over.
    pub(crate) skipped: u64,
    pub(crate) notes: Vec<Note>,
}

impl Coverage {
    /// Adds a file that was read, as far as it went.
    pub(super) fn add(&mut self, name: &str, counts: &Counts, end: io::Result<()>) {
        self.files += 1;
        self.counts.add(counts);
        if let Err(error) = end {
            self.problem(name, &format!("cannot read past byte {}: {error}", counts.bytes));
        } else if counts.bytes == 0 {
            self.note(name, "empty", false);
        } else if counts.records == 0 {
            self.without_records(name, counts);
        } else if counts.truncated > 0 {
            self.note(name, &format!("records cut short: {}", counts.truncated), true);
        }
    }

    fn without_records(&mut self, name: &str, counts: &Counts) {
        if counts.unparsed + counts.truncated == 0 {
            self.note(name, "blank lines only", false);
        } else if counts.not_utf8 + counts.with_nul > 0 {
            self.problem(name, "no whole record in it; it looks like a binary file");
        } else {
            self.problem(name, "no whole record in it");
        }
    }

    /// Adds something that could not be read.
    pub(super) fn problem(&mut self, name: &str, text: &str) {
        self.unreadable += 1;
        self.note(name, text, true);
    }

    /// Adds a file that is passed over on purpose.
    pub(super) fn skip(&mut self, name: &str, why: &str) {
        self.skipped += 1;
        self.note(name, &format!("skipped: {why}"), false);
    }

    /// Adds a file that is passed over although it may hold records that are nowhere else.
    pub(super) fn miss(&mut self, name: &str, why: &str) {
        self.skipped += 1;
        self.note(name, &format!("skipped: {why}"), true);
    }

    /// Says that what was read is not all in what was made of it.
    pub(crate) fn leave_out(&mut self, text: &str) {
        self.note("the input", text, true);
    }

    fn note(&mut self, name: &str, text: &str, problem: bool) {
        self.notes.push(Note { name: name.to_owned(), text: text.to_owned(), problem });
    }

    /// Whether all of the input was read and every record in it is whole.
    pub(crate) fn is_complete(&self) -> bool {
        !self.notes.iter().any(|note| note.problem)
    }

    /// The first problem, and how many more there are.
    pub(crate) fn complaint(&self) -> String {
        let mut problems = self.notes.iter().filter(|note| note.problem);
        let first = problems.next().map(|note| format!("{}: {}", note.name, note.text)).unwrap_or_default();
        match problems.count() {
            0 => first,
            more => format!("{first} (and {more} more; the report lists them)"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(counts: &Counts, note: &str, complete: bool) {
        let mut coverage = Coverage::default();
        coverage.add("a.log", counts, Ok(()));
        let notes: Vec<_> = coverage.notes.iter().map(|note| note.text.as_str()).collect();
        assert_eq!((notes.join("; ").as_str(), coverage.is_complete()), (note, complete));
    }

    #[test]
    fn only_what_is_lost_makes_a_file_incomplete() {
        let read = Counts { bytes: 9, records: 1, unparsed: 1, ..Counts::default() };
        check(&read, "", true);
        check(&Counts::default(), "empty", true);
        check(&Counts { bytes: 1, ..Counts::default() }, "blank lines only", true);
        check(&Counts { truncated: 1, ..read.clone() }, "records cut short: 1", false);
        check(&Counts { records: 0, ..read.clone() }, "no whole record in it", false);
        let binary = Counts { records: 0, with_nul: 1, ..read };
        check(&binary, "no whole record in it; it looks like a binary file", false);
    }

    #[test]
    fn one_problem_is_told_and_the_others_are_counted() {
        let mut coverage = Coverage::default();
        coverage.problem("a", "gone");
        assert_eq!(coverage.complaint(), "a: gone");
        coverage.problem("b", "gone too");
        assert_eq!(coverage.complaint(), "a: gone (and 1 more; the report lists them)");
    }
}
