//! What `#[retry]` tells and what it hands back: the guide's messages, the waits that were really asked for, the error
//! itself; and that nothing is formatted for nobody.

use std::cell::Cell;
use std::fmt::{self, Display};
use std::sync::Arc;
use std::time::Duration;

use logwright::Level::{Error, Warning};
use logwright::retry;
use logwright::retry::{Delay, Jitter, testing};
use tracing::Level;

use crate::support::{contexts, heard, lines, run, run_paused};

#[test]
fn messages_are_those_of_the_guide() {
    macro_rules! said {
        ($delay:literal => $seconds:literal) => {{
            #[retry(2, $delay)]
            fn fails() -> Result<(), &'static str> {
                Err("Network error")
            }
            let _quick = testing::no_waiting();
            let retrying = format!("Attempt 1 failed: Network error. Retrying in {} seconds...", $seconds);
            let expected =
                [(Warning, retrying), (Error, "Failed after 2 attempts: Network error".to_owned())];
            assert_eq!(lines(|| assert!(fails().is_err())), expected);
        }};
    }
    said!(1 => "1");
    said!(2 => "2");
    said!(0.25 => "0.25");
    said!(0 => "0");
    said!("1.8374s" => "1.837");
    said!("1m" => "60");
}

#[test]
fn the_wait_that_is_told_is_the_one_that_is_waited() {
    let _quick = testing::no_waiting();
    let delay = Delay::linear(Duration::from_secs(1)).jitter(Jitter::Full);
    let contexts = contexts(|| {
        let _ = retry::with(delay).max_attempts(50).run(|_| Err::<(), _>("busy"));
    });
    let told: Vec<_> = contexts.iter().filter_map(|context| context["delay_ms"].as_u64()).collect();
    let millis = |wait: Duration| (wait.as_secs_f64() * 1000.0).round() as u64;
    let waits = testing::recorded_waits();
    let waited: Vec<_> = waits.iter().copied().map(millis).collect();
    assert_eq!((told.len(), &told), (49, &waited));
    assert_eq!(contexts[49]["slept_ms"], millis(waits.iter().sum()));
}

#[derive(Debug)]
struct Top(Arc<str>);

impl Display for Top {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("cannot fetch")
    }
}

impl std::error::Error for Top {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&fmt::Error)
    }
}

#[test]
fn the_error_is_the_functions_own_and_its_causes_are_told() {
    #[retry(2, 0)]
    fn fails(shared: &Arc<str>) -> Result<(), Top> {
        Err(Top(Arc::clone(shared)))
    }
    #[retry(2, 0)]
    async fn fails_later() -> Result<(), anyhow::Error> {
        Err(anyhow::Error::new(Top("x".into())).context("outer"))
    }
    let shared: Arc<str> = "shared".into();
    let records = logwright::testing::capture(|| {
        assert!(Arc::ptr_eq(&fails(&shared).unwrap_err().0, &shared));
        assert!(run(fails_later()).unwrap_err().is::<Top>());
    });
    let chains: Vec<_> = records.iter().map(|record| record.error_chain.as_str().to_owned()).collect();
    let cause = fmt::Error.to_string();
    let (one, two) = (format!("[\"{cause}\"]"), format!("[\"cannot fetch\",\"{cause}\"]"));
    assert_eq!(chains, [&*one, &*one, &*two, &*two]);
    assert_eq!(records[0].error.as_deref(), Some("cannot fetch"));
}

#[test]
fn leaving_the_body_early_ends_the_attempt_alone() {
    #[retry(4, 0, bind = attempt)]
    fn leaves(seen: &mut Vec<u32>) -> Result<u32, std::num::ParseIntError> {
        'pages: for page in 0.. {
            for other in 0..3 {
                match (attempt.number(), other) {
                    (_, 0) => continue,
                    (_, 1) if page < 1 => continue 'pages,
                    (1, _) => "by a question mark".parse::<u32>()?,
                    (2, _) => return "by return".parse(),
                    (3, _) => break 'pages,
                    _ => return Ok(page),
                };
            }
        }
        seen.push(attempt.number());
        "by its tail".parse()
    }
    let mut seen = Vec::new();
    assert_eq!(leaves(&mut seen), Ok(1));
    assert_eq!(seen, [3]);
}

/// Counts how often it is shown.
struct Shown<'a>(&'a Cell<u32>);

impl Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.set(self.0.get() + 1);
        f.write_str("shown")
    }
}

#[test]
fn an_error_is_shown_only_to_those_who_want_its_level() {
    #[retry(3, 0)]
    fn fails(shown: &Cell<u32>) -> Result<(), Shown<'_>> {
        Err(Shown(shown))
    }
    let shown = Cell::new(0);
    for (filter, times) in [
        ((|_| false) as fn(&tracing::Metadata<'_>) -> bool, 0),
        (|metadata| *metadata.level() <= Level::ERROR, 1),
        (|metadata| *metadata.level() <= Level::WARN, 3),
    ] {
        shown.set(0);
        let heard = heard(filter, || assert!(fails(&shown).is_err()));
        assert_eq!((shown.get(), heard.len()), (times, times as usize));
    }
}

#[test]
fn name_and_target_are_as_asked() {
    #[retry(1, name = "fetch", target = "site::pages")]
    fn fails() -> Result<(), u8> {
        Err(1)
    }
    let heard = heard(|_| true, || assert!(fails().is_err()));
    assert_eq!(heard, ["ERROR site::pages: Failed after 1 attempts: 1"]);
    assert_eq!(contexts(|| assert!(fails().is_err()))[0]["name"], "fetch");
}

#[test]
fn an_error_in_a_box_may_borrow() {
    #[retry(1)]
    fn plain<'a>(text: &'a str) -> Result<(), Box<dyn std::error::Error + 'a>> {
        Err(text.into())
    }
    #[retry(1)]
    async fn later<'a>(text: &'a str) -> Result<(), Box<dyn std::error::Error + Send + Sync + 'a>> {
        Err(text.into())
    }
    let text = "borrowed".to_owned();
    let expected = [(Error, "Failed after 1 attempts: borrowed".to_owned())];
    assert_eq!(lines(|| assert!(plain(&text).is_err())), expected);
    assert_eq!(lines(|| assert!(run(later(&text)).is_err())), expected);
}

#[test]
fn an_operation_counts_the_attempts_of_a_call_that_is_cancelled() {
    #[retry(9, "1h")]
    async fn fails() -> Result<(), u8> {
        Err(1)
    }
    #[logwright::structured_op]
    async fn operation() {
        let _ = tokio::time::timeout(Duration::from_secs(2 * 3600 - 1), fails()).await;
    }
    let records = logwright::testing::capture(|| run_paused(operation()));
    let end = records.last().unwrap();
    assert_eq!((end.attempts, end.retry_wait_ms), (Some(2), Some(2 * 3600 * 1000)));
}
