//! Field names, each written once: those of the tracing events that carry our records, and those of a JSON line.

/// The name in the metadata of every event that this crate emits; the layer knows its own by it.
pub(crate) const EVENT_NAME: &str = "logwright";

/// Declares the fields of such an event: their names, and their places among them.
macro_rules! event_fields {
    ($($place:ident => $key:ident),* $(,)?) => {
        /// Every event has all of these fields, in this order; most are left empty.
        pub(crate) const FIELDS: &[&str] = &[$($key),*];

        /// The place of a field in [`FIELDS`]: what an event is read by.
        #[derive(Clone, Copy)]
        pub(crate) enum Place {
            $($place),*
        }

        impl Place {
            const ALL: &[Self] = &[$(Self::$place),*];

            pub(crate) fn of(field: &tracing_core::Field) -> Option<Self> {
                Self::ALL.get(field.index()).copied()
            }
        }
    };
}

event_fields! {
    Message => MESSAGE,
    Kind => KIND,
    Critical => CRITICAL,
    Operation => OPERATION,
    OpId => OP_ID,
    ParentId => PARENT_ID,
    TraceId => TRACE_ID,
    Depth => DEPTH,
    Context => CONTEXT,
    Events => EVENTS,
    Start => START,
    DurationNs => DURATION_NS,
    BusyNs => BUSY_NS,
    Status => STATUS,
    Error => ERROR,
    ErrorType => ERROR_TYPE,
    ErrorChain => ERROR_CHAIN,
    Result => RESULT,
    Attempts => ATTEMPTS,
    RetryWaitMs => RETRY_WAIT_MS,
    DroppedEvents => DROPPED_EVENTS,
}

pub(crate) const SCHEMA: &str = "schema";
pub(crate) const KIND: &str = "kind";
pub(crate) const TIMESTAMP: &str = "timestamp";
pub(crate) const LEVEL: &str = "level";
pub(crate) const LOGGER: &str = "logger";
pub(crate) const MESSAGE: &str = "message";
pub(crate) const CRITICAL: &str = "critical";
pub(crate) const OPERATION: &str = "operation";
pub(crate) const OP_ID: &str = "op_id";
pub(crate) const PARENT_ID: &str = "parent_id";
pub(crate) const TRACE_ID: &str = "trace_id";
pub(crate) const DEPTH: &str = "depth";
pub(crate) const RUN: &str = "run";
pub(crate) const SEQ: &str = "seq";
pub(crate) const PID: &str = "pid";
pub(crate) const THREAD: &str = "thread";
pub(crate) const CONTEXT: &str = "context";
pub(crate) const EVENTS: &str = "events";
pub(crate) const START: &str = "start";
pub(crate) const DURATION: &str = "duration";
pub(crate) const DURATION_NS: &str = "duration_ns";
pub(crate) const BUSY_NS: &str = "busy_ns";
pub(crate) const STATUS: &str = "status";
pub(crate) const ERROR: &str = "error";
pub(crate) const ERROR_TYPE: &str = "error_type";
pub(crate) const ERROR_CHAIN: &str = "error_chain";
pub(crate) const RESULT: &str = "result";
pub(crate) const ATTEMPTS: &str = "attempts";
pub(crate) const RETRY_WAIT_MS: &str = "retry_wait_ms";
pub(crate) const DROPPED_EVENTS: &str = "dropped_events";
pub(crate) const SRC: &str = "src";
pub(crate) const LOST: &str = "lost";

/// The version of the JSON line, its first member.
pub(crate) const SCHEMA_VERSION: &str = "logwright/1";
