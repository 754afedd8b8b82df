//! The guard of `#[log_time]`: one record, `stitch executed in 1.23 seconds`, when the call is over.

use std::time::{Duration, Instant};

use super::emit::Emission;
use super::pool::Pool;
use super::site::Site;
use super::watch::{Call, Ending, Outcome, Watch};
use crate::json::Fields;
use crate::scope::{self, Entered};

/// Times one call; nothing, not even the clock, is touched where the record is not wanted.
pub type Timer = Watch<Timed>;

/// What is known of a timed call.
#[derive(Debug)]
pub struct Timed {
    site: &'static Site,
    context: Fields,
    started: Instant,
    busy: Option<Duration>,
    was_panicking: bool,
}

thread_local! {
    static FREE: Pool<Timed> = const { Pool::new() };
}

impl Timer {
    /// Starts the clock.
    #[inline]
    pub fn start(site: &'static Site, fields: impl FnOnce(&mut Fields)) -> Self {
        if !site.enabled() {
            return Self(None);
        }
        let mut call = Timed::prepare(site);
        fields(&mut call.context);
        call.started = Instant::now();
        Self(Some(call))
    }
}

impl Call for Timed {
    #[inline]
    fn enter(&self) -> Option<Entered> {
        None
    }

    fn busy(&mut self) -> &mut Option<Duration> {
        &mut self.busy
    }

    fn was_panicking(&self) -> bool {
        self.was_panicking
    }

    #[inline(never)]
    fn end(mut self: Box<Self>, ending: Ending) {
        let elapsed = self.started.elapsed();
        let outcome = ending.outcome(self.site);
        self.context.close();
        if self.site.enabled_at(outcome.level) {
            self.write(&outcome, elapsed);
        }
        self.context.clear();
        let _ = FREE.try_with(|free| free.give(self));
    }
}

impl Timed {
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

    fn write(&self, outcome: &Outcome, elapsed: Duration) {
        let Outcome { level, status, ref failure, .. } = *outcome;
        let failure = failure.as_ref();
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
