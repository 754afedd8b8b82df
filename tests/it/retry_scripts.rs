//! Random scripts of answers, played to `#[retry]` in all its forms: plain and async, by attribute and by closure. All
//! must do and say what a machine of a few lines does, which is written here from the documentation.

use std::cell::Cell;
use std::time::Duration;

use logwright::retry;
use logwright::retry::{AttemptCtx, Classify, Policy, Verdict, testing};
use logwright::{Level, structured_op};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::run_paused;

const MAX_ATTEMPTS: u32 = 6;
const MAX_DELAY: u64 = 5_000;
/// No sum of whole seconds is this, so that the real time that goes by makes no difference.
const MAX_ELAPSED: u64 = 10_500;

/// What an attempt answers; times are in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Answer {
    Fine,
    Busy,
    Gone,
    Later(u64),
}

impl std::fmt::Display for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{self:?}")
    }
}

impl Classify for Answer {
    fn classify(&self) -> Verdict {
        match self {
            Self::Gone => Verdict::Permanent,
            Self::Later(millis) => Verdict::After(Duration::from_millis(*millis)),
            _ => Verdict::Retry,
        }
    }
}

#[derive(Clone, Debug)]
struct Script {
    /// What the attempts answer; those beyond succeed.
    answers: Vec<Answer>,
    /// What the policy says; beyond, it stops.
    delays: Vec<u64>,
    max_attempts: u32,
    is_limited: bool,
}

fn scripts() -> impl Strategy<Value = Script> {
    let millis = (0..8_u64).prop_map(|secs| secs * 1000);
    let answer = prop_oneof![
        1 => Just(Answer::Fine),
        5 => Just(Answer::Busy),
        1 => Just(Answer::Gone),
        3 => millis.clone().prop_map(Answer::Later),
    ];
    (
        prop::collection::vec(answer, 0..8),
        prop::collection::vec(millis, 2..8),
        1..=MAX_ATTEMPTS,
        any::<bool>(),
    )
        .prop_map(|(answers, delays, max_attempts, is_limited)| Script {
            answers,
            delays,
            max_attempts,
            is_limited,
        })
}

/// What came of a call: its value, how often the function was called, the waits, and what was said.
#[derive(Debug, PartialEq)]
struct Played {
    value: Result<u32, Answer>,
    calls: u32,
    waits: Vec<u64>,
    said: Vec<Said>,
}

#[derive(Clone, Debug, PartialEq)]
struct Said {
    kind: &'static str,
    level: Level,
    message: String,
    fields: Value,
    error: Option<String>,
}

/// The machine.
fn expected(script: &Script) -> Played {
    let (mut calls, mut waits, mut said) = (0, Vec::new(), Vec::new());
    let value = loop {
        let answer = script.answers.get(calls as usize).copied().unwrap_or(Answer::Fine);
        calls += 1;
        let slept: u64 = waits.iter().sum();
        if answer == Answer::Fine {
            if calls > 1 {
                let fields = json!({"name": "played", "attempts": calls, "slept_ms": slept});
                let message = format!("Succeeded after {calls} attempts");
                said.push(Said { kind: "retry_recovered", level: Level::Info, message, fields, error: None });
            }
            break Ok(calls);
        }
        let error = Some(answer.to_string());
        match wait(script, answer, calls, slept) {
            Ok((wait, source)) => {
                let fields = json!({
                    "name": "played", "attempt": calls, "max_attempts": script.max_attempts,
                    "delay_ms": wait, "delay_source": source,
                });
                let message =
                    format!("Attempt {calls} failed: {answer}. Retrying in {} seconds...", wait / 1000);
                said.push(Said { kind: "retry", level: Level::Warning, message, fields, error });
                waits.push(wait);
            }
            Err((reason, refused)) => {
                let mut fields =
                    json!({"name": "played", "attempts": calls, "reason": reason, "slept_ms": slept});
                if let Some((wait, source)) = refused {
                    fields["delay_ms"] = wait.into();
                    fields["delay_source"] = source.into();
                }
                let (level, message) = if (reason, calls) == ("not_retryable", 1) {
                    (Level::Debug, format!("Not retrying: {answer}"))
                } else {
                    (Level::Error, format!("Failed after {calls} attempts: {answer}"))
                };
                said.push(Said { kind: "retry_gave_up", level, message, fields, error });
                break Err(answer);
            }
        }
    };
    Played { value, calls, waits, said }
}

/// How long, and by whose wish: the policy's or the error's.
type Wait = (u64, &'static str);

/// The machine's wait after a failure; or why there is none, and which it would have been.
fn wait(
    script: &Script,
    answer: Answer,
    calls: u32,
    slept: u64,
) -> Result<Wait, (&'static str, Option<Wait>)> {
    if answer == Answer::Gone {
        return Err(("not_retryable", None));
    }
    if calls == script.max_attempts {
        return Err(("max_attempts", None));
    }
    let planned = *script.delays.get(calls as usize - 1).ok_or(("policy_stop", None))?.min(&MAX_DELAY);
    let (wait, source) = match answer {
        Answer::Later(hint) if hint > planned => (hint, "hint"),
        _ => (planned, "policy"),
    };
    let is_late = script.is_limited && slept + wait > MAX_ELAPSED;
    match source {
        "hint" if wait > MAX_DELAY || is_late => Err(("retry_after_too_long", Some((wait, source)))),
        _ if is_late => Err(("deadline", Some((wait, source)))),
        _ => Ok((wait, source)),
    }
}

/// What is played, and how often it was asked.
struct Player<'a> {
    script: &'a Script,
    calls: &'a Cell<u32>,
}

impl Player<'_> {
    fn answer(&self) -> Result<u32, Answer> {
        let answer = self.script.answers.get(self.calls.replace(self.calls.get() + 1) as usize);
        match answer {
            None | Some(Answer::Fine) => Ok(self.calls.get()),
            Some(answer) => Err(*answer),
        }
    }

    fn policy(&self) -> impl Policy + use<'_> {
        |context: &AttemptCtx<'_>| {
            self.script.delays.get(context.attempt() as usize - 1).copied().map(Duration::from_millis)
        }
    }

    #[retry(name = "played", max_attempts = 6, max_delay = "5s", policy = self.policy(), classify)]
    fn unlimited(&self) -> Result<u32, Answer> {
        self.answer()
    }

    #[retry(name = "played", max_attempts = 6, max_delay = "5s", max_elapsed = "10.5s", policy = self.policy(), classify)]
    fn limited(&self) -> Result<u32, Answer> {
        self.answer()
    }

    #[retry(name = "played", max_attempts = 6, max_delay = "5s", policy = self.policy(), classify)]
    async fn unlimited_later(&self) -> Result<u32, Answer> {
        tokio::task::yield_now().await;
        self.answer()
    }

    #[retry(name = "played", max_attempts = 6, max_delay = "5s", max_elapsed = "10.5s", policy = self.policy(), classify)]
    async fn limited_later(&self) -> Result<u32, Answer> {
        tokio::task::yield_now().await;
        self.answer()
    }

    fn with(&self) -> retry::Retrying<impl Policy + use<'_>> {
        let call = retry::with(self.policy()).name("played").target(module_path!());
        let call = call.max_attempts(MAX_ATTEMPTS).max_delay(Duration::from_millis(MAX_DELAY));
        if self.script.is_limited { call.max_elapsed(Duration::from_millis(MAX_ELAPSED)) } else { call }
    }

    /// By attribute or by closure, plain or async.
    fn call(&self, form: Form) -> Result<u32, Answer> {
        match (form, self.script.is_limited) {
            (Form::Plain, false) => self.unlimited(),
            (Form::Plain, true) => self.limited(),
            (Form::Async, false) => run_paused(self.unlimited_later()),
            (Form::Async, true) => run_paused(self.limited_later()),
            (Form::With, _) => self.with().classify().run(|_| self.answer()),
            (Form::WithAsync, _) => run_paused(self.with().classify().run_async(async |_| self.answer())),
        }
    }
}

#[derive(Clone, Copy, Debug)]
enum Form {
    Plain,
    Async,
    With,
    WithAsync,
}

const FORMS: [Form; 4] = [Form::Plain, Form::Async, Form::With, Form::WithAsync];

/// Fields without the time that really went by, which all have.
fn untimed(mut fields: Value) -> Value {
    assert!(fields.as_object_mut().unwrap().remove("elapsed_ms").unwrap().is_u64());
    fields
}

fn kind(message: &str) -> &'static str {
    if message.starts_with("Attempt ") {
        "retry"
    } else if message.starts_with("Succeeded ") {
        "retry_recovered"
    } else {
        "retry_gave_up"
    }
}

fn played(script: &Script, form: Form) -> Played {
    let (_quick, _cap) = (testing::no_waiting(), testing::cap_attempts(script.max_attempts));
    let calls = Cell::new(0);
    let mut value = Ok(0);
    let records = logwright::testing::capture(|| value = Player { script, calls: &calls }.call(form));
    let said = records.into_iter().map(|record| {
        assert_eq!(record.logger, module_path!());
        Said {
            kind: kind(&record.message),
            level: record.level,
            fields: untimed(record.context.to_value()),
            error: record.error.map(Into::into),
            message: record.message.into_owned(),
        }
    });
    let waits = testing::recorded_waits().iter().map(|wait| wait.as_millis() as u64).collect();
    Played { value, calls: calls.get(), waits, said: said.collect() }
}

/// The events of an operation around it, and what its record counts.
fn gathered(script: &Script, form: Form) -> (Vec<(String, Value)>, Option<u64>, Option<u64>) {
    #[structured_op]
    fn operation(player: &Player<'_>, form: Form) -> Result<u32, Answer> {
        player.call(form)
    }
    let (_quick, _cap) = (testing::no_waiting(), testing::cap_attempts(script.max_attempts));
    let calls = Cell::new(0);
    let player = Player { script, calls: &calls };
    let records = logwright::testing::capture(|| {
        let _ = operation(&player, form);
    });
    let end = records.last().unwrap();
    let events = match end.events.to_value() {
        Value::Array(events) => events,
        _ => Vec::new(),
    };
    let told = |event: Value| (event["type"].as_str().unwrap().to_owned(), untimed(event["data"].clone()));
    (events.into_iter().map(told).collect(), end.attempts, end.retry_wait_ms)
}

proptest! {
    #[test]
    fn every_form_does_and_says_what_the_machine_does(script in scripts()) {
        let expected = expected(&script);
        for form in FORMS {
            prop_assert_eq!(&played(&script, form), &expected, "{:?}", form);
        }
    }

    #[test]
    fn an_operation_is_told_the_same(script in scripts()) {
        let expected = expected(&script);
        let events: Vec<_> = expected.said.iter().map(|said| {
            let mut data = said.fields.clone();
            if let Some(error) = &said.error {
                data["error"] = error.as_str().into();
            }
            (said.kind.to_owned(), data)
        }).collect();
        // A success at once is no retry, and counts as none.
        let attempts = (!events.is_empty()).then(|| u64::from(expected.calls));
        let waited = Some(expected.waits.iter().sum()).filter(|waited| *waited > 0);
        for form in FORMS {
            let (told, counted, wait) = gathered(&script, form);
            prop_assert_eq!(&told, &events, "{:?}", form);
            prop_assert_eq!((counted, wait), (attempts, waited), "{:?}", form);
        }
    }
}

#[test]
fn the_machine_knows_every_way_out() {
    let script = |answers: &[Answer], delays: &[u64], is_limited| Script {
        answers: answers.to_vec(),
        delays: delays.to_vec(),
        max_attempts: 3,
        is_limited,
    };
    let reason = |script: &Script| match expected(script).said.last() {
        Some(said) => said.fields["reason"].as_str().unwrap_or(said.kind).to_owned(),
        None => String::new(),
    };
    use Answer::{Busy, Fine, Gone, Later};
    for (answers, delays, is_limited, expected) in [
        (&[Fine][..], &[1000][..], false, ""),
        (&[Busy], &[1000], false, "retry_recovered"),
        (&[Busy; 3], &[1000; 2], false, "max_attempts"),
        (&[Busy; 3], &[1000], false, "policy_stop"),
        (&[Busy, Gone], &[1000], false, "not_retryable"),
        (&[Later(6000)], &[1000], false, "retry_after_too_long"),
        (&[Busy; 3], &[5000, 6000], false, "max_attempts"),
    ] {
        assert_eq!(reason(&script(answers, delays, is_limited)), expected, "{answers:?}");
    }
    let long = Script { max_attempts: 6, ..script(&[Busy; 6], &[5000; 6], true) };
    assert_eq!(reason(&long), "deadline");
    assert_eq!(played(&long, Form::Plain).calls, 3);
}
