//! The numbers of a report: a fold over records, in any order. Does no I/O and keeps no record but the first few
//! errors, so its memory is bounded whatever a log holds.

mod first;
mod named;
mod open;

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

use logwright::Level;
use logwright::record::{Kind, Record, Status, Timestamp};

use crate::input::{Fold, Place};
use first::First;
use named::Named;
use open::Open;
pub(crate) use open::Started;

/// More runs than this are not told apart.
const MAX_RUNS: usize = 65_536;

/// Everything that is counted.
#[derive(Debug, Default)]
pub(crate) struct Summary {
    /// The time that the records cover.
    pub(crate) period: Option<(Timestamp, Timestamp)>,
    levels: HashMap<Level, u64>,
    loggers: Named<u64>,
    operations: Named<Operation>,
    open: Open,
    runs: HashSet<u32>,
    /// How many records are ERROR or CRITICAL.
    pub(crate) errors: u64,
    first_errors: First,
}

impl Fold for Summary {
    /// Counts one record; what a file says of itself is none of a program's.
    fn add(&mut self, record: &Record<'_>, place: Place) {
        if record.kind == Kind::LogOpen {
            return;
        }
        self.cover((record.timestamp, record.timestamp));
        *self.levels.entry(record.level).or_default() += 1;
        *self.loggers.of(&record.logger) += 1;
        if let Some(name) = &record.operation {
            self.operation(name, record);
        }
        self.open.add(record);
        if let Some(run) = record.run.filter(|_| self.runs.len() < MAX_RUNS) {
            self.runs.insert(run);
        }
        if record.level >= Level::Error {
            self.errors += 1;
            self.first_errors.add(place, record);
        }
    }

    fn merge(&mut self, other: Self) {
        other.period.into_iter().for_each(|period| self.cover(period));
        other.levels.into_iter().for_each(|(level, count)| *self.levels.entry(level).or_default() += count);
        self.loggers.merge(other.loggers, |count, more| *count += more);
        self.operations.merge(other.operations, Operation::merge);
        self.open.merge(other.open);
        self.runs.extend(other.runs);
        self.errors += other.errors;
        self.first_errors.merge(other.first_errors);
    }
}

impl Summary {
    fn cover(&mut self, (from, to): (Timestamp, Timestamp)) {
        let (first, last) = self.period.unwrap_or((from, to));
        self.period = Some((first.min(from), last.max(to)));
    }

    fn operation(&mut self, name: &str, record: &Record<'_>) {
        match (record.kind, record.duration_ns) {
            (Kind::OpEnd, duration) => {
                let operation = self.operations.of(name);
                operation.ends += 1;
                operation.failed +=
                    u64::from(matches!(record.status, Some(Status::Failure | Status::Panicked)));
                operation.cancelled += u64::from(record.status == Some(Status::Cancelled));
                duration.into_iter().for_each(|ns| operation.ended.add(ns));
            }
            (Kind::Log, Some(ns)) => self.operations.of(name).timed.add(ns),
            _ => {}
        }
    }

    /// The first errors, in the order of the input.
    pub(crate) fn first_errors(&self) -> impl ExactSizeIterator<Item = &Record<'static>> {
        self.first_errors.records()
    }

    /// How many runs of a program wrote the records, as far as these say.
    pub(crate) fn runs(&self) -> usize {
        self.runs.len()
    }

    /// The operations that never ended, the earliest first.
    pub(crate) fn unfinished(&self) -> Vec<&Started> {
        self.open.started()
    }

    /// The levels that occur, the most frequent first.
    pub(crate) fn levels(&self) -> Vec<(Level, u64)> {
        let mut levels: Vec<_> = self.levels.iter().map(|(&level, &count)| (level, count)).collect();
        levels.sort_by_key(|&(level, count)| Reverse((count, level)));
        levels
    }

    /// The loggers, the most frequent first.
    pub(crate) fn loggers(&self) -> Vec<(&str, u64)> {
        let mut loggers: Vec<_> = self.loggers.iter().map(|(name, &count)| (name, count)).collect();
        loggers.sort_by_key(|&(name, count)| (Reverse(count), name));
        loggers
    }

    /// The operations, the one that took the most time first.
    pub(crate) fn operations(&self) -> Vec<(&str, &Operation)> {
        let mut operations: Vec<_> = self.operations.iter().collect();
        operations.sort_by_key(|&(name, operation)| (Reverse(operation.durations().sum), name));
        operations
    }
}

/// The calls of one operation.
///
/// A function that writes both its end and a timing line for one call is counted by its ends alone.
#[derive(Debug, Default)]
pub(crate) struct Operation {
    ends: u64,
    /// How many of the calls returned an error or panicked; timing lines do not say.
    pub(crate) failed: u64,
    /// How many were dropped before they were done; their time counts as well.
    pub(crate) cancelled: u64,
    ended: Durations,
    timed: Durations,
}

impl Operation {
    fn merge(&mut self, other: Self) {
        self.ends += other.ends;
        self.failed += other.failed;
        self.cancelled += other.cancelled;
        self.ended.merge(&other.ended);
        self.timed.merge(&other.timed);
    }

    pub(crate) fn count(&self) -> u64 {
        if self.ends > 0 { self.ends } else { self.timed.count }
    }

    pub(crate) fn durations(&self) -> &Durations {
        if self.ends > 0 { &self.ended } else { &self.timed }
    }
}

/// Durations in nanoseconds.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Durations {
    count: u64,
    pub(crate) sum: u128,
    /// The shortest and the longest.
    pub(crate) range: Option<(u64, u64)>,
}

impl Durations {
    fn add(&mut self, ns: u64) {
        self.count += 1;
        self.sum += u128::from(ns);
        let (min, max) = self.range.unwrap_or((ns, ns));
        self.range = Some((min.min(ns), max.max(ns)));
    }

    fn merge(&mut self, other: &Self) {
        self.count += other.count;
        self.sum += other.sum;
        let range = |(min, max): (u64, u64), (from, to): (u64, u64)| (min.min(from), max.max(to));
        self.range = self.range.zip(other.range).map(|(a, b)| range(a, b)).or(self.range).or(other.range);
    }

    /// The mean; `None` where nothing was measured.
    pub(crate) fn average(&self) -> Option<f64> {
        (self.count > 0).then(|| self.sum as f64 / self.count as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn op_end(name: &'static str, ns: u64, status: Status) -> Record<'static> {
        let kind = Kind::OpEnd;
        let operation = Some(name.into());
        Record { kind, operation, duration_ns: Some(ns), status: Some(status), ..Record::default() }
    }

    fn timed(name: &'static str, ns: u64) -> Record<'static> {
        Record { operation: Some(name.into()), duration_ns: Some(ns), ..Record::default() }
    }

    fn summary(records: &[Record<'_>]) -> Summary {
        records.iter().fold(Summary::default(), |mut summary, record| {
            summary.add(record, Place::default());
            summary
        })
    }

    /// Name, count, failed, sum and range.
    type Numbers = (&'static str, u64, u64, u128, Option<(u64, u64)>);

    #[track_caller]
    fn check(records: &[Record<'_>], expected: &[Numbers]) {
        let summary = summary(records);
        let found = summary.operations().into_iter().map(|(name, operation)| {
            let durations = operation.durations();
            (name, operation.count(), operation.failed, durations.sum, durations.range)
        });
        assert_eq!(found.collect::<Vec<_>>(), expected);
    }

    #[test]
    fn a_call_that_writes_its_end_and_a_timing_line_counts_once() {
        let (good, bad) = (Status::Success, Status::Failure);
        check(
            &[timed("a", 9), op_end("a", 5, good), timed("b", 7), op_end("a", 3, bad), timed("a", 9)],
            &[("a", 2, 1, 8, Some((3, 5))), ("b", 1, 0, 7, Some((7, 7)))],
        );
    }

    #[test]
    fn no_number_is_too_large() {
        check(
            &[op_end("a", u64::MAX, Status::Panicked), op_end("a", u64::MAX, Status::Cancelled)],
            &[("a", 2, 1, 2 * u128::from(u64::MAX), Some((u64::MAX, u64::MAX)))],
        );
        let unmeasured = Record { duration_ns: None, ..op_end("a", 0, Status::Success) };
        check(
            &[unmeasured, op_end("z", 0, Status::Success)],
            &[("a", 1, 0, 0, None), ("z", 1, 0, 0, Some((0, 0)))],
        );
    }

    #[test]
    fn an_operations_start_and_events_are_no_calls() {
        let record = |kind| Record { kind, ..timed("a", 1) };
        check(&[record(Kind::OpStart), record(Kind::OpEvent), record(Kind::Panic)], &[]);
    }

    #[test]
    fn levels_loggers_errors_and_period_are_counted() {
        let record = |level, logger: &'static str, micros| Record {
            level,
            logger: logger.into(),
            timestamp: Timestamp::from_micros(micros),
            ..Record::default()
        };
        let mut records = vec![record(Level::Error, "b", 5); first::KEPT + 1];
        records.extend([
            record(Level::Critical, "a", 9),
            record(Level::Info, "a", 2),
            record(Level::Info, "c", 3),
        ]);
        let summary = summary(&records);
        assert_eq!(summary.levels(), [(Level::Error, 11), (Level::Info, 2), (Level::Critical, 1)]);
        assert_eq!(summary.loggers(), [("b", 11), ("a", 2), ("c", 1)]);
        assert_eq!((summary.errors, summary.first_errors().len()), (12, first::KEPT));
        assert_eq!(summary.period, Some((Timestamp::from_micros(2), Timestamp::from_micros(9))));
    }
}
