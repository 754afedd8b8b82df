//! From paths to records: which files to read, their lines, and what each line is. Records are handed on one by
//! one and never kept, so memory does not grow with a log. Knows nothing of what is counted or reported.

mod coverage;
mod name;
mod ring;
mod compressed;
mod opened;
mod paths;
mod blocks;
mod lines;
mod objects;
mod foreign;
mod scan;
mod crew;

use std::collections::HashSet;
use std::path::PathBuf;

use logwright::record::Record;

use blocks::{Block, Blocks, SIZES, Sizes};
pub(crate) use coverage::{Counts, Coverage};
use crew::Outcome;
use lines::Lines;
pub(crate) use name::{Format, LogName};
use opened::Source;
use paths::Choice;
use scan::Scan;

/// Where a record stands: the files in the order in which they are read, and the byte that its line begins with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    pub(crate) file: u32,
    pub(crate) offset: u64,
}

/// What is made of records, whatever comes first: several parts of the input may be read at a time.
pub(crate) trait Fold: Send {
    fn add(&mut self, record: &Record<'_>, place: Place);

    /// Takes in what was made of another part of the input.
    fn merge(&mut self, other: Self);
}

/// Folds all records that the paths mean, in no order, each part of the input into what is `empty` at first.
pub(crate) fn fold<F: Fold>(paths: &[PathBuf], empty: impl Fn() -> F + Sync) -> (F, Coverage) {
    let mut all = empty();
    let coverage = read_all(paths, |sources| {
        let (fold, outcomes) = crew::fold(sources, &empty);
        all.merge(fold);
        outcomes
    });
    (all, coverage)
}

/// Reads every log that the paths mean and hands each record to `each`, the oldest file of a rotated set first.
pub(crate) fn read(paths: &[PathBuf], each: &mut dyn FnMut(&Record<'_>, Place)) -> Coverage {
    read_all(paths, |sources| sources.iter().map(|&(file, source)| read_one(source, file, each)).collect())
}

/// Has every log read that the paths mean, several at a time. A log is passed over where others hold its records and all of
/// these could be read.
fn read_all(paths: &[PathBuf], mut read: impl FnMut(&[(u32, &Source)]) -> Vec<Outcome>) -> Coverage {
    let mut coverage = Coverage::default();
    let mut known = HashSet::new();
    let choices = paths::find(paths, &mut coverage);
    let mut at = 0;
    while let Some(Choice { source, copies }) = choices.get(at) {
        if let Some(copy) = copies.iter().find(|copy| copy.places.iter().all(|place| known.contains(place))) {
            coverage.skip(&source.to_string(), copy.why);
            known.insert(at);
            at += 1;
            continue;
        }
        // Whether the next is needed may depend on how these end.
        let more = choices[at + 1..].iter().take_while(|choice| choice.copies.is_empty()).count();
        let places = at..=at + more;
        let sources: Vec<_> = places.map(|place| (place as u32, &choices[place].source)).collect();
        for ((place, source), outcome) in sources.iter().zip(read(&sources)) {
            let unreadable = coverage.unreadable;
            match outcome {
                Ok((counts, end)) => coverage.add(&source.to_string(), &counts, end),
                Err(error) => coverage.problem(&source.to_string(), &format!("cannot open it: {error}")),
            }
            if coverage.unreadable == unreadable {
                known.insert(*place as usize);
            }
        }
        at += 1 + more;
    }
    coverage
}

fn read_one(source: &Source, file: u32, each: &mut dyn FnMut(&Record<'_>, Place)) -> Outcome {
    let (mut blocks, mut block) = (Blocks::new(opened::open(source)?, SIZES), Block::default());
    let mut scan = Scan::new(|record: &Record<'_>, offset| each(record, Place { file, offset }));
    while blocks.next(&mut block) {
        scan.lines(Lines::of(&block, SIZES.line));
    }
    Ok((scan.counts, blocks.take_end()))
}

/// Hands the records on a line to `each`; what else there was on it.
pub(crate) fn scan(line: &[u8], each: &mut dyn FnMut(&Record<'_>)) -> Counts {
    read_block(line, &mut |record, _| each(record))
}

/// The files that the paths mean, in the order of [`Place::file`]; `None` for standard input.
#[cfg(feature = "serve")]
pub(crate) fn files(paths: &[PathBuf]) -> Vec<InputFile> {
    let choices = paths::find(paths, &mut Coverage::default()).into_iter();
    let file = |choice: Choice| InputFile {
        path: match choice.source {
            Source::Stdin => None,
            Source::File(path) => Some(path),
        },
        is_copy: !choice.copies.is_empty(),
    };
    choices.map(file).collect()
}

/// A file of the input.
#[cfg(feature = "serve")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct InputFile {
    pub(crate) path: Option<PathBuf>,
    /// Whether others hold its records, as far as names tell.
    pub(crate) is_copy: bool,
}

/// Whether the bytes of that file are not those of its lines.
#[cfg(feature = "serve")]
pub(crate) fn is_compressed(path: &std::path::Path) -> bool {
    path.extension().is_some_and(|extension| extension == "gz" || extension == "zst")
}

/// The records of a line that was read before.
#[cfg(feature = "serve")]
pub(crate) fn read_line(line: &[u8], each: &mut dyn FnMut(&Record<'_>)) {
    match std::str::from_utf8(line).ok().and_then(scan::read) {
        Some(record) => each(&record),
        None => drop(scan(line, each)),
    }
}

/// The same for some lines, each record with where its line begins among these.
pub(crate) fn read_block(lines: &[u8], each: &mut dyn FnMut(&Record<'_>, u64)) -> Counts {
    let sizes = Sizes { block: lines.len() + 1, ..SIZES };
    let (mut blocks, mut block) = (Blocks::new(lines, sizes), Block::default());
    let mut scan = Scan::new(|record: &Record<'_>, offset| each(record, offset));
    while blocks.next(&mut block) {
        scan.lines(Lines::of(&block, sizes.line));
    }
    scan.counts
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
                "?" => "{\"@timestamp\":\"noon\",\"message\":\"?\"}\n".to_owned(),
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
