//! The operation that the current task is in. Its ids go onto every record written inside it; what happens
//! inside is gathered here until it ends. Knows nothing of how operations or records are written.

use std::cell::RefCell;
use std::num::NonZero;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use crate::clock::nanos;
use crate::json::{KEPT, push_captured, push_number};
use crate::random::draw;
use crate::record::{OpId, Timestamp, TraceId, limits};

/// An operation keeps this many events, or as many as begin within [`limits::EVENTS`] bytes; those beyond are counted.
/// The number is OpenTelemetry's default.
const MAX_EVENTS: usize = 128;

/// Where an operation stands among the others.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ids {
    pub(crate) op: OpId,
    pub(crate) parent: Option<OpId>,
    pub(crate) trace: TraceId,
    pub(crate) depth: u32,
}

impl Ids {
    /// The ids of an operation that starts now: inside the current one, if there is one.
    fn next() -> Self {
        let op = OpId(NonZero::new(draw(|rng| rng.u64(..))).unwrap_or(NonZero::<u64>::MIN));
        match ids() {
            Some(outer) => Self { op, parent: Some(outer.op), trace: outer.trace, depth: outer.depth + 1 },
            None => {
                let trace = NonZero::new(draw(|rng| rng.u128(..))).unwrap_or(NonZero::<u128>::MIN);
                Self { op, parent: None, trace: TraceId(trace), depth: 0 }
            }
        }
    }
}

/// One operation in progress.
#[derive(Debug)]
pub(crate) struct Scope {
    pub(crate) ids: Ids,
    pub(crate) start: Timestamp,
    started: Instant,
    gathered: Mutex<Gathered>,
}

/// What happened so far inside an operation.
#[derive(Debug, Default)]
pub(crate) struct Gathered {
    events: String,
    count: usize,
    pub(crate) dropped_events: u64,
    pub(crate) attempts: u64,
    pub(crate) retry_wait_ms: u64,
}

impl Gathered {
    /// The events as a JSON array.
    pub(crate) fn events(&self) -> &str {
        if self.count == 0 { "[]" } else { &self.events }
    }

    fn clear(&mut self) {
        self.events.clear();
        self.events.shrink_to(KEPT);
        *self = Self { events: std::mem::take(&mut self.events), ..Self::default() };
    }
}

impl Scope {
    pub(crate) fn start() -> Self {
        Self {
            ids: Ids::next(),
            start: Timestamp::now(),
            started: Instant::now(),
            gathered: Mutex::default(),
        }
    }

    /// The same, in the place of one that has ended, if nobody holds on to that.
    pub(crate) fn restart(scope: &mut Arc<Self>) {
        match Arc::get_mut(scope) {
            Some(old) => {
                let mut gathered =
                    std::mem::take(old.gathered.get_mut().unwrap_or_else(PoisonError::into_inner));
                gathered.clear();
                *old = Self { gathered: Mutex::new(gathered), ..Self::start() };
            }
            None => *scope = Arc::new(Self::start()),
        }
    }

    /// Takes what was gathered, for the record of the operation's end.
    pub(crate) fn take_gathered(&self) -> Gathered {
        let mut gathered = std::mem::take(&mut *self.gathered());
        if gathered.count > 0 {
            gathered.events.push(']');
        }
        gathered
    }

    /// Gives the buffers back for the next operation.
    pub(crate) fn give_back(&self, gathered: Gathered) {
        *self.gathered() = gathered;
    }

    /// Time since the start, in nanoseconds.
    pub(crate) fn elapsed_ns(&self) -> u64 {
        nanos(self.started.elapsed())
    }

    pub(crate) fn gathered(&self) -> MutexGuard<'_, Gathered> {
        self.gathered.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds an event for the record of the operation's end.
    pub(crate) fn add_event(&self, kind: &str, data: &str) {
        let offset = self.elapsed_ns();
        let mut gathered = self.gathered();
        if gathered.count == MAX_EVENTS || gathered.events.len() >= limits::EVENTS {
            gathered.dropped_events += 1;
            return;
        }
        gathered.count += 1;
        let out = &mut gathered.events;
        out.push(if out.is_empty() { '[' } else { ',' });
        let start = out.len();
        out.push_str("{\"type\":");
        push_captured(out, kind);
        out.push_str(",\"timestamp\":\"");
        Timestamp::now().push_utc(out);
        push_number(out, format_args!("\",\"offset_ns\":{offset},\"data\":"));
        out.push_str(if data.is_empty() { "{}" } else { data });
        out.push('}');
        limits::shorten_kept(out, start);
    }
}

thread_local! {
    static CURRENT: RefCell<Option<Arc<Scope>>> = const { RefCell::new(None) };
}

/// The operation that this code runs in.
pub(crate) fn current() -> Option<Arc<Scope>> {
    CURRENT.try_with(|current| current.borrow().clone()).ok().flatten()
}

/// Its ids.
pub(crate) fn ids() -> Option<Ids> {
    CURRENT.try_with(|current| current.borrow().as_ref().map(|scope| scope.ids)).ok().flatten()
}

/// Makes an operation the current one until the guard is dropped.
pub(crate) fn enter(scope: Arc<Scope>) -> Entered {
    Entered { outer: CURRENT.try_with(|current| current.replace(Some(scope))).ok().flatten() }
}

/// See [`enter`]. Stays on its thread.
#[derive(Debug)]
pub struct Entered {
    outer: Option<Arc<Scope>>,
}

impl Drop for Entered {
    fn drop(&mut self) {
        // A thread that is ending has no current operation any more.
        let _ = CURRENT.try_with(|current| current.replace(self.outer.take()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn add(scope: &Scope, bytes: usize) {
        scope.add_event("saved", &format!("{{\"page\":\"{}\"}}", "p".repeat(bytes)));
    }

    #[test]
    fn events_take_no_more_memory_than_their_line_has_room_for() {
        let scope = Scope::start();
        (0..MAX_EVENTS).for_each(|_| add(&scope, 64 * 1024));
        let gathered = scope.take_gathered();
        assert!((limits::EVENTS..limits::EVENTS + 5000).contains(&gathered.events.len()));
        assert_eq!(gathered.count as u64 + gathered.dropped_events, MAX_EVENTS as u64);
        serde_json::from_str::<serde_json::Value>(gathered.events()).unwrap();
    }

    #[test]
    fn a_huge_event_leaves_room_for_others() {
        let scope = Scope::start();
        add(&scope, 1_000_000);
        (0..MAX_EVENTS).for_each(|_| add(&scope, 100));
        let gathered = scope.take_gathered();
        assert_eq!((gathered.count, gathered.dropped_events), (MAX_EVENTS, 1));
    }
}
