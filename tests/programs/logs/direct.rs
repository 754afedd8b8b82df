//! What is said to logwright's own subscriber, which takes records as they are, and to others, which get events.

use std::fmt::Debug;
use std::panic::catch_unwind;
use std::pin::Pin;
use std::task::{Context, Waker};

use logwright::record::json;
use logwright::{Level, Setup, testing};
use tracing::field::Field;
use tracing::{Event, Subscriber};
use tracing_subscriber::Registry;
use tracing_subscriber::layer::{Layer, SubscriberExt};

/// Every kind of record, and every way out of a call.
fn speaks() {
    #[logwright::structured_op(context(n = 1), result(n = *ret))]
    #[logwright::log_time(fields(n = 2), slow = "1h")]
    #[logwright::retry(max_attempts = 2, delay = 0)]
    fn tries(count: &mut u32, enough: u32) -> Result<u32, std::num::ParseIntError> {
        *count += 1;
        logwright::event!("tried", count = *count);
        if *count < enough { "seven".parse() } else { Ok(*count) }
    }
    #[logwright::structured_op]
    #[logwright::log_time]
    fn panics() {
        panic!("at https://ann:pw@a.example/");
    }
    #[logwright::structured_op]
    #[logwright::log_time]
    async fn waits() {
        tracing::info!(answer = 42, "of tracing");
        std::future::pending().await
    }
    logwright::trace!("trace");
    logwright::debug!(key = %"a\nb", "{}", "d".repeat(20_000));
    logwright::info!(token = "t", n = 0.5, "at {}", "https://ann:pw@a.example/");
    logwright::error!("error");
    logwright::critical!(list = ?[1, 2], "critical");
    logwright::warn!(logger: logwright::get_logger("adapter.web"), pages = 3, "by name");
    for enough in 1..4 {
        let _ = tries(&mut 0, enough);
    }
    let _ = catch_unwind(panics);
    let mut waiting: Pin<Box<dyn Future<Output = ()>>> = Box::pin(waits());
    let _ = waiting.as_mut().poll(&mut Context::from_waker(Waker::noop()));
    drop(waiting);
    logwright::event!("outside");
}

/// To the program's subscriber, and once more where it is captured.
pub(super) fn both_ways(setup: Setup) {
    let dir = std::env::args().nth(2).expect("the directory is an argument");
    let _log = setup.level(Level::Trace).install();
    speaks();
    let mut lines = String::new();
    for record in testing::capture(speaks) {
        json::write(&mut lines, &record);
    }
    std::fs::write(format!("{dir}/captured.jsonl"), lines).expect("the directory can be written to");
}

/// To another subscriber of this thread alone, which prints what it hears; the filter is changed meanwhile.
pub(super) fn beside(setup: Setup) {
    #[logwright::log_time]
    fn timed(_: &str) {}
    let log = setup.install().expect("nothing else is set up");
    let say = |when: &str| {
        logwright::info!("{when}");
        logwright::debug!("{when}");
        timed(when);
    };
    say("before");
    tracing::subscriber::with_default(Registry::default().with(Printer), || say("beside"));
    log.set_filter("debug").expect("it can be read");
    say("after");
    log.set_filter("error").expect("it can be read");
    say("too late");
}

/// Prints the fields of events.
struct Printer;

impl<S: Subscriber> Layer<S> for Printer {
    fn on_event(&self, event: &Event<'_>, _: tracing_subscriber::layer::Context<'_, S>) {
        let metadata = event.metadata();
        print!("{} {}:{}", metadata.level(), metadata.target(), metadata.name());
        event.record(&mut |field: &Field, value: &dyn Debug| print!(" {}={value:?}", field.name()));
        println!();
    }
}
