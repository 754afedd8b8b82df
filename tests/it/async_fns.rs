//! Async functions: time from the first poll, cancelled and panicked told apart, operations that follow the task.

use std::task::{Context, Waker};
use std::time::Duration;

use logwright::record::{Kind, Record, Status};
use logwright::{Level, log_time, retry, structured_op, testing};

use crate::support::{only, run};

#[log_time(fields(millis))]
async fn naps(millis: u64) -> Result<u64, String> {
    tokio::time::sleep(Duration::from_millis(millis)).await;
    if millis == 0 {
        return Err("did not nap".to_owned());
    }
    Ok(millis)
}

#[structured_op(context(n))]
async fn works(n: u32) -> Result<u32, std::num::ParseIntError> {
    logwright::event!("working");
    tokio::time::sleep(Duration::from_millis(1)).await;
    logwright::event!("worked");
    let parsed: u32 = if n == 0 { "x".parse()? } else { n };
    assert!(n != 13, "unlucky");
    Ok(parsed)
}

fn ends<'a>(records: &'a [Record<'static>]) -> Vec<&'a Record<'static>> {
    records.iter().filter(|record| record.kind == Kind::OpEnd).collect()
}

#[test]
fn waiting_counts_as_time_but_not_as_busy() {
    let record = only(|| assert_eq!(run(naps(200)), Ok(200)));
    assert!(record.seconds().unwrap() >= 0.2);
    assert!(record.busy_ns.unwrap() < 150_000_000, "{:?}", record.busy_ns);
    assert_eq!(record.context.as_str(), r#"{"millis":200}"#);
}

#[test]
fn errors_by_return_and_by_question_mark_are_seen() {
    let record = only(|| assert!(run(naps(0)).is_err()));
    assert_eq!((record.status, record.error.as_deref()), (Some(Status::Failure), Some("did not nap")));
    let records = testing::capture(|| assert!(run(works(0)).is_err()));
    let end = records.last().unwrap();
    assert_eq!((end.status, end.events.to_value().as_array().unwrap().len()), (Some(Status::Failure), 2));
}

#[test]
fn a_dropped_future_was_cancelled() {
    let records = testing::capture(|| {
        run(async {
            let cancelled = tokio::time::timeout(Duration::from_millis(10), naps(60_000)).await;
            assert!(cancelled.is_err());
            let mut work = std::pin::pin!(works(1));
            let mut context = Context::from_waker(Waker::noop());
            assert!(work.as_mut().poll(&mut context).is_pending());
        });
    });
    let timed = &records[0];
    assert_eq!((timed.status, timed.level), (Some(Status::Cancelled), Level::Warning));
    let end = ends(&records)[0];
    assert_eq!((end.status, end.level), (Some(Status::Cancelled), Level::Warning));
    assert!(end.message.starts_with("works cancelled after 0."), "{}", end.message);
}

#[test]
fn a_panic_while_polled_is_no_cancellation() {
    let records = testing::capture(|| {
        run(async {
            let task = tokio::task::LocalSet::new();
            let joined = task.run_until(async { tokio::task::spawn_local(works(13)).await }).await;
            assert!(joined.unwrap_err().is_panic());
        });
    });
    let end = ends(&records)[0];
    assert_eq!((end.status, end.level), (Some(Status::Panicked), Level::Error));
}

#[test]
fn interleaved_operations_keep_their_own_children() {
    #[structured_op(context(number))]
    async fn chapter(number: u32) {
        tokio::task::yield_now().await;
        page(number).await;
        logwright::info!("line of chapter {number}");
        tokio::task::yield_now().await;
    }
    #[structured_op(context(chapter))]
    async fn page(chapter: u32) {
        tokio::task::yield_now().await;
        logwright::event!("saved", chapter);
    }
    let records = testing::capture(|| {
        run(async {
            futures::future::join_all((0..10).map(chapter)).await;
        });
    });
    let ends = ends(&records);
    assert_eq!(ends.len(), 20);
    for page in ends.iter().filter(|end| end.operation.as_deref() == Some("page")) {
        let chapter = page.context.to_value()["chapter"].clone();
        let parent = ends.iter().find(|end| end.op_id == page.parent_id).unwrap();
        assert_eq!(parent.context.to_value()["number"], chapter);
        assert_eq!(page.events.to_value()[0]["data"]["chapter"], chapter);
        let line = format!("line of chapter {chapter}");
        let line = records.iter().find(|record| record.message == line).unwrap();
        assert_eq!(line.op_id, parent.op_id);
    }
}

#[test]
fn what_is_inside_a_cancelled_operation_ends_before_it() {
    #[structured_op]
    async fn outer() {
        inner().await;
    }
    #[structured_op]
    async fn inner() {
        std::future::pending::<()>().await;
    }
    let records = testing::capture(|| {
        run(async {
            let _ = tokio::time::timeout(Duration::from_millis(1), outer()).await;
        });
    });
    let names: Vec<_> = ends(&records).iter().map(|end| end.operation.clone().unwrap()).collect();
    assert_eq!(names, ["inner", "outer"]);
    assert_eq!(ends(&records)[0].parent_id, ends(&records)[1].op_id);
}

struct Adapter {
    left: u32,
}

impl Adapter {
    #[retry(max_attempts = 3, delay = "1ms", when = |error: &String| error == "busy")]
    async fn fetch(&mut self, url: &str, tags: Vec<String>) -> Result<usize, String> {
        tokio::task::yield_now().await;
        self.left = self.left.saturating_sub(1);
        if self.left > 0 {
            return Err("busy".to_owned());
        }
        Ok(url.len() + tags.len())
    }
}

#[test]
fn async_attempts_borrow_and_wait_on_any_executor() {
    let mut adapter = Adapter { left: 3 };
    let said = crate::support::lines(|| {
        assert_eq!(futures::executor::block_on(adapter.fetch("abc", vec![String::new()])), Ok(4));
    });
    assert_eq!(said.last().unwrap().1, "Succeeded after 3 attempts");
}

#[test]
fn waiting_honours_a_paused_clock() {
    #[retry(max_attempts = 3, delay = "1h")]
    async fn fails() -> Result<(), &'static str> {
        Err("no")
    }
    let began = std::time::Instant::now();
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build()
        .unwrap()
        .block_on(async { assert!(fails().await.is_err()) });
    assert!(began.elapsed() < Duration::from_secs(60));
}

/// Its error may not cross threads, but there is none while it waits.
#[retry(max_attempts = 2, delay = 0)]
async fn fails_locally() -> Result<(), Box<dyn std::error::Error>> {
    Err("no".into())
}

#[test]
fn futures_cross_threads_as_before() {
    fn is_send<T: Send>(_: &T) {}
    let mut adapter = Adapter { left: 1 };
    is_send(&naps(1));
    is_send(&works(1));
    is_send(&adapter.fetch("x", Vec::new()));
    is_send(&fails_locally());
}

#[test]
fn a_future_is_as_safe_to_unwind_as_its_body() {
    #[logwright::log_time]
    async fn timed(page: u8) -> Result<u8, String> {
        Ok(page)
    }

    #[logwright::structured_op(bind = op)]
    async fn operated(page: u8) -> Result<u8, String> {
        logwright::event!(op: op, "page_saved", page);
        Ok(page)
    }

    fn checked<T: std::panic::UnwindSafe + std::panic::RefUnwindSafe>(_: T) {}
    checked(timed(1));
    checked(operated(1));
}
