//! Retries within retries, beside one another and called by what listens to them; and what is left of one that is
//! cancelled or panics.

use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::task::{Context, Wake, Waker};
use std::time::Duration;

use logwright::record::Status;
use logwright::retry::{Attempt, Delay, testing};
use logwright::{retry, structured_op};
use tokio::time::{Instant, sleep};
use tracing::span::{Attributes, Id};
use tracing::{Event, Metadata, Subscriber};

use crate::support::{contexts, lines, run, run_paused};

#[retry(2, 0)]
fn inner() -> Result<(), u8> {
    Err(1)
}

#[retry(2, 0)]
async fn inner_later() -> Result<(), u8> {
    tokio::task::yield_now().await;
    Err(1)
}

/// What each record says: who, and whether its attempts multiply.
fn nested(body: impl FnOnce()) -> Vec<String> {
    let told = |context: &serde_json::Value| {
        let mark = match context.get("nested") {
            None => "",
            Some(mark) => {
                assert_eq!(*mark, true);
                " nested"
            }
        };
        format!("{}{mark}", context["name"].as_str().unwrap())
    };
    contexts(body).iter().map(told).collect()
}

/// Two calls of an inner one, which fails twice in each.
const MULTIPLIED: [&str; 6] = ["inner", "inner", "outer", "inner nested", "inner nested", "outer"];

#[test]
fn attempts_that_multiply_are_marked_from_the_second_on() {
    #[retry(2, 0, name = "outer")]
    fn by_attribute() -> Result<(), u8> {
        inner()
    }
    #[retry(2, 0, name = "outer")]
    async fn later() -> Result<(), u8> {
        tokio::task::yield_now().await;
        inner()
    }
    let with = || retry::with(Delay::constant(Duration::ZERO)).max_attempts(2).name("outer");
    assert_eq!(nested(|| assert_eq!(by_attribute(), Err(1))), MULTIPLIED);
    assert_eq!(nested(|| assert_eq!(run(later()), Err(1))), MULTIPLIED);
    assert_eq!(nested(|| assert_eq!(with().run(|_| inner()), Err(1))), MULTIPLIED);
    assert_eq!(nested(|| assert_eq!(run(with().run_async(async |_| inner())), Err(1))), MULTIPLIED);
}

#[test]
fn the_mark_reaches_through_awaits_and_three_levels() {
    #[retry(2, 0)]
    async fn outer() -> Result<(), u8> {
        tokio::task::yield_now().await;
        middle().await
    }
    #[retry(1)]
    async fn middle() -> Result<(), u8> {
        inner_later().await
    }
    let once = ["inner_later", "inner_later", "middle", "outer"];
    let again = ["inner_later nested", "inner_later nested", "middle nested", "outer"];
    assert_eq!(nested(|| assert_eq!(run(outer()), Err(1))), [once, again].concat());
}

#[test]
fn the_mark_is_gone_after_the_call_whatever_ends_it() {
    #[retry(3, 0, bind = attempt)]
    fn ends(how: &str) -> Result<(), u8> {
        match (attempt.number(), how) {
            (2, "ok") => Ok(()),
            (2, "panic") => panic!("burst"),
            _ => Err(1),
        }
    }
    #[retry(3, 0, bind = attempt)]
    async fn ends_later(how: &str) -> Result<(), u8> {
        tokio::task::yield_now().await;
        ends(if attempt.number() == 2 { how } else { "error" })
    }
    for how in ["ok", "error", "panic"] {
        let _ = catch_unwind(|| ends(how));
        assert_eq!(nested(|| assert_eq!(inner(), Err(1))), ["inner"; 2], "{how}");
        let _ = catch_unwind(|| run(ends_later(how)));
        assert_eq!(nested(|| assert_eq!(inner(), Err(1))), ["inner"; 2], "{how}, async");
    }
}

#[test]
fn tasks_that_take_turns_on_a_thread_do_not_mark_or_number_each_other() {
    #[retry(3, "1s", bind = attempt)]
    async fn task(seen: &RefCell<Vec<(u8, u32)>>, task: u8) -> Result<(), u8> {
        for _ in 0..3 {
            seen.borrow_mut().push((task, attempt.number()));
            tokio::task::yield_now().await;
        }
        Err(1)
    }
    async fn bystander() {
        sleep(Duration::from_millis(1500)).await;
        for _ in 0..3 {
            let _ = inner();
            tokio::task::yield_now().await;
        }
    }
    let seen = RefCell::default();
    let told = nested(|| {
        run_paused(async {
            let late = async {
                sleep(Duration::from_millis(500)).await;
                task(&seen, 2).await
            };
            let _ = tokio::join!(task(&seen, 1), late, bystander());
        });
    });
    assert!(told.iter().all(|line| !line.ends_with("nested")), "{told:?}");
    let of =
        |task| seen.borrow().iter().filter(|(other, _)| *other == task).map(|(_, n)| *n).collect::<Vec<_>>();
    assert_eq!(of(1), [1, 1, 1, 2, 2, 2, 3, 3, 3]);
    assert_eq!(of(1), of(2));
}

/// As the one above, but the further attempt of one stays open while the other runs.
#[test]
fn a_further_attempt_that_waits_for_something_marks_nobody_else() {
    #[retry(2, 0, bind = attempt)]
    async fn slow() -> Result<(), u8> {
        if attempt.number() == 2 {
            sleep(Duration::from_secs(2)).await;
        }
        Err(1)
    }
    let told = nested(|| {
        run_paused(async {
            let other = async {
                sleep(Duration::from_secs(1)).await;
                inner()
            };
            let _ = tokio::join!(slow(), other);
        });
    });
    assert_eq!(told, ["slow", "inner", "inner", "slow"]);
}

#[test]
fn a_function_that_calls_itself_is_retried_at_every_depth() {
    #[retry(2, 0, bind = attempt)]
    fn deep(depth: u32, calls: &Cell<u32>) -> Result<u32, String> {
        calls.set(calls.get() + 1);
        if depth > 0 {
            deep(depth - 1, calls)?;
        }
        if attempt.is_last() { Ok(depth) } else { Err(format!("at {depth}")) }
    }
    #[retry(2, 0, bind = attempt)]
    async fn deep_later(depth: u32, calls: &Cell<u32>) -> Result<u32, String> {
        calls.set(calls.get() + 1);
        if depth > 0 {
            Box::pin(deep_later(depth - 1, calls)).await?;
        }
        if attempt.is_last() { Ok(depth) } else { Err(format!("at {depth}")) }
    }
    let (calls, calls_later) = (Cell::new(0), Cell::new(0));
    let marks = nested(|| assert_eq!(deep(2, &calls), Ok(2)));
    let marks_later = nested(|| assert_eq!(run(deep_later(2, &calls_later)), Ok(2)));
    assert_eq!((calls.get(), calls_later.get()), (2 + 4 + 8, 2 + 4 + 8));
    // A failure and a success of each call but the outermost, half of which are within a further attempt of some other.
    assert_eq!(marks.len(), 2 * (1 + 2 + 4));
    assert_eq!(marks.iter().filter(|mark| mark.ends_with("nested")).count(), 2 * (1 + 3));
    assert_eq!(marks_later.len(), marks.len());
}

struct Woken(AtomicU32);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

/// Polls `future` until it waits for the second time, and drops it.
fn cancelled(future: impl Future) {
    let woken = Arc::new(Woken(AtomicU32::new(0)));
    let waker = Waker::from(Arc::clone(&woken));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let _inside = runtime.enter();
    {
        let mut future = pin!(future);
        for _ in 0..2 {
            assert!(future.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
        }
        assert!(Arc::strong_count(&woken) > 2, "somebody means to wake it");
    }
    assert_eq!(Arc::strong_count(&woken), 2, "nobody does any more");
}

/// Keeps whoever is to wake it, and never does.
async fn forever() {
    sleep(Duration::from_secs(3600)).await;
}

#[test]
fn a_call_that_is_dropped_while_it_runs_or_waits_is_cancelled_and_no_error() {
    #[structured_op]
    #[retry(3, "1h")]
    async fn waits(calls: &Cell<u32>) -> Result<(), u8> {
        calls.set(calls.get() + 1);
        Err(1)
    }
    #[structured_op]
    #[retry(3, 0, bind = attempt)]
    async fn runs(calls: &Cell<u32>) -> Result<(), u8> {
        calls.set(calls.get() + 1);
        if attempt.number() == 2 {
            forever().await;
        }
        Err(1)
    }
    for (what, expected_calls) in [("waits", 1), ("runs", 2)] {
        let calls = Cell::new(0);
        let records = logwright::testing::capture(|| match what {
            "waits" => cancelled(waits(&calls)),
            _ => cancelled(runs(&calls)),
        });
        let end = records.last().unwrap();
        assert_eq!((end.status, calls.get()), (Some(Status::Cancelled), expected_calls), "{what}");
        let events = end.events.to_value();
        let events: Vec<_> = events.as_array().unwrap().iter().map(|event| &event["type"]).collect();
        assert_eq!(events, ["retry"], "{what}");
        assert!(records.iter().all(|record| record.level != logwright::Level::Error), "{records:#?}");
    }
}

#[test]
fn a_further_attempt_that_panics_ends_the_call() {
    #[retry(3, 0, bind = attempt)]
    fn bursts(calls: &Cell<u32>) -> Result<(), Attempt> {
        calls.set(calls.get() + 1);
        if attempt.number() == 2 { panic!("burst") } else { Err(attempt) }
    }
    let calls = Cell::new(0);
    let said = lines(|| {
        let panic = catch_unwind(AssertUnwindSafe(|| bursts(&calls))).unwrap_err();
        assert_eq!(panic.downcast_ref(), Some(&"burst"));
    });
    assert_eq!((calls.get(), said.len()), (2, 1));
}

#[test]
fn time_passes_for_one_call_while_another_waits() {
    #[retry(3, "10s")]
    async fn waits() -> Result<(), u8> {
        Err(1)
    }
    run_paused(async {
        let start = Instant::now();
        let _ = tokio::join!(waits(), waits(), waits());
        assert_eq!(start.elapsed(), Duration::from_secs(20));
    });
}

/// Calls retried functions itself whenever it hears of something.
struct Retries {
    heard: Arc<AtomicU32>,
}

thread_local! {
    static IS_CALLING: Cell<bool> = const { Cell::new(false) };
}

impl Subscriber for Retries {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn event(&self, _: &Event<'_>) {
        self.heard.fetch_add(1, Ordering::Relaxed);
        if !IS_CALLING.replace(true) {
            assert_eq!(inner(), Err(1));
            let call = retry::with(Delay::constant(Duration::ZERO)).name("within");
            assert_eq!(call.run(|_| Err::<(), _>(2)), Err(2));
            assert_eq!(run(inner_later()), Err(1));
            IS_CALLING.set(false);
        }
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &tracing::span::Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

#[test]
fn what_listens_may_retry_itself() {
    #[structured_op]
    fn operation() -> Result<(), u8> {
        let _quick = testing::no_waiting();
        let _ = retry::with(Delay::constant(Duration::from_secs(1))).name("within").run(|_| inner());
        inner()
    }
    let heard = Arc::new(AtomicU32::new(0));
    let retries = Retries { heard: Arc::clone(&heard) };
    tracing::subscriber::with_default(retries, || {
        // Tracing takes a callsite that it first sees while something listens for one that nobody wants.
        IS_CALLING.set(true);
        assert_eq!(operation(), Err(1));
        IS_CALLING.set(false);
        assert_eq!((heard.swap(0, Ordering::Relaxed), operation()), (2 + 3 * 3 + 2, Err(1)));
    });
    assert_eq!(heard.load(Ordering::Relaxed), 2 + 3 * 3 + 2);
}
