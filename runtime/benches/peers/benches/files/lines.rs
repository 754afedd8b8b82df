//! What is in the files when the process is gone.

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::Path;

/// In each record of a contender, and in no line that it writes of its own accord.
const MARK: &[u8] = b"downloaded page";

/// The lines that hold a record, whole ones only.
#[derive(Default)]
pub(crate) struct Lines {
    pub(crate) count: u64,
    pub(crate) bytes: u64,
}

impl Lines {
    pub(crate) fn of(dir: &Path) -> Self {
        let mut lines = Self::default();
        for entry in fs::read_dir(dir).expect("a directory of our own can be read") {
            let path = entry.expect("a directory of our own can be read").path();
            lines.add(BufReader::new(File::open(path).expect("a file of our own can be read")));
        }
        lines
    }

    fn add(&mut self, mut file: impl BufRead) {
        let mut line = Vec::new();
        while file.read_until(b'\n', &mut line).expect("a file of our own can be read") > 0 {
            if line.ends_with(b"\n") && line.windows(MARK.len()).any(|part| part == MARK) {
                self.count += 1;
                self.bytes += line.len() as u64;
            }
            line.clear();
        }
    }
}
