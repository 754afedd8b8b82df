//! How delays grow, and how chance spreads them: arithmetic alone.

use std::time::Duration;

use super::policy::{AttemptCtx, Policy};
use super::testing::chance;

/// How long to wait before each further attempt, for [`with`](super::with); what `delay`, `backoff`, `factor` and
/// `jitter` of [`#[retry]`](macro@crate::retry) make.
///
/// No delay is longer than the call's `max_delay`, jitter included; where that is not given, than 30 seconds, or than the
/// first delay if that is longer.
///
/// ```
/// use std::time::Duration;
/// use logwright::retry::{self, Delay, Jitter, testing};
///
/// let _quick = testing::no_waiting();
/// let delay = Delay::linear(Duration::from_secs(1)).jitter(Jitter::None);
/// let _ = retry::with(delay).max_attempts(4).run(|_| Err::<(), _>("busy"));
/// assert_eq!(testing::recorded_waits(), [1, 2, 3].map(Duration::from_secs));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Delay {
    growth: Growth,
    first: Duration,
    /// The one before the one that comes now.
    previous: Duration,
    /// The one that comes now, before cap and chance.
    next: Duration,
    jitter: Jitter,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Growth {
    Constant,
    Linear,
    Fibonacci,
    #[cfg(feature = "backoff")]
    Exponential(f64),
}

/// A delay that can grow exponentially.
#[cfg(not(feature = "backoff"))]
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`backoff = exponential` needs feature `backoff` of crate `logwright`",
    label = "feature `backoff` is off",
    note = "it is on by default; enable it, or write `backoff = fibonacci` or `linear`"
)]
pub trait Exponential {}

/// How chance changes a delay `d`, so that callers that failed together do not come back together.
///
/// "Full" and "equal" are the terms of Marc Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Jitter {
    /// Not at all.
    #[default]
    None,
    /// Evenly between nothing and `d`.
    Full,
    /// Evenly between half of `d` and `d`.
    Equal,
    /// Evenly between `d` less so many percent and `d` more so many percent, but never over the longest delay. More
    /// than 100 counts as 100.
    Percent(u8),
}

impl Delay {
    /// The same each time, without jitter.
    #[must_use]
    pub const fn constant(delay: Duration) -> Self {
        Self::new(Growth::Constant, delay, Jitter::None)
    }

    /// Once, twice, three times the first one; with full jitter.
    #[must_use]
    pub const fn linear(first: Duration) -> Self {
        Self::new(Growth::Linear, first, Jitter::Full)
    }

    /// 1, 1, 2, 3, 5, 8 … times the first one, each the sum of the two before; with full jitter.
    #[must_use]
    pub const fn fibonacci(first: Duration) -> Self {
        Self::new(Growth::Fibonacci, first, Jitter::Full)
    }

    /// Each `factor` times the one before; with full jitter. A factor is at least 1 and at most 10; what is outside
    /// counts as the nearest, and what is no number as 1.
    #[cfg(feature = "backoff")]
    #[must_use]
    pub const fn exponential(first: Duration, factor: f64) -> Self {
        let factor = if factor >= 1.0 { factor.min(10.0) } else { 1.0 };
        Self::new(Growth::Exponential(factor), first, Jitter::Full)
    }

    /// Without the feature there are no such delays; a `Duration` does not meet the bound, which says so where the
    /// word stands.
    #[cfg(not(feature = "backoff"))]
    #[doc(hidden)]
    #[must_use]
    pub const fn exponential<T: Exponential + Copy>(_: T, _: f64) -> Self {
        Self::constant(Duration::ZERO)
    }

    /// With another jitter.
    #[must_use]
    pub const fn jitter(mut self, jitter: Jitter) -> Self {
        self.jitter = jitter;
        self
    }

    const fn new(growth: Growth, first: Duration, jitter: Jitter) -> Self {
        Self { growth, first, previous: Duration::ZERO, next: first, jitter }
    }
}

/// The delay after `delay`, by the arithmetic of crate `backoff`. Its jitter is not used, as it goes over the cap and
/// cannot be seeded, nor its limit of time, as it does not know of attempts.
#[cfg(feature = "backoff")]
fn exponential(delay: Duration, factor: f64, max: Duration) -> Duration {
    use backoff::backoff::Backoff as _;
    let mut policy = backoff::ExponentialBackoffBuilder::new()
        .with_initial_interval(delay)
        .with_multiplier(factor)
        .with_max_interval(max)
        .with_randomization_factor(0.0)
        .with_max_elapsed_time(None)
        .build();
    policy.next_backoff();
    policy.current_interval
}

impl Policy for Delay {
    fn next_delay(&mut self, context: &AttemptCtx<'_>) -> Option<Duration> {
        let max = context.max_delay();
        let whole = self.next.min(max);
        let next = match self.growth {
            Growth::Constant => self.next,
            Growth::Linear => whole.saturating_add(self.first),
            Growth::Fibonacci => whole.saturating_add(self.previous),
            #[cfg(feature = "backoff")]
            Growth::Exponential(factor) => exponential(whole, factor, max),
        };
        (self.previous, self.next) = (whole, next);
        Some(self.jitter.spread(whole, max))
    }

    /// 30 seconds, or the first delay with its jitter if that is longer.
    fn max_delay(&self) -> Duration {
        self.first.saturating_add(self.jitter.more(self.first)).max(Duration::from_secs(30))
    }
}

impl Jitter {
    /// What may be added to a delay.
    fn more(self, whole: Duration) -> Duration {
        match self {
            Self::Percent(percent) => share(whole, f64::from(percent.min(100)) / 100.0),
            _ => Duration::ZERO,
        }
    }

    fn spread(self, whole: Duration, max: Duration) -> Duration {
        let (least, most) = match self {
            Self::None => return whole,
            Self::Full => (Duration::ZERO, whole),
            Self::Equal => (whole / 2, whole),
            Self::Percent(_) => {
                let more = self.more(whole);
                (whole.saturating_sub(more), whole.saturating_add(more).min(max))
            }
        };
        let range = most.saturating_sub(least);
        least.saturating_add(share(range, chance())).min(most)
    }
}

/// A share of at most the whole.
fn share(whole: Duration, share: f64) -> Duration {
    Duration::try_from_secs_f64(whole.as_secs_f64() * share).map_or(whole, |part| part.min(whole))
}
