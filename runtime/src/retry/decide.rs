//! What is decided after each attempt: another one and when, or to give up and why. The same for plain and async code.
//! The loop itself is in the annotated function, one fresh block per attempt; this file neither calls nor waits.

use std::time::{Duration, Instant};

use super::attempt::Attempt;
use super::classify::Verdict;
use super::limits::Limits;
use super::nested::{Again, Running};
use super::policy::{AttemptCtx, Policy};
use super::tell::{Decision, Reason, Told, Wait};
use super::{testing, timer};
use crate::json::Fields;
use crate::op::{Failure, Source};

/// The attempts of one call: no more than a word until one has failed.
#[derive(Debug)]
pub struct Retry(Option<Box<Progress>>);

/// What is known once an attempt has failed.
#[derive(Debug)]
struct Progress {
    /// Those of the function, with the delay that comes next.
    limits: Limits,
    told: Told,
    /// When the call began, where that was looked at.
    started: Option<Instant>,
    failures: u32,
    slept: Duration,
    /// The part of it that a test left out.
    skipped: Duration,
    /// Between two decisions of a plain call: what runs there is a further attempt.
    again: Option<Again>,
}

/// An attempt that failed.
#[expect(missing_debug_implementations, reason = "made and used up within one expression of generated code")]
pub struct Failed<'a> {
    /// Whether it is worth another.
    pub verdict: Verdict,
    /// When the call began, where that was looked at.
    pub started: Option<Instant>,
    /// What is known of its error, if it is one.
    pub failure: &'a dyn Fn() -> Option<Failure>,
    /// What says how long to wait, instead of the limits' delay.
    pub policy: Option<&'a mut dyn Policy>,
}

impl Retry {
    /// Before the first attempt: no clock and no allocation.
    #[inline]
    #[must_use]
    pub fn new(limits: &Limits) -> Self {
        if let Some(budget) = limits.budget {
            budget.deposit();
        }
        Self(None)
    }

    /// The async attempt that comes now.
    #[inline]
    pub fn run<F: Future>(&self, attempt: F) -> Running<F> {
        Running::new(self.0.is_some(), attempt)
    }

    /// The attempt that comes now, for the body of the function.
    #[must_use]
    pub fn attempt(&self, limits: &Limits) -> Attempt {
        match &self.0 {
            None => Attempt { number: 1, max: testing::capped(limits.max_attempts), elapsed: Duration::ZERO },
            Some(progress) => Attempt {
                number: progress.failures + 1,
                max: progress.limits.max_attempts,
                elapsed: progress.elapsed().unwrap_or_default(),
            },
        }
    }

    /// An argument for the attempt that comes now: the last one has it, those before have clones.
    #[inline]
    pub fn argument<T>(&self, limits: &Limits, slot: &mut Option<T>, clone: fn(&T) -> T) -> T {
        const WHY: &str = "the argument is there until the last attempt";
        let is_last = match &self.0 {
            // Without a test's cap, which may be gone before this attempt is over.
            None => limits.max_attempts == 1,
            Some(progress) => progress.failures + 1 >= progress.limits.max_attempts,
        };
        if is_last { slot.take().expect(WHY) } else { clone(slot.as_ref().expect(WHY)) }
    }

    /// After an attempt that succeeded.
    #[inline]
    pub fn succeeded(mut self) {
        if let Some(progress) = self.0.take() {
            progress.recovered();
        }
    }

    /// After an attempt that failed: how long to wait before the next one, or `None` to give up. Says so.
    #[cold]
    #[inline(never)]
    pub fn decide(
        mut self,
        source: Source,
        limits: &Limits,
        named: &Fields,
        failed: Failed<'_>,
    ) -> (Self, Option<Duration>) {
        let started = failed.started;
        let new = || Box::new(Progress::new(source, limits, named, started));
        let wait = self.0.get_or_insert_with(new).decide(failed);
        (self, wait)
    }
}

/// Out of the way of a call that has nothing to drop.
impl Drop for Retry {
    #[inline]
    fn drop(&mut self) {
        #[cold]
        #[inline(never)]
        fn end(progress: Box<Progress>) {
            drop(progress);
        }
        if let Some(progress) = self.0.take() {
            end(progress);
        }
    }
}

impl Progress {
    fn new(source: Source, limits: &Limits, named: &Fields, started: Option<Instant>) -> Self {
        let max_attempts = testing::capped(limits.max_attempts);
        Self {
            limits: Limits { max_attempts, ..*limits },
            told: Told::new(source, limits.levels, named),
            started,
            failures: 0,
            slept: Duration::ZERO,
            skipped: Duration::ZERO,
            again: None,
        }
    }

    fn decide(&mut self, failed: Failed<'_>) -> Option<Duration> {
        self.failures += 1;
        self.again = None;
        let (elapsed, failure) = (self.elapsed(), failed.failure);
        let decided = self.next(elapsed, failed);
        let next = decided.as_ref().ok().map(|wait| wait.time);
        let decision = match decided {
            Ok(wait) => {
                Decision::Retry { attempt: self.failures, max_attempts: self.limits.max_attempts, wait }
            }
            Err((reason, refused)) => {
                Decision::GiveUp { attempts: self.failures, reason, refused, slept: self.slept }
            }
        };
        self.told.say(&decision, elapsed, failure);
        if let Some(wait) = next {
            self.goes_on(wait);
        }
        next
    }

    fn goes_on(&mut self, wait: Duration) {
        self.slept = self.slept.saturating_add(wait);
        if testing::is_waiting_skipped() {
            self.skipped = self.skipped.saturating_add(wait);
        }
        self.again = (!self.limits.is_async).then(Again::enter);
    }

    /// The wait before the next attempt; or why there is none, and which it would have been.
    fn next(
        &mut self,
        elapsed: Option<Duration>,
        failed: Failed<'_>,
    ) -> Result<Wait, (Reason, Option<Wait>)> {
        if failed.verdict == Verdict::Permanent {
            return Err((Reason::NotRetryable, None));
        }
        if self.failures >= self.limits.max_attempts {
            return Err((Reason::MaxAttempts, None));
        }
        let policy = failed.policy.as_deref().map_or(&self.limits.delay as &dyn Policy, |policy| policy);
        let max_delay = self.limits.max_delay.unwrap_or_else(|| policy.max_delay());
        let wait = self.wait(elapsed, max_delay, failed).ok_or((Reason::PolicyStop, None))?;
        match self.objection(&wait, elapsed, max_delay) {
            Some(reason) => Err((reason, Some(wait))),
            None => Ok(wait),
        }
    }

    /// Why a wait cannot be.
    fn objection(&self, wait: &Wait, elapsed: Option<Duration>, max_delay: Duration) -> Option<Reason> {
        let Limits { max_elapsed, budget, is_async, .. } = self.limits;
        let is_late =
            max_elapsed.is_some_and(|limit| elapsed.unwrap_or_default().saturating_add(wait.time) > limit);
        if wait.time > max_delay || is_late && wait.is_hint {
            Some(Reason::RetryAfterTooLong)
        } else if is_late {
            Some(Reason::Deadline)
        } else if is_async && !wait.time.is_zero() && !timer::is_possible() {
            Some(Reason::NoSleeper)
        } else if budget.is_some_and(|budget| !budget.withdraw(now(is_async))) {
            Some(Reason::Budget)
        } else {
            None
        }
    }

    /// What the policy says, or the hint if that is longer.
    fn wait(&mut self, elapsed: Option<Duration>, max_delay: Duration, failed: Failed<'_>) -> Option<Wait> {
        let context = AttemptCtx {
            attempt: self.failures,
            elapsed: elapsed.unwrap_or_default(),
            slept: self.slept,
            max_delay,
            failure: failed.failure,
        };
        let policy = failed.policy.unwrap_or(&mut self.limits.delay);
        let planned = policy.next_delay(&context)?.min(max_delay);
        Some(match failed.verdict {
            Verdict::After(hint) if hint > planned => Wait { time: hint, is_hint: true },
            _ => Wait { time: planned, is_hint: false },
        })
    }

    #[cold]
    #[inline(never)]
    fn recovered(mut self: Box<Self>) {
        self.again = None;
        let decision = Decision::Recovered { attempts: self.failures + 1, slept: self.slept };
        let elapsed = self.elapsed();
        self.told.say(&decision, elapsed, &|| None);
    }

    /// The time since the call began, where it was looked at.
    fn elapsed(&self) -> Option<Duration> {
        let started = self.started?;
        let elapsed = now(self.limits.is_async).saturating_duration_since(started);
        Some(elapsed.saturating_add(self.skipped))
    }
}

/// The time, for who will ask how much has gone by; inside a tokio runtime that of its clock, which a test may have paused.
pub fn now(is_async: bool) -> Instant {
    #[cfg(feature = "tokio")]
    if is_async {
        return tokio::time::Instant::now().into_std();
    }
    let _ = is_async;
    Instant::now()
}
