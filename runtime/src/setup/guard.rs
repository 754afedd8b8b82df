//! The handle that a program holds on its logging.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::replay;
use crate::error::Error;
use crate::filter::{self, Filter};
use crate::sink::{Fanout, Report, Sink, SinkStats};
use crate::trap;

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
    /// Replaces every directive: `debug`, `info,hyper=warn`, `warn,chaptrix.net=debug`. Where none names a level for all, it is INFO.
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

    /// Has every record written that was made before, and says in the files, or else on stderr, what is lost. Waits no
    /// longer than `patience` for a disk that is slow; with [`WriteMode::Sync`](crate::WriteMode::Sync) there is nothing to
    /// wait for.
    ///
    /// ```no_run
    /// # let log = logwright::init("chaptrix");
    /// let report = log.flush(std::time::Duration::from_secs(2));
    /// println!("{report}"); // 4096 records written, 0 lost, 0 not yet written
    /// ```
    pub fn flush(&self, patience: Duration) -> Report {
        const LONG: Duration = Duration::from_secs(365 * 24 * 60 * 60);
        let until = Instant::now() + patience.min(LONG);
        self.shared.as_ref().map(|shared| shared.sinks.flush(until)).unwrap_or_default()
    }
}

/// Flushes, for five seconds at most, and says on stderr how many records are not written then.
impl Drop for Guard {
    fn drop(&mut self) {
        // Of a layer that nobody has used.
        self.shared.iter().for_each(replay::replay);
        let report = self.flush(Fanout::PATIENCE);
        if report.pending() > 0 {
            trap::report(format_args!("{} records were not written in time", report.pending()));
        }
    }
}

impl std::fmt::Debug for Guard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Guard").field("active", &self.shared.is_some()).finish()
    }
}
