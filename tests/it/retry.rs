//! `#[retry]` on plain functions: what is tried, what is said, what comes back.

use std::cell::Cell;

use logwright::Level::{Debug, Error, Info, Warning};
use logwright::record::Status;
use logwright::{retry, structured_op, testing};

use crate::support::{lines, run};

thread_local! {
    static CALLS: Cell<u32> = const { Cell::new(0) };
}

fn next_call() -> u32 {
    CALLS.replace(CALLS.get() + 1) + 1
}

/// Fails as often as it is told, by `?`.
#[retry(max_attempts = 3, delay = 0)]
fn flaky(failures: u32) -> Result<u32, String> {
    let call = next_call();
    (call > failures).then_some(()).ok_or_else(|| format!("call {call}\nis too early"))?;
    Ok(call)
}

#[test]
fn success_at_once_says_nothing() {
    CALLS.set(0);
    assert_eq!(lines(|| assert_eq!(flaky(0), Ok(1))), []);
}

#[test]
fn a_success_after_failures_says_how_many() {
    CALLS.set(0);
    let expected = [
        (Warning, "Attempt 1 failed: call 1\nis too early. Retrying in 0 seconds...".to_owned()),
        (Warning, "Attempt 2 failed: call 2\nis too early. Retrying in 0 seconds...".to_owned()),
        (Info, "Succeeded after 3 attempts".to_owned()),
    ];
    assert_eq!(lines(|| assert_eq!(flaky(2), Ok(3))), expected);
}

#[test]
fn the_last_error_is_returned_when_attempts_run_out() {
    CALLS.set(0);
    let said = lines(|| assert_eq!(flaky(9), Err("call 3\nis too early".to_owned())));
    assert_eq!(CALLS.get(), 3);
    assert_eq!(said.len(), 3);
    assert_eq!(said[2], (Error, "Failed after 3 attempts: call 3\nis too early".to_owned()));
}

#[test]
fn an_error_that_is_not_temporary_is_not_tried_again() {
    #[retry(max_attempts = 5, delay = 0, when = |error: &u32| *error < 2)]
    fn until_two() -> Result<(), u32> {
        Err(next_call())
    }
    CALLS.set(0);
    let said = lines(|| assert_eq!(until_two(), Err(2)));
    assert_eq!(said.last().unwrap(), &(Error, "Failed after 2 attempts: 2".to_owned()));
    let said = lines(|| assert_eq!(until_two(), Err(3)));
    assert_eq!(said, [(Debug, "Not retrying: 3".to_owned())]);
}

#[test]
fn a_path_and_an_untyped_closure_do_as_conditions() {
    fn never(_: &String) -> bool {
        false
    }
    #[retry(when = never)]
    fn by_path() -> Result<(), String> {
        next_call();
        Err("x".into())
    }
    #[retry(when = |error| error.starts_with("busy"))]
    fn by_closure() -> Result<(), String> {
        next_call();
        Err("x".into())
    }
    CALLS.set(0);
    assert!(by_path().is_err() && by_closure().is_err());
    assert_eq!(CALLS.get(), 2);
}

#[test]
fn a_panic_is_never_retried() {
    #[retry(max_attempts = 3, delay = 0)]
    fn bursts() -> Result<(), String> {
        next_call();
        panic!("burst")
    }
    CALLS.set(0);
    assert_eq!(lines(|| assert!(std::panic::catch_unwind(bursts).is_err())), []);
    assert_eq!(CALLS.get(), 1);
}

#[test]
fn one_attempt_never_waits_and_gives_up() {
    #[retry(max_attempts = 1, delay = "1h")]
    fn once() -> Result<(), &'static str> {
        Err("no")
    }
    assert_eq!(lines(|| assert!(once().is_err())), [(Error, "Failed after 1 attempts: no".to_owned())]);
}

#[test]
fn numbers_may_stand_first() {
    #[retry(2, "1ms")]
    fn twice() -> Result<(), &'static str> {
        next_call();
        Err("no")
    }
    CALLS.set(0);
    let said = lines(|| assert!(twice().is_err()));
    assert_eq!(said[0].1, "Attempt 1 failed: no. Retrying in 0.001 seconds...");
    assert_eq!(CALLS.get(), 2);
}

#[test]
fn the_logged_wait_is_the_slept_wait() {
    #[retry(max_attempts = 4, delay = 0.02, backoff = exponential)]
    fn fails() -> Result<(), &'static str> {
        Err("no")
    }
    let began = std::time::Instant::now();
    let records = testing::capture(|| assert!(fails().is_err()));
    let took = began.elapsed().as_millis();
    let logged: u64 =
        records.iter().filter_map(|record| record.context.to_value()["delay_ms"].as_u64()).sum();
    // Each of the three is rounded to the millisecond.
    assert!(u128::from(logged) <= took + 3 && took < u128::from(logged) + 5000, "{logged} {took}");
    assert!(logged <= 20 + 40 + 80 + 3);
}

#[test]
fn the_body_sees_its_attempt() {
    #[retry(max_attempts = 3, delay = 0, bind = attempt)]
    fn numbered() -> Result<(u32, u32), String> {
        if attempt.is_last() { Ok((attempt.number(), attempt.max())) } else { Err(format!("{attempt:?}")) }
    }
    assert_eq!(numbered(), Ok((3, 3)));
}

struct Downloader {
    left: u32,
    seen: Vec<u32>,
}

impl Downloader {
    #[retry(max_attempts = 3, delay = 0)]
    fn fetch(&mut self, into: &mut Vec<u32>, name: &str) -> Result<usize, String> {
        self.left -= 1;
        self.seen.push(self.left);
        into.push(self.left);
        if self.left > 0 { Err(name.to_owned()) } else { Ok(into.len()) }
    }

    #[retry(delay = 0)]
    fn newest(&self) -> Result<&u32, String> {
        self.seen.last().ok_or_else(|| "none".to_owned())
    }
}

#[test]
fn methods_keep_their_borrows_over_attempts() {
    let mut downloader = Downloader { left: 3, seen: Vec::new() };
    let mut into = Vec::new();
    assert_eq!(downloader.fetch(&mut into, "x"), Ok(3));
    assert_eq!(downloader.newest(), Ok(&0));
}

#[test]
fn an_operation_around_it_counts_attempts_and_waiting() {
    #[structured_op]
    #[retry(max_attempts = 2, delay = "5ms")]
    fn download() -> Result<(), &'static str> {
        Err("busy")
    }
    let records = testing::capture(|| assert!(download().is_err()));
    let end = records.last().unwrap();
    assert_eq!((end.status, end.attempts, end.retry_wait_ms), (Some(Status::Failure), Some(2), Some(5)));
    let events = end.events.to_value();
    let kinds: Vec<_> =
        events.as_array().unwrap().iter().map(|event| event["type"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["retry", "retry_gave_up"]);
    assert_eq!(events[0]["data"]["error"], "busy");
    assert_eq!(events[1]["data"]["reason"], "max_attempts");
    let ids: Vec<_> = records.iter().map(|record| record.op_id).collect();
    assert!(ids.iter().all(|id| *id == end.op_id && id.is_some()), "{ids:?}");
}

#[test]
fn an_error_is_formatted_only_for_somebody() {
    struct Counted;
    impl std::fmt::Display for Counted {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            next_call();
            f.write_str("counted")
        }
    }
    #[retry(max_attempts = 3, delay = 0)]
    fn fails() -> Result<(), Counted> {
        Err(Counted)
    }
    CALLS.set(0);
    assert!(fails().is_err());
    assert_eq!(CALLS.get(), 0);
    testing::capture(|| assert!(fails().is_err()));
    assert_eq!(CALLS.get(), 3);
}

#[test]
fn each_attempt_begins_with_the_arguments_as_they_were_given() {
    #[retry(3, 0)]
    fn count_up(mut n: u32, mut text: &str, seen: &mut Vec<(u32, String)>) -> Result<(), u32> {
        seen.push((n, text.to_owned()));
        n += 1;
        text = &text[1..];
        Err(n + text.len() as u32)
    }

    #[retry(3, 0)]
    async fn count_up_async(mut n: u32, seen: &mut Vec<u32>) -> Result<(), u32> {
        seen.push(n);
        n += 1;
        Err(n)
    }

    let (mut seen, mut seen_async) = (Vec::new(), Vec::new());
    let _ = count_up(1, "abc", &mut seen);
    assert_eq!(seen, vec![(1, "abc".to_owned()); 3]);
    let _ = run(count_up_async(1, &mut seen_async));
    assert_eq!(seen_async, [1; 3]);
}
