//! Policies of the user's own in `#[retry]`: when they are made, what they are asked, and what they may be.

use std::cell::{Cell, RefCell};
use std::time::Duration;

use backoff::backoff::{Backoff, Stop};
use logwright::retry;
use logwright::retry::{AttemptCtx, Delay, FromBackoff, Policy, testing};

use crate::support::{contexts, run};

const SECOND: Duration = Duration::from_secs(1);

/// Two, three, four seconds; it counts how many of its kind there are.
struct Counting(u32);

impl Counting {
    fn new(made: &Cell<u32>) -> Self {
        made.set(made.get() + 1);
        Self(1)
    }
}

impl Policy for Counting {
    fn next_delay(&mut self, _: &AttemptCtx<'_>) -> Option<Duration> {
        self.0 += 1;
        Some(SECOND * self.0)
    }
}

#[retry(4, policy = Counting::new(made), bind = attempt)]
fn counted(succeeds_at: u32, made: &Cell<u32>) -> Result<u32, u32> {
    if attempt.number() >= succeeds_at { Ok(made.get()) } else { Err(made.get()) }
}

#[retry(4, policy = Counting::new(made), bind = attempt)]
async fn counted_later(succeeds_at: u32, made: &Cell<u32>) -> Result<u32, u32> {
    tokio::task::yield_now().await;
    if attempt.number() >= succeeds_at { Ok(made.get()) } else { Err(made.get()) }
}

#[test]
fn a_policy_is_made_at_the_first_failure_and_anew_for_each_call() {
    let made = Cell::new(0);
    let _quick = testing::no_waiting();
    assert_eq!((counted(1, &made), run(counted_later(1, &made))), (Ok(0), Ok(0)));
    assert_eq!((counted(9, &made), run(counted_later(9, &made))), (Err(1), Err(2)));
    assert_eq!((counted(3, &made), run(counted_later(2, &made))), (Ok(3), Ok(4)));
    let expected = [[2, 3, 4].as_slice(), &[2, 3, 4], &[2, 3], &[2]].concat();
    assert_eq!(testing::recorded_waits(), expected.into_iter().map(Duration::from_secs).collect::<Vec<_>>());
}

/// Why a call with that policy is given up, and its waits in seconds.
fn ends(policy: impl Policy) -> (String, Vec<u64>) {
    let _quick = testing::no_waiting();
    let call = retry::with(policy).max_attempts(4);
    let contexts = contexts(|| assert!(call.run(|_| Err::<(), _>("busy")).is_err()));
    let reason = contexts.last().unwrap()["reason"].as_str().unwrap().to_owned();
    (reason, testing::recorded_waits().iter().map(Duration::as_secs).collect())
}

#[test]
fn a_policy_may_stop_at_once_or_later() {
    assert_eq!(ends(|_: &AttemptCtx<'_>| None), ("policy_stop".to_owned(), vec![]));
    let twice = |context: &AttemptCtx<'_>| (context.attempt() < 3).then_some(SECOND);
    assert_eq!(ends(twice), ("policy_stop".to_owned(), vec![1, 1]));
    assert_eq!(ends(FromBackoff(Stop {})), ("policy_stop".to_owned(), vec![]));
}

#[test]
fn a_policy_may_be_a_closure_with_a_state_or_in_a_box_or_one_of_backoff() {
    let mut left = 2;
    let counts = move |_: &AttemptCtx<'_>| {
        left -= 1;
        (left >= 0).then_some(SECOND)
    };
    assert_eq!(ends(counts), ("policy_stop".to_owned(), vec![1, 1]));
    assert_eq!(ends(Counting(1)), ("max_attempts".to_owned(), vec![2, 3, 4]));
    assert_eq!(ends(Delay::constant(SECOND)), ("max_attempts".to_owned(), vec![1, 1, 1]));
    type Boxed = Box<dyn FnMut(&AttemptCtx<'_>) -> Option<Duration> + Send>;
    let boxed: Boxed = Box::new(counts);
    assert_eq!(ends(boxed), ("policy_stop".to_owned(), vec![1, 1]));
    let backoffs: [Box<dyn Backoff + Send>; 2] =
        [Box::new(Stop {}), Box::new(backoff::backoff::Constant::new(SECOND * 3))];
    assert_eq!(backoffs.map(|backoff| ends(FromBackoff(backoff)).1), [vec![], vec![3, 3, 3]],);
}

#[test]
fn a_wait_that_a_policy_asks_for_is_cut_to_the_longest() {
    #[retry(2, policy = |_: &AttemptCtx<'_>| Some(Duration::MAX), max_delay = "7s")]
    fn cut() -> Result<(), u8> {
        Err(1)
    }
    assert_eq!(ends(|_: &AttemptCtx<'_>| Some(Duration::MAX)).1, [30; 3]);
    let _quick = testing::no_waiting();
    assert_eq!(cut(), Err(1));
    assert_eq!(testing::recorded_waits(), [SECOND * 7]);
}

/// What a policy was told: attempt, elapsed and slept in seconds, the longest wait, the error's text.
type Seen = (u32, u64, u64, Duration, String);

#[test]
fn a_policy_knows_the_attempt_the_times_and_the_error() {
    fn watches(seen: &RefCell<Vec<Seen>>) -> impl Policy + use<'_> {
        |context: &AttemptCtx<'_>| {
            let (elapsed, slept) = (context.elapsed().as_secs(), context.slept().as_secs());
            let seen_now = (context.attempt(), elapsed, slept, context.max_delay(), context.error());
            seen.borrow_mut().push(seen_now);
            Some(SECOND * 5)
        }
    }
    #[retry(4, policy = watches(seen), max_delay = "1m", when_ok = |_| true, bind = attempt)]
    fn fails(seen: &RefCell<Vec<Seen>>) -> Result<u8, std::num::ParseIntError> {
        if attempt.number() == 2 { Ok(1) } else { "x".parse() }
    }
    let seen = RefCell::default();
    let _quick = testing::no_waiting();
    assert!(fails(&seen).is_err());
    let (longest, text) = (SECOND * 60, "invalid digit found in string".to_owned());
    let expected =
        [(1, 0, 0, longest, text.clone()), (2, 5, 5, longest, String::new()), (3, 10, 10, longest, text)];
    assert_eq!(seen.into_inner(), expected);
}

#[test]
fn a_closure_need_not_say_what_it_takes() {
    #[retry(2, policy = |context| Some(SECOND * context.attempt()))]
    fn fails() -> Result<(), u8> {
        Err(1)
    }
    let _quick = testing::no_waiting();
    assert!(fails().is_err());
    assert_eq!(testing::recorded_waits(), [SECOND]);
}

#[test]
fn a_policy_that_panics_ends_the_call() {
    #[retry(3, policy = |_: &AttemptCtx<'_>| -> Option<Duration> { panic!("burst") })]
    fn fails(calls: &Cell<u32>) -> Result<(), u8> {
        calls.set(calls.get() + 1);
        Err(1)
    }
    let calls = Cell::new(0);
    let call = std::panic::AssertUnwindSafe(|| fails(&calls));
    assert_eq!(std::panic::catch_unwind(call).unwrap_err().downcast_ref(), Some(&"burst"));
    assert_eq!(calls.get(), 1);
}
