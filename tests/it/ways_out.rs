//! Every way out of a call, for every attribute on every shape of function: what is written, and what comes back.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Waker};

use futures::future::LocalBoxFuture;
use logwright::record::{Record, Status};
use logwright::testing;
use tracing::subscriber::{Interest, with_default};
use tracing::{Dispatch, Event, Level, Metadata, Subscriber, dispatcher, span};

use crate::support::run;

type Answer = Result<u32, &'static str>;

#[derive(Clone, Copy, Debug, PartialEq)]
enum Exit {
    Value,
    ErrByTail,
    ErrByQuestionMark,
    ErrByReturn,
    Panic,
    /// Dropped after the first poll.
    Cancelled,
    NeverPolled,
}

use Exit::{Cancelled, ErrByQuestionMark, ErrByReturn, ErrByTail, NeverPolled, Panic, Value};

const PLAIN: [Exit; 5] = [Value, ErrByTail, ErrByQuestionMark, ErrByReturn, Panic];
const FUTURE: [Exit; 2] = [Cancelled, NeverPolled];

/// An annotated function, called `name`.
struct Shape {
    name: &'static str,
    call: Call,
}

enum Call {
    Plain(fn(Exit) -> Answer),
    Future(fn(Exit) -> LocalBoxFuture<'static, Answer>),
}

/// Leaves the function it stands in by `exit`.
macro_rules! leave {
    ($exit:ident) => {{
        if $exit == ErrByReturn {
            return Err("refused");
        }
        assert!($exit != Panic, "burst");
        let refused = if $exit == ErrByQuestionMark { Err("refused") } else { Ok(7) };
        let value = refused?;
        if $exit == ErrByTail { Err("refused") } else { Ok(value) }
    }};
}

async fn pause(exit: Exit) {
    tokio::task::yield_now().await;
    if exit == Cancelled {
        std::future::pending::<()>().await;
    }
}

/// The shapes that are there for every attribute.
macro_rules! functions {
    ($($attribute:tt)*) => {
        #[$($attribute)*]
        fn plain(exit: Exit) -> Answer {
            leave!(exit)
        }

        #[$($attribute)*]
        async fn asynchronous(exit: Exit) -> Answer {
            pause(exit).await;
            leave!(exit)
        }

        const FUNCTIONS: [Shape; 2] = [
            Shape { name: "plain", call: Call::Plain(plain) },
            Shape { name: "asynchronous", call: Call::Future(|exit| Box::pin(asynchronous(exit))) },
        ];
    };
}

/// The shapes that only make a future.
macro_rules! makers {
    ($($attribute:tt)*) => {
        #[async_trait::async_trait]
        trait Adapter {
            async fn method(&self, exit: Exit) -> Answer;
        }

        struct Site;

        #[async_trait::async_trait]
        impl Adapter for Site {
            #[$($attribute)*]
            async fn method(&self, exit: Exit) -> Answer {
                pause(exit).await;
                leave!(exit)
            }
        }

        #[$($attribute)*]
        fn boxed(exit: Exit) -> Pin<Box<dyn Future<Output = Answer>>> {
            let whole = async move {
                pause(exit).await;
                leave!(exit)
            };
            Box::pin(whole)
        }

        #[$($attribute)*]
        fn opaque(exit: Exit) -> impl Future<Output = Answer> {
            let waits = pause(exit);
            async move {
                waits.await;
                leave!(exit)
            }
        }

        const MAKERS: [Shape; 3] = [
            Shape { name: "method", call: Call::Future(|exit| Site.method(exit)) },
            Shape { name: "boxed", call: Call::Future(|exit| boxed(exit)) },
            Shape { name: "opaque", call: Call::Future(|exit| Box::pin(opaque(exit))) },
        ];
    };
}

mod log_time {
    use super::*;
    functions!(logwright::log_time);
    makers!(logwright::log_time);

    /// `f` is the function, `#` the time it took.
    const fn written(exit: Exit) -> &'static [&'static str] {
        match exit {
            Value => &["DEBUG success f executed in # seconds"],
            ErrByTail | ErrByQuestionMark | ErrByReturn => {
                &["DEBUG failure f executed in # seconds (refused)"]
            }
            Panic => &["ERROR panicked f executed in # seconds"],
            Cancelled => &["WARNING cancelled f executed in # seconds"],
            NeverPolled => &[],
        }
    }

    #[test]
    fn each_way_out_is_told() {
        check(FUNCTIONS.iter().chain(&MAKERS), Level::TRACE, written);
    }

    #[test]
    fn where_its_level_is_off_nothing_is_told() {
        check(FUNCTIONS.iter().chain(&MAKERS), Level::INFO, |_| &[]);
    }
}

mod structured_op {
    use super::*;
    functions!(logwright::structured_op);
    makers!(logwright::structured_op);

    const fn written(exit: Exit) -> &'static [&'static str] {
        const START: &str = "INFO started f started";
        match exit {
            Value => &[START, "INFO success f completed in # s"],
            ErrByTail | ErrByQuestionMark | ErrByReturn => {
                &[START, "ERROR failure f failed after # s: refused (refused)"]
            }
            Panic => &[START, "ERROR panicked f panicked after # s"],
            Cancelled => &[START, "WARNING cancelled f cancelled after # s"],
            NeverPolled => &[],
        }
    }

    #[test]
    fn each_way_out_is_told() {
        check(FUNCTIONS.iter().chain(&MAKERS), Level::TRACE, written);
    }

    #[test]
    fn where_its_level_is_off_the_ends_of_a_higher_one_are_told() {
        check(FUNCTIONS.iter().chain(&MAKERS), Level::WARN, |exit| match written(exit) {
            [_, end] if exit != Value => std::slice::from_ref(end),
            _ => &[],
        });
    }
}

mod retry {
    use super::*;
    functions!(logwright::retry(max_attempts = 2, delay = 0));

    const fn written(exit: Exit) -> &'static [&'static str] {
        match exit {
            ErrByTail | ErrByQuestionMark | ErrByReturn => &[
                "WARNING - Attempt 1 failed: refused. Retrying in 0 seconds... (refused)",
                "ERROR - Failed after 2 attempts: refused (refused)",
            ],
            Value | Panic | Cancelled | NeverPolled => &[],
        }
    }

    #[test]
    fn each_way_out_is_told() {
        check(&FUNCTIONS, Level::TRACE, written);
    }

    #[test]
    fn where_attempts_are_off_giving_up_is_told() {
        check(&FUNCTIONS, Level::ERROR, |exit| {
            written(exit).split_at_checked(1).map_or(&[], |(_, last)| last)
        });
    }
}

/// Leaves each of the functions by every way there is, while records from `level` on are wanted.
fn check<'a>(
    shapes: impl IntoIterator<Item = &'a Shape>,
    level: Level,
    written: fn(Exit) -> &'static [&'static str],
) {
    for Shape { name, call } in shapes {
        let exits = PLAIN.iter().chain(FUTURE.iter().filter(|_| matches!(call, Call::Future(_))));
        for &exit in exits {
            let records = testing::capture(|| with_default(AtLeast(level, current()), || leaves(call, exit)));
            let lines: Vec<_> = records.iter().map(|record| line(record, name)).collect();
            assert_eq!(lines, written(exit), "`{name}` left by {exit:?}");
        }
    }
}

/// Calls a function, and sees to it that it is left by `exit` with what its body made.
fn leaves(call: &Call, exit: Exit) {
    let answer = match (call, exit) {
        (Call::Future(make), NeverPolled) => return drop(make(exit)),
        (Call::Future(make), Cancelled) => {
            let mut future = make(exit);
            assert!(future.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
            return;
        }
        (Call::Future(make), _) => catch_unwind(AssertUnwindSafe(|| run(make(exit)))),
        (Call::Plain(function), _) => catch_unwind(|| function(exit)),
    };
    match exit {
        Panic => assert_eq!(answer.unwrap_err().downcast_ref(), Some(&"burst")),
        Value => assert_eq!(answer.unwrap(), Ok(7)),
        _ => assert_eq!(answer.unwrap(), Err("refused")),
    }
}

/// A record in one line, without what differs from function to function and from run to run.
fn line(record: &Record<'_>, name: &str) -> String {
    let level = record.level.as_str();
    let status = record.status.map_or("-", Status::as_str);
    let message = regex::Regex::new(r"\d+\.\d+ s").unwrap().replace(&record.message, "# s");
    let message = message.replacen(name, "f", 1);
    let error = record.error.as_ref().map(|error| format!(" ({error})")).unwrap_or_default();
    format!("{level} {status} {message}{error}")
}

fn current() -> Dispatch {
    dispatcher::get_default(Dispatch::clone)
}

/// Passes events of this level and above on.
struct AtLeast(Level, Dispatch);

impl Subscriber for AtLeast {
    fn register_callsite(&self, _: &'static Metadata<'static>) -> Interest {
        Interest::sometimes()
    }

    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        *metadata.level() <= self.0
    }

    fn event(&self, event: &Event<'_>) {
        self.1.event(event);
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}
    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}
    fn enter(&self, _: &span::Id) {}
    fn exit(&self, _: &span::Id) {}
}
