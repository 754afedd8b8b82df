//! The layer for somebody else's subscriber: a filter that is for our records alone. As a layer of its own it would
//! filter for all others as well.

use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::Interest;
use tracing::{Dispatch, Event, Metadata, Subscriber};
use tracing_subscriber::layer::{Context, Layer};

use super::guard::Shared;
use super::replay;
use crate::filter::Filter;
use crate::layer::RecordLayer;

/// Our records, filtered.
pub(super) struct Filtered {
    pub(super) shared: Shared,
    pub(super) filter: &'static Filter,
    pub(super) records: RecordLayer,
}

impl<S: Subscriber> Layer<S> for Filtered {
    /// The subscriber that it is of is about to be somebody's: until then lines were kept.
    fn on_register_dispatch(&self, _: &Dispatch) {
        replay::replay(&self.shared);
    }

    /// Another layer may want what we do not, so an event is asked about when it comes.
    fn register_callsite(&self, metadata: &'static Metadata<'static>) -> Interest {
        let _ = Layer::<S>::register_callsite(&self.filter, metadata);
        Interest::sometimes()
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        if Layer::<S>::enabled(&self.filter, event.metadata(), context.clone()) {
            self.records.on_event(event, context);
        }
    }

    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        Layer::<S>::on_new_span(&self.filter, attributes, id, context);
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        Layer::<S>::on_record(&self.filter, id, values, context);
    }

    fn on_enter(&self, id: &Id, context: Context<'_, S>) {
        Layer::<S>::on_enter(&self.filter, id, context);
    }

    fn on_exit(&self, id: &Id, context: Context<'_, S>) {
        Layer::<S>::on_exit(&self.filter, id, context);
    }

    fn on_close(&self, id: Id, context: Context<'_, S>) {
        Layer::<S>::on_close(&self.filter, id, context);
    }
}
