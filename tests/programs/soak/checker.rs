//! Proves from the files alone what became of numbered records that several processes wrote, while they were killed and
//! their files were moved, cut and had no room.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use logwright::record::{Kind, json};

/// What is in the files of a directory.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// How often each record is there, by its writer and its number.
    pub(crate) records: BTreeMap<(u64, u64), u32>,
    /// The lines that are no whole record.
    pub(crate) torn: Vec<String>,
    /// The losses that each writer owns up to: the record that stands before, and how many were lost.
    lost: BTreeMap<u64, Vec<(u64, u64)>>,
}

impl Found {
    /// Reads each file whose name contains `.jsonl`, by whatever name it goes now.
    pub(crate) fn read(dir: &Path) -> std::io::Result<Self> {
        let mut found = Self::default();
        let (mut places, mut losses) = (BTreeMap::new(), Vec::new());
        for entry in std::fs::read_dir(dir)? {
            let path = entry?.path();
            if !path.file_name().is_some_and(|name| name.to_string_lossy().contains(".jsonl")) {
                continue;
            }
            for line in String::from_utf8_lossy(&std::fs::read(path)?).split_terminator('\n') {
                let Ok(record) = json::read(line) else {
                    found.torn.push(line.to_owned());
                    continue;
                };
                let context = record.context.to_value();
                if let (Some(writer), Some(n)) = (context["writer"].as_u64(), context["n"].as_u64()) {
                    *found.records.entry((writer, n)).or_default() += 1;
                    places.insert((record.run, record.seq), (writer, n));
                }
                if record.kind == Kind::LogLoss {
                    let before = record.seq.map(|seq| seq - 1);
                    losses.push(((record.run, before), record.lost.unwrap_or_default()));
                }
            }
        }
        // A loss is written together with the record before it.
        for (place, lost) in losses {
            if let Some((writer, n)) = places.get(&place) {
                found.lost.entry(*writer).or_default().push((*n, lost));
            }
        }
        Ok(found)
    }

    /// The records of a writer before which it owns up to losses, and how many it has owned up to until then.
    fn owned(&self, writer: u64) -> Vec<(u64, u64)> {
        let mut losses = self.lost.get(&writer).cloned().unwrap_or_default();
        losses.sort_unstable();
        let mut sum = 0;
        for (_, lost) in &mut losses {
            sum += *lost;
            *lost = sum;
        }
        losses
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
        let is_lost = |said: &&u8| **said == b'-';
        let lost = |until: usize| told[..until].iter().filter(is_lost).count() as u64;
        for (until, owned) in self.owned(writer) {
            let lost = usize::try_from(until).map_or(0, |until| lost(until.min(told.len())));
            if owned != lost {
                let _ = writeln!(
                    wrong,
                    "before {until} writer {writer} lost {lost} records and owns up to {owned}"
                );
            }
        }
        // Its next records may have had room for themselves alone, or not have been written.
        let since = told.iter().rev().take_while(|said| !is_lost(said)).count();
        let owned = self.lost.get(&writer).into_iter().flatten().map(|(_, lost)| lost).sum::<u64>();
        if since > 1 && owned != lost(told.len()) {
            let _ =
                writeln!(wrong, "writer {writer} lost {} records and owns up to {owned}", lost(told.len()));
        }
        if wrong.is_empty() { Ok(()) } else { Err(wrong) }
    }

    /// What is wrong with the lines that are no records: there may be `most`, each of which begins as a record does.
    /// What was written behind half a line must be there once more, as [`check`](Self::check) finds out. Two processes
    /// that end the same half line leave an empty one.
    pub(crate) fn check_torn(&self, most: usize) -> Result<(), String> {
        const BEGIN: &str = "{\"schema\":\"logwright/1\"";
        let is_beginning = |line: &&String| line.starts_with(BEGIN) || BEGIN.starts_with(&***line);
        match self.torn.iter().find(|line| !is_beginning(line)) {
            Some(line) => Err(format!("this is no beginning of a record: {line}\n")),
            None if self.torn.len() > most => Err(format!("{} torn lines, not {most}\n", self.torn.len())),
            None => Ok(()),
        }
    }
}
