//! The options of `#[retry]`: growing delays, arguments that are cloned, attempts that time out, levels, fields.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use logwright::Level::{self, Critical, Debug, Error, Info, Trace, Warning};
use logwright::{AttemptTimeout, retry, structured_op, testing};
use tokio::time::Instant;

use crate::support::{lines, run, run_paused};

/// The greatest waits, in seconds, before each of four further attempts, among many calls.
fn greatest_waits<F: Future<Output = Result<(), u32>>>(call: impl Fn() -> F) -> [u64; 4] {
    let records = testing::capture(|| {
        run_paused(async {
            for _ in 0..100 {
                assert!(call().await.is_err());
            }
        });
    });
    let mut greatest = [0; 4];
    for record in records {
        let context = record.context.to_value();
        if let (Some(attempt), Some(delay)) = (context["attempt"].as_u64(), context["delay_ms"].as_u64()) {
            let greatest = &mut greatest[attempt as usize - 1];
            *greatest = delay.max(*greatest);
        }
    }
    greatest.map(|millis| millis.div_ceil(1000))
}

/// That each is at most what it may be, and not far below: of 100 that are drawn evenly, one is over nine tenths.
#[track_caller]
fn assert_near(greatest: [u64; 4], caps: [u64; 4]) {
    for (greatest, cap) in greatest.into_iter().zip(caps) {
        assert!(greatest <= cap && greatest * 10 >= cap * 8, "{greatest} of {cap} s");
    }
}

#[test]
fn waits_grow_by_their_factor_up_to_the_longest() {
    #[retry(5, "10s", backoff = exponential)]
    async fn doubles() -> Result<(), u32> {
        Err(1)
    }
    assert_near(greatest_waits(doubles), [10, 20, 30, 30]);

    #[retry(5, "10s", backoff = exponential, factor = 1.5, max_delay = "1h")]
    async fn slowly() -> Result<(), u32> {
        Err(1)
    }
    assert_near(greatest_waits(slowly), [10, 15, 23, 34]);

    #[retry(5, "10s", backoff = exponential, factor = 10, max_delay = "200s")]
    async fn capped() -> Result<(), u32> {
        Err(1)
    }
    assert_near(greatest_waits(capped), [10, 100, 200, 200]);

    #[retry(5, "1m", backoff = exponential)]
    async fn longer_than_the_longest() -> Result<(), u32> {
        Err(1)
    }
    assert_near(greatest_waits(longer_than_the_longest), [60; 4]);
}

/// Knows whether it is the first of its kind, and counts its clones.
struct Page {
    clones: Rc<Cell<u32>>,
    is_clone: bool,
    text: String,
}

impl Page {
    fn new() -> (Self, Rc<Cell<u32>>) {
        let clones = Rc::new(Cell::new(0));
        (Self { clones: Rc::clone(&clones), is_clone: false, text: String::new() }, clones)
    }
}

impl Clone for Page {
    fn clone(&self) -> Self {
        self.clones.set(self.clones.get() + 1);
        Self { clones: Rc::clone(&self.clones), is_clone: true, text: self.text.clone() }
    }
}

/// Uses its page up in each attempt, and tells whether the one that it had last was the argument.
#[retry(3, 0, clone(page), bind = attempt)]
fn save(succeeds_at: u32, mut page: Page) -> Result<bool, bool> {
    page.text.push('x');
    assert_eq!(page.text, "x", "the attempts share a page");
    let Page { is_clone, .. } = page;
    if attempt.number() >= succeeds_at { Ok(!is_clone) } else { Err(!is_clone) }
}

#[retry(3, 0, clone(page, other), bind = attempt)]
async fn save_later(succeeds_at: u32, mut page: Page, other: Box<Page>) -> Result<bool, bool> {
    page.text.push('x');
    tokio::task::yield_now().await;
    assert_eq!(page.text, "x", "the attempts share a page");
    let (Page { is_clone, .. }, other) = (page, *other);
    assert_eq!(is_clone, other.is_clone);
    if attempt.number() >= succeeds_at { Ok(!is_clone) } else { Err(!is_clone) }
}

#[test]
fn each_attempt_has_a_clone_and_the_last_one_the_argument() {
    for (succeeds_at, answer, clones) in
        [(1, Ok(false), 1), (2, Ok(false), 2), (3, Ok(true), 2), (4, Err(true), 2)]
    {
        let (page, counted) = Page::new();
        assert_eq!(save(succeeds_at, page), answer);
        assert_eq!(counted.get(), clones, "sync, {succeeds_at}");
        let ((page, counted), (other, counted_too)) = (Page::new(), Page::new());
        assert_eq!(run(save_later(succeeds_at, page, Box::new(other))), answer);
        assert_eq!((counted.get(), counted_too.get()), (clones, clones), "async, {succeeds_at}");
    }
}

#[test]
fn a_single_attempt_has_no_need_of_clones() {
    #[retry(max_attempts = 1, clone(page))]
    fn once(page: Page) -> Result<Page, u32> {
        Ok(page)
    }
    let (page, clones) = Page::new();
    assert!(once(page).is_ok_and(|page| !page.is_clone));
    assert_eq!(clones.get(), 0);
}

#[derive(Debug, PartialEq)]
enum Failed {
    Late(AttemptTimeout),
    Refused,
}

impl From<AttemptTimeout> for Failed {
    fn from(late: AttemptTimeout) -> Self {
        Self::Late(late)
    }
}

struct Dropped<'a>(&'a Cell<u32>);

impl Drop for Dropped<'_> {
    fn drop(&mut self) {
        self.0.set(self.0.get() + 1);
    }
}

#[retry(3, "1s", attempt_timeout = "30s", bind = attempt)]
async fn fetch(takes: [u64; 3], dropped: &Cell<u32>) -> Result<u32, Failed> {
    let _dropped = Dropped(dropped);
    assert_eq!(dropped.get() + 1, attempt.number(), "an attempt is still there when the next begins");
    match takes[attempt.number() as usize - 1] {
        0 => Err(Failed::Refused),
        seconds => {
            tokio::time::sleep(Duration::from_secs(seconds)).await;
            Ok(attempt.number())
        }
    }
}

/// What becomes of attempts that take so long, and how long all of them take.
fn fetched(takes: [u64; 3]) -> (Result<u32, Failed>, u64) {
    run_paused(async {
        let (dropped, began) = (Cell::new(0), Instant::now());
        let answer = fetch(takes, &dropped).await;
        (answer, began.elapsed().as_secs())
    })
}

#[test]
fn an_attempt_that_takes_too_long_is_dropped_and_has_failed() {
    assert_eq!(fetched([29, 0, 0]), (Ok(1), 29));
    assert_eq!(fetched([31, 5, 0]), (Ok(2), 30 + 1 + 5));
    assert_eq!(fetched([0, 0, 0]), (Err(Failed::Refused), 2));
    let (answer, took) = fetched([60, 0, 60]);
    let Err(Failed::Late(late)) = answer else { panic!("{answer:?}") };
    assert_eq!((late.limit(), took), (Duration::from_secs(30), 30 + 1 + 1 + 30));
}

#[test]
fn an_attempt_that_takes_too_long_is_told_as_any_other() {
    #[retry(2, 0, attempt_timeout = "1.5s")]
    async fn never() -> Result<(), Box<dyn std::error::Error>> {
        std::future::pending().await
    }
    let late = "attempt not done within 1.5s";
    let expected = [
        (Warning, format!("Attempt 1 failed: {late}. Retrying in 0 seconds...")),
        (Error, format!("Failed after 2 attempts: {late}")),
    ];
    assert_eq!(lines(|| assert!(run_paused(never()).is_err())), expected);
}

/// Levels of what is said of a call that fails once, and of one that fails for good.
macro_rules! levels {
    ($($test:ident: $($option:ident = $level:literal),* => $recovers:tt $fails:tt;)*) => {$(
        #[test]
        fn $test() {
            #[retry(2, 0, $($option = $level),*)]
            fn answers(answers: &Cell<u32>) -> Result<(), u32> {
                answers.set(answers.get() - 1);
                if answers.get() > 0 { Err(1) } else { Ok(()) }
            }

            let levels = |at: u32, answer: Result<(), u32>| -> Vec<Level> {
                let lines = lines(|| assert_eq!(answers(&Cell::new(at)), answer));
                lines.into_iter().map(|(level, _)| level).collect()
            };
            assert_eq!(levels(2, Ok(())), $recovers);
            assert_eq!(levels(9, Err(1)), $fails);
        }
    )*};
}

levels! {
    levels_are_those_of_the_docs: => [Warning, Info] [Warning, Error];
    levels_are_as_asked: retry_level = "debug", fail_level = "critical", recover_level = "trace"
        => [Debug, Trace] [Debug, Critical];
    failed_attempts_may_be_passed_over: retry_level = "off" => [Info] [Error];
    giving_up_may_be_passed_over: fail_level = "off" => [Warning, Info] [Warning];
    recovering_may_be_passed_over: recover_level = "off", fail_level = "warning" => [Warning] [Warning, Warning];
}

#[test]
fn an_operation_counts_what_is_passed_over() {
    #[structured_op]
    #[retry(2, 0, retry_level = "off", fail_level = "off")]
    fn fails() -> Result<(), u32> {
        Err(1)
    }
    let records = testing::capture(|| assert!(fails().is_err()));
    assert_eq!(records.len(), 2, "{records:#?}");
    let events = records[1].events.to_value();
    assert_eq!((&events[0]["type"], &events[1]["type"]), (&"retry".into(), &"retry_gave_up".into()));
    assert_eq!(records[1].attempts, Some(2));
}

#[test]
fn fields_are_evaluated_once_and_stand_in_every_record_and_event() {
    #[structured_op]
    #[retry(3, 0, fields(number, %page, asked = { asked.set(asked.get() + 1); asked.get() }))]
    fn save(number: u32, page: char, asked: &Cell<u32>) -> Result<(), u32> {
        asked.set(asked.get() + 10);
        if asked.get() < 30 { Err(number + u32::from(page)) } else { Ok(()) }
    }
    let asked = Cell::new(0);
    let records = testing::capture(|| assert_eq!(save(7, 'p', &asked), Ok(())));
    assert_eq!(asked.get(), 31);
    let (end, attempts) = records.split_last().unwrap();
    let events = end.events.to_value();
    let events = events.as_array().unwrap().iter().map(|event| event["data"].clone());
    let contexts: Vec<_> =
        attempts[1..].iter().map(|record| record.context.to_value()).chain(events).collect();
    assert_eq!(contexts.len(), 6);
    for context in contexts {
        let named = ["name", "number", "page", "asked"].map(|key| context[key].clone());
        assert_eq!(serde_json::json!(named), serde_json::json!(["save", 7, "p", 1]));
    }
}

#[test]
fn fields_are_not_evaluated_for_nobody() {
    #[retry(2, 0, fields(asked = { asked.set(asked.get() + 1); asked.get() }))]
    fn save(asked: &Cell<u32>) -> Result<(), u32> {
        Err(asked.get())
    }
    assert_eq!(save(&Cell::new(0)), Err(0));
}

static BUDGET: logwright::retry::RetryBudget = logwright::retry::RetryBudget::new();

/// With every limit there is, none of which is left to its default.
#[retry(
    max_attempts = 2,
    delay = "1s",
    backoff = linear,
    jitter = "1%",
    max_delay = "10s",
    max_elapsed = "1m",
    budget = BUDGET,
    attempt_timeout = "30s",
    when = |error| *error == Failed::Refused,
    when_ok = |value| *value == 0,
    retry_after = |_| None,
    retry_level = "off"
)]
async fn limited(n: u32) -> Result<u32, Failed> {
    if n > 1 { Err(Failed::Refused) } else { Ok(n) }
}

#[test]
fn all_options_go_together_but_for_those_that_say_otherwise() {
    let _quick = logwright::retry::testing::no_waiting();
    for (n, expected) in [(0, Ok(0)), (1, Ok(1)), (2, Err(Failed::Refused))] {
        assert_eq!(run(limited(n)), expected);
    }
}

/// Parameters that are called what the engine calls its own, and one that is not there.
#[retry(2, clone(retry, started, policy), policy = |_| None, fields(n = retry.len()), max_elapsed = "1m")]
fn named(
    retry: String,
    started: String,
    policy: String,
    #[cfg(any())] mut absent: u32,
    mut n: u32,
) -> Result<String, u32> {
    n += 1;
    if n > 1 { Ok(retry + &started + &policy) } else { Err(n) }
}

#[test]
fn parameters_may_be_called_anything() {
    assert_eq!(named("a".to_owned(), "b".to_owned(), "c".to_owned(), 1), Ok("abc".to_owned()));
}

#[test]
fn errors_of_the_system_and_texts_can_be_late() {
    #[retry(1, attempt_timeout = "1s")]
    async fn connect() -> std::io::Result<()> {
        std::future::pending().await
    }
    #[retry(1, attempt_timeout = "1s")]
    async fn ask() -> Result<(), String> {
        std::future::pending().await
    }
    assert_eq!(run_paused(connect()).unwrap_err().kind(), std::io::ErrorKind::TimedOut);
    assert_eq!(run_paused(ask()), Err("attempt not done within 1s".to_owned()));
}
