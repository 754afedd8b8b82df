//! A record on its way to the layer: one tracing event with the fields of `keys::FIELDS`.

use tracing_core::field::Value;
use tracing_core::{Event, Metadata};

use super::outcome::Failure;
use crate::keys;
use crate::level::Level;
use crate::record::{Kind, Status, Timestamp};
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

impl Emission<'_> {
    /// Dispatches the event, its values in the order of `keys::FIELDS`. Ask whether `metadata` is enabled before
    /// building anything for it. The message is `format_args!` or `display(..)`: where it is a `str`, some
    /// subscribers show it in quotes.
    pub(crate) fn send(&self, metadata: &'static Metadata<'static>, message: &dyn Value) {
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
            Some(message),
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
        Event::dispatch(metadata, &metadata.fields().value_set_all(&values));
    }
}

/// A field that has no value is passed over, which is cheaper than visiting it.
fn value<T: Value>(field: &Option<T>) -> Option<&dyn Value> {
    field.as_ref().map(|value| value as _)
}
