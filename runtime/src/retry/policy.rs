//! The seam for delays that are not ours: what a policy is asked, and what it may know.

use std::fmt;
use std::time::Duration;

use crate::op::Failure;

/// Says how long to wait before the next attempt, or not to try again. One is made for each call, when its first
/// attempt has failed.
///
/// A closure is one, and so are [`Delay`](super::Delay) and, by `FromBackoff`, every policy of crate `backoff`.
///
/// ```
/// use std::time::Duration;
/// use logwright::retry::{AttemptCtx, Policy, testing};
/// use logwright::retry;
///
/// /// Twice at once, then every ten seconds.
/// struct Eager;
///
/// impl Policy for Eager {
///     fn next_delay(&mut self, context: &AttemptCtx<'_>) -> Option<Duration> {
///         Some(Duration::from_secs(if context.attempt() <= 2 { 0 } else { 10 }))
///     }
/// }
///
/// #[retry(max_attempts = 4, policy = Eager)]
/// fn fetch() -> Result<(), String> {
///     Err("busy".to_owned())
/// }
///
/// let _quick = testing::no_waiting();
/// assert!(fetch().is_err());
/// assert_eq!(testing::recorded_waits(), [0, 0, 10].map(Duration::from_secs));
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no `logwright::retry::Policy`",
    note = "a policy is a type with that trait, or a closure `|context: &AttemptCtx<'_>| -> Option<Duration>`"
)]
pub trait Policy {
    /// The wait before the next attempt; `None` gives up. What is longer than the call's `max_delay` is cut to that.
    fn next_delay(&mut self, context: &AttemptCtx<'_>) -> Option<Duration>;

    /// The `max_delay` of calls that do not say one: 30 seconds. A policy with longer waits says so here.
    fn max_delay(&self) -> Duration {
        Duration::from_secs(30)
    }
}

impl<F: FnMut(&AttemptCtx<'_>) -> Option<Duration>> Policy for F {
    fn next_delay(&mut self, context: &AttemptCtx<'_>) -> Option<Duration> {
        self(context)
    }
}

/// A closure, told what it takes and gives.
pub fn by<F: FnMut(&AttemptCtx<'_>) -> Option<Duration>>(policy: F) -> F {
    policy
}

/// The policy of a call, made when it is first asked.
pub fn lazily<P: Policy>(slot: &mut Option<P>, make: impl FnOnce() -> P) -> Option<&mut dyn Policy> {
    Some(slot.get_or_insert_with(make))
}

/// What a [`Policy`] may know of the attempt that has just failed.
pub struct AttemptCtx<'a> {
    pub(super) attempt: u32,
    pub(super) elapsed: Duration,
    pub(super) slept: Duration,
    pub(super) max_delay: Duration,
    pub(super) failure: &'a dyn Fn() -> Option<Failure>,
}

impl AttemptCtx<'_> {
    /// The number of the attempt; the first is 1.
    #[must_use]
    pub const fn attempt(&self) -> u32 {
        self.attempt
    }

    /// The time since the call began, waits included.
    #[must_use]
    pub const fn elapsed(&self) -> Duration {
        self.elapsed
    }

    /// The part of it that was spent waiting.
    #[must_use]
    pub const fn slept(&self) -> Duration {
        self.slept
    }

    /// The longest wait that there may be.
    #[must_use]
    pub const fn max_delay(&self) -> Duration {
        self.max_delay
    }

    /// What the attempt failed with, as a record would tell it; empty for a value that was not accepted.
    #[must_use]
    pub fn error(&self) -> String {
        (self.failure)().map_or_else(String::new, |failure| failure.text)
    }
}

impl fmt::Debug for AttemptCtx<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AttemptCtx")
            .field("attempt", &self.attempt)
            .field("elapsed", &self.elapsed)
            .field("slept", &self.slept)
            .field("max_delay", &self.max_delay)
            .finish_non_exhaustive()
    }
}

/// Any policy of crate `backoff` 0.4, as a [`Policy`]; it is reset when a call first fails. Attempts are still counted
/// by `max_attempts`, and waits cut to `max_delay`.
///
/// ```
/// use backoff::ExponentialBackoff;
/// use logwright::retry;
/// use logwright::retry::{FromBackoff, testing};
///
/// #[retry(max_attempts = 2, policy = FromBackoff(ExponentialBackoff::default()))]
/// fn fetch() -> Result<(), String> {
///     Err("busy".to_owned())
/// }
///
/// let _quick = testing::no_waiting();
/// assert!(fetch().is_err());
/// assert!((250..=750).contains(&testing::recorded_waits()[0].as_millis()));
/// ```
#[cfg(feature = "backoff")]
#[derive(Clone, Copy, Debug)]
pub struct FromBackoff<B>(pub B);

#[cfg(feature = "backoff")]
impl<B: backoff::backoff::Backoff> Policy for FromBackoff<B> {
    fn next_delay(&mut self, context: &AttemptCtx<'_>) -> Option<Duration> {
        // As that crate's own `retry` does: it may have been made long ago, or by a literal that leaves it half set.
        if context.attempt() == 1 {
            self.0.reset();
        }
        self.0.next_backoff()
    }
}
