//! `err(..)`, `slow` and `min`: what the way a call ended, and how long it took, make of its level.

use std::fmt::{Display, Formatter};
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::Duration;

use async_trait::async_trait;
use logwright::record::{Kind, Status};
use logwright::{Level, get_logger, log_time, retry, structured_op, testing};

use crate::support::{heard, lines, run};

/// `Display` and `Debug` differ.
#[derive(Debug)]
struct Refused;

impl Display for Refused {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        f.write_str("refused")
    }
}

type Answer = Result<(), Refused>;

/// How a call ended: level and error of its last record, if there is one.
fn ending(call: impl FnOnce()) -> Option<(Level, Option<String>)> {
    let record = testing::capture(call).pop()?;
    assert_ne!(record.kind, Kind::OpStart);
    Some((record.level, record.error.map(|error| error.into_owned())))
}

/// A function of each shape: the level of its successes, and level and error of its failures.
macro_rules! failures {
    ($($test:ident: #[$($attribute:tt)*] => $success:ident, $failure:ident $error:literal;)*) => {$(
        #[test]
        fn $test() {
            #[$($attribute)*]
            fn plain(answer: Answer) -> Answer {
                answer
            }

            #[$($attribute)*]
            async fn later(answer: Answer) -> Answer {
                tokio::task::yield_now().await;
                answer
            }

            #[$($attribute)*]
            fn boxed(answer: Answer) -> Pin<Box<dyn Future<Output = Answer>>> {
                Box::pin(async move { answer })
            }

            #[$($attribute)*]
            fn made(answer: Answer) -> impl Future<Output = Answer> {
                std::future::ready(answer)
            }

            #[async_trait]
            trait Adapter {
                #[$($attribute)*]
                async fn fetch(&self, answer: Answer) -> Answer {
                    answer
                }
            }

            impl Adapter for u8 {}

            let calls: [fn(Answer) -> Answer; 5] = [
                plain,
                |answer| run(later(answer)),
                |answer| run(boxed(answer)),
                |answer| run(made(answer)),
                |answer| run(1.fetch(answer)),
            ];
            for (at, call) in calls.into_iter().enumerate() {
                assert_eq!(ending(|| assert!(call(Ok(())).is_ok())), Some((Level::$success, None)), "{at}");
                let failure = Some((Level::$failure, Some($error.to_owned())));
                assert_eq!(ending(|| assert!(call(Err(Refused)).is_err())), failure, "{at}");
            }
        }
    )*};
}

failures! {
    times_fail_at_their_own_level: #[log_time] => Debug, Debug "refused";
    times_fail_at_the_level_asked_for: #[log_time(err(level = "warn"))] => Debug, Warning "refused";
    times_fail_below_their_own_level: #[log_time(level = "info", err(level = "trace"))] => Info, Trace "refused";
    times_fail_by_debug: #[log_time(level = "info", err(debug))] => Info, Info "Refused";
    times_fail_by_debug_at_a_level: #[log_time(err(debug, level = "critical"))] => Debug, Critical "Refused";
    operations_fail_as_errors: #[structured_op] => Info, Error "refused";
    operations_fail_at_the_level_asked_for: #[structured_op(err(level = "warn"))] => Info, Warning "refused";
    operations_fail_by_debug: #[structured_op(level = "debug", err(debug))] => Debug, Error "Refused";
    operations_fail_by_debug_at_a_level: #[structured_op(err(level = "info", debug))] => Info, Info "Refused";
    what_is_always_slow_is_a_warning: #[log_time(slow = 0)] => Warning, Warning "refused";
    what_is_worse_than_slow_stays_so: #[log_time(slow = "0s", level = "info", err(level = "error"))]
        => Warning, Error "refused";
    slow_operations_are_warnings: #[structured_op(slow = "0ms", err(level = "debug"))] => Warning, Warning "refused";
    what_is_in_time_is_not_slow: #[log_time(slow = "1h")] => Debug, Debug "refused";
    what_is_long_enough_is_told: #[log_time(min = 0)] => Debug, Debug "refused";
}

fn error_or_warning(metadata: &tracing::Metadata<'_>) -> bool {
    *metadata.level() <= tracing::Level::WARN
}

/// What is heard of a successful and of a failing call, where only warnings are.
macro_rules! quiet {
    ($($test:ident: #[$($attribute:tt)*] => [$($expected:literal),*];)*) => {$(
        #[test]
        fn $test() {
            #[$($attribute)*]
            fn f(answer: Answer) -> Answer {
                answer
            }

            #[$($attribute)*]
            async fn g(answer: Answer) -> Answer {
                answer
            }

            let name = concat!(module_path!(), ": ");
            let now = heard(error_or_warning, || assert!(f(Ok(())).is_ok() && f(Err(Refused)).is_err()));
            let later = heard(error_or_warning, || {
                assert!(run(async { g(Ok(())).await.is_ok() && g(Err(Refused)).await.is_err() }));
            });
            let expected: &[&str] = &[$($expected),*];
            let strip = |lines: Vec<String>, f| -> Vec<String> {
                let strip = |line: &String| line.replace(name, "").replace(f, "f ").replace(char::is_numeric, "0");
                lines.iter().map(strip).collect()
            };
            assert_eq!(strip(now, "f "), expected);
            assert_eq!(strip(later, "g "), expected);
        }
    )*};
}

quiet! {
    nothing_is_heard_of_a_time: #[log_time] => [];
    a_failure_is_heard_where_its_level_is: #[log_time(err(level = "warn"))] => ["WARN f executed in 0.00 seconds"];
    a_slow_call_is_heard_where_its_own_level_is_off: #[log_time(level = "trace", slow = 0)]
        => ["WARN f executed in 0.00 seconds", "WARN f executed in 0.00 seconds"];
    nothing_is_heard_of_what_might_have_been_slow: #[log_time(slow = "1h")] => [];
    an_operation_is_heard_when_it_fails: #[structured_op] => ["ERROR f failed after 0.000 s: refused"];
    an_operation_that_fails_quietly_is_not: #[structured_op(err(level = "info"))] => [];
    the_end_of_a_slow_operation_is_heard: #[structured_op(slow = 0)]
        => ["WARN f completed in 0.000 s", "ERROR f failed after 0.000 s: refused"];
}

#[test]
fn an_error_without_a_text_is_told_by_its_type() {
    #[derive(Debug)]
    struct Silent(&'static str);
    impl Display for Silent {
        fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
            f.write_str(self.0)
        }
    }
    impl std::error::Error for Silent {}
    #[structured_op]
    #[log_time]
    #[retry(max_attempts = 2, delay = 0)]
    fn fails(text: &'static str) -> Result<(), Silent> {
        Err(Silent(text))
    }
    let records = testing::capture(|| assert!(fails("").is_err()));
    let errors: Vec<_> = records.iter().filter_map(|record| record.error.as_deref()).collect();
    assert_eq!(records.iter().filter(|record| record.status == Some(Status::Failure)).count(), 2);
    assert_eq!(errors.len(), 4, "those of the retries as well: {records:#?}");
    assert!(errors.iter().all(|error| error.ends_with("::Silent")), "{errors:?}");
    assert_eq!(records[1].message, "Attempt 1 failed: . Retrying in 0 seconds...");

    let records = testing::capture(|| assert!(fails("\n").is_err()));
    assert!(records[1..].iter().all(|record| record.error.as_deref() == Some("\n")), "{records:#?}");
}

#[test]
fn what_is_slow_or_failed_is_heard_in_its_loggers_name() {
    #[structured_op(logger = get_logger("failed"))]
    #[log_time(level = "trace", slow = 0, logger = get_logger("slow"))]
    fn f() -> Answer {
        Err(Refused)
    }
    let heard = heard(error_or_warning, || assert!(f().is_err()));
    let starts: Vec<_> = heard.iter().map(|line| line.split(": ").next().unwrap()).collect();
    assert_eq!(starts, ["WARN slow", "ERROR failed"]);
}

#[test]
fn slow_is_what_takes_as_long() {
    const LIMIT: Duration = Duration::from_millis(20);
    #[log_time(slow = "20ms")]
    #[structured_op(slow = 0.02)]
    fn naps(time: Duration) {
        std::thread::sleep(time);
    }
    #[log_time(slow = "20ms")]
    async fn waits(time: Duration) {
        tokio::time::sleep(time).await;
    }
    for (time, is_slow) in [(LIMIT, true), (Duration::ZERO, false)] {
        let mut records = testing::capture(|| naps(time));
        records.extend(testing::capture(|| run(waits(time))));
        records.retain(|record| record.kind != Kind::OpStart);
        assert_eq!(records.len(), 3);
        for record in records {
            // The machine may have been slower than the call.
            let took = record.duration_ns.unwrap() >= 20_000_000;
            assert!(took || !is_slow, "{record:#?}");
            assert_eq!(record.level == Level::Warning, took, "{record:#?}");
        }
    }
}

mod short {
    use super::*;

    #[log_time(min = "1h", err(level = "warn"))]
    fn ends(how: &str) -> Result<&str, &str> {
        match how {
            "panic" => panic!("burst"),
            "error" => Err(how),
            _ => Ok(how),
        }
    }

    #[log_time(min = "1h")]
    async fn waits() {
        std::future::pending::<()>().await;
    }

    fn status(call: impl FnOnce()) -> Vec<(Level, Option<Status>)> {
        testing::capture(call).into_iter().map(|record| (record.level, record.status)).collect()
    }

    #[test]
    fn calls_say_nothing() {
        #[log_time(min = "1h", level = "info")]
        fn fails() -> Answer {
            Err(Refused)
        }
        #[log_time(min = "1h", slow = "2h")]
        async fn succeeds() {}
        assert_eq!(status(|| assert!(ends("well").is_ok())), []);
        assert_eq!(status(|| assert!(fails().is_err())), []);
        assert_eq!(status(|| run(succeeds())), []);
    }

    #[test]
    fn calls_tell_what_went_wrong() {
        let failure = (Level::Warning, Some(Status::Failure));
        assert_eq!(status(|| assert!(ends("error").is_err())), [failure]);
        let panicked = (Level::Error, Some(Status::Panicked));
        assert_eq!(status(|| assert!(std::panic::catch_unwind(|| ends("panic")).is_err())), [panicked]);
        let cancelled = (Level::Warning, Some(Status::Cancelled));
        assert_eq!(status(|| run(poll_once(waits()))), [cancelled]);
    }

    #[test]
    fn calls_tell_of_panics_and_cancellations_whatever_their_level() {
        #[log_time(level = "error", min = "1h")]
        fn bursts() {
            panic!("burst")
        }
        #[log_time(level = "warn", min = "1h")]
        async fn waits() {
            std::future::pending::<()>().await;
        }
        let panicked = (Level::Error, Some(Status::Panicked));
        assert_eq!(status(|| assert!(std::panic::catch_unwind(bursts).is_err())), [panicked]);
        let cancelled = (Level::Warning, Some(Status::Cancelled));
        assert_eq!(status(|| run(poll_once(waits()))), [cancelled]);
    }

    async fn poll_once(future: impl Future) {
        let mut future = pin!(future);
        let _ = poll_fn(|context| Poll::Ready(future.as_mut().poll(context).map(drop))).await;
    }

    #[test]
    fn calls_are_not_those_that_take_as_long() {
        #[log_time(min = "20ms")]
        fn naps(time: Duration) {
            std::thread::sleep(time);
        }
        assert_eq!(lines(|| naps(Duration::from_millis(20))).len(), 1);
        let record = testing::capture(|| naps(Duration::ZERO)).pop();
        assert!(record.is_none_or(|record| record.duration_ns.unwrap() >= 20_000_000));
    }
}
