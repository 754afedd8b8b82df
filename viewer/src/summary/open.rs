//! Operations that were started and never ended: the process died, or it is still running. Records may come in any
//! order: a start and an end take each other away, and what is left has no counterpart.

use std::collections::HashMap;

use logwright::record::{Kind, OpId, Record, Timestamp};

/// No more than this many without a counterpart are kept at a time; so much a hostile log can cost.
const MAX_KEPT: usize = 65_536;

/// The ends still to be matched with starts, and the other way round.
#[derive(Debug, Default)]
pub(super) struct Open(HashMap<(Option<u32>, OpId), Half>);

#[derive(Debug)]
enum Half {
    Start(Started),
    End,
}

/// The start of an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Started {
    pub(crate) timestamp: Timestamp,
    pub(crate) operation: String,
}

impl Open {
    pub(super) fn add(&mut self, record: &Record<'_>) {
        let Some(op_id) = record.op_id else { return };
        let half = match record.kind {
            Kind::OpStart => Half::Start(Started {
                timestamp: record.timestamp,
                operation: record.operation.as_deref().unwrap_or_default().to_owned(),
            }),
            Kind::OpEnd => Half::End,
            _ => return,
        };
        self.match_up((record.run, op_id), half);
    }

    pub(super) fn merge(&mut self, other: Self) {
        other.0.into_iter().for_each(|(key, half)| self.match_up(key, half));
    }

    fn match_up(&mut self, key: (Option<u32>, OpId), half: Half) {
        if self.0.remove(&key).is_none() && self.0.len() < MAX_KEPT {
            self.0.insert(key, half);
        }
    }

    /// The operations without an end, the earliest first.
    pub(super) fn started(&self) -> Vec<&Started> {
        let mut started: Vec<_> = self
            .0
            .values()
            .filter_map(|half| match half {
                Half::Start(started) => Some(started),
                Half::End => None,
            })
            .collect();
        started.sort_by_key(|started| (started.timestamp, &started.operation));
        started
    }
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
        let mut open = Open::default();
        for (kind, id) in [(end, 1), (start, 2), (start, 1), (start, 3), (end, 2), (end, 4)] {
            open.add(&record(kind, id));
        }
        let names: Vec<_> = open.started().iter().map(|started| &*started.operation).collect();
        assert_eq!(names, ["op 3"]);
    }
}
