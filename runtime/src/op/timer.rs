//! The guard of `#[log_time]`: one record, `stitch executed in 1.23 seconds`, when the call is over.

use std::time::{Duration, Instant};

use super::emit::Emission;
use super::pool::Pool;
use super::site::{Site, Source};
use super::watch::{Busy, Call, Ending, Outcome, Watch};
use crate::clock::nanos;
use crate::digits::push_seconds;
use crate::json::Fields;
use crate::record::Status;
use crate::scope;

/// Times one call; nothing, not even the clock, is touched where the record is not wanted.
pub type Timer = Watch<Timed>;

/// What is known of a timed call.
#[derive(Debug)]
pub struct Timed {
    source: Source,
    context: Fields,
    message: String,
    started: Instant,
    busy: Busy,
    was_panicking: bool,
}

/// In nanoseconds; what the message rounds by.
const HALF_A_HUNDREDTH: u64 = 5_000_000;

thread_local! {
    static FREE: Pool<Timed> = const { Pool::new() };
}

impl Timer {
    /// Starts the clock of a call without fields.
    #[inline]
    #[must_use]
    pub fn begin(site: &'static Site) -> Self {
        if site.is_off() { Self(None) } else { Self::bare(site) }
    }

    #[inline(never)]
    fn bare(site: &'static Site) -> Self {
        Self::start(site, |_| {})
    }

    /// Starts the clock.
    #[inline]
    pub fn start(site: &'static Site, fields: impl FnOnce(&mut Fields)) -> Self {
        if site.enabled() { Self::with(Source::of(site), fields) } else { Self(None) }
    }

    /// The same where it may be wanted at another level than its own, or in the name of a logger.
    pub fn start_for(source: Source, fields: impl FnOnce(&mut Fields)) -> Self {
        if source.is_wanted() { Self::with(source, fields) } else { Self(None) }
    }

    #[inline]
    fn with(source: Source, fields: impl FnOnce(&mut Fields)) -> Self {
        let mut call = Timed::prepare(source);
        fields(&mut call.context);
        call.started = Instant::now();
        Self(Some(call))
    }
}

impl Call for Timed {
    type Entered = ();

    #[inline]
    fn enter(&self) {}

    fn busy(&mut self) -> &mut Busy {
        &mut self.busy
    }

    fn was_panicking(&self) -> bool {
        self.was_panicking
    }

    #[inline(never)]
    fn end(mut self: Box<Self>, ending: Ending) {
        let elapsed = self.started.elapsed();
        let Source { site, .. } = self.source;
        let outcome = ending.outcome(site, elapsed);
        let returned = matches!(outcome.status, Status::Success | Status::Failure);
        let too_short = elapsed < site.min && returned && outcome.level == site.level;
        self.context.close();
        if !too_short && self.source.enabled_at(outcome.level) {
            self.write(&outcome, elapsed);
        }
        self.context.clear();
        let _ = FREE.try_with(|free| free.give(self));
    }
}

impl Timed {
    /// Ready to be started: the clock is read last, after the fields.
    #[inline(never)]
    fn prepare(source: Source) -> Box<Self> {
        let was_panicking = std::thread::panicking();
        match FREE.try_with(Pool::take).ok().flatten() {
            Some(mut call) => {
                (call.source, call.busy, call.was_panicking) = (source, Busy::default(), was_panicking);
                call
            }
            None => {
                let (context, message, started) = (Fields::default(), String::new(), Instant::now());
                Box::new(Self { source, context, message, started, busy: Busy::default(), was_panicking })
            }
        }
    }

    fn write(&mut self, outcome: &Outcome, elapsed: Duration) {
        let Outcome { level, status, ref failure } = *outcome;
        let (name, elapsed) = (self.source.site.name, nanos(elapsed));
        self.message.clear();
        self.message.push_str(name);
        self.message.push_str(" executed in ");
        push_seconds::<2>(&mut self.message, elapsed.saturating_add(HALF_A_HUNDREDTH));
        self.message.push_str(" seconds");
        Emission {
            level,
            operation: Some(name),
            ids: scope::ids(),
            context: self.context.as_str(),
            duration_ns: Some(elapsed),
            busy_ns: self.busy.total.map(nanos),
            status: Some(status),
            failure: failure.as_ref(),
            ..Emission::default()
        }
        .send(self.source.metadata(level), &self.message);
    }
}
