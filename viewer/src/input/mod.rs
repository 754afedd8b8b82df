//! From paths to records: which files to read, their lines, and what each line is. Records are handed on one by
//! one and never kept, so memory does not grow with a log. Knows nothing of what is counted or reported.

mod coverage;
mod name;
mod paths;
mod lines;
mod objects;
mod scan;

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::PathBuf;

use logwright::record::Record;

pub(crate) use coverage::{Counts, Coverage};
use paths::Source;

/// Reads every log that the paths mean and hands each record to `each`, the oldest file of a rotated set first.
pub(crate) fn read(paths: &[PathBuf], each: &mut dyn FnMut(&Record<'_>)) -> Coverage {
    let mut coverage = Coverage::default();
    for source in paths::find(paths, &mut coverage) {
        match open(&source) {
            Ok(reader) => {
                let (counts, end) = scan::scan(BufReader::with_capacity(1 << 18, reader), each);
                coverage.add(&source.to_string(), &counts, end);
            }
            Err(error) => coverage.problem(&source.to_string(), &format!("cannot open it: {error}")),
        }
    }
    coverage
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

    #[test]
    fn what_cannot_be_opened_costs_that_file_only() {
        let dir = tempfile::tempdir().unwrap();
        let there = dir.path().join("a.log");
        std::fs::write(&there, "2026-11-22 12:45:15,642 - a - INFO - hello\n").unwrap();
        let mut messages = Vec::new();
        let paths = [dir.path().join("missing.log"), there];
        let coverage = read(&paths, &mut |record| messages.push(record.message.to_string()));
        assert_eq!(messages, ["hello"]);
        assert_eq!((coverage.files, coverage.unreadable, coverage.is_complete()), (1, 1, false));
    }
}
