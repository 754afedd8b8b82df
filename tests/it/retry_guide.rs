//! `#[retry]` and the guide's decorator, which is Python: on the same failures both say the same at the same level, wait as
//! long, call as often and end alike.

use std::time::Duration;

use logwright::Level;
use logwright::retry;
use logwright::retry::{Delay, testing};

use crate::retry_recording::{Did, Recorded, recording};
use crate::support::{lines, run};

/// Calls that fail with these errors, one after the other; the one after the last succeeds and returns its number.
struct Calls<'a> {
    errors: &'a [String],
    made: usize,
}

impl Calls<'_> {
    fn make(&mut self) -> Result<usize, String> {
        self.made += 1;
        self.errors.get(self.made - 1).map_or(Ok(self.made), |error| Err(error.clone()))
    }
}

type Call = fn(&mut Calls<'_>) -> Result<usize, String>;

/// The functions of one number of attempts and one delay.
#[derive(Clone, Copy)]
struct Cell {
    max_attempts: u32,
    delay: f64,
    plain: Call,
    later: Call,
    /// Says what there is to say by default.
    by_default: Call,
}

/// Those of one number of attempts, one for each delay.
macro_rules! cells {
    ($attempts:literal) => { cells!($attempts: 0 1 2 5 10 0.25 0.5 1.5 0.1 30) };
    ($attempts:literal: $($delay:literal)*) => {
        [$({
            #[retry(max_attempts = $attempts, delay = $delay, recover_level = "off")]
            fn plain(calls: &mut Calls<'_>) -> Result<usize, String> {
                calls.make()
            }

            #[retry(max_attempts = $attempts, delay = $delay, recover_level = "off")]
            async fn later(calls: &mut Calls<'_>) -> Result<usize, String> {
                tokio::task::yield_now().await;
                calls.make()
            }

            #[retry(max_attempts = $attempts, delay = $delay)]
            fn by_default(calls: &mut Calls<'_>) -> Result<usize, String> {
                calls.make()
            }

            Cell {
                max_attempts: $attempts,
                delay: f64::from($delay),
                plain,
                later: |calls| run(later(calls)),
                by_default,
            }
        }),*]
    };
}

fn cells() -> Vec<Cell> {
    [cells!(1), cells!(2), cells!(3), cells!(4), cells!(5), cells!(6)].concat()
}

impl Cell {
    fn of(recorded: &Recorded) -> Self {
        let delay: f64 = recorded.delay.parse().unwrap();
        let is_it = |cell: &Cell| cell.max_attempts == recorded.max_attempts && cell.delay == delay;
        cells().into_iter().find(is_it).unwrap()
    }
}

/// What ours does with a script.
fn did(recorded: &Recorded, call: impl FnOnce(&mut Calls<'_>) -> Result<usize, String>) -> Did {
    let _quick = testing::no_waiting();
    let mut calls = Calls { errors: &recorded.errors, made: 0 };
    let mut outcome = Ok(0);
    let stream = lines(|| outcome = call(&mut calls));
    let slept = testing::recorded_waits().iter().map(Duration::as_secs_f64).collect();
    Did { stream, slept, outcome, calls: calls.made }
}

/// What Python did, and what it does not say.
fn with_recovery(recorded: &Recorded) -> Did {
    let mut did = recorded.did.clone();
    if did.outcome.is_ok() && did.calls > 1 {
        did.stream.push((Level::Info, format!("Succeeded after {} attempts", did.calls)));
    }
    did
}

/// The same script without an attribute.
fn retrying(recorded: &Recorded) -> retry::Retrying<Delay> {
    let delay = Duration::from_secs_f64(recorded.delay.parse().unwrap());
    retry::with(Delay::constant(delay)).max_attempts(recorded.max_attempts)
}

#[test]
fn plain_functions_do_what_the_guides_decorator_does() {
    for recorded in recording() {
        assert_eq!(did(recorded, Cell::of(recorded).plain), recorded.did);
    }
}

#[test]
fn async_functions_do_what_the_guides_decorator_does() {
    for recorded in recording() {
        assert_eq!(did(recorded, Cell::of(recorded).later), recorded.did);
    }
}

#[test]
fn without_an_attribute_it_is_the_same() {
    for recorded in recording() {
        let quiet = || retrying(recorded).recover_level(None);
        assert_eq!(did(recorded, |calls| quiet().run(|_| calls.make())), recorded.did);
        let later = did(recorded, |calls| run(quiet().run_async(async |_| calls.make())));
        assert_eq!(later, recorded.did);
    }
}

#[test]
fn by_default_a_recovery_is_said_as_well_and_nothing_else() {
    assert!(recording().iter().any(|recorded| with_recovery(recorded) != recorded.did));
    for recorded in recording() {
        let expected = with_recovery(recorded);
        assert_eq!(did(recorded, Cell::of(recorded).by_default), expected);
        assert_eq!(did(recorded, |calls| retrying(recorded).run(|_| calls.make())), expected);
    }
}
