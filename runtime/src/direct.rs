//! The short cut around the tracing event, for a program whose one subscriber is ours: who makes records finds it in
//! the subscriber that is in force and hands them over as they are. Knows neither who makes them nor where they go.

use tracing::Subscriber;
use tracing_subscriber::layer::Layer;

use crate::record::Record;

/// Takes records as they are, which nobody else in its subscriber sees: so only one may show it that is ours alone. Nor is
/// its filter asked about them once more, after a site has asked whether it is enabled.
pub(crate) struct Direct(Box<dyn Fn(&Record<'_>) + Send + Sync>);

impl Direct {
    pub(crate) fn new(put: impl Fn(&Record<'_>) + Send + Sync + 'static) -> Self {
        Self(Box::new(put))
    }

    pub(crate) fn put(&self, record: &Record<'_>) {
        (self.0)(record);
    }
}

/// It takes no events. As a layer it is what `Dispatch::downcast_ref` finds, for which it need not be `unsafe`.
impl<S: Subscriber> Layer<S> for Direct {}
