//! A program that waits by sleepers of its own, which are set for the whole of it: `waits SCENARIO`.
#![allow(clippy::unwrap_used, reason = "what panics here fails the test that started it")]

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Condvar, Mutex};
use std::time::Duration;

use logwright::retry;
use logwright::retry::{AttemptTimeout, BoxSleep, set_blocking_sleeper, set_sleeper, testing};

fn main() {
    match std::env::args().nth(1).unwrap_or_default().as_str() {
        "sleepers" => sleepers(),
        "attempt-timeout" => attempt_timeout(),
        "stopped" => stopped(),
        "no-timers" => no_timers(),
        other => panic!("no scenario `{other}`"),
    }
}

/// The waits that a sleeper was asked for.
static ASKED: Mutex<Vec<(&str, Duration)>> = Mutex::new(Vec::new());

fn asked() -> Vec<(&'static str, u64)> {
    let asked = std::mem::take(&mut *ASKED.lock().unwrap());
    asked.into_iter().map(|(who, time)| (who, time.as_secs())).collect()
}

/// A timer that no runtime has: done when it is polled for the second time.
fn counting(who: &'static str) -> impl Fn(Duration) -> BoxSleep {
    move |time| {
        ASKED.lock().unwrap().push((who, time));
        let mut polls = 0;
        Box::pin(std::future::poll_fn(move |context| {
            polls += 1;
            context.waker().wake_by_ref();
            if polls > 1 { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
        }))
    }
}

#[retry(3, "1h")]
fn fails() -> Result<(), u8> {
    Err(1)
}

#[retry(3, "2h")]
async fn fails_later() -> Result<(), u8> {
    Err(1)
}

#[retry(3, 0)]
async fn fails_at_once() -> Result<(), u8> {
    Err(1)
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

/// They count on every executor, the last one set does, and a test's guard comes before them.
fn sleepers() {
    let farewell = Farewell;
    set_blocking_sleeper(move |_| panic!("another one is set later than {farewell:?}"));
    set_sleeper(|_| panic!("another one is set later"));
    set_blocking_sleeper(|time| ASKED.lock().unwrap().push(("blocking", time)));
    set_sleeper(counting("async"));

    assert_eq!(fails(), Err(1));
    assert_eq!(std::thread::spawn(fails).join().unwrap(), Err(1));
    assert_eq!(asked(), [("blocking", 3600); 4]);

    assert_eq!(polled(fails_later()), Err(1));
    assert_eq!(runtime().block_on(fails_later()), Err(1));
    assert_eq!(asked(), [("async", 7200); 4]);

    assert_eq!(runtime().block_on(fails_at_once()), Err(1));
    assert_eq!(asked(), [], "there is nothing to wait for");

    let _quick = testing::no_waiting();
    assert_eq!((fails(), runtime().block_on(fails_later())), (Err(1), Err(1)));
    assert_eq!(asked(), []);
    println!("sleepers are asked");
}

/// Retries when it is dropped, as one that says goodbye to a server might.
#[derive(Debug)]
struct Farewell;

impl Drop for Farewell {
    fn drop(&mut self) {
        let _quick = testing::no_waiting();
        assert_eq!(fails(), Err(1));
    }
}

/// The simplest executor there is.
fn polled<T>(future: impl Future<Output = T>) -> T {
    let mut future = std::pin::pin!(future);
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    loop {
        if let std::task::Poll::Ready(value) = future.as_mut().poll(&mut context) {
            return value;
        }
    }
}

#[derive(Debug, PartialEq)]
struct Late(Duration);

impl From<AttemptTimeout> for Late {
    fn from(late: AttemptTimeout) -> Self {
        Self(late.limit())
    }
}

/// It waits by the same sleeper.
fn attempt_timeout() {
    #[retry(2, "1h", attempt_timeout = "5s")]
    async fn never() -> Result<(), Late> {
        std::future::pending().await
    }
    set_sleeper(counting("async"));
    assert_eq!(polled(never()), Err(Late(Duration::from_secs(5))));
    assert_eq!(asked(), [("async", 5), ("async", 3600), ("async", 5)]);
    println!("attempts time out");
}

/// A sleeper that returns early: the next attempt follows at once.
fn stopped() {
    static STOPPED: Mutex<bool> = Mutex::new(false);
    static STOP: Condvar = Condvar::new();
    static CALLS: AtomicU32 = AtomicU32::new(0);

    #[retry(3, "1h")]
    fn fails() -> Result<(), u8> {
        if CALLS.fetch_add(1, Ordering::Relaxed) == 0 {
            std::thread::spawn(|| {
                *STOPPED.lock().unwrap() = true;
                STOP.notify_all();
            });
        }
        Err(1)
    }
    set_blocking_sleeper(|time| {
        let stopped = STOPPED.lock().unwrap();
        drop(STOP.wait_timeout_while(stopped, time, |stopped| !*stopped));
    });
    assert_eq!(fails(), Err(1));
    assert_eq!(CALLS.load(Ordering::Relaxed), 3);
    println!("waits are cut short");
}

/// A runtime that cannot wait is asked once whether it can.
fn no_timers() {
    #[retry(2, "1ms")]
    async fn fails() -> Result<(), u8> {
        Err(1)
    }
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    for _ in 0..3 {
        assert_eq!(runtime.block_on(fails()), Err(1));
    }
    println!("3 waits");
}
