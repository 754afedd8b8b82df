//! The guard of `#[log_time]`: one record, `stitch executed in 1.23 seconds`, when the call is over.

use std::time::{Duration, Instant};

use super::emit::Emission;
use super::site::Site;
use super::watch::{Ending, Watch, left};
use crate::json::Fields;
use crate::level::Level;
use crate::record::Status;
use crate::scope::{self, Entered};

/// Times one call; nothing, not even the clock, is touched where the record is not wanted.
#[derive(Debug)]
pub struct Timer(Option<Live>);

#[derive(Debug)]
struct Live {
    site: &'static Site,
    context: String,
    started: Instant,
    busy: Option<Duration>,
    was_panicking: bool,
}

impl Timer {
    /// Starts the clock.
    #[inline]
    pub fn start(site: &'static Site, fields: impl FnOnce(&mut Fields)) -> Self {
        if !site.enabled() {
            return Self(None);
        }
        let mut context = Fields::default();
        fields(&mut context);
        Self(Some(Live::start(site, context.finish())))
    }
}

impl Watch for Timer {
    #[inline]
    fn is_live(&self) -> bool {
        self.0.is_some()
    }

    #[inline]
    fn enter(&self) -> Option<Entered> {
        None
    }

    fn add_busy(&mut self, time: Duration) {
        if let Some(live) = &mut self.0 {
            *live.busy.get_or_insert_default() += time;
        }
    }

    fn end(&mut self, ending: Ending) {
        if let Some(live) = self.0.take() {
            live.end(ending);
        }
    }
}

impl Drop for Timer {
    #[inline]
    fn drop(&mut self) {
        if let Some(live) = self.0.take() {
            let ending = left(live.was_panicking);
            live.end(ending);
        }
    }
}

impl Live {
    #[inline(never)]
    fn start(site: &'static Site, context: String) -> Self {
        let was_panicking = std::thread::panicking();
        Self { site, context, started: Instant::now(), busy: None, was_panicking }
    }

    #[inline(never)]
    fn end(self, ending: Ending) {
        let elapsed = self.started.elapsed();
        let (level, status, failure) = match ending {
            Ending::Returned(None, _) => (self.site.level, Status::Success, None),
            Ending::Returned(failure, _) => (self.site.failure_level, Status::Failure, failure),
            Ending::Cancelled => (Level::Warning, Status::Cancelled, None),
            Ending::Panicked => (Level::Error, Status::Panicked, None),
        };
        if !self.site.enabled_at(level) {
            return;
        }
        let nanos = |time: Duration| u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
        let name = self.site.name;
        Emission {
            level,
            operation: Some(name),
            ids: scope::ids(),
            context: &self.context,
            duration_ns: Some(nanos(elapsed)),
            busy_ns: self.busy.map(nanos),
            status: Some(status),
            error: failure.as_ref().map(|failure| failure.text.as_str()),
            error_type: failure.as_ref().map(|failure| failure.type_name),
            error_chain: failure.as_ref().map_or("", |failure| failure.chain.as_str()),
            ..Emission::default()
        }
        .send(
            self.site.metadata(level),
            format_args!("{name} executed in {:.2} seconds", elapsed.as_secs_f64()),
        );
    }
}
