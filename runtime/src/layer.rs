//! The layer: turns each tracing event into a record, its fields visited once, and hands it to the sinks. Knows
//! nothing of who made the event.

use std::borrow::Cow;
use std::fmt;
use std::num::NonZero;
use std::sync::{Arc, OnceLock};

use tracing::field::{Field, Visit};
use tracing::{Event, Metadata, Subscriber};
use tracing_subscriber::layer::{Context, Layer};

use crate::json::{Fields, Json, push_f64, push_fmt, push_number, push_str};
use crate::level::Level;
use crate::record::{Kind, OpId, Record, Status, Timestamp, TraceId};
use crate::sink::Fanout;
use crate::{keys, scope};

/// See [`crate::layer()`].
pub(crate) struct RecordLayer {
    pub(crate) sinks: Arc<Fanout>,
}

impl<S: Subscriber> Layer<S> for RecordLayer {
    fn on_event(&self, event: &Event<'_>, _context: Context<'_, S>) {
        #[cfg(feature = "log")]
        let normalized = tracing_log::NormalizeEvent::normalized_metadata(event);
        #[cfg(feature = "log")]
        let metadata = normalized.as_ref().unwrap_or_else(|| event.metadata());
        #[cfg(not(feature = "log"))]
        let metadata = event.metadata();
        let mut seen = Seen::default();
        if metadata.name() == keys::EVENT_NAME {
            event.record(&mut Own(&mut seen));
        } else {
            event.record(&mut Foreign(&mut seen));
        }
        let context = std::mem::take(&mut seen.fields).finish();
        if !context.is_empty() {
            seen.context = context;
        }
        with_thread_name(|thread| self.sinks.put(&seen.record(metadata, thread)));
    }
}

/// What the fields of one event said.
#[derive(Default)]
struct Seen {
    message: String,
    kind: Kind,
    critical: bool,
    operation: Option<String>,
    op: Option<u64>,
    parent: Option<u64>,
    trace: Option<u128>,
    depth: Option<u64>,
    fields: Fields,
    context: String,
    events: String,
    start: Option<i64>,
    duration_ns: Option<u64>,
    busy_ns: Option<u64>,
    status: Option<Status>,
    error: Option<String>,
    error_type: Option<String>,
    error_chain: String,
    result: String,
    attempts: Option<u64>,
    retry_wait_ms: Option<u64>,
    dropped_events: u64,
}

impl Seen {
    fn record<'a>(&'a self, metadata: &Metadata<'a>, thread: &'a str) -> Record<'a> {
        let level = Level::from_tracing(*metadata.level());
        // A record that carries no ids of its own belongs to the operation that it is written in.
        let ids = if self.op.is_none() { scope::ids() } else { None };
        Record {
            kind: self.kind,
            timestamp: Timestamp::now(),
            level: if self.critical { Level::Critical } else { level },
            logger: Cow::Borrowed(metadata.target()),
            message: Cow::Borrowed(&self.message),
            operation: self.operation.as_deref().map(Cow::Borrowed),
            op_id: self.op.and_then(NonZero::new).map(OpId).or(ids.map(|ids| ids.op)),
            parent_id: self.parent.and_then(NonZero::new).map(OpId).or(ids.and_then(|ids| ids.parent)),
            trace_id: self.trace.and_then(NonZero::new).map(TraceId).or(ids.map(|ids| ids.trace)),
            depth: self.depth.map(|depth| depth as u32).or(ids.map(|ids| ids.depth)),
            run: Some(run()),
            seq: None,
            pid: Some(std::process::id()),
            thread: Some(Cow::Borrowed(thread)),
            context: Json::new(self.context.as_str()),
            events: Json::new(self.events.as_str()),
            start: self.start.map(Timestamp::from_micros),
            duration_ns: self.duration_ns,
            busy_ns: self.busy_ns,
            status: self.status,
            error: self.error.as_deref().map(Cow::Borrowed),
            error_type: self.error_type.as_deref().map(Cow::Borrowed),
            error_chain: Json::new(self.error_chain.as_str()),
            result: Json::new(self.result.as_str()),
            attempts: self.attempts,
            retry_wait_ms: self.retry_wait_ms,
            dropped_events: self.dropped_events,
            src: metadata.file().zip(metadata.line()).map(|(file, line)| format!("{file}:{line}").into()),
            lost: None,
        }
    }
}

/// Reads the events of this crate, whose fields each have a place.
struct Own<'a>(&'a mut Seen);

impl Visit for Own<'_> {
    fn record_str(&mut self, field: &Field, value: &str) {
        let seen = &mut *self.0;
        match field.name() {
            keys::MESSAGE => value.clone_into(&mut seen.message),
            keys::KIND => seen.kind = Kind::from_word(value),
            keys::OPERATION => seen.operation = Some(value.to_owned()),
            keys::CONTEXT => value.clone_into(&mut seen.context),
            keys::EVENTS => value.clone_into(&mut seen.events),
            keys::STATUS => seen.status = Status::from_word(value),
            keys::ERROR => seen.error = Some(value.to_owned()),
            keys::ERROR_TYPE => seen.error_type = Some(value.to_owned()),
            keys::ERROR_CHAIN => value.clone_into(&mut seen.error_chain),
            keys::RESULT => value.clone_into(&mut seen.result),
            _ => {}
        }
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        let seen = &mut *self.0;
        match field.name() {
            keys::OP_ID => seen.op = Some(value),
            keys::PARENT_ID => seen.parent = Some(value),
            keys::DEPTH => seen.depth = Some(value),
            keys::DURATION_NS => seen.duration_ns = Some(value),
            keys::BUSY_NS => seen.busy_ns = Some(value),
            keys::ATTEMPTS => seen.attempts = Some(value),
            keys::RETRY_WAIT_MS => seen.retry_wait_ms = Some(value),
            keys::DROPPED_EVENTS => seen.dropped_events = value,
            _ => {}
        }
    }

    fn record_u128(&mut self, _field: &Field, value: u128) {
        self.0.trace = Some(value);
    }

    fn record_i64(&mut self, _field: &Field, value: i64) {
        self.0.start = Some(value);
    }

    fn record_bool(&mut self, _field: &Field, value: bool) {
        self.0.critical = value;
    }

    fn record_debug(&mut self, _field: &Field, value: &dyn fmt::Debug) {
        push_debug(&mut self.0.message, value);
    }
}

/// Reads anybody else's events: a message, and fields that become the record's context.
struct Foreign<'a>(&'a mut Seen);

impl Foreign<'_> {
    fn add(&mut self, field: &Field, value: impl FnOnce(&mut String)) {
        // What the bridge from crate `log` adds is in the metadata already.
        if !field.name().starts_with("log.") {
            self.0.fields.add(field.name(), value);
        }
    }
}

impl Visit for Foreign<'_> {
    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == keys::MESSAGE {
            value.clone_into(&mut self.0.message);
        } else {
            self.add(field, |out| push_str(out, value));
        }
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.add(field, |out| push_number(out, format_args!("{value}")));
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.add(field, |out| push_number(out, format_args!("{value}")));
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.add(field, |out| push_f64(out, value));
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.add(field, |out| push_number(out, format_args!("{value}")));
    }

    fn record_error(&mut self, field: &Field, value: &(dyn std::error::Error + 'static)) {
        self.add(field, |out| push_fmt(out, format_args!("{value}")));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        if field.name() == keys::MESSAGE {
            push_debug(&mut self.0.message, value);
        } else {
            self.add(field, |out| push_fmt(out, format_args!("{value:?}")));
        }
    }
}

fn push_debug(out: &mut String, value: &dyn fmt::Debug) {
    if fmt::write(out, format_args!("{value:?}")).is_err() {
        out.push_str("<formatter failed>");
    }
}

/// The number of this run of the program.
fn run() -> u32 {
    static RUN: OnceLock<u32> = OnceLock::new();
    *RUN.get_or_init(|| fastrand::u32(1..))
}

/// The name of the thread, or its number where it has none.
fn with_thread_name(use_name: impl FnOnce(&str)) {
    let thread = std::thread::current();
    match thread.name() {
        Some(name) => use_name(name),
        None => use_name(&format!("{:?}", thread.id())),
    }
}
