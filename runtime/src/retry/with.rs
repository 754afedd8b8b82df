//! The same engine for code that no attribute reaches: a loop around a closure.

use std::collections::HashMap;
use std::fmt::Display;
use std::ops::ControlFlow::{self, Break, Continue};
use std::panic::Location;
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use super::attempt::Attempt;
use super::budget::RetryBudget;
use super::classify::{Classify, Verdict, wanted};
use super::decide::{Failed, Retry, now};
use super::limits::Limits;
use super::policy::Policy;
use super::sleep;
use crate::json::Fields;
use crate::level::Level;
use crate::op::{Failure, Site, Source};

/// Calls a closure until it succeeds, waiting as `policy` says: [`#[retry]`](macro@crate::retry) for what an attribute
/// cannot reach, with limits that are known only at run time.
///
/// Decisions and messages are those of the attribute. The policy is a [`Delay`](super::Delay), a closure, or any other
/// [`Policy`].
///
/// ```
/// use std::time::Duration;
/// use logwright::retry::{self, Delay};
///
/// # fn ask(page: u32) -> Result<u32, std::io::Error> { Ok(page) }
/// let attempts = 5; // from a settings file
/// let page = retry::with(Delay::linear(Duration::from_millis(200)))
///     .max_attempts(attempts)
///     .name("ask")
///     .target(module_path!())
///     .when(|error: &std::io::Error| error.kind() == std::io::ErrorKind::TimedOut)
///     .run(|attempt| ask(attempt.number()))?;
/// assert_eq!(page, 1);
/// # Ok::<(), std::io::Error>(())
/// ```
#[track_caller]
pub fn with<P: Policy>(policy: P) -> Retrying<P> {
    let limits = Limits::DEFAULT;
    let said = Said { name: None, target: module_path!(), at: Location::caller() };
    Retrying { policy, limits, said, judge: Every }
}

/// A retry in the making; see [`with`].
#[derive(Debug)]
#[must_use = "nothing is tried before `run` or `run_async`"]
pub struct Retrying<P, J = Every> {
    policy: P,
    pub(super) limits: Limits,
    said: Said,
    judge: J,
}

/// In whose name the records are.
#[derive(Clone, Copy, Debug)]
struct Said {
    name: Option<&'static str>,
    target: &'static str,
    at: &'static Location<'static>,
}

/// Says which errors are worth another attempt.
pub trait Judge<E> {
    /// What to do after this one.
    fn verdict(&mut self, error: &E) -> Verdict;
}

/// Every error is.
#[derive(Clone, Copy, Debug)]
pub struct Every;

/// Those are that a function says yes to.
#[derive(Clone, Copy, Debug)]
pub struct When<F>(F);

/// A function says what to do.
#[derive(Clone, Copy, Debug)]
pub struct By<F>(F);

/// The error itself says.
#[derive(Clone, Copy, Debug)]
pub struct Itself;

impl<E> Judge<E> for Every {
    fn verdict(&mut self, _: &E) -> Verdict {
        Verdict::Retry
    }
}

impl<E, F: FnMut(&E) -> bool> Judge<E> for When<F> {
    fn verdict(&mut self, error: &E) -> Verdict {
        wanted(error, &mut self.0)
    }
}

impl<E, F: FnMut(&E) -> Verdict> Judge<E> for By<F> {
    fn verdict(&mut self, error: &E) -> Verdict {
        (self.0)(error)
    }
}

impl<E: Classify> Judge<E> for Itself {
    fn verdict(&mut self, error: &E) -> Verdict {
        error.classify()
    }
}

/// At most one of these: each says what becomes of every error.
impl<P: Policy> Retrying<P> {
    /// Only errors to which `when` says yes are worth another attempt.
    pub fn when<E, F: FnMut(&E) -> bool>(self, when: F) -> Retrying<P, When<F>> {
        self.judged(When(when))
    }

    /// What to do after an error, `judge` says: for `Retry-After` hints, and for error types of others.
    pub fn judge<E, F: FnMut(&E) -> Verdict>(self, judge: F) -> Retrying<P, By<F>> {
        self.judged(By(judge))
    }

    /// What to do after an error, it says itself by [`Classify`].
    pub fn classify(self) -> Retrying<P, Itself> {
        self.judged(Itself)
    }

    fn judged<K>(self, judge: K) -> Retrying<P, K> {
        let Self { policy, limits, said, .. } = self;
        Retrying { policy, limits, said, judge }
    }
}

impl<P: Policy, J> Retrying<P, J> {
    /// How many calls at most, the first included; 3 unless said. None counts as one.
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.limits.max_attempts = attempts.max(1);
        self
    }

    /// The longest wait; what [`Policy::max_delay`] says unless given here. Longer delays are cut to it, and an error that
    /// asks for more gives up.
    pub fn max_delay(mut self, time: Duration) -> Self {
        self.limits.max_delay = Some(time);
        self
    }

    /// The time for all of it: where the next wait would end later, the call gives up. An attempt that has begun is never
    /// interrupted. No limit unless said.
    pub fn max_elapsed(mut self, time: Duration) -> Self {
        self.limits.max_elapsed = Some(time);
        self
    }

    /// Retries come out of this budget, if there is one.
    pub fn budget(mut self, budget: impl Into<Option<&'static RetryBudget>>) -> Self {
        self.limits.budget = budget.into();
        self
    }

    /// What the records call it; the place in the source, `src/main.rs:12`, unless said.
    pub fn name(mut self, name: &'static str) -> Self {
        self.said.name = Some(name);
        self
    }

    /// The logger's name in the records, usually `module_path!()`; `logwright::retry::with` unless said.
    pub fn target(mut self, target: &'static str) -> Self {
        self.said.target = target;
        self
    }

    /// The level of an attempt that failed and is followed by another; `None` says nothing. WARNING unless said.
    pub fn retry_level(mut self, level: Option<Level>) -> Self {
        self.limits.levels.retry = level;
        self
    }

    /// The level of giving up; `None` says nothing. ERROR unless said.
    pub fn fail_level(mut self, level: Option<Level>) -> Self {
        self.limits.levels.fail = level;
        self
    }

    /// The level of a success after a failure; `None` says nothing. INFO unless said.
    pub fn recover_level(mut self, level: Option<Level>) -> Self {
        self.limits.levels.recover = level;
        self
    }

    /// Calls `attempt` until it succeeds or is given up; the last error is returned as it is. The thread sleeps between
    /// two.
    ///
    /// A value that is to be tried again, the closure can make an error of. Of the error's causes nothing is known here:
    /// records have its `Display` alone.
    ///
    /// # Errors
    ///
    /// That of the last attempt.
    pub fn run<T, E: Display>(mut self, mut attempt: impl FnMut(Attempt) -> Result<T, E>) -> Result<T, E>
    where
        J: Judge<E>,
    {
        let (mut retry, started) = (Retry::new(&self.limits), now(false));
        let mut wait;
        loop {
            let returned = attempt(retry.attempt(&self.limits));
            (retry, wait) = match self.after(retry, started, returned) {
                Continue(next) => next,
                Break(returned) => return returned,
            };
            sleep::blocking(wait);
        }
    }

    /// What becomes of the call after an attempt: its end, or another one after a wait.
    pub(super) fn after<T, E: Display>(
        &mut self,
        retry: Retry,
        started: Instant,
        returned: Result<T, E>,
    ) -> ControlFlow<Result<T, E>, (Retry, Duration)>
    where
        J: Judge<E>,
    {
        let Err(error) = &returned else {
            retry.succeeded();
            return Break(returned);
        };
        let failed = Failed {
            verdict: self.judge.verdict(error),
            started: Some(started),
            failure: &|| Some(Failure::displayed(error)),
            policy: Some(&mut self.policy),
        };
        let source = Source::of(self.said.site());
        match retry.decide(source, &self.limits, &Fields::new(), failed) {
            (retry, Some(wait)) => Continue((retry, wait)),
            (_, None) => Break(returned),
        }
    }
}

impl Said {
    /// The site of this place in the source, made when it is first needed and kept for the life of the program.
    fn site(self) -> &'static Site {
        type Key = (Option<&'static str>, &'static str, &'static str, u32);
        static SITES: OnceLock<Mutex<HashMap<Key, &'static Site>>> = OnceLock::new();
        let (file, line) = (self.at.file(), self.at.line());
        let mut sites = SITES.get_or_init(Mutex::default).lock().unwrap_or_else(PoisonError::into_inner);
        sites.entry((self.name, self.target, file, line)).or_insert_with(|| {
            let name = self.name.unwrap_or_else(|| Box::leak(format!("{file}:{line}").into_boxed_str()));
            let levels = (Level::Warning, Level::Error);
            Box::leak(Box::new(Site::new(name, self.target, levels, (file, line))))
        })
    }
}
