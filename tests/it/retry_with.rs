//! The engine without an attribute: `retry::with(..)` around closures of every kind.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use logwright::Level::{self, Critical, Debug, Error, Info, Trace, Warning};
use logwright::record::Record;
use logwright::retry;
use logwright::retry::{Attempt, Classify, Delay, Retrying, Verdict, testing};

use crate::support::{contexts, lines, only, run};

const SECOND: Duration = Duration::from_secs(1);

fn at_once() -> Retrying<Delay> {
    retry::with(Delay::constant(Duration::ZERO))
}

#[test]
fn success_at_once_calls_once_and_says_nothing() {
    let calls = Cell::new(0);
    let call = |attempt: Attempt| {
        calls.set(calls.get() + 1);
        Ok::<_, String>((attempt.number(), attempt.max(), attempt.is_last()))
    };
    assert_eq!(lines(|| assert_eq!(at_once().run(call), Ok((1, 3, false)))), []);
    assert_eq!(
        lines(|| assert_eq!(run(at_once().run_async(async |attempt| call(attempt))), Ok((1, 3, false)))),
        []
    );
    assert_eq!(calls.get(), 2);
}

#[test]
fn what_is_said_is_what_the_attribute_says() {
    let expected = [
        (Warning, "Attempt 1 failed: busy. Retrying in 0.25 seconds...".to_owned()),
        (Warning, "Attempt 2 failed: busy. Retrying in 0.25 seconds...".to_owned()),
        (Error, "Failed after 3 attempts: busy".to_owned()),
    ];
    let _quick = testing::no_waiting();
    let call = || retry::with(Delay::constant(SECOND / 4));
    assert_eq!(lines(|| assert_eq!(call().run(|_| Err::<(), _>("busy")), Err("busy"))), expected);
    let later = || run(call().run_async(async |_| Err::<(), _>("busy")));
    assert_eq!(lines(|| assert_eq!(later(), Err("busy"))), expected);
    let expected = [expected[0].clone(), (Info, "Succeeded after 2 attempts".to_owned())];
    let recovers = |attempt: Attempt| if attempt.number() == 1 { Err("busy") } else { Ok(7) };
    assert_eq!(lines(|| assert_eq!(call().run(recovers), Ok(7))), expected);
    assert_eq!(lines(|| assert_eq!(run(call().run_async(async |a| recovers(a))), Ok(7))), expected);
}

#[test]
fn no_attempts_count_as_one() {
    let said = lines(|| assert_eq!(at_once().max_attempts(0).run(|a| Err::<(), _>(a.max())), Err(1)));
    assert_eq!(said, [(Error, "Failed after 1 attempts: 1".to_owned())]);
}

#[test]
fn closures_keep_what_they_borrow_and_own() {
    let (mut pages, url) = (Vec::new(), String::from("x"));
    let count = at_once().run(|attempt| {
        pages.push(url.clone());
        if attempt.is_last() { Ok(pages.len()) } else { Err("busy") }
    });
    assert_eq!((count, pages.len()), (Ok(3), 3));
    let owned = run(at_once().run_async(async |attempt: Attempt| {
        tokio::task::yield_now().await;
        pages.push(url.clone());
        if attempt.is_last() { Ok(pages.len()) } else { Err("busy") }
    }));
    assert_eq!((owned, pages.len()), (Ok(6), 6));
    let moved = at_once().run(move |_| if pages.pop().is_some() { Err(pages.len()) } else { Ok(()) });
    assert_eq!(moved, Err(3));
    // A function that makes a future does as well.
    let by_function =
        run(at_once().run_async(|attempt: Attempt| async move { Err::<(), _>(attempt.number()) }));
    assert_eq!(by_function, Err(3));
}

#[test]
fn what_is_sent_to_another_thread_runs_there() {
    async fn fetch(page: &str, attempt: Attempt) -> Result<usize, String> {
        tokio::task::yield_now().await;
        if attempt.number() < 3 { Err(format!("{page} is busy")) } else { Ok(page.len()) }
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let answers = runtime.block_on(async {
        let spawn = |page: String| {
            tokio::spawn(async move {
                let call =
                    at_once().max_attempts(4).name("fetch").when(|error: &String| error.ends_with("busy"));
                call.run_async(async move |attempt| fetch(&page, attempt).await).await
            })
        };
        let moved = tokio::spawn(at_once().run_async(|attempt: Attempt| fetch("moved", attempt)));
        (spawn("page".to_owned()).await.unwrap(), spawn(String::new()).await.unwrap(), moved.await.unwrap())
    });
    assert_eq!(answers, (Ok(4), Ok(0), Ok(5)));
}

#[test]
fn a_future_crosses_threads_although_its_error_does_not() {
    fn is_send<T: Send>(value: T) -> T {
        value
    }
    struct Local(Rc<u8>);
    impl std::fmt::Display for Local {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            self.0.fmt(f)
        }
    }
    let call = at_once().run_async(async |_| Err::<(), _>(Local(Rc::new(1))));
    assert_eq!(*run(is_send(call)).unwrap_err().0, 1);
}

#[test]
fn errors_come_back_as_they_are() {
    let shared = Arc::new("busy");
    let found = at_once().run(|_| Err::<(), _>(Arc::clone(&shared))).unwrap_err();
    assert!(Arc::ptr_eq(&shared, &found));
    let found =
        at_once().run(|_| Err::<(), anyhow::Error>(anyhow::anyhow!("top").context("outer"))).unwrap_err();
    assert_eq!(found.root_cause().to_string(), "top");
    let boxed = || -> Result<(), Box<dyn std::error::Error>> { Err("x".parse::<u8>().unwrap_err().into()) };
    assert!(at_once().run(|_| boxed()).unwrap_err().is::<std::num::ParseIntError>());
    assert!(run(at_once().run_async(async |_| boxed())).unwrap_err().is::<std::num::ParseIntError>());
}

#[test]
fn conditions_judges_and_errors_decide() {
    let numbered = |attempt: Attempt| Err::<(), _>(attempt.number());
    let mut seen = Vec::new();
    let until_two = |error: &u32| {
        seen.push(*error);
        *error < 2
    };
    assert_eq!(at_once().when(until_two).run(numbered), Err(2));
    assert_eq!(seen, [1, 2]);

    impl Classify for Page {
        fn classify(&self) -> Verdict {
            if self.0 < 2 { Verdict::After(SECOND * 5) } else { Verdict::Permanent }
        }
    }
    #[derive(Debug, PartialEq)]
    struct Page(u32);
    impl std::fmt::Display for Page {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            self.0.fmt(f)
        }
    }
    let _quick = testing::no_waiting();
    let page = |attempt: Attempt| Err::<(), _>(Page(attempt.number()));
    assert_eq!(at_once().classify().run(page), Err(Page(2)));
    assert_eq!(run(at_once().classify().run_async(async |attempt| page(attempt))), Err(Page(2)));
    let hint = |error: &u32| Verdict::After(SECOND * *error);
    assert_eq!(at_once().judge(hint).run(numbered), Err(3));
    assert_eq!(testing::recorded_waits(), [5, 5, 1, 2].map(Duration::from_secs));
}

#[test]
fn options_survive_a_later_judge() {
    let call = retry::with(Delay::constant(SECOND * 9)).max_attempts(2).max_delay(SECOND).name("kept");
    let _quick = testing::no_waiting();
    let contexts = contexts(|| assert_eq!(call.when(|_: &u8| true).run(|_| Err::<(), _>(1)), Err(1)));
    assert_eq!(contexts.len(), 2);
    assert_eq!((&contexts[0]["name"], &contexts[0]["delay_ms"]), (&"kept".into(), &1000.into()));
}

#[test]
fn records_are_in_the_name_that_is_given_and_of_the_place() {
    let fails =
        |call: Retrying<Delay>| only(|| assert!(call.max_attempts(1).run(|_| Err::<(), _>("busy")).is_err()));
    let place = |line: u32| Some(format!("tests/it/retry_with.rs:{line}"));
    let src = |record: &Record<'_>| record.src.as_deref().map(|src| src.replace('\\', "/"));

    let (call, line) = (retry::with(Delay::constant(SECOND)), line!());
    let record = fails(call);
    assert_eq!((&*record.logger, src(&record)), ("logwright::retry::with", place(line)));
    assert_eq!(record.context.to_value()["name"], record.src.unwrap().as_ref());

    let named = |call: Retrying<Delay>| fails(call.name("fetch").target("site::pages"));
    let (call, line) = (retry::with(Delay::constant(SECOND)), line!());
    let record = named(call);
    assert_eq!((&*record.logger, src(&record)), ("site::pages", place(line)));
    assert_eq!(record.context.to_value()["name"], "fetch");
    let (call, line) = (retry::with(Delay::constant(SECOND)), line!());
    assert_eq!(src(&named(call)), place(line), "two places may share a name");
}

#[test]
fn levels_are_as_asked_and_may_be_off() {
    let levels = |call: Retrying<Delay>, succeeds_at: u32| -> Vec<Level> {
        let attempt = |attempt: Attempt| if attempt.number() >= succeeds_at { Ok(()) } else { Err("busy") };
        let said = lines(|| assert_eq!(call.max_attempts(2).run(attempt).is_ok(), succeeds_at <= 2));
        said.into_iter().map(|(level, _)| level).collect()
    };
    let loud = || at_once().retry_level(Some(Debug)).fail_level(Some(Critical)).recover_level(Some(Trace));
    assert_eq!((levels(at_once(), 2), levels(at_once(), 9)), (vec![Warning, Info], vec![Warning, Error]));
    assert_eq!((levels(loud(), 2), levels(loud(), 9)), (vec![Debug, Trace], vec![Debug, Critical]));
    let off = || at_once().retry_level(None).fail_level(None).recover_level(None);
    assert_eq!((levels(off(), 2), levels(off(), 9)), (vec![], vec![]));
}

#[test]
fn an_operation_around_it_counts_what_it_does() {
    #[logwright::structured_op]
    fn operation() {
        let _quick = testing::no_waiting();
        let _ = retry::with(Delay::constant(SECOND * 2)).run(|_| Err::<(), _>("busy"));
        let recovers = |attempt: Attempt| if attempt.is_last() { Ok(()) } else { Err("busy") };
        let _ = retry::with(Delay::constant(SECOND)).max_attempts(2).run(recovers);
    }
    let records = logwright::testing::capture(operation);
    let end = records.last().unwrap();
    assert_eq!((end.attempts, end.retry_wait_ms), (Some(3 + 2), Some(2 * 2000 + 1000)));
}
