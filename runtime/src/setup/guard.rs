//! The handle that a program holds on its logging.

use std::sync::Arc;

use crate::filter::{self, Filter};
use crate::sink::Fanout;

/// A handle on the program's logging. Dropping it flushes; logging itself goes on, so nothing is lost when it is
/// dropped early, forgotten or bound to `_`.
#[must_use = "keep it to the end of `main`, so that it can say what could not be written"]
pub struct Guard {
    pub(super) shared: Option<Shared>,
}

pub(super) struct Shared {
    pub(super) sinks: Arc<Fanout>,
    pub(super) filter: &'static Filter,
}

impl Guard {
    /// Replaces every directive: `debug`, `info,hyper=warn`. Bad ones are named on stderr and left out.
    pub fn set_filter(&self, directives: &str) {
        if let Some(shared) = &self.shared {
            shared.filter.replace(filter::parse(directives, "the new filter"));
        }
    }

    /// Writes what is still buffered and says on stderr what could not be written.
    pub fn flush(&self) {
        if let Some(shared) = &self.shared {
            shared.sinks.flush();
        }
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        self.flush();
    }
}

impl std::fmt::Debug for Guard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Guard").field("active", &self.shared.is_some()).finish()
    }
}
