//! Hands on what was logged before logging was set up.

use tracing::Subscriber;
use tracing_subscriber::Registry;
use tracing_subscriber::layer::SubscriberExt;

use super::guard::Shared;
use crate::early;

/// Gives the lines that were kept to the sinks, as the filter in force has it, and owns up to those that were not.
pub(super) fn replay(Shared { sinks, filter }: &Shared) {
    let kept = early::take();
    // Nothing is dispatched to this one; it is asked.
    let filter = Registry::default().with(*filter);
    for line in kept.lines.iter().filter(|line| filter.enabled(line.metadata)) {
        sinks.put(&line.record);
    }
    if let Some(loss) = kept.loss() {
        sinks.put(&loss);
    }
}
