//! Which calls to keep: first the traces that are wanted are chosen, then the calls of these are collected, so that
//! memory is bounded by what is shown and not by what was logged.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap, HashSet};

use foldhash::fast::RandomState;
use logwright::record::{OpId, Record, TraceId};

use super::Call;
use crate::input::Place;

/// No more calls than this are kept; a command that shows fewer than there are says so.
pub(crate) const MAX_CALLS: usize = 500_000;

/// A trace: the run, and its number there.
pub(crate) type Key = (Option<u32>, Option<TraceId>);

/// The trace of a call, where its record stands, and whether that is its start.
type Half = (Key, Place, bool);

/// What a user asks for.
#[derive(Clone, Debug)]
pub(crate) enum Traces {
    /// Those whose outermost call took longest.
    Slowest(usize),
    /// Those in which a call failed, the latest of them.
    Failed(usize),
    /// Those in which a call never ended.
    Open(usize),
    /// Those whose number, or that of a call in them, begins so.
    Id(String),
}

/// The traces that are wanted, found in a first reading.
#[derive(Debug)]
pub(crate) struct Choice {
    which: Traces,
    /// The best so far, by their rank; the smallest rank is the first to go.
    best: BTreeSet<(i128, Reverse<Place>, Key)>,
    /// Calls without an end, or without a start, so far.
    halves: HashMap<(Option<u32>, OpId), Half, RandomState>,
    found: HashSet<Key, RandomState>,
    /// Whether there was any call at all.
    pub(crate) has_calls: bool,
}

impl Choice {
    pub(crate) fn new(which: Traces) -> Self {
        Self {
            which,
            best: BTreeSet::new(),
            halves: HashMap::default(),
            found: HashSet::default(),
            has_calls: false,
        }
    }

    pub(crate) fn add(&mut self, record: &Record<'_>, place: Place) {
        let Some(call) = Call::of(record, place) else { return };
        self.has_calls = true;
        match &self.which {
            Traces::Slowest(most) if call.parent_id.is_none() => {
                let most = *most;
                call.duration_ns.into_iter().for_each(|ns| self.rank(i128::from(ns), &call, most));
            }
            Traces::Failed(most) if call.is_failed() => {
                let most = *most;
                self.rank(i128::from(call.start.as_micros()), &call, most);
            }
            Traces::Open(_) => {
                let half = (call.key(), place, call.duration_ns.is_none());
                self.match_up((call.run, call.op_id), half);
            }
            Traces::Id(id) if is_of(&call, id) => {
                self.found.insert(call.key());
            }
            _ => {}
        }
    }

    /// Keeps the highest ranks, of each trace its highest one.
    fn rank(&mut self, rank: i128, call: &Call, most: usize) {
        let key = call.key();
        let known = self.best.iter().find(|(.., known)| *known == key).copied();
        match known {
            Some((other, ..)) if other >= rank => return,
            Some(known) => {
                self.best.remove(&known);
            }
            None => {}
        }
        self.best.insert((rank, Reverse(call.place), key));
        if self.best.len() > most {
            self.best.pop_first();
        }
    }

    fn match_up(&mut self, key: (Option<u32>, OpId), half: Half) {
        if self.halves.remove(&key).is_none() && self.halves.len() < MAX_CALLS {
            self.halves.insert(key, half);
        }
    }

    /// The traces, the first one to show first.
    pub(crate) fn traces(&self) -> Vec<Key> {
        match self.which {
            Traces::Slowest(_) | Traces::Failed(_) => self.best.iter().rev().map(|&(.., key)| key).collect(),
            Traces::Id(_) => {
                let mut found: Vec<_> = self.found.iter().copied().collect();
                found.sort_unstable();
                found
            }
            Traces::Open(most) => {
                let open = self.halves.values().filter(|(.., is_open)| *is_open);
                let mut open: Vec<_> = open.map(|&(key, place, _)| (place, key)).collect();
                open.sort_unstable_by_key(|&(place, _)| place);
                let mut seen = HashSet::new();
                open.retain(|&(_, key)| seen.insert(key));
                open.into_iter().rev().take(most).map(|(_, key)| key).collect()
            }
        }
    }
}

/// Whether the text is the beginning of one of the call's numbers.
fn is_of(call: &Call, id: &str) -> bool {
    let starts = |number: String| number.starts_with(id);
    starts(call.op_id.to_string())
        || call.trace.is_some_and(|trace| {
            starts(trace.to_string()) || (id.len() == 16 && trace.to_string().ends_with(id))
        })
}

/// The calls of some traces, or of all.
#[derive(Debug, Default)]
pub(crate) struct Calls {
    only: Option<HashSet<Key, RandomState>>,
    calls: HashMap<(Option<u32>, OpId), Call, RandomState>,
    /// How many were not kept.
    pub(crate) left_out: u64,
}

impl Calls {
    pub(crate) fn of(traces: &[Key]) -> Self {
        Self { only: Some(traces.iter().copied().collect()), ..Self::default() }
    }

    pub(crate) fn add(&mut self, record: &Record<'_>, place: Place) {
        let key = (record.run, record.trace_id);
        if self.only.as_ref().is_none_or(|only| only.contains(&key)) {
            Call::of(record, place).into_iter().for_each(|call| self.keep(call));
        }
    }

    pub(crate) fn into_calls(self) -> Vec<Call> {
        self.calls.into_values().collect()
    }

    /// An end says all that a start does.
    fn keep(&mut self, call: Call) {
        let key = (call.run, call.op_id);
        let is_full = self.calls.len() >= MAX_CALLS;
        match self.calls.get_mut(&key) {
            Some(known) if known.duration_ns.is_none() => *known = call,
            Some(_) => {}
            None if !is_full => {
                self.calls.insert(key, call);
            }
            None => self.left_out += u64::from(call.duration_ns.is_some()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZero;

    use logwright::record::{Kind, Status, Timestamp};

    use super::*;

    /// A call of its own trace: its number, how long it took in microseconds (0 = it never ended), how it ended.
    fn records(id: u128, micros: u64, status: Status) -> Vec<Record<'static>> {
        let start = Record {
            kind: Kind::OpStart,
            operation: Some("fetch".into()),
            op_id: NonZero::new(id as u64 + 0x100).map(OpId),
            trace_id: NonZero::new(id).map(TraceId),
            timestamp: Timestamp::from_micros(id as i64),
            ..Record::default()
        };
        let end = Record {
            kind: Kind::OpEnd,
            duration_ns: Some(micros * 1000),
            status: Some(status),
            ..start.clone()
        };
        if micros == 0 { vec![start] } else { vec![start, end] }
    }

    fn log() -> Vec<Record<'static>> {
        let all = [
            records(1, 50, Status::Success),
            records(2, 90, Status::Failure),
            records(3, 0, Status::Started),
            records(4, 70, Status::Success),
            records(5, 20, Status::Panicked),
        ];
        all.concat()
    }

    #[track_caller]
    fn check(which: Traces, expected: &[u128]) {
        let mut choice = Choice::new(which);
        for (offset, record) in (0..).zip(log()) {
            choice.add(&record, Place { file: 0, offset });
        }
        let traces = choice.traces();
        let found: Vec<_> = traces.iter().filter_map(|(_, trace)| Some(trace.as_ref()?.0.get())).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn the_traces_that_are_wanted_are_found() {
        check(Traces::Slowest(2), &[2, 4]);
        check(Traces::Slowest(9), &[2, 4, 1, 5]);
        check(Traces::Failed(1), &[5]);
        check(Traces::Failed(9), &[5, 2]);
        check(Traces::Open(9), &[3]);
        check(Traces::Id("0000000000000104".into()), &[4]);
        check(Traces::Id("00000000000000000000000000000002".into()), &[2]);
        check(Traces::Id("ff".into()), &[]);
    }

    #[test]
    fn an_end_takes_the_place_of_its_start() {
        let mut calls = Calls::of(&[(None, NonZero::new(4).map(TraceId))]);
        log().iter().for_each(|record| calls.add(record, Place::default()));
        let calls = calls.into_calls();
        assert_eq!(calls.iter().map(|call| call.duration_ns).collect::<Vec<_>>(), [Some(70_000)]);
    }
}
