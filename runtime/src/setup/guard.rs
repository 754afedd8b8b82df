//! The handle that a program holds on its logging.

use std::sync::Arc;

use crate::error::Error;
use crate::filter::{self, Filter};
use crate::sink::{Fanout, Sink, SinkStats};

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
    /// Replaces every directive: `debug`, `info,hyper=warn`.
    ///
    /// # Errors
    /// When one cannot be read; then nothing has changed.
    pub fn set_filter(&self, directives: &str) -> Result<(), Error> {
        let filter = filter::read(directives)?;
        if let Some(shared) = &self.shared {
            shared.filter.replace(filter);
        }
        Ok(())
    }

    /// Opens every log file anew, at once: for who has moved or removed them, as logrotate does. Without it that is
    /// noticed within 64 records or a second.
    ///
    /// # Errors
    /// When one cannot be opened; the file that was open is written on. All others have been opened.
    pub fn reopen(&self) -> Result<(), Error> {
        self.each(|sink| sink.reopen())
    }

    /// Begins new log files, whatever their size; empty ones stay, and so do those with nothing to [`keep`](crate::File::keep).
    ///
    /// # Errors
    /// When one cannot be moved; it is written on. All others have been moved.
    pub fn rotate(&self) -> Result<(), Error> {
        self.each(|sink| sink.rotate())
    }

    /// How each log file fares.
    #[must_use]
    pub fn stats(&self) -> Vec<SinkStats> {
        self.shared.as_ref().map(|shared| shared.sinks.stats()).unwrap_or_default()
    }

    fn each(&self, act: fn(&dyn Sink) -> Result<(), Error>) -> Result<(), Error> {
        self.shared.as_ref().map_or(Ok(()), |shared| shared.sinks.each(act))
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
