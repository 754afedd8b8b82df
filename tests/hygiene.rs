//! Attributes and macros in a crate that has taken every common name for itself, and in which a warning is an error:
//! what they expand to relies on nothing that happens to be in scope.
#![no_implicit_prelude]
#![deny(warnings, clippy::all, clippy::pedantic)]
#![forbid(unsafe_code)]

/// Takes names: by items that are of no use, and by macros that no call matches.
macro_rules! take {
    (macros: $($name:ident)*) => {$(
        #[allow(unused_macros, reason = "it is there to be passed over")]
        macro_rules! $name {
            (taken) => {};
        }
    )*};
    (modules: $($name:ident)*) => {$(
        mod $name {}
    )*};
    (types: $($name:ident)*) => {$(
        #[allow(dead_code, non_camel_case_types, reason = "it is there to be passed over")]
        struct $name {}
    )*};
    (traits: $($name:ident)*) => {$(
        #[allow(dead_code, reason = "it is there to be passed over")]
        trait $name {}
    )*};
    (functions: $($name:ident)*) => {$(
        #[allow(dead_code, non_snake_case, reason = "it is there to be passed over")]
        fn $name() {}
    )*};
}

take!(macros: cfg column compile_error concat debug_assert env file format format_args include_str line matches
    module_path option_env panic print println stringify todo r#try unreachable vec write writeln);
take!(macros: trace debug info warn error critical event log span);
take!(modules: core std alloc logwright tracing log __private);
take!(types: Result Option String Vec Box Pin Arc Duration Poll Context Level Site Fields Failure Timer Operation
    Watch Watched Retry Limits Delay Attempted Returned Errored Capture);
take!(types: bool char str u8 u32 u64 usize i32 f64);
take!(traits: From Into TryFrom Iterator IntoIterator Future IntoFuture Fn FnMut FnOnce Drop Clone Copy Default
    Send Sync Sized Unpin Debug Display Error AsRef ToString);
take!(functions: Some None Ok Err drop call_once call_in captured sleep blocking wanted main_starts);

type Number = ::core::primitive::u32;
type Answer = ::core::result::Result<Number, Refused>;

/// An error that says nothing of itself.
struct Refused;

impl Refused {
    fn is_temporary(&self) -> ::core::primitive::bool {
        let Self = self;
        true
    }
}

const fn accept(number: Number) -> Answer {
    if number < 100 { ::core::result::Result::Ok(number) } else { ::core::result::Result::Err(Refused) }
}

#[::logwright::log_time(
    level = "info",
    name = "timing",
    fields(number, %text, twice = number * 2, length = ?text.len(), display = %text)
)]
fn timed(number: Number, text: &::core::primitive::str) -> Answer {
    let more = accept(number)?;
    if text.is_empty() {
        return ::core::result::Result::Err(Refused);
    }
    accept(more)
}

#[::logwright::retry(
    max_attempts = 3,
    delay = "1ms",
    backoff = exponential,
    when = |error| error.is_temporary() && number < 100,
    name = "trying",
    bind = attempt
)]
fn retried(number: Number) -> Answer {
    if attempt.is_last() { accept(number) } else { ::core::result::Result::Err(Refused) }
}

#[::logwright::retry(2, 0, when = Refused::is_temporary)]
fn retried_in_short(number: Number) -> Answer {
    accept(number)
}

#[::logwright::structured_op(
    level = "debug",
    name = "operation",
    context(number, ?text, twice = number * 2),
    result(value = *ret, debug = ?ret, display = %ret),
    bind = op
)]
fn operated(number: Number, text: &::core::primitive::str) -> Answer {
    ::logwright::event!("plain");
    ::logwright::event!("fields", number, ?text, twice = number * 2, debug = ?text, display = %text);
    ::logwright::event!(op: op, "by handle", number);
    accept(number)
}

#[::logwright::log_time(fields(number))]
#[::logwright::structured_op(fields(number), bind = op)]
fn nothing_returned(number: Number) {
    ::logwright::event!(op: op, "nothing", number);
}

#[track_caller]
#[::logwright::structured_op]
fn caller() -> &'static ::core::panic::Location<'static> {
    ::core::panic::Location::caller()
}

#[::logwright::structured_op(context(number), result(value = *ret), bind = op)]
#[::logwright::log_time(fields(number))]
#[::logwright::retry(max_attempts = 2, delay = "1ms", when = |_| true, bind = attempt)]
async fn asynchronous(number: Number) -> Answer {
    ::logwright::event!(op: op, "attempt", n = attempt.number());
    let ready = ::core::future::ready(accept(number)).await?;
    ::core::result::Result::Ok(ready)
}

#[::logwright::log_time(fields(number))]
#[::logwright::structured_op(context(number), result(value = *ret))]
fn opaque(number: Number) -> impl ::core::future::Future<Output = Answer> {
    ::core::future::ready(accept(number))
}

#[::logwright::log_time(fields(number))]
#[::logwright::structured_op(context(number), result(value = *ret))]
fn boxed(
    number: Number,
) -> ::core::pin::Pin<::std::boxed::Box<dyn ::core::future::Future<Output = Answer> + ::core::marker::Send>> {
    ::std::boxed::Box::pin(async move { accept(number) })
}

trait Adapter {
    fn count(&mut self) -> Answer;

    #[::logwright::log_time]
    #[::logwright::retry(max_attempts = 2, delay = 0)]
    fn twice(&mut self) -> Answer {
        self.count()?;
        self.count()
    }

    fn poll(&mut self, number: Number) -> impl ::core::future::Future<Output = Answer>;
}

struct Counter {
    count: Number,
}

impl Adapter for Counter {
    #[::logwright::structured_op(context(count = self.count), result(value = *ret), bind = op)]
    fn count(&mut self) -> Answer {
        ::logwright::event!(op: op, "counts", count = self.count);
        self.count += 1;
        accept(self.count)
    }

    #[::logwright::structured_op(context(number), result(value = *ret))]
    #[::logwright::retry(max_attempts = 2, delay = 0, bind = attempt)]
    async fn poll(&mut self, number: Number) -> Answer {
        self.count += attempt.number();
        accept(number)
    }
}

/// What `#[async_trait]` writes relies on the name `Box`; there is no other here.
mod later {
    use ::std::boxed::Box;

    use super::{Answer, Counter, Number, accept};

    #[::async_trait::async_trait]
    pub(crate) trait Later {
        async fn later(&mut self, number: Number) -> Answer;
    }

    #[::async_trait::async_trait]
    impl Later for Counter {
        #[::logwright::log_time(fields(number))]
        #[::logwright::structured_op(context(number), result(value = *ret))]
        async fn later(&mut self, number: Number) -> Answer {
            self.count += number;
            accept(self.count)
        }
    }
}

#[::logwright::main(app = "hygiene", level = "info", dir = "target/hygiene")]
fn main() -> ::core::result::Result<(), ::std::io::Error> {
    ::core::result::Result::Ok(())
}

fn lines(number: Number) {
    let logger = ::logwright::get_logger("hygiene");
    ::logwright::trace!("plain");
    ::logwright::debug!(number, "a field");
    ::logwright::info!(number, ?number, twice = number * 2, "fields and {number}");
    ::logwright::warn!(logger: logger, number, "of a logger");
    ::logwright::error!("{}", number);
    ::logwright::critical!("{n}", n = number);
}

use later::Later as _;

fn finish(future: impl ::core::future::Future<Output = Answer>) {
    let answer = ::futures::executor::block_on(future);
    ::core::assert!(answer.is_ok());
}

#[test]
fn what_compiles_here_runs_here() {
    let records = ::logwright::testing::capture(|| {
        ::core::assert!(timed(1, "x").is_ok());
        ::core::assert!(retried(1).is_ok());
        ::core::assert!(retried_in_short(1).is_ok());
        ::core::assert!(operated(1, "x").is_ok());
        nothing_returned(1);
        ::core::assert_eq!(caller().line(), ::core::line!());
        finish(asynchronous(1));
        finish(opaque(1));
        finish(boxed(1));
        let mut counter = Counter { count: 0 };
        ::core::assert!(counter.twice().is_ok());
        finish(counter.poll(1));
        finish(counter.later(1));
        lines(1);
    });
    ::core::assert!(records.len() > 40, "{}", records.len());
}
