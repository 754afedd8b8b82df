//! Operations that were started and never ended: the process died, or it is still running. Records may come in any
//! order: a start and an end take each other away, and what is left has no counterpart.

use std::borrow::Cow;
use std::collections::HashMap;

use foldhash::fast::RandomState;
use logwright::record::{Kind, OpId, Record, Timestamp};

use super::RunId;
use crate::input::Place;
use crate::query::{Fields, Key, Value, Wanted};

/// No more than this many without a counterpart are kept at a time; so much a hostile log can cost.
const MAX_KEPT: usize = 32_768;

/// The ends still to be matched with starts, and the other way round.
#[derive(Debug, Default)]
pub(crate) struct Open {
    halves: HashMap<(Option<u32>, OpId), Half, RandomState>,
    /// Whether some were not kept.
    pub(crate) is_rough: bool,
}

#[derive(Debug)]
enum Half {
    Start(Box<Started>),
    End,
}

/// The start of an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Started {
    pub(crate) timestamp: Timestamp,
    pub(crate) place: Place,
    pub(crate) operation: String,
    pub(crate) op_id: OpId,
    pub(crate) parent_id: Option<OpId>,
    pub(crate) run: Option<RunId>,
}

impl Open {
    pub(super) fn add(&mut self, record: &Record<'_>, place: Place) {
        let Some(op_id) = record.op_id else { return };
        match record.kind {
            Kind::OpStart => {
                self.match_up((record.run, op_id), || Half::Start(started(record, op_id, place)))
            }
            Kind::OpEnd => self.match_up((record.run, op_id), || Half::End),
            _ => {}
        }
    }

    pub(super) fn merge(&mut self, other: Self) {
        other.halves.into_iter().for_each(|(key, half)| self.match_up(key, || half));
        self.is_rough |= other.is_rough;
    }

    fn match_up(&mut self, key: (Option<u32>, OpId), half: impl FnOnce() -> Half) {
        if self.halves.remove(&key).is_some() {
            return;
        }
        if self.halves.len() < MAX_KEPT {
            self.halves.insert(key, half());
        } else {
            self.is_rough = true;
        }
    }

    /// The operations without an end, the earliest first.
    pub(crate) fn started(&self) -> Vec<&Started> {
        let starts = self.halves.values().filter_map(|half| match half {
            Half::Start(started) => Some(&**started),
            Half::End => None,
        });
        let mut starts: Vec<_> = starts.collect();
        starts.sort_by_key(|started| (started.timestamp, started.place, &started.operation));
        starts
    }

    /// Those of them that are wanted, as far as a start can tell.
    pub(crate) fn wanted(&self, wanted: &Wanted) -> Vec<&Started> {
        let mut started = self.started();
        started.retain(|start| {
            wanted.range.contains(start.timestamp) && wanted.query.matches(*start) != Some(false)
        });
        started
    }
}

impl Fields for Started {
    fn value(&self, key: &Key) -> Option<Value<'_>> {
        match key {
            Key::Operation => Some(Value::Text(Cow::Borrowed(&self.operation))),
            Key::OpId => Some(Value::Number(self.op_id.0.get().into())),
            Key::Run => Some(self.run.map_or(Value::Missing, |id| Value::Number(id.run.into()))),
            Key::Pid => Some(self.run.map_or(Value::Missing, |id| Value::Number(id.pid.into()))),
            _ => None,
        }
    }
}

fn started(record: &Record<'_>, op_id: OpId, place: Place) -> Box<Started> {
    Box::new(Started {
        timestamp: record.timestamp,
        place,
        operation: record.operation.as_deref().unwrap_or_default().to_owned(),
        op_id,
        parent_id: record.parent_id,
        run: record.run.map(|run| RunId { run, pid: record.pid.unwrap_or(0) }),
    })
}

#[cfg(test)]
mod tests {
    use std::num::NonZero;

    use super::*;

    #[test]
    fn only_starts_without_an_end_are_left_in_whatever_order_they_come() {
        let record = |kind, id| Record {
            kind,
            op_id: NonZero::new(id).map(OpId),
            operation: Some(format!("op {id}").into()),
            ..Record::default()
        };
        let (start, end) = (Kind::OpStart, Kind::OpEnd);
        let (mut open, mut later) = (Open::default(), Open::default());
        for (kind, id) in [(end, 1), (start, 2), (start, 1), (start, 3), (start, 5)] {
            open.add(&record(kind, id), Place::default());
        }
        for (kind, id) in [(end, 2), (end, 4), (end, 5)] {
            later.add(&record(kind, id), Place::default());
        }
        open.merge(later);
        let names: Vec<_> = open.started().iter().map(|started| &*started.operation).collect();
        assert_eq!(names, ["op 3"]);
    }
}
