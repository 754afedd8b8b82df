//! What is worth another attempt, and when: `when`, `when_ok`, `classify` and `retry_after`.

use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use logwright::Level::{Debug, Error, Info, Warning};
use logwright::retry::{Classify, Verdict, testing};
use logwright::{retry, structured_op};

use crate::support::{contexts, lines, run};

const SECOND: Duration = Duration::from_secs(1);

/// The waits of `body`, in milliseconds.
fn waits(body: impl FnOnce()) -> Vec<u128> {
    let _quick = testing::no_waiting();
    body();
    testing::recorded_waits().iter().map(Duration::as_millis).collect()
}

/// Why `body` gave up.
fn reason(body: impl FnOnce()) -> String {
    contexts(body).last().unwrap()["reason"].as_str().unwrap().to_owned()
}

#[test]
fn a_condition_sees_each_error_once_and_the_last_one_too() {
    #[retry(3, 0, when = |error: &u32| { seen.borrow_mut().push(*error); *error != stop }, bind = attempt)]
    fn fails(stop: u32, seen: &RefCell<Vec<u32>>) -> Result<(), u32> {
        Err(attempt.number())
    }
    for (stop, expected) in [(1, vec![1]), (2, vec![1, 2]), (3, vec![1, 2, 3]), (9, vec![1, 2, 3])] {
        let seen = RefCell::default();
        assert_eq!(fails(stop, &seen), Err(*expected.last().unwrap()));
        assert_eq!(seen.into_inner(), expected, "{stop}");
    }
}

#[test]
fn an_error_that_is_permanent_is_given_up_for_that_reason_even_at_the_last_attempt() {
    #[retry(2, 0, when = |error: &u32| *error != stop, bind = attempt)]
    fn fails(stop: u32) -> Result<(), u32> {
        Err(attempt.number())
    }
    assert_eq!(reason(|| assert_eq!(fails(1), Err(1))), "not_retryable");
    assert_eq!(reason(|| assert_eq!(fails(2), Err(2))), "not_retryable");
    assert_eq!(reason(|| assert_eq!(fails(3), Err(2))), "max_attempts");
}

#[test]
fn a_condition_that_panics_ends_the_call() {
    #[retry(3, 0, when = |_| panic!("burst"))]
    fn fails(calls: &Cell<u32>) -> Result<(), u32> {
        calls.set(calls.get() + 1);
        Err(1)
    }
    #[retry(3, 0, when_ok = |_| panic!("burst"))]
    async fn succeeds(calls: &Cell<u32>) -> Result<(), u32> {
        calls.set(calls.get() + 1);
        Ok(())
    }
    let calls = Cell::new(0);
    let said = lines(|| {
        let panic = catch_unwind(AssertUnwindSafe(|| fails(&calls))).unwrap_err();
        assert_eq!(panic.downcast_ref(), Some(&"burst"));
        let panic = catch_unwind(AssertUnwindSafe(|| run(succeeds(&calls)))).unwrap_err();
        assert_eq!(panic.downcast_ref(), Some(&"burst"));
    });
    assert_eq!((calls.get(), said), (2, vec![]));
}

#[derive(Clone, Debug, PartialEq)]
struct Page(u32);

/// Functions that are asked again until they return 3, each by a type of its own.
mod until_three {
    use super::*;

    #[retry(5, 0, when_ok = |page: &Page| page.0 < 3, bind = attempt)]
    pub(super) fn page() -> Page {
        Page(attempt.number())
    }

    #[retry(5, 0, when_ok = Option::is_none, bind = attempt)]
    pub(super) fn option() -> Option<u32> {
        (attempt.number() >= 3).then_some(attempt.number())
    }

    #[retry(5, 0, when_ok = |is_done| !is_done, bind = attempt)]
    pub(super) fn flag() -> bool {
        attempt.number() >= 3
    }

    #[retry(5, 0, when_ok = |number| *number < 3, bind = attempt)]
    pub(super) async fn later() -> u32 {
        tokio::task::yield_now().await;
        attempt.number()
    }

    #[retry(5, 0, when_ok = |page: &Page| page.0 < 3, bind = attempt)]
    pub(super) fn result() -> Result<Page, String> {
        if attempt.number() == 1 { Err("busy".to_owned()) } else { Ok(Page(attempt.number())) }
    }

    #[retry(5, 0, when_ok = |page| page.0 < 3, when = |_| false, bind = attempt)]
    pub(super) fn of_both() -> Result<Page, String> {
        Ok(Page(attempt.number()))
    }
}

#[test]
fn a_value_that_is_not_accepted_is_asked_for_again() {
    assert_eq!(until_three::page(), Page(3));
    assert_eq!(until_three::option(), Some(3));
    assert!(until_three::flag());
    assert_eq!(run(until_three::later()), 3);
    assert_eq!(until_three::result(), Ok(Page(3)));
    assert_eq!(until_three::of_both(), Ok(Page(3)));
}

#[test]
fn a_value_that_is_not_accepted_is_told_without_being_shown() {
    let expected = [
        (Warning, "Attempt 1 failed: busy. Retrying in 0 seconds...".to_owned()),
        (Warning, "Attempt 2 failed: value not accepted. Retrying in 0 seconds...".to_owned()),
        (Info, "Succeeded after 3 attempts".to_owned()),
    ];
    assert_eq!(lines(|| assert!(until_three::result().is_ok())), expected);
    let contexts = contexts(|| assert_eq!(until_three::page(), Page(3)));
    assert!(contexts.iter().all(|context| context.get("error").is_none()), "{contexts:?}");
}

#[test]
fn the_last_value_is_returned_when_none_is_accepted() {
    #[structured_op]
    #[retry(3, 0, when_ok = |page: &Page| page.0 < 9, bind = attempt)]
    fn never() -> Page {
        Page(attempt.number())
    }
    #[retry(2, 0, when_ok = |_| true, clone(page))]
    fn refused(page: Page) -> Result<Page, String> {
        Ok(page)
    }
    let records = logwright::testing::capture(|| assert_eq!(never(), Page(3)));
    let end = records.last().unwrap();
    assert_eq!((end.attempts, end.error.as_deref()), (Some(3), None));
    let events = end.events.to_value();
    assert_eq!(events[2]["data"]["reason"], "max_attempts");
    assert_eq!(events[2]["data"].get("error"), None);
    let said = lines(|| assert_eq!(refused(Page(7)), Ok(Page(7))));
    assert_eq!(said[1], (Error, "Failed after 2 attempts: value not accepted".to_owned()));
}

/// An error that says what is to be done.
#[derive(Debug)]
struct Says(Verdict);

impl std::fmt::Display for Says {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("refused")
    }
}

impl Classify for Says {
    fn classify(&self) -> Verdict {
        self.0
    }
}

/// Fails with what it is given, in turn.
#[retry(4, "2s", max_delay = "10s", classify, bind = attempt)]
fn asked(verdicts: &[Verdict]) -> Result<u32, Says> {
    verdicts.get(attempt.number() as usize - 1).map_or(Ok(attempt.number()), |verdict| Err(Says(*verdict)))
}

#[test]
fn the_error_decides_for_each_attempt() {
    use Verdict::{After, Permanent, Retry};
    assert_eq!(waits(|| assert!(matches!(asked(&[]), Ok(1)))), []);
    assert_eq!(waits(|| assert!(matches!(asked(&[Retry, After(SECOND * 3)]), Ok(3)))), [2000, 3000]);
    let verdicts = [Retry, Permanent, Retry];
    assert_eq!(waits(|| assert!(matches!(asked(&verdicts), Err(Says(Permanent))))), [2000]);
    assert_eq!(reason(|| assert!(asked(&[Permanent]).is_err())), "not_retryable");
    let said = lines(|| assert!(asked(&[Permanent]).is_err()));
    assert_eq!(said, [(Debug, "Not retrying: refused".to_owned())]);
}

/// Of a hint: how long the wait is and whence, or why there is none.
#[track_caller]
fn assert_hinted(hint: Duration, expected: Result<(u64, &str), &str>) {
    let _quick = testing::no_waiting();
    let contexts = contexts(|| drop(asked(&[Verdict::After(hint)])));
    let first = &contexts[0];
    let found = match first["reason"].as_str() {
        None => Ok((first["delay_ms"].as_u64().unwrap(), first["delay_source"].as_str().unwrap())),
        Some(reason) => Err(reason),
    };
    assert_eq!(found, expected, "{hint:?}");
}

#[test]
fn a_hint_makes_a_wait_longer_and_never_shorter() {
    assert_hinted(Duration::ZERO, Ok((2000, "policy")));
    assert_hinted(SECOND, Ok((2000, "policy")));
    assert_hinted(SECOND * 2, Ok((2000, "policy")));
    assert_hinted(Duration::from_millis(2001), Ok((2001, "hint")));
    assert_hinted(SECOND * 10, Ok((10_000, "hint")));
    assert_hinted(SECOND * 10 + Duration::from_nanos(1), Err("retry_after_too_long"));
    assert_hinted(Duration::MAX, Err("retry_after_too_long"));
}

#[test]
fn a_hint_that_is_too_long_for_the_time_left_gives_up() {
    #[retry(3, "1s", retry_after = |hint: &u64| Some(Duration::from_secs(*hint)), max_elapsed = "20s")]
    fn busy(hint: u64) -> Result<(), u64> {
        Err(hint)
    }
    assert_eq!(waits(|| assert!(busy(19).is_err())), [19_000]);
    assert_eq!(waits(|| assert!(busy(8).is_err())), [8000, 8000]);
    assert_eq!(waits(|| assert!(busy(21).is_err())), []);
    assert_eq!(reason(|| assert!(busy(21).is_err())), "retry_after_too_long");
}

#[test]
fn a_hint_from_the_last_attempt_is_not_waited_for() {
    let verdict = Verdict::After(SECOND * 5);
    assert_eq!(waits(|| assert!(asked(&[verdict; 9]).is_err())), [5000; 3]);
    // Nor is one that is too long the reason then.
    let verdicts = [verdict, verdict, verdict, Verdict::After(Duration::MAX)];
    let _quick = testing::no_waiting();
    assert_eq!(reason(|| assert!(asked(&verdicts).is_err())), "max_attempts");
}

#[test]
fn hints_of_closures_and_conditions_work_together() {
    fn hint(error: &u64) -> Option<Duration> {
        (*error > 0).then_some(Duration::from_secs(*error))
    }
    #[retry(2, "1s", retry_after = hint)]
    fn by_path(error: u64) -> Result<(), u64> {
        Err(error)
    }
    #[retry(2, "1s", when = |error: &u64| *error != 7, retry_after = |error| asked.borrow_mut().replace(*error).and(hint(error)))]
    async fn both(error: u64, asked: &RefCell<Option<u64>>) -> Result<(), u64> {
        Err(error)
    }
    assert_eq!(waits(|| assert!(by_path(0).is_err())), [1000]);
    assert_eq!(waits(|| assert!(by_path(5).is_err())), [5000]);
    let asked = RefCell::new(Some(0));
    assert_eq!(waits(|| assert!(run(both(5, &asked)).is_err())), [5000]);
    // What is permanent is not asked how long to wait.
    assert_eq!(waits(|| assert!(run(both(7, &asked)).is_err())), []);
    assert_eq!(asked.into_inner(), Some(5));
}

#[test]
fn a_value_that_is_not_accepted_waits_as_an_error_does() {
    #[retry(3, "1s", backoff = linear, jitter = none, when_ok = |_| true, classify)]
    fn stale() -> Result<u8, Says> {
        Ok(1)
    }
    assert_eq!(waits(|| assert!(stale().is_ok())), [1000, 2000]);
}
