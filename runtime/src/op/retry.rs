//! What `#[retry]` decides after each attempt, and what it says about it. The loop itself is in the annotated
//! function, one fresh block per attempt; this file neither calls nor waits.

use std::fmt;
use std::time::Duration;

use super::emit::Emission;
use super::outcome::Failure;
use super::policy::{Delay, Delays};
use super::site::Source;
use crate::json::{Fields, push_str, push_u64};
use crate::level::Level;
use crate::scope;

/// The options of one `#[retry]`.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// How many calls at most, the first one included.
    pub max_attempts: u32,
    /// How long to wait between two.
    pub delay: Delay,
    /// How loud it is.
    pub levels: Levels,
}

/// The levels of what is said; `None` says nothing.
#[derive(Clone, Copy, Debug)]
pub struct Levels {
    /// Of an attempt that failed and is followed by another.
    pub retry: Option<Level>,
    /// Of giving up.
    pub fail: Option<Level>,
    /// Of a success after a failure.
    pub recover: Option<Level>,
}

/// The attempts of one call of an annotated function: nothing but a word until one has failed.
#[derive(Debug, Default)]
pub struct Retry(Option<Box<Progress>>);

#[derive(Debug)]
struct Progress {
    source: Source,
    limits: Limits,
    /// The fields that the user named.
    named: Fields,
    failures: u32,
    slept: Duration,
    delays: Delays,
}

/// The attempt that `#[retry(bind = attempt)]` shows to the body of its function.
///
/// ```
/// use logwright::retry;
///
/// #[retry(max_attempts = 3, delay = 0, bind = attempt)]
/// fn fetch() -> Result<u32, String> {
///     if attempt.is_last() { Ok(attempt.number()) } else { Err("not yet".to_owned()) }
/// }
/// assert_eq!(fetch(), Ok(3));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attempt {
    number: u32,
    max: u32,
}

impl Attempt {
    /// Its number; the first is 1.
    #[must_use]
    pub const fn number(self) -> u32 {
        self.number
    }

    /// How many there are at most.
    #[must_use]
    pub const fn max(self) -> u32 {
        self.max
    }

    /// Whether its error would be the call's.
    #[must_use]
    pub const fn is_last(self) -> bool {
        self.number >= self.max
    }
}

/// A type that says whether an attempt failed.
#[diagnostic::on_unimplemented(
    message = "`#[retry]` needs a function that returns `Result`; this one returns `{Self}`",
    label = "not a `Result`"
)]
pub trait Attempted {
    /// What it fails with.
    type Error;

    /// The error of a failed attempt.
    fn error(&self) -> Option<&Self::Error>;
}

impl<T, E> Attempted for Result<T, E> {
    type Error = E;

    #[inline]
    fn error(&self) -> Option<&E> {
        self.as_ref().err()
    }
}

/// Whether an error is worth another attempt, by the function given as `when`.
#[inline]
pub fn wanted<E: ?Sized>(error: &E, when: impl FnOnce(&E) -> bool) -> bool {
    when(error)
}

impl Retry {
    /// Before the first attempt: no clock, no allocation.
    #[inline]
    #[must_use]
    pub const fn new() -> Self {
        Self(None)
    }

    /// The attempt that comes now, for the body of the function.
    #[inline]
    #[must_use]
    pub fn attempt(&self, limits: &Limits) -> Attempt {
        let failures = self.0.as_ref().map_or(0, |progress| progress.failures);
        Attempt { number: failures + 1, max: limits.max_attempts }
    }

    /// An argument for the attempt that comes now: the last one has it, those before have clones.
    #[inline]
    pub fn argument<T>(&self, limits: &Limits, slot: &mut Option<T>, clone: fn(&T) -> T) -> T {
        const WHY: &str = "the argument is there until the last attempt";
        if self.attempt(limits).is_last() {
            slot.take().expect(WHY)
        } else {
            clone(slot.as_ref().expect(WHY))
        }
    }

    /// After an attempt that succeeded.
    #[inline]
    pub fn succeeded(&self) {
        if let Some(progress) = &self.0 {
            progress.recovered();
        }
    }

    /// After an attempt that failed: how long to wait before the next one, or `None` to give up.
    #[cold]
    #[inline(never)]
    pub fn failed(
        &mut self,
        source: Source,
        limits: &Limits,
        named: &Fields,
        temporary: bool,
        failure: &dyn Fn() -> Option<Failure>,
    ) -> Option<Duration> {
        let new = || {
            Box::new(Progress {
                source,
                limits: *limits,
                named: named.clone(),
                failures: 0,
                slept: Duration::ZERO,
                delays: Delays::new(limits.delay),
            })
        };
        self.0.get_or_insert_with(new).failed(temporary, failure)
    }
}

impl Progress {
    fn failed(&mut self, temporary: bool, failure: &dyn Fn() -> Option<Failure>) -> Option<Duration> {
        self.failures += 1;
        if !temporary {
            self.give_up("not_retryable", failure);
            return None;
        }
        if self.failures >= self.limits.max_attempts {
            self.give_up("max_attempts", failure);
            return None;
        }
        let wait = self.delays.next();
        self.will_retry(wait, failure);
        self.slept = self.slept.saturating_add(wait);
        Some(wait)
    }

    fn will_retry(&self, wait: Duration, failure: &dyn Fn() -> Option<Failure>) {
        let attempt = self.failures;
        self.say(
            self.limits.levels.retry,
            "retry",
            failure,
            |fields| {
                count(fields, "attempt", u64::from(attempt));
                count(fields, "max_attempts", u64::from(self.limits.max_attempts));
                count(fields, "delay_ms", millis(wait));
                fields.add_display("delay_source", &"policy");
            },
            |text| format!("Attempt {attempt} failed: {text}. Retrying in {} seconds...", Seconds(wait)),
        );
    }

    fn give_up(&self, reason: &'static str, failure: &dyn Fn() -> Option<Failure>) {
        let attempts = self.failures;
        let declined = reason == "not_retryable" && attempts == 1;
        self.add_to_operation(attempts);
        self.say(
            if declined { Some(Level::Debug) } else { self.limits.levels.fail },
            "retry_gave_up",
            failure,
            |fields| {
                count(fields, "attempts", u64::from(attempts));
                fields.add_display("reason", &reason);
                count(fields, "slept_ms", millis(self.slept));
            },
            |text| {
                if declined {
                    format!("Not retrying: {text}")
                } else {
                    format!("Failed after {attempts} attempts: {text}")
                }
            },
        );
    }

    #[cold]
    #[inline(never)]
    fn recovered(&self) {
        let attempts = self.failures + 1;
        self.add_to_operation(attempts);
        self.say(
            self.limits.levels.recover,
            "retry_recovered",
            &|| None,
            |fields| {
                count(fields, "attempts", u64::from(attempts));
                count(fields, "slept_ms", millis(self.slept));
            },
            |_| format!("Succeeded after {attempts} attempts"),
        );
    }

    /// What the record of the enclosing operation counts.
    fn add_to_operation(&self, attempts: u32) {
        if let Some(scope) = scope::current() {
            let mut gathered = scope.gathered();
            gathered.attempts += u64::from(attempts);
            gathered.retry_wait_ms = gathered.retry_wait_ms.saturating_add(millis(self.slept));
        }
    }

    /// Writes one decision: as a record, and as an event of the current operation. Without either nothing is
    /// formatted.
    fn say(
        &self,
        level: Option<Level>,
        kind: &str,
        failure: &dyn Fn() -> Option<Failure>,
        fill: impl Fn(&mut Fields),
        message: impl FnOnce(&str) -> String,
    ) {
        let level = level.filter(|level| self.source.enabled_at(*level));
        let scope = scope::current();
        if level.is_none() && scope.is_none() {
            return;
        }
        let failure = failure();
        let mut fields = Fields::default();
        fields.add_display("name", &self.source.site.name);
        fill(&mut fields);
        fields.append(&self.named);
        let context = fields.finish();
        if let Some(scope) = &scope {
            scope.add_event(kind, &with_error(&context, failure.as_ref()));
        }
        if let Some(level) = level {
            let (ids, failure) = (scope.as_ref().map(|scope| scope.ids), failure.as_ref());
            let text = message(failure.map_or("", |failure| &failure.text));
            Emission { level, ids, context: &context, failure, ..Emission::default() }
                .send(self.source.metadata(level), format_args!("{text}"));
        }
    }
}

/// The data of the operation's event: the record's fields and the error's text.
fn with_error(context: &str, failure: Option<&Failure>) -> String {
    let mut data = context.to_owned();
    if let Some(failure) = failure {
        data.truncate(data.len() - 1);
        data.push_str(",\"error\":");
        push_str(&mut data, &failure.text);
        data.push('}');
    }
    data
}

fn count(fields: &mut Fields, key: &str, value: u64) {
    fields.add(key, |out| push_u64(out, value));
}

/// Rounded, as the message has it.
fn millis(time: Duration) -> u64 {
    u64::try_from(time.saturating_add(Duration::from_micros(500)).as_millis()).unwrap_or(u64::MAX)
}

/// Seconds as Python prints the guide's: at most three decimals, none that is not needed.
struct Seconds(Duration);

impl fmt::Display for Seconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let millis = millis(self.0);
        let decimals = format!("{}.{:03}", millis / 1000, millis % 1000);
        f.write_str(decimals.trim_end_matches('0').trim_end_matches('.'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_print_as_in_the_guide() {
        for (millis, expected) in [(0, "0"), (2000, "2"), (250, "0.25"), (1837, "1.837"), (10_000, "10")] {
            assert_eq!(Seconds(Duration::from_millis(millis)).to_string(), expected);
        }
    }
}
