//! The layer: turns each tracing event into a record, its fields visited once, and hands it to the sinks. Knows
//! nothing of who made the event.

use std::borrow::Cow;
use std::cell::Cell;
use std::fmt;
use std::num::NonZero;
use std::sync::Arc;

use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::layer::{Context, Layer};

use crate::digits::push_int;
use crate::direct::Direct;
use crate::here::{self, some};
use crate::json::{
    Fields, Json, KEPT, push_captured, push_f64, push_fmt, push_number, push_plain, push_text, push_u64,
};
use crate::keys::{self, Place};
use crate::level::Level;
use crate::record::{Kind, OpId, Record, Status, Timestamp, TraceId};
use crate::sink::Fanout;

/// Turns events into records.
pub(crate) struct RecordLayer {
    pub(crate) sinks: Arc<Fanout>,
}

impl RecordLayer {
    /// The short cut to the same sinks, for a subscriber that is this layer and a filter.
    pub(crate) fn direct(&self) -> Direct {
        let sinks = Arc::clone(&self.sinks);
        Direct::new(move |record| sinks.put(record))
    }
}

impl<S: Subscriber> Layer<S> for RecordLayer {
    fn on_event(&self, event: &Event<'_>, _context: Context<'_, S>) {
        let metadata = event.metadata();
        let is_own = metadata.name() == keys::EVENT_NAME;
        #[cfg(feature = "log")]
        let normalized = (!is_own).then(|| tracing_log::NormalizeEvent::normalized_metadata(event)).flatten();
        #[cfg(feature = "log")]
        let metadata = normalized.as_ref().unwrap_or(metadata);
        // Taken, not borrowed: a value may log while it is formatted.
        let mut seen = SEEN.try_with(Cell::take).ok().flatten().unwrap_or_default();
        if is_own {
            event.record(&mut Own(&mut seen));
        } else {
            event.record(&mut Foreign(&mut seen));
            seen.fields.close();
        }
        here::lend(metadata, |here| {
            let mut record = seen.record(*metadata.level());
            here.complete(&mut record, metadata);
            self.sinks.put(&record);
        });
        seen.clear();
        let _ = SEEN.try_with(|kept| kept.set(Some(seen)));
    }
}

thread_local! {
    /// What this thread read last, kept for its buffers.
    static SEEN: Cell<Option<Box<Seen>>> = const { Cell::new(None) };
}

/// What the fields of one event said. A text that is missing is empty.
#[derive(Default)]
struct Seen {
    plain: Plain,
    message: String,
    operation: String,
    fields: Fields,
    context: String,
    events: String,
    error: String,
    error_type: String,
    error_chain: String,
    result: String,
}

/// The part of it that is no text.
#[derive(Default)]
struct Plain {
    kind: Kind,
    critical: bool,
    op: Option<u64>,
    parent: Option<u64>,
    trace: Option<u128>,
    depth: Option<u64>,
    start: Option<i64>,
    duration_ns: Option<u64>,
    busy_ns: Option<u64>,
    status: Option<Status>,
    attempts: Option<u64>,
    retry_wait_ms: Option<u64>,
    dropped_events: u64,
}

impl Seen {
    fn clear(&mut self) {
        self.plain = Plain::default();
        self.fields.clear();
        for text in [
            &mut self.message,
            &mut self.operation,
            &mut self.context,
            &mut self.events,
            &mut self.error,
            &mut self.error_type,
            &mut self.error_chain,
            &mut self.result,
        ] {
            text.clear();
            text.shrink_to(KEPT);
        }
    }

    fn record(&self, level: tracing::Level) -> Record<'_> {
        let plain = &self.plain;
        let context = if self.context.is_empty() { self.fields.as_str() } else { &self.context };
        Record {
            kind: plain.kind,
            level: if plain.critical { Level::Critical } else { Level::from_tracing(level) },
            message: Cow::Borrowed(&self.message),
            operation: some(&self.operation),
            op_id: plain.op.and_then(NonZero::new).map(OpId),
            parent_id: plain.parent.and_then(NonZero::new).map(OpId),
            trace_id: plain.trace.and_then(NonZero::new).map(TraceId),
            depth: plain.depth.and_then(|depth| depth.try_into().ok()),
            context: Json::new(context),
            events: Json::new(&*self.events),
            start: plain.start.map(Timestamp::from_micros),
            duration_ns: plain.duration_ns,
            busy_ns: plain.busy_ns,
            status: plain.status,
            error: some(&self.error),
            error_type: some(&self.error_type),
            error_chain: Json::new(&*self.error_chain),
            result: Json::new(&*self.result),
            attempts: plain.attempts,
            retry_wait_ms: plain.retry_wait_ms,
            dropped_events: plain.dropped_events,
            ..Record::default()
        }
    }
}

/// Reads the events of this crate, whose fields each have a place.
struct Own<'a>(&'a mut Seen);

impl Visit for Own<'_> {
    fn record_str(&mut self, field: &Field, value: &str) {
        let seen = &mut *self.0;
        let text = match Place::of(field) {
            Some(Place::Kind) => return seen.plain.kind = Kind::from_word(value),
            Some(Place::Status) => return seen.plain.status = Status::from_word(value),
            Some(Place::Operation) => &mut seen.operation,
            Some(Place::Context) => &mut seen.context,
            Some(Place::Events) => &mut seen.events,
            Some(Place::Error) => &mut seen.error,
            Some(Place::ErrorType) => &mut seen.error_type,
            Some(Place::ErrorChain) => &mut seen.error_chain,
            Some(Place::Result) => &mut seen.result,
            _ => return,
        };
        text.push_str(value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        let plain = &mut self.0.plain;
        match Place::of(field) {
            Some(Place::OpId) => plain.op = Some(value),
            Some(Place::ParentId) => plain.parent = Some(value),
            Some(Place::Depth) => plain.depth = Some(value),
            Some(Place::DurationNs) => plain.duration_ns = Some(value),
            Some(Place::BusyNs) => plain.busy_ns = Some(value),
            Some(Place::Attempts) => plain.attempts = Some(value),
            Some(Place::RetryWaitMs) => plain.retry_wait_ms = Some(value),
            Some(Place::DroppedEvents) => plain.dropped_events = value,
            _ => {}
        }
    }

    fn record_u128(&mut self, _field: &Field, value: u128) {
        self.0.plain.trace = Some(value);
    }

    fn record_i64(&mut self, _field: &Field, value: i64) {
        self.0.plain.start = Some(value);
    }

    fn record_bool(&mut self, _field: &Field, value: bool) {
        self.0.plain.critical = value;
    }

    fn record_debug(&mut self, _field: &Field, value: &dyn fmt::Debug) {
        push_text(&mut self.0.message, format_args!("{value:?}"));
    }
}

/// Reads anybody else's events: a message, and fields that become the record's context.
struct Foreign<'a>(&'a mut Seen);

impl Foreign<'_> {
    fn add(&mut self, field: &Field, value: impl FnOnce(&mut String)) {
        // What the bridge from crate `log` adds is in the metadata already.
        let bridged = ["log.target", "log.module_path", "log.file", "log.line"];
        if !bridged.contains(&field.name()) {
            self.0.fields.add(field.name(), value);
        }
    }
}

impl Visit for Foreign<'_> {
    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == keys::MESSAGE {
            push_plain(&mut self.0.message, value);
        } else {
            self.add(field, |out| push_captured(out, value));
        }
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.add(field, |out| push_u64(out, value));
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.add(field, |out| push_int(out, value));
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
            push_text(&mut self.0.message, format_args!("{value:?}"));
        } else {
            self.add(field, |out| push_fmt(out, format_args!("{value:?}")));
        }
    }
}
