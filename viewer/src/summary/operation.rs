//! The calls of one operation.

use logwright::record::{Kind, Status};

use super::{Durations, Retries};
use crate::facts::Fact;
use crate::input::Place;

/// How many of the slowest calls are remembered.
const SLOWEST: usize = 3;

/// The calls of one operation.
///
/// A function that writes both its end and a timing line for one call is counted by its ends alone.
#[derive(Clone, Debug, Default)]
pub(crate) struct Operation {
    /// Records of any kind that are of it.
    pub(crate) records: u64,
    ended: Calls,
    timed: Calls,
    pub(crate) retries: Retries,
}

/// Calls of which one kind of record tells.
#[derive(Clone, Debug, Default)]
pub(crate) struct Calls {
    pub(crate) count: u64,
    /// How many of the calls returned an error or panicked, as far as the records say.
    pub(crate) failed: u64,
    /// How many were dropped before they were done; their time counts as well.
    pub(crate) cancelled: u64,
    pub(crate) durations: Durations,
    /// The slowest ones, and where their records stand.
    pub(crate) slowest: Vec<(u64, Place)>,
}

impl Operation {
    pub(super) fn add(&mut self, fact: &Fact) {
        self.records += 1;
        if let Some(step) = fact.step {
            self.retries.add(step);
        } else if fact.is_call() {
            let calls = if fact.kind == Kind::OpEnd { &mut self.ended } else { &mut self.timed };
            calls.add(fact);
        }
    }

    pub(super) fn merge(&mut self, other: &Self) {
        self.records += other.records;
        self.ended.merge(&other.ended);
        self.timed.merge(&other.timed);
        self.retries.merge(&other.retries);
    }

    /// The calls that are over.
    pub(crate) fn calls(&self) -> &Calls {
        if self.ended.count > 0 { &self.ended } else { &self.timed }
    }

    /// Whether there is anything to tell: a record may name an operation without telling of a call.
    pub(crate) fn is_empty(&self) -> bool {
        self.calls().count == 0 && self.retries.is_empty()
    }
}

impl Calls {
    fn add(&mut self, fact: &Fact) {
        self.count += 1;
        self.failed += u64::from(matches!(fact.status, Some(Status::Failure | Status::Panicked)));
        self.cancelled += u64::from(fact.status == Some(Status::Cancelled));
        if let Some(ns) = fact.duration_ns {
            self.durations.add(ns);
            self.remember(ns, fact.place);
        }
    }

    fn remember(&mut self, ns: u64, place: Place) {
        let rank = |&(ns, place): &(u64, Place)| (std::cmp::Reverse(ns), place);
        let at = self.slowest.partition_point(|known| rank(known) < rank(&(ns, place)));
        if at < SLOWEST {
            self.slowest.insert(at, (ns, place));
            self.slowest.truncate(SLOWEST);
        }
    }

    fn merge(&mut self, other: &Self) {
        self.count += other.count;
        self.failed += other.failed;
        self.cancelled += other.cancelled;
        self.durations.merge(&other.durations);
        other.slowest.iter().for_each(|&(ns, place)| self.remember(ns, place));
    }
}
