//! All that a report tells of its input: the numbers, the runs, the first errors, and what is found in them.

mod first;
mod findings;

use logwright::Level;
use logwright::record::{Kind, Record};

use crate::facts::Names;
use crate::input::{Fold, Place};
use crate::query::Wanted;
use crate::runs::{Runs, Started};
use crate::summary::Summary;
pub(crate) use findings::{Finding, findings, is_hung};
use first::First;

/// What was made of the records.
#[derive(Debug, Default)]
pub(crate) struct Analysis {
    wanted: Wanted,
    /// How many records are what is wanted.
    pub(crate) matched: u64,
    pub(crate) names: Names,
    pub(crate) summary: Summary,
    pub(crate) runs: Runs,
    first_errors: First,
}

impl Fold for Analysis {
    fn add(&mut self, record: &Record<'_>, place: Place) {
        self.runs.add(record, place);
        if !self.wanted.matches(record) {
            return;
        }
        self.matched += 1;
        let fact = self.names.fact(record, place);
        self.summary.add(&fact);
        if record.level >= Level::Error && record.kind != Kind::LogOpen {
            self.first_errors.add(place, record);
        }
    }

    fn merge(&mut self, other: Self) {
        self.matched += other.matched;
        let renaming = self.names.merge(&other.names);
        self.summary.merge(other.summary, &renaming);
        self.runs.merge(other.runs);
        self.first_errors.merge(other.first_errors);
    }
}

impl Analysis {
    pub(crate) fn of(wanted: Wanted) -> Self {
        Self { wanted, ..Self::default() }
    }

    /// The operations that never ended, the earliest first, as far as they can be told to be wanted.
    pub(crate) fn unfinished(&self) -> Vec<&Started> {
        self.runs.open.wanted(&self.wanted)
    }

    /// The first errors, in the order of the input.
    pub(crate) fn first_errors(&self) -> impl ExactSizeIterator<Item = &Record<'static>> {
        self.first_errors.records()
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use logwright::record::{Status, Timestamp};

    use super::*;

    pub(crate) fn analysis(records: &[Record<'_>]) -> Analysis {
        let mut analysis = Analysis::default();
        for (at, record) in records.iter().enumerate() {
            analysis.add(record, Place { file: 0, offset: at as u64 });
        }
        analysis
    }

    fn op_end(name: &'static str, ns: u64, status: Status) -> Record<'static> {
        let kind = Kind::OpEnd;
        let operation = Some(name.into());
        Record { kind, operation, duration_ns: Some(ns), status: Some(status), ..Record::default() }
    }

    fn timed(name: &'static str, ns: u64) -> Record<'static> {
        Record { operation: Some(name.into()), duration_ns: Some(ns), ..Record::default() }
    }

    /// Name, count, failed, sum and range.
    type Numbers = (&'static str, u64, u64, u128, Option<(u64, u64)>);

    /// Read as a whole or in parts, the numbers are the same.
    #[track_caller]
    fn check(records: &[Record<'_>], expected: &[Numbers]) {
        for cut in 0..=records.len() {
            let mut analysis = analysis(&records[cut..]);
            analysis.merge(self::analysis(&records[..cut]));
            let operations = analysis.summary.operations(&analysis.names);
            let found = operations.into_iter().map(|(name, operation)| {
                let calls = operation.calls();
                (name, calls.count, calls.failed, calls.durations.sum, calls.durations.range)
            });
            assert_eq!(found.collect::<Vec<_>>(), expected);
        }
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
    fn a_timed_call_that_failed_says_so() {
        let failed = Record { status: Some(Status::Failure), ..timed("a", 2) };
        check(&[timed("a", 1), failed], &[("a", 2, 1, 3, Some((1, 2)))]);
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
            message: "page 7".into(),
            timestamp: Timestamp::from_micros(micros),
            ..Record::default()
        };
        let mut records = vec![record(Level::Error, "b", 5); first::KEPT + 1];
        records.extend([
            record(Level::Critical, "a", 9),
            record(Level::Info, "a", 2),
            record(Level::Info, "c", 3),
        ]);
        let Analysis { summary, names, first_errors, .. } = analysis(&records);
        assert_eq!(summary.levels(), [(Level::Error, 11), (Level::Info, 2), (Level::Critical, 1)]);
        assert_eq!(summary.loggers(&names), [("b", 11), ("a", 2), ("c", 1)]);
        assert_eq!((summary.errors(), first_errors.records().len()), (12, first::KEPT));
        assert_eq!(summary.period, Some((Timestamp::from_micros(2), Timestamp::from_micros(9))));
        let problems = summary.problems(&names);
        let problems: Vec<_> = problems
            .iter()
            .map(|(_, problem, found)| (&*problem.place, &*problem.text, found.errors))
            .collect();
        assert_eq!(problems, [("b", "page <n>", 11), ("a", "page <n>", 1)]);
    }
}
