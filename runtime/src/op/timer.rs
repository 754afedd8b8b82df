//! The guard of `#[log_time]`: one record, `stitch executed in 1.23 seconds`, when the call is over.

use std::time::{Duration, Instant};

use super::emit::Emission;
use super::pool::Pool;
use super::site::Site;
use super::watch::{Call, Ending, Outcome, Watch};
use crate::clock::nanos;
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
    /// Ready to be started: the clock is read last, after the fields.
    #[inline(never)]
    fn prepare(site: &'static Site) -> Box<Self> {
        let was_panicking = std::thread::panicking();
        match FREE.try_with(Pool::take).ok().flatten() {
            Some(mut call) => {
                (call.site, call.busy, call.was_panicking) = (site, None, was_panicking);
                call
            }
            None => {
                let (context, started) = (Fields::default(), Instant::now());
                Box::new(Self { site, context, started, busy: None, was_panicking })
            }
        }
    }

    fn write(&self, outcome: &Outcome, elapsed: Duration) {
        let Outcome { level, status, ref failure, .. } = *outcome;
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
            failure: failure.as_ref(),
            ..Emission::default()
        }
        .send(
            self.site.metadata(level),
            format_args!("{name} executed in {seconds}.{hundredths:02} seconds"),
        );
    }
}
