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

/// Declares the keys of a JSON line.
macro_rules! line_keys {
    ($all:ident: $($name:ident => $key:literal),* $(,)?) => {
        $(
            #[allow(dead_code, reason = "some keys are needed in a line only")]
            pub(crate) const $name: &str = $key;
        )*

        /// The same as a line has them: with what comes before a key and after it.
        pub(crate) mod member {
            $(pub(crate) const $name: &str = concat!(",\"", $key, "\":");)*
        }

        /// All of them, in the order of the line.
        #[cfg(test)]
        pub(crate) const $all: &[&str] = &[$($name),*];
    };
}

line_keys! {
    LINE:
    SCHEMA => "schema",
    KIND => "kind",
    TIMESTAMP => "timestamp",
    LEVEL => "level",
    LOGGER => "logger",
    MESSAGE => "message",
    OPERATION => "operation",
    OP_ID => "op_id",
    PARENT_ID => "parent_id",
    TRACE_ID => "trace_id",
    DEPTH => "depth",
    RUN => "run",
    SEQ => "seq",
    PID => "pid",
    THREAD => "thread",
    CONTEXT => "context",
    EVENTS => "events",
    START => "start",
    DURATION => "duration",
    DURATION_NS => "duration_ns",
    BUSY_NS => "busy_ns",
    STATUS => "status",
    ERROR => "error",
    ERROR_TYPE => "error_type",
    ERROR_CHAIN => "error_chain",
    RESULT => "result",
    ATTEMPTS => "attempts",
    RETRY_WAIT_MS => "retry_wait_ms",
    DROPPED_EVENTS => "dropped_events",
    TRUNCATED => "truncated",
    LOST => "lost",
    SRC => "src",
}

/// A field of events alone: in a line it is the level.
pub(crate) const CRITICAL: &str = "critical";

/// The version of the JSON line, its first member.
pub(crate) const SCHEMA_VERSION: &str = "logwright/1";

/// The keys of a line in Elastic Common Schema.
pub(crate) mod ecs {
    line_keys! {
        LINE:
        TIMESTAMP => "@timestamp",
        LEVEL => "log.level",
        MESSAGE => "message",
        VERSION => "ecs.version",
        SERVICE => "service.name",
        RUN => "service.ephemeral_id",
        DATASET => "event.dataset",
        TYPE => "event.type",
        OPERATION => "event.action",
        SEQ => "event.sequence",
        START => "event.start",
        DURATION => "event.duration",
        OUTCOME => "event.outcome",
        LOGGER => "log.logger",
        FILE => "log.origin.file.name",
        FILE_LINE => "log.origin.file.line",
        PID => "process.pid",
        THREAD => "process.thread.name",
        TRACE_ID => "trace.id",
        OP_ID => "span.id",
        ERROR => "error.message",
        ERROR_TYPE => "error.type",
        CAUSES => "error.stack_trace",
        LABELS => "labels",
    }

    /// Before the names of those labels that are ours: what the schema has no field for.
    pub(crate) const OWN_LABEL: &str = "logwright_";

    /// The version of the schema that the names are taken from.
    pub(crate) const SCHEMA_VERSION: &str = "8.17.0";
}
