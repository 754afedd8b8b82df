//! Annotated functions that a macro of the user's makes: their parts come as fragments, in groups that are not written.

use logwright::record::Status;
use logwright::{Level, testing};

use crate::support::{only, run};

/// Every part of a function as a fragment.
macro_rules! function {
    ($(#[$attribute:meta])* $vis:vis fn $name:ident($($argument:ident: $type:ty),*) -> $returned:ty $body:block) => {
        $(#[$attribute])*
        $vis fn $name($($argument: $type),*) -> $returned $body
    };
    ($(#[$attribute:meta])* $vis:vis async fn $name:ident($($argument:ident: $type:ty),*) -> $returned:ty $body:block) => {
        $(#[$attribute])*
        $vis async fn $name($($argument: $type),*) -> $returned $body
    };
}

function! {
    #[logwright::structured_op(context(n, twice = n * 2), result(value = *ret))]
    #[logwright::log_time(fields(text))]
    #[logwright::retry(max_attempts = 2, delay = 0)]
    pub(crate) fn plain(n: u32, text: &str) -> Result<u32, String> {
        let parsed: u32 = text.parse().map_err(|_| text.to_owned())?;
        Ok(parsed + n)
    }
}

function! {
    #[logwright::structured_op(context(n, twice = n * 2), result(value = *ret))]
    #[logwright::log_time(fields(text))]
    #[logwright::retry(max_attempts = 2, delay = 0)]
    async fn asynchronous(n: u32, text: &str) -> Result<u32, String> {
        tokio::task::yield_now().await;
        let parsed: u32 = text.parse().map_err(|_| text.to_owned())?;
        Ok(parsed + n)
    }
}

function! {
    #[logwright::log_time]
    fn made(n: u32) -> std::pin::Pin<Box<dyn Future<Output = Result<u32, String>>>> {
        Box::pin(async move { Err(n.to_string()) })
    }
}

function! {
    #[logwright::log_time]
    fn opaque(n: u32) -> impl Future<Output = Result<u32, String>> { std::future::ready(Err(n.to_string())) }
}

function! {
    #[logwright::log_time]
    fn nothing(_n: u32) -> () {}
}

/// The attribute is the macro's, and only some parts are the caller's.
macro_rules! getter {
    ($attribute:ident $name:ident: $type:ty = $value:expr) => {
        #[logwright::$attribute(level = "warn")]
        fn $name() -> Option<$type> {
            Some($value)
        }
    };
}

getter!(log_time timed: &'static str = "timed");
getter!(structured_op operated: u32 = 1 + 1);

/// An expression, a literal and a condition in the options.
macro_rules! options {
    ($name:ident, $level:literal, $attempts:literal, $when:expr, $field:ident = $value:expr) => {
        #[logwright::log_time(level = $level, fields($field = $value))]
        #[logwright::retry(max_attempts = $attempts, delay = 0, when = $when)]
        fn $name() -> Result<(), u32> {
            Err(2)
        }
    };
}

options!(optional, "info", 4, |error: &u32| *error > 1, sum = 1 + 2);

#[test]
fn functions_made_of_fragments_are_as_those_that_are_written() {
    let calls: [fn(&str) -> _; 2] = [|text| plain(3, text), |text| run(asynchronous(3, text))];
    for call in calls {
        let records = testing::capture(|| assert_eq!(call("4"), Ok(7)));
        assert_eq!(records.len(), 3);
        assert_eq!(records[1].context.as_str(), r#"{"text":"4"}"#);
        assert_eq!(records[2].context.as_str(), r#"{"n":3,"twice":6}"#);
        assert_eq!(records[2].result.as_str(), r#"{"value":7}"#);
        let records = testing::capture(|| assert_eq!(call("x"), Err("x".to_owned())));
        assert_eq!(records.len(), 5);
        assert_eq!(records[4].status, Some(Status::Failure));
    }
}

#[test]
fn a_return_type_that_is_a_fragment_is_seen_through() {
    for future in [|| made(1), || Box::pin(opaque(1)) as _] {
        let record = only(|| assert_eq!(run(future()), Err("1".to_owned())));
        assert_eq!(record.status, Some(Status::Failure));
    }
    assert_eq!(only(|| nothing(1)).status, Some(Status::Success));
}

#[test]
fn parts_and_options_may_be_the_callers() {
    assert_eq!(only(|| assert_eq!(timed(), Some("timed"))).level, Level::Warning);
    assert_eq!(testing::capture(|| assert_eq!(operated(), Some(2)))[0].level, Level::Warning);
    let records = testing::capture(|| assert_eq!(optional(), Err(2)));
    assert_eq!(records.len(), 5);
    assert_eq!((records[4].level, records[4].context.as_str()), (Level::Info, r#"{"sum":3}"#));
}
