//! The guard of `#[log_time]`: one record, `stitch executed in 1.23 seconds`, when the call is over.

use std::time::{Duration, Instant};

use super::emit::Emission;
use super::outcome::Failure;
use super::pool::Pool;
use super::site::Site;
use super::watch::{Ending, Watch, left};
use crate::json::Fields;
use crate::level::Level;
use crate::record::Status;
use crate::scope::{self, Entered};

/// Times one call; nothing, not even the clock, is touched where the record is not wanted.
#[derive(Debug)]
pub struct Timer(Option<Box<Live>>);

#[derive(Debug)]
struct Live {
    site: &'static Site,
    context: Fields,
    started: Instant,
    busy: Option<Duration>,
    was_panicking: bool,
}

thread_local! {
    static FREE: Pool<Live> = const { Pool::new() };
}

impl Timer {
    /// Starts the clock.
    #[inline]
    pub fn start(site: &'static Site, fields: impl FnOnce(&mut Fields)) -> Self {
        if !site.enabled() {
            return Self(None);
        }
        let mut live = Live::prepare(site);
        fields(&mut live.context);
        live.started = Instant::now();
        Self(Some(live))
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
    fn prepare(site: &'static Site) -> Box<Self> {
        let new = Self {
            site,
            context: Fields::default(),
            started: Instant::now(),
            busy: None,
            was_panicking: std::thread::panicking(),
        };
        match FREE.try_with(Pool::take).ok().flatten() {
            Some(mut live) => {
                let context = std::mem::take(&mut live.context);
                *live = Self { context, ..new };
                live
            }
            None => Box::new(new),
        }
    }

    #[inline(never)]
    fn end(mut self: Box<Self>, ending: Ending) {
        let elapsed = self.started.elapsed();
        let (level, status, failure) = match ending {
            Ending::Returned(None, _) => (self.site.level, Status::Success, None),
            Ending::Returned(failure, _) => (self.site.failure_level, Status::Failure, failure),
            Ending::Cancelled => (Level::Warning, Status::Cancelled, None),
            Ending::Panicked => (Level::Error, Status::Panicked, None),
        };
        self.context.close();
        if self.site.enabled_at(level) {
            self.write(level, status, elapsed, failure.as_ref());
        }
        self.context.clear();
        let _ = FREE.try_with(|free| free.give(self));
    }

    fn write(&self, level: Level, status: Status, elapsed: Duration, failure: Option<&Failure>) {
        // Rounded to hundredths without the detour over a float.
        let hundredths = (elapsed.as_nanos() + 5_000_000) / 10_000_000;
        let (seconds, hundredths) = (hundredths / 100, hundredths % 100);
        let name = self.site.name;
        Emission {
            level,
            operation: Some(name),
            ids: scope::ids(),
            context: self.context.as_str(),
            duration_ns: Some(nanos(elapsed)),
            busy_ns: self.busy.map(nanos),
            status: Some(status),
            error: failure.map(|failure| failure.text.as_str()),
            error_type: failure.map(|failure| failure.type_name),
            error_chain: failure.map_or("", |failure| failure.chain.as_str()),
            ..Emission::default()
        }
        .send(
            self.site.metadata(level),
            format_args!("{name} executed in {seconds}.{hundredths:02} seconds"),
        );
    }
}

fn nanos(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}
