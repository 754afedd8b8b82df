//! From paths to records: which files to read, their lines, and what each line is. Records are handed on one by
//! one and never kept, so memory does not grow with a log. Knows nothing of what is counted or reported.

mod coverage;
mod name;
mod ring;
mod paths;
mod lines;
mod objects;
mod scan;

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::PathBuf;

use logwright::record::Record;

pub(crate) use coverage::{Counts, Coverage};
use paths::{Choice, Source};

/// Where a record stands: the files in the order in which they are read, and the byte that its line begins with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    pub(crate) file: u32,
    pub(crate) offset: u64,
}

/// What is made of records, whatever comes first: several parts of the input may be read at a time.
pub(crate) trait Fold: Default + Send {
    fn add(&mut self, record: &Record<'_>, place: Place);

    /// Takes in what was made of another part of the input.
    fn merge(&mut self, other: Self);
}

/// Folds all records that the paths mean.
pub(crate) fn fold<F: Fold>(paths: &[PathBuf]) -> (F, Coverage) {
    let mut fold = F::default();
    let coverage = read(paths, &mut |record, place| fold.add(record, place));
    (fold, coverage)
}

/// Reads every log that the paths mean and hands each record to `each`, the oldest file of a rotated set first. A log
/// is passed over where others hold its records and all of these could be read.
pub(crate) fn read(paths: &[PathBuf], each: &mut dyn FnMut(&Record<'_>, Place)) -> Coverage {
    let mut coverage = Coverage::default();
    let mut known = HashSet::new();
    for (place, Choice { source, copies }) in paths::find(paths, &mut coverage).into_iter().enumerate() {
        let unreadable = coverage.unreadable;
        match copies.iter().find(|copy| copy.places.iter().all(|place| known.contains(place))) {
            Some(copy) => coverage.skip(&source.to_string(), copy.why),
            None => read_one(&source, place as u32, &mut coverage, each),
        }
        if coverage.unreadable == unreadable {
            known.insert(place);
        }
    }
    coverage
}

fn read_one(source: &Source, file: u32, coverage: &mut Coverage, each: &mut dyn FnMut(&Record<'_>, Place)) {
    match open(source) {
        Ok(reader) => {
            let (counts, end) =
                scan::scan(BufReader::with_capacity(1 << 18, reader), &mut |record, offset| {
                    each(record, Place { file, offset });
                });
            coverage.add(&source.to_string(), &counts, end);
        }
        Err(error) => coverage.problem(&source.to_string(), &format!("cannot open it: {error}")),
    }
}

fn open(source: &Source) -> io::Result<Box<dyn Read>> {
    Ok(match source {
        Source::Stdin => Box::new(io::stdin().lock()),
        Source::File(path) => Box::new(File::open(path)?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The messages that are read of a directory with these files, and how many of these could not be.
    #[track_caller]
    fn check(files: &[(&str, &str)], expected: &[&str], unreadable: u64) {
        let dir = tempfile::tempdir().unwrap();
        for (name, what) in files {
            let line = match *what {
                "" => String::new(),
                "?" => "{\"@timestamp\":\"2026-11-22T12:45:15.642Z\"}\n".to_owned(),
                message => format!("2026-11-22 12:45:15,642 - a - ERROR - {message}\n"),
            };
            std::fs::write(dir.path().join(name), line).unwrap();
        }
        let mut messages = Vec::new();
        let coverage =
            read(&[dir.path().to_owned()], &mut |record, _| messages.push(record.message.to_string()));
        assert_eq!(
            (messages, coverage.unreadable),
            (expected.iter().map(ToString::to_string).collect(), unreadable)
        );
    }

    #[test]
    fn a_log_is_passed_over_only_where_what_holds_its_records_could_be_read() {
        check(&[("a.log", "whole"), ("a_error.log", "errors")], &["whole"], 0);
        check(&[("a.log", "?"), ("a_error.log", "errors")], &["errors"], 1);
        check(&[("a.log", "whole"), ("a.log.1", "?"), ("a_error.log", "errors")], &["whole", "errors"], 1);
        check(&[("a.jsonl", "?"), ("a.log", "text"), ("a_error.log", "errors")], &["text"], 1);
        check(&[("a.jsonl", "json"), ("a.log", "?"), ("a_error.log", "errors")], &["json"], 0);
        check(&[("a.jsonl", "?"), ("a.log", "?"), ("a_error.log", "errors")], &["errors"], 2);
        check(&[("a.jsonl", ""), ("a.jsonl.1", "json"), ("a.log", "text")], &["json"], 0);
    }

    #[test]
    fn what_cannot_be_opened_costs_that_file_only() {
        let dir = tempfile::tempdir().unwrap();
        let there = dir.path().join("a.log");
        std::fs::write(&there, "2026-11-22 12:45:15,642 - a - INFO - hello\n").unwrap();
        let mut messages = Vec::new();
        let paths = [dir.path().join("missing.log"), there];
        let coverage = read(&paths, &mut |record, _| messages.push(record.message.to_string()));
        assert_eq!(messages, ["hello"]);
        assert_eq!((coverage.files, coverage.unreadable, coverage.is_complete()), (1, 1, false));
    }
}
