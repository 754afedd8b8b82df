//! Proves from the files alone what became of numbered records that several processes wrote, while they were killed and
//! their files were moved, cut and had no room.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use logwright::record::json;

/// What is in the files of a directory.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// How often each record is there, by its writer and its number.
    pub(crate) records: BTreeMap<(u64, u64), u32>,
    /// The lines that are no whole record.
    pub(crate) torn: Vec<String>,
    /// How many losses each writer owns up to.
    owned: BTreeMap<u64, u64>,
    /// How many numbers of each writer's lines are missing.
    missing: BTreeMap<u64, u64>,
}

fn is_log(name: &str) -> bool {
    name.contains(".jsonl") && !name.ends_with(".ring")
}

/// What is of one run of a writer.
#[derive(Default)]
struct Run {
    writer: Option<u64>,
    numbers: BTreeSet<u64>,
    lost: u64,
}

impl Found {
    /// Reads each file whose name contains `.jsonl`, by whatever name it goes now, when what killed processes left has been
    /// brought into it.
    pub(crate) fn read(dir: &Path) -> std::io::Result<Self> {
        #[cfg(unix)]
        for recovered in logwright::recover(dir).map_err(std::io::Error::other)? {
            recovered.map_err(std::io::Error::other)?;
        }
        let mut found = Self::default();
        let mut runs = BTreeMap::<_, Run>::new();
        for entry in std::fs::read_dir(dir)? {
            let path = entry?.path();
            if !path.file_name().is_some_and(|name| is_log(&name.to_string_lossy())) {
                continue;
            }
            for line in String::from_utf8_lossy(&std::fs::read(path)?).split_terminator('\n') {
                // Who ends a half line that its process finishes after all leaves an empty one.
                if line.is_empty() {
                    continue;
                }
                let Ok(record) = json::read(line) else {
                    found.torn.push(line.to_owned());
                    continue;
                };
                let context = record.context.to_value();
                let run = runs.entry(record.run).or_default();
                run.numbers.extend(record.seq);
                run.lost += record.lost.unwrap_or_default();
                if let (Some(writer), Some(n)) = (context["writer"].as_u64(), context["n"].as_u64()) {
                    *found.records.entry((writer, n)).or_default() += 1;
                    run.writer = Some(writer);
                }
            }
        }
        for run in runs.into_values() {
            if let Some(writer) = run.writer {
                let lines = run.numbers.last().map_or(0, |last| last + 1);
                found.missing.insert(writer, lines - run.numbers.len() as u64);
                found.owned.insert(writer, run.lost);
            }
        }
        Ok(found)
    }

    /// What is wrong with the records of one writer, which said `told` of them: a byte each, `+` written or `-` lost.
    /// The last one may have been written without a word.
    pub(crate) fn check(&self, writer: u64, told: &[u8]) -> Result<(), String> {
        let mut wrong = String::new();
        for (n, said) in (0..).zip(told) {
            let expected = u32::from(*said == b'+');
            let times = self.records.get(&(writer, n)).copied().unwrap_or_default();
            if times != expected {
                let _ =
                    writeln!(wrong, "record {n} of writer {writer} is there {times} times, not {expected}");
            }
        }
        let next = told.len() as u64;
        let beyond = self.records.range((writer, next)..=(writer, u64::MAX));
        let beyond: Vec<_> = beyond.map(|((_, n), times)| (*n, *times)).collect();
        if !matches!(beyond[..], [] | [(_, 1)]) || beyond.first().is_some_and(|(n, _)| *n != next) {
            let _ = writeln!(wrong, "writer {writer} was at {next}, but there are {beyond:?}");
        }
        let lost = told.iter().filter(|said| **said == b'-').count() as u64;
        let of = |counts: &BTreeMap<u64, u64>| counts.get(&writer).copied().unwrap_or_default();
        let (owned, missing) = (of(&self.owned), of(&self.missing));
        // Its next records may have had room for themselves alone, or not have been written. What it says of itself when it
        // starts, two records, is not among those that it has told of.
        let is_over = told.iter().rev().take_while(|said| **said == b'+').count() > 1;
        let most = lost + 2;
        if owned.max(missing) > most || is_over && (owned != missing || owned < lost) {
            let _ = writeln!(
                wrong,
                "writer {writer} lost {lost} records, owns up to {owned}, and {missing} numbers are missing"
            );
        }
        if wrong.is_empty() { Ok(()) } else { Err(wrong) }
    }

    /// What is wrong with the records of one writer that may have lost what waited when it was killed, 1 MiB and no more:
    /// those that are there are its first ones, each once.
    #[allow(dead_code, reason = "the soak has no such writers")]
    pub(crate) fn check_beginning(&self, writer: u64, told: &[u8]) -> Result<(), String> {
        let there = self.records.range((writer, 0)..=(writer, u64::MAX));
        let there: Vec<_> = there.map(|((_, n), times)| (*n, *times)).collect();
        let is_beginning = (0..).zip(&there).all(|(n, found)| *found == (n, 1));
        let bytes = told.len().saturating_sub(there.len()) * 300;
        if is_beginning && bytes <= 1024 * 1024 && there.len() <= told.len() + 1 {
            return Ok(());
        }
        Err(format!("writer {writer} wrote {} records, and there are {there:?}", told.len()))
    }

    /// What is wrong with the lines that are no records: there may be `most`, each of which begins as a record does.
    /// What was written behind half a line must be there once more, as [`check`](Self::check) finds out. Two processes
    /// that end the same half line leave an empty one.
    pub(crate) fn check_torn(&self, most: usize) -> Result<(), String> {
        const BEGIN: &str = "{\"schema\":\"logwright/1\"";
        // A half may be shorter than the beginning, with a whole line behind it.
        let is_glued = |line: &str| {
            (1..BEGIN.len())
                .any(|at| line.strip_prefix(&BEGIN[..at]).is_some_and(|rest| rest.starts_with(BEGIN)))
        };
        let is_beginning =
            |line: &&String| line.starts_with(BEGIN) || BEGIN.starts_with(&***line) || is_glued(line);
        match self.torn.iter().find(|line| !is_beginning(line)) {
            Some(line) => Err(format!("this is no beginning of a record: {line}\n")),
            None if self.torn.len() > most => Err(format!("{} torn lines, not {most}\n", self.torn.len())),
            None => Ok(()),
        }
    }
}
