//! What is said of each decision: a record of its own, and an event of the operation around it.

use std::fmt;
use std::time::Duration;

use super::limits::Levels;
use super::nested::is_nested;
use crate::json::{Fields, push_str, push_u64};
use crate::level::Level;
use crate::op::{Emission, Failure, Source};
use crate::scope;

/// A wait before the next attempt, and whether it is what the error asked for.
pub(super) struct Wait {
    pub(super) time: Duration,
    pub(super) is_hint: bool,
}

/// Why a call is given up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reason {
    MaxAttempts,
    Deadline,
    PolicyStop,
    Budget,
    RetryAfterTooLong,
    NotRetryable,
    NoSleeper,
}

impl Reason {
    const fn as_str(self) -> &'static str {
        match self {
            Self::MaxAttempts => "max_attempts",
            Self::Deadline => "deadline",
            Self::PolicyStop => "policy_stop",
            Self::Budget => "budget",
            Self::RetryAfterTooLong => "retry_after_too_long",
            Self::NotRetryable => "not_retryable",
            Self::NoSleeper => "no_sleeper",
        }
    }
}

/// In whose name it is said, how loud, and with what.
#[derive(Debug)]
pub(super) struct Told {
    source: Source,
    levels: Levels,
    /// The fields that the user named.
    named: Fields,
}

/// What is known of an error, if there is one.
type Known<'a> = &'a dyn Fn() -> Option<Failure>;

impl Told {
    pub(super) fn new(source: Source, levels: Levels, named: &Fields) -> Self {
        Self { source, levels, named: named.clone() }
    }

    pub(super) fn will_retry(
        &self,
        attempt: u32,
        max_attempts: u32,
        wait: &Wait,
        elapsed: Option<Duration>,
        failure: Known<'_>,
    ) {
        self.say(
            self.levels.retry,
            "retry",
            failure,
            |fields| {
                count(fields, "attempt", attempt.into());
                count(fields, "max_attempts", max_attempts.into());
                count(fields, "delay_ms", millis(wait.time));
                fields.add_display("delay_source", &if wait.is_hint { "hint" } else { "policy" });
                time(fields, elapsed);
            },
            |text| format!("Attempt {attempt} failed: {text}. Retrying in {} seconds...", Seconds(wait.time)),
        );
    }

    pub(super) fn gave_up(
        &self,
        attempts: u32,
        reason: Reason,
        slept: Duration,
        elapsed: Option<Duration>,
        failure: Known<'_>,
    ) {
        let is_declined = reason == Reason::NotRetryable && attempts == 1;
        add_to_operation(attempts, slept);
        self.say(
            if is_declined { Some(Level::Debug) } else { self.levels.fail },
            "retry_gave_up",
            failure,
            |fields| {
                count(fields, "attempts", attempts.into());
                fields.add_display("reason", &reason.as_str());
                count(fields, "slept_ms", millis(slept));
                time(fields, elapsed);
            },
            |text| {
                if is_declined {
                    format!("Not retrying: {text}")
                } else {
                    format!("Failed after {attempts} attempts: {text}")
                }
            },
        );
    }

    pub(super) fn recovered(&self, attempts: u32, slept: Duration, elapsed: Option<Duration>) {
        add_to_operation(attempts, slept);
        self.say(
            self.levels.recover,
            "retry_recovered",
            &|| None,
            |fields| {
                count(fields, "attempts", attempts.into());
                count(fields, "slept_ms", millis(slept));
                time(fields, elapsed);
            },
            |_| format!("Succeeded after {attempts} attempts"),
        );
    }

    /// Writes one decision. Where neither a record nor an operation is there for it, nothing is formatted.
    fn say(
        &self,
        level: Option<Level>,
        kind: &str,
        failure: Known<'_>,
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
        if is_nested() {
            fields.add("nested", |out| out.push_str("true"));
        }
        fields.append(&self.named);
        let context = fields.finish();
        if let Some(scope) = &scope {
            scope.add_event(kind, &with_error(&context, failure.as_ref()));
        }
        if let Some(level) = level {
            let (ids, failure) = (scope.as_ref().map(|scope| scope.ids), failure.as_ref());
            let text = message(failure.map_or(NOT_ACCEPTED, |failure| &failure.text));
            Emission { level, ids, context: &context, failure, ..Emission::default() }
                .send(self.source.metadata(level), format_args!("{text}"));
        }
    }
}

/// Said of a value to be tried again, which is not shown: it may be anything.
const NOT_ACCEPTED: &str = "value not accepted";

/// What the record of the enclosing operation counts.
fn add_to_operation(attempts: u32, slept: Duration) {
    if let Some(scope) = scope::current() {
        let mut gathered = scope.gathered();
        gathered.attempts += u64::from(attempts);
        gathered.retry_wait_ms = gathered.retry_wait_ms.saturating_add(millis(slept));
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

fn time(fields: &mut Fields, elapsed: Option<Duration>) {
    if let Some(elapsed) = elapsed {
        count(fields, "elapsed_ms", millis(elapsed));
    }
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
