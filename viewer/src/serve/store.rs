//! The facts of all records, in memory, by time: each filter is answered from them without reading the log again.

use logwright::record::{Kind, Record};

use crate::analysis::Analysis;
use crate::facts::{Fact, Renaming};
use crate::input::{Counts, Coverage, Fold, Place};
use crate::summary::Summary;

/// The facts of no more records than this are kept, those of the newest.
pub(super) const MAX_FACTS: usize = 5_000_000;

/// What is made of the records when they are read.
#[derive(Debug, Default)]
pub(super) struct Kept {
    /// The names that the facts are of, the runs, and the numbers of all records, kept or not.
    pub(super) whole: Analysis,
    pub(super) facts: Vec<Fact>,
    /// How many facts were dropped, there being too many.
    pub(super) dropped: u64,
    /// Where the last record of each file stands.
    last: Vec<(u32, u64)>,
}

impl Fold for Kept {
    fn add(&mut self, record: &Record<'_>, place: Place) {
        self.reach((place.file, place.offset));
        self.whole.runs.add(record, place);
        let fact = self.whole.names.fact(record, place);
        self.whole.matched += 1;
        self.whole.summary.add(&fact);
        // What a file says of itself is none of a program's records.
        if fact.kind != Kind::LogOpen {
            self.facts.push(fact);
            self.trim();
        }
    }

    fn merge(&mut self, other: Self) {
        self.whole.matched += other.whole.matched;
        let renaming = self.whole.names.merge(&other.whole.names);
        self.whole.summary.merge(other.whole.summary, &renaming);
        self.whole.runs.merge(other.whole.runs);
        self.facts.extend(other.facts.into_iter().map(|fact| renamed(fact, &renaming)));
        self.dropped += other.dropped;
        other.last.into_iter().for_each(|last| self.reach(last));
        self.trim();
    }
}

impl Kept {
    pub(super) fn is_empty(&self) -> bool {
        self.last.is_empty()
    }

    /// Where the last record of each file that has any stands.
    pub(super) fn last(&self) -> &[(u32, u64)] {
        &self.last
    }

    fn reach(&mut self, (file, offset): (u32, u64)) {
        match self.last.iter_mut().rev().find(|(known, _)| *known == file) {
            Some((_, last)) => *last = offset.max(*last),
            None => self.last.push((file, offset)),
        }
    }

    /// Drops the oldest where there are too many; not one by one, since finding them is a look at all.
    fn trim(&mut self) {
        if self.facts.len() > MAX_FACTS + MAX_FACTS / 4 {
            self.cut();
        }
    }

    fn cut(&mut self) {
        let more = self.facts.len().saturating_sub(MAX_FACTS);
        if more > 0 {
            self.facts.select_nth_unstable_by_key(more, |fact| fact.timestamp);
            self.facts.drain(..more);
            self.dropped += more as u64;
        }
    }
}

fn renamed(fact: Fact, renaming: &Renaming) -> Fact {
    Fact {
        logger: renaming.loggers.of(fact.logger),
        operation: fact.operation.map(|name| renaming.operations.of(name)),
        problem: fact.problem.map(|name| renaming.problems.of(name)),
        ..fact
    }
}

/// What the pages are made of.
#[derive(Debug)]
pub(super) struct Store {
    pub(super) whole: Analysis,
    /// By time; those of one moment in the order of the input.
    pub(super) facts: Vec<Fact>,
    pub(super) dropped: u64,
    pub(super) coverage: Coverage,
    /// Counts the changes, so that what was made of it can be told from what would be.
    pub(super) generation: u64,
}

impl Store {
    pub(super) fn new(mut kept: Kept, coverage: Coverage) -> Self {
        kept.cut();
        let order = |fact: &Fact| (fact.timestamp, fact.place);
        if !kept.facts.is_sorted_by_key(order) {
            kept.facts.sort_unstable_by_key(order);
        }
        let Kept { whole, facts, dropped, .. } = kept;
        Self { whole, facts, dropped, coverage, generation: 0 }
    }

    /// Takes in what was written since. Most of it is newer than all there is.
    pub(super) fn append(&mut self, more: Kept, counts: &Counts) {
        let mut kept = Kept {
            whole: std::mem::take(&mut self.whole),
            facts: std::mem::take(&mut self.facts),
            dropped: self.dropped,
            last: Vec::new(),
        };
        self.coverage.counts.add(counts);
        let first = more.facts.iter().map(|fact| fact.timestamp).min();
        let mut late = kept.facts.partition_point(|fact| first.is_none_or(|first| fact.timestamp < first));
        kept.merge(more);
        // What drops the oldest leaves no order.
        late = if kept.dropped == self.dropped { late } else { 0 };
        kept.facts[late..].sort_by_key(|fact| (fact.timestamp, fact.place));
        (self.whole, self.facts, self.dropped) = (kept.whole, kept.facts, kept.dropped);
        self.generation += 1;
    }

    /// The numbers of some facts; threads share the work where it is much.
    pub(super) fn summary<'a>(&self, parts: Vec<impl Iterator<Item = &'a Fact> + Send>) -> Summary {
        let fold = |facts: &mut dyn Iterator<Item = &'a Fact>| {
            let mut summary = Summary::default();
            facts.for_each(|fact| summary.add(fact));
            summary
        };
        let summaries: Vec<_> = std::thread::scope(|scope| {
            let threads: Vec<_> =
                parts.into_iter().map(|mut part| scope.spawn(move || fold(&mut part))).collect();
            threads.into_iter().filter_map(|thread| thread.join().ok()).collect()
        });
        let mut summaries = summaries.into_iter();
        let mut all = summaries.next().unwrap_or_default();
        let mut names = crate::facts::Names::default();
        // All parts have the same names.
        let same = names.merge(&self.whole.names);
        summaries.for_each(|part| all.merge(part, &same));
        all
    }
}
