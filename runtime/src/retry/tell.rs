//! What is said of each decision: a record of its own, and an event of the operation around it.

use std::fmt;
use std::time::Duration;

use super::limits::Levels;
use super::nested::is_nested;
use crate::json::{Fields, push_str, push_u64};
use crate::level::Level;
use crate::op::{Emission, Failure, Source};
use crate::scope::{self, Scope};

/// A wait before the next attempt, and whether it is what the error asked for.
pub(super) struct Wait {
    pub(super) time: Duration,
    pub(super) is_hint: bool,
}

impl Wait {
    fn add_to(&self, fields: &mut Fields) {
        count(fields, "delay_ms", millis(self.time));
        fields.add("delay_source", |out| push_str(out, if self.is_hint { "hint" } else { "policy" }));
    }
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

/// What was decided.
pub(super) enum Decision {
    /// Another attempt, after that one.
    Retry { attempt: u32, max_attempts: u32, wait: Wait },
    /// No more, although there was perhaps a wait to come.
    GiveUp { attempts: u32, reason: Reason, refused: Option<Wait>, slept: Duration },
    /// None is needed.
    Recovered { attempts: u32, slept: Duration },
}

impl Decision {
    /// The type of the event in an operation's record.
    const fn event(&self) -> &'static str {
        match self {
            Self::Retry { .. } => "retry",
            Self::GiveUp { .. } => "retry_gave_up",
            Self::Recovered { .. } => "retry_recovered",
        }
    }

    const fn level(&self, levels: Levels) -> Option<Level> {
        match self {
            Self::Retry { .. } => levels.retry,
            Self::GiveUp { .. } if self.is_declined() && levels.fail.is_some() => Some(Level::Debug),
            Self::GiveUp { .. } => levels.fail,
            Self::Recovered { .. } => levels.recover,
        }
    }

    /// Whether the first error was not worth a second attempt: nothing was retried, and so nothing has failed to help.
    const fn is_declined(&self) -> bool {
        matches!(self, Self::GiveUp { attempts: 1, reason: Reason::NotRetryable, .. })
    }

    fn add_to(&self, fields: &mut Fields) {
        match *self {
            Self::Retry { attempt, max_attempts, ref wait } => {
                count(fields, "attempt", attempt.into());
                count(fields, "max_attempts", max_attempts.into());
                wait.add_to(fields);
            }
            Self::GiveUp { attempts, reason, ref refused, slept } => {
                count(fields, "attempts", attempts.into());
                fields.add("reason", |out| push_str(out, reason.as_str()));
                if let Some(refused) = refused {
                    refused.add_to(fields);
                }
                count(fields, "slept_ms", millis(slept));
            }
            Self::Recovered { attempts, slept } => {
                count(fields, "attempts", attempts.into());
                count(fields, "slept_ms", millis(slept));
            }
        }
    }
}

/// The decision as a sentence, with the text of the error.
struct Message<'a>(&'a Decision, &'a str);

impl fmt::Display for Message<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(decision, error) = self;
        match decision {
            Decision::Retry { attempt, wait, .. } => {
                let seconds = Seconds(wait.time);
                write!(f, "Attempt {attempt} failed: {error}. Retrying in {seconds} seconds...")
            }
            Decision::GiveUp { .. } if decision.is_declined() => write!(f, "Not retrying: {error}"),
            Decision::GiveUp { attempts, .. } => write!(f, "Failed after {attempts} attempts: {error}"),
            Decision::Recovered { attempts, .. } => write!(f, "Succeeded after {attempts} attempts"),
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
    /// Those of one record, in a buffer for all of them.
    fields: Fields,
}

impl Told {
    pub(super) fn new(source: Source, levels: Levels, named: &Fields) -> Self {
        Self { source, levels, named: named.clone(), fields: Fields::new() }
    }

    /// Writes a decision. Where neither a record nor an operation is there for it, nothing is formatted.
    pub(super) fn say(
        &mut self,
        decision: &Decision,
        elapsed: Option<Duration>,
        failure: &dyn Fn() -> Option<Failure>,
    ) {
        let level = decision.level(self.levels).filter(|level| self.source.enabled_at(*level));
        let scope = scope::current();
        if let Some(scope) = &scope {
            count_in(scope, decision);
        }
        if level.is_none() && scope.is_none() {
            return;
        }
        let failure = failure();
        self.fill(decision, elapsed);
        let context = self.fields.as_str();
        if let Some(scope) = &scope {
            scope.add_event(decision.event(), &with_error(context, failure.as_ref()));
        }
        if let Some(level) = level {
            let (ids, failure) = (scope.as_ref().map(|scope| scope.ids), failure.as_ref());
            let message = Message(decision, failure.map_or(NOT_ACCEPTED, |failure| &failure.text));
            Emission { level, ids, context, failure, ..Emission::default() }
                .send(self.source.metadata(level), format_args!("{message}"));
        }
    }

    fn fill(&mut self, decision: &Decision, elapsed: Option<Duration>) {
        /// As much as a record needs without the user's own fields.
        const USUAL: usize = 192;
        let fields = &mut self.fields;
        fields.clear();
        fields.reserve(USUAL);
        fields.add("name", |out| push_str(out, self.source.site.name));
        decision.add_to(fields);
        if let Some(elapsed) = elapsed {
            count(fields, "elapsed_ms", millis(elapsed));
        }
        if is_nested() {
            fields.add("nested", |out| out.push_str("true"));
        }
        fields.append(&self.named);
        fields.close();
    }
}

/// Said of a value to be tried again, which is not shown: it may be anything.
const NOT_ACCEPTED: &str = "value not accepted";

/// What the record of the operation counts; at once, as the call may be cancelled while it waits.
fn count_in(scope: &Scope, decision: &Decision) {
    let mut gathered = scope.gathered();
    gathered.attempts += 1;
    if let Decision::Retry { wait, .. } = decision {
        gathered.retry_wait_ms = gathered.retry_wait_ms.saturating_add(millis(wait.time));
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
        let (mut decimals, mut width) = (millis % 1000, 3);
        while decimals % 10 == 0 && width > 0 {
            (decimals, width) = (decimals / 10, width - 1);
        }
        write!(f, "{}", millis / 1000)?;
        if width > 0 { write!(f, ".{decimals:0width$}") } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_print_as_in_the_guide() {
        for (millis, expected) in [
            (0, "0"),
            (2000, "2"),
            (250, "0.25"),
            (1837, "1.837"),
            (10_000, "10"),
            (5, "0.005"),
            (1010, "1.01"),
        ] {
            assert_eq!(Seconds(Duration::from_millis(millis)).to_string(), expected);
        }
    }
}
