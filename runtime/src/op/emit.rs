//! A record on its way to the layer: one tracing event with the fields of `keys::FIELDS`, or the record itself where
//! nobody else listens.

use std::borrow::Cow;
use std::cell::Cell;
use std::fmt;

use tracing_core::field::{Value, display};
use tracing_core::{Dispatch, Event, Metadata, dispatcher};

use super::outcome::Failure;
use crate::direct::Direct;
use crate::here::{self, some};
use crate::json::{Json, KEPT, plain, push_text};
use crate::keys;
use crate::level::Level;
use crate::record::{Kind, Record, Status, Timestamp};
use crate::scope::Ids;

/// What an event carries. Everything but the message may be left out.
#[derive(Default)]
pub(crate) struct Emission<'a> {
    pub(crate) kind: Kind,
    pub(crate) level: Level,
    pub(crate) operation: Option<&'a str>,
    pub(crate) ids: Option<Ids>,
    pub(crate) context: &'a str,
    pub(crate) events: &'a str,
    pub(crate) start: Option<Timestamp>,
    pub(crate) duration_ns: Option<u64>,
    pub(crate) busy_ns: Option<u64>,
    pub(crate) status: Option<Status>,
    pub(crate) failure: Option<&'a Failure>,
    pub(crate) result: &'a str,
    pub(crate) attempts: u64,
    pub(crate) retry_wait_ms: u64,
    pub(crate) dropped_events: u64,
}

/// What it says. To tracing it goes as `Display`, since some subscribers show a `str` in quotes.
#[derive(Clone, Copy)]
pub(crate) enum Message<'a> {
    Text(&'a str),
    Format(fmt::Arguments<'a>),
}

impl<'a> Message<'a> {
    /// Without the secrets in it; in the buffer if it has to be formatted.
    fn text(self, buffer: &'a mut String) -> Cow<'a, str> {
        match self {
            Self::Text(text) => plain(text, buffer),
            Self::Format(arguments) => {
                push_text(buffer, arguments);
                Cow::Borrowed(buffer)
            }
        }
    }
}

impl<'a> From<&'a String> for Message<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<fmt::Arguments<'a>> for Message<'a> {
    fn from(arguments: fmt::Arguments<'a>) -> Self {
        arguments.as_str().map_or(Self::Format(arguments), Self::Text)
    }
}

impl fmt::Display for Message<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Format(arguments) => f.write_fmt(*arguments),
        }
    }
}

thread_local! {
    /// The last message of the thread, kept for its buffer.
    static MESSAGE: Cell<String> = const { Cell::new(String::new()) };
}

impl Emission<'_> {
    /// Sends it to whoever listens. Ask whether `metadata` is enabled before building anything for it.
    pub(crate) fn send<'m>(&self, metadata: &'static Metadata<'static>, message: impl Into<Message<'m>>) {
        self.dispatch(metadata, message.into());
    }

    fn dispatch(&self, metadata: &'static Metadata<'static>, message: Message<'_>) {
        dispatcher::get_default(|dispatch| match dispatch.downcast_ref::<Direct>() {
            Some(direct) => self.hand_over(direct, metadata, message),
            None => self.event(dispatch, metadata, message),
        });
    }

    /// Makes the record that the layer would make of the event.
    fn hand_over(&self, direct: &Direct, metadata: &'static Metadata<'static>, message: Message<'_>) {
        // Taken, not borrowed: a value may log while it is formatted.
        let mut buffer = MESSAGE.try_with(Cell::take).unwrap_or_default();
        let message = message.text(&mut buffer);
        here::lend(metadata, |here| {
            let mut record = self.record(message);
            here.complete(&mut record, metadata);
            direct.put(&record);
        });
        buffer.clear();
        buffer.shrink_to(KEPT);
        let _ = MESSAGE.try_with(|kept| kept.set(buffer));
    }

    fn record<'r>(&'r self, message: Cow<'r, str>) -> Record<'r> {
        let ids = self.ids;
        let count = |count: u64| (count > 0).then_some(count);
        Record {
            kind: self.kind,
            level: self.level,
            message,
            operation: self.operation.and_then(some),
            op_id: ids.map(|ids| ids.op),
            parent_id: ids.and_then(|ids| ids.parent),
            trace_id: ids.map(|ids| ids.trace),
            depth: ids.map(|ids| ids.depth),
            context: Json::new(self.context),
            events: Json::new(self.events),
            start: self.start,
            duration_ns: self.duration_ns,
            busy_ns: self.busy_ns,
            status: self.status,
            error: self.failure.and_then(|failure| some(failure.named())),
            error_type: self.failure.and_then(|failure| some(failure.type_name)),
            error_chain: Json::new(self.failure.map_or("", |failure| &failure.chain)),
            result: Json::new(self.result),
            attempts: count(self.attempts),
            retry_wait_ms: count(self.retry_wait_ms),
            dropped_events: self.dropped_events,
            ..Record::default()
        }
    }

    /// Makes a tracing event, its values in the order of `keys::FIELDS`.
    fn event(&self, dispatch: &Dispatch, metadata: &'static Metadata<'static>, message: Message<'_>) {
        let message = display(message);
        let ids = self.ids.as_ref();
        let parent = ids.and_then(|ids| ids.parent).map(|id| id.0.get());
        let (op, trace) = (ids.map(|ids| ids.op.0.get()), ids.map(|ids| ids.trace.0.get()));
        let depth = ids.map(|ids| ids.depth);
        let start = self.start.map(Timestamp::as_micros);
        let kind = (self.kind != Kind::Log).then(|| self.kind.as_str());
        let critical = (self.level == Level::Critical).then_some(true);
        let status = self.status.map(Status::as_str);
        let error = self.failure.map(Failure::named);
        let (error_type, error_chain) =
            self.failure.map_or(("", ""), |failure| (failure.type_name, &failure.chain));
        let [context, events, error_type, error_chain, result] =
            [self.context, self.events, error_type, error_chain, self.result]
                .map(|text| (!text.is_empty()).then_some(text));
        let [attempts, retry_wait_ms, dropped_events] =
            [self.attempts, self.retry_wait_ms, self.dropped_events]
                .map(|count| (count > 0).then_some(count));
        let values: [Option<&dyn Value>; keys::FIELDS.len()] = [
            Some(&message),
            value(&kind),
            value(&critical),
            value(&self.operation),
            value(&op),
            value(&parent),
            value(&trace),
            value(&depth),
            value(&context),
            value(&events),
            value(&start),
            value(&self.duration_ns),
            value(&self.busy_ns),
            value(&status),
            value(&error),
            value(&error_type),
            value(&error_chain),
            value(&result),
            value(&attempts),
            value(&retry_wait_ms),
            value(&dropped_events),
        ];
        dispatch.event(&Event::new(metadata, &metadata.fields().value_set_all(&values)));
    }
}

/// A field that has no value is passed over, which is cheaper than visiting it.
fn value<T: Value>(field: &Option<T>) -> Option<&dyn Value> {
    field.as_ref().map(|value| value as _)
}
