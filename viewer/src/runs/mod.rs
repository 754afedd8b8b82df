//! What the input says of the runs of programs, whatever is asked of it: when each wrote, which records are missing, which
//! operations never ended. A filter must not make a gap, so this is a fold over all records.

mod gaps;
mod open;

use std::collections::HashMap;

use foldhash::fast::RandomState;
use logwright::record::{Kind, Record, Timestamp};

use crate::input::Place;
pub(crate) use gaps::Sequence;
pub(crate) use open::{Open, Started};

/// More runs than this are not told apart.
const MAX_RUNS: usize = 16_384;
/// All of them together have so many pieces between gaps, each the same share, but no more than one of 64 would have.
const MAX_PIECES: usize = 1 << 18;

/// The run and the process: a fork goes on with its parent's run where its writer did not say so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct RunId {
    pub(crate) run: u32,
    pub(crate) pid: u32,
}

#[derive(Debug, Default)]
pub(crate) struct Runs {
    runs: HashMap<RunId, Run, RandomState>,
    pub(crate) open: Open,
    /// Records that a program says it lost.
    pub(crate) lost: u64,
    /// Whether there were more runs than are told apart. Then no gap can be told from a record of another part of the input.
    pub(crate) is_full: bool,
}

/// One run of a program.
#[derive(Debug, Default)]
pub(crate) struct Run {
    pub(crate) records: u64,
    /// When it wrote first and last.
    pub(crate) seen: Option<(Timestamp, Timestamp)>,
    pub(crate) sequence: Sequence,
}

impl Runs {
    pub(crate) fn add(&mut self, record: &Record<'_>, place: Place) {
        self.lost = self.lost.saturating_add(record.lost.unwrap_or(0));
        self.open.add(record, place);
        let Some(run) = record.run.filter(|_| record.kind != Kind::LogOpen) else { return };
        let id = RunId { run, pid: record.pid.unwrap_or(0) };
        let most = self.pieces();
        if let Some(run) = self.run(id) {
            run.records += 1;
            run.cover((record.timestamp, record.timestamp));
            record.seq.into_iter().for_each(|seq| run.sequence.add(seq, most));
        }
    }

    pub(crate) fn merge(&mut self, other: Self) {
        self.lost = self.lost.saturating_add(other.lost);
        self.is_full |= other.is_full;
        self.open.merge(other.open);
        for (id, more) in other.runs {
            let most = self.pieces();
            if let Some(run) = self.run(id) {
                run.records += more.records;
                more.seen.into_iter().for_each(|seen| run.cover(seen));
                run.sequence.merge(more.sequence, most);
            }
        }
    }

    fn run(&mut self, id: RunId) -> Option<&mut Run> {
        let is_full = self.runs.len() >= MAX_RUNS;
        if is_full && !self.runs.contains_key(&id) {
            self.is_full = true;
            return None;
        }
        Some(self.runs.entry(id).or_default())
    }

    /// How many pieces each may have.
    fn pieces(&self) -> usize {
        MAX_PIECES / self.runs.len().max(64)
    }

    pub(crate) fn len(&self) -> usize {
        self.runs.len()
    }

    /// All runs, the earliest first.
    pub(crate) fn all(&self) -> Vec<(RunId, &Run)> {
        let mut runs: Vec<_> = self.runs.iter().map(|(&id, run)| (id, run)).collect();
        runs.sort_by_key(|&(id, run)| (run.seen, id));
        runs
    }

    pub(crate) fn of(&self, id: RunId) -> Option<&Run> {
        self.runs.get(&id)
    }

    /// The runs whose numbers can be trusted to be all that there are: none where there were too many.
    pub(crate) fn counted(&self) -> Vec<(RunId, &Run)> {
        if self.is_full { Vec::new() } else { self.all() }
    }

    /// How many records are missing between others.
    pub(crate) fn missing(&self) -> u64 {
        let missing = self.counted().into_iter().map(|(_, run)| run.sequence.missing());
        missing.fold(0, u64::saturating_add)
    }
}

impl Run {
    fn cover(&mut self, (from, to): (Timestamp, Timestamp)) {
        let (first, last) = self.seen.unwrap_or((from, to));
        self.seen = Some((first.min(from), last.max(to)));
    }
}
