//! The numbers of a report: a fold over facts, in any order. Does no I/O and keeps no record, so its memory is bounded
//! whatever a log holds.

mod durations;
mod retries;
mod operation;
mod problems;
mod timeline;

use std::cmp::Reverse;

use logwright::Level;
use logwright::record::{Kind, Timestamp};

use crate::facts::{Fact, Mapping, Name, Names, Problem, Renaming, Table};
use crate::step::Verdict;
pub(crate) use durations::Durations;
pub(crate) use operation::{Calls, Operation};
pub(crate) use problems::Occurrences;
pub(crate) use retries::Retries;
pub(crate) use timeline::{Bucket, Timeline};

/// Everything that is counted; what it is called stands in the tables of [`Names`].
#[derive(Clone, Debug, Default)]
pub(crate) struct Summary {
    pub(crate) records: u64,
    /// The time that the records cover.
    pub(crate) period: Option<(Timestamp, Timestamp)>,
    levels: [u64; Level::ALL.len()],
    loggers: Vec<u64>,
    operations: Vec<Operation>,
    problems: Vec<Occurrences>,
    pub(crate) timeline: Timeline,
}

impl Summary {
    /// Counts one record; what a file says of itself is none of a program's.
    pub(crate) fn add(&mut self, fact: &Fact) {
        if fact.kind == Kind::LogOpen {
            return;
        }
        self.records += 1;
        self.cover((fact.timestamp, fact.timestamp));
        self.levels[fact.level as usize] += 1;
        *of(&mut self.loggers, fact.logger) += 1;
        if let Some(name) = fact.operation {
            of(&mut self.operations, name).add(fact);
        }
        if let Some(name) = fact.problem {
            of(&mut self.problems, name).add(fact);
        }
        self.timeline.add(fact.timestamp, |bucket| {
            bucket.levels[fact.level as usize] += 1;
            bucket.calls += u64::from(fact.is_call());
            bucket.retries += u64::from(fact.step.is_some_and(|step| step.verdict == Verdict::Again));
        });
    }

    /// Takes in what was counted of another part of the input, under other names.
    pub(crate) fn merge(&mut self, other: Self, renaming: &Renaming) {
        self.records += other.records;
        other.period.into_iter().for_each(|period| self.cover(period));
        self.levels.iter_mut().zip(other.levels).for_each(|(count, more)| *count += more);
        let Renaming { loggers, operations, problems } = renaming;
        merge(&mut self.loggers, &other.loggers, loggers, |count, more| *count += more);
        merge(&mut self.operations, &other.operations, operations, Operation::merge);
        merge(&mut self.problems, &other.problems, problems, Occurrences::merge);
        self.timeline.merge(other.timeline);
    }

    fn cover(&mut self, (from, to): (Timestamp, Timestamp)) {
        let (first, last) = self.period.unwrap_or((from, to));
        self.period = Some((first.min(from), last.max(to)));
    }

    /// How many records are ERROR or CRITICAL.
    pub(crate) fn errors(&self) -> u64 {
        self.levels[Level::Error as usize..].iter().sum()
    }

    /// The levels that occur, the most frequent first.
    pub(crate) fn levels(&self) -> Vec<(Level, u64)> {
        let counts = Level::ALL.into_iter().zip(self.levels);
        let mut levels: Vec<_> = counts.filter(|&(_, count)| count > 0).collect();
        levels.sort_by_key(|&(level, count)| Reverse((count, level)));
        levels
    }

    /// The loggers, the most frequent first.
    pub(crate) fn loggers<'a>(&'a self, names: &'a Names) -> Vec<(&'a str, u64)> {
        let counts = named(&self.loggers, &names.loggers).map(|(name, &count)| (name, count));
        let mut loggers: Vec<_> = counts.filter(|&(_, count)| count > 0).collect();
        loggers.sort_by_key(|&(name, count)| (Reverse(count), name));
        loggers
    }

    /// The operations that were called, the one that took the most time first.
    pub(crate) fn operations<'a>(&'a self, names: &'a Names) -> Vec<(&'a str, &'a Operation)> {
        let all = named(&self.operations, &names.operations);
        let mut operations: Vec<_> = all.filter(|(_, operation)| !operation.is_empty()).collect();
        operations.sort_by_key(|&(name, operation)| (Reverse(operation.calls().durations.sum), name));
        operations
    }

    /// The operation of that name.
    pub(crate) fn operation(&self, names: &Names, name: &str) -> Option<&Operation> {
        self.operations.get(names.operations.find(name)?.index())
    }

    /// What went wrong, the most frequent first: its key, what it is, and how often.
    pub(crate) fn problems<'a>(&'a self, names: &'a Names) -> Vec<(&'a str, Problem, &'a Occurrences)> {
        let all = named(&self.problems, &names.problems).filter(|(_, found)| found.records > 0);
        let mut problems: Vec<_> = all.map(|(key, found)| (key, Problem::from_key(key), found)).collect();
        problems.sort_by_key(|&(key, _, found)| (Reverse((found.errors, found.records)), key));
        problems
    }
}

/// The value of that name in a list of one for each name.
fn of<T: Clone + Default>(values: &mut Vec<T>, name: Name) -> &mut T {
    if name.index() >= values.len() {
        values.resize(name.index() + 1, T::default());
    }
    &mut values[name.index()]
}

fn named<'a, T>(values: &'a [T], table: &'a Table) -> impl Iterator<Item = (&'a str, &'a T)> {
    table.iter().map(|(_, name)| name).zip(values)
}

fn merge<T: Clone + Default>(values: &mut Vec<T>, others: &[T], mapping: &Mapping, add: impl Fn(&mut T, &T)) {
    mapping.iter().zip(others).for_each(|(name, other)| add(of(values, name), other));
}
