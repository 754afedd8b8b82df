//! `retry::testing`, as a user's tests have it: guards within guards, dropped in any order, on threads side by side.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use logwright::retry;
use logwright::retry::{Attempt, Delay, Jitter, testing};

use crate::support::run;

const SECOND: Duration = Duration::from_secs(1);

#[retry(5, "1h", bind = attempt)]
fn fails() -> Result<(), Attempt> {
    Err(attempt)
}

/// How many attempts a call has, and how many it was told that there are.
fn attempts() -> (u32, u32) {
    let _quick = testing::no_waiting();
    let last = fails().unwrap_err();
    assert!(last.is_last());
    (last.number(), last.max())
}

fn jittered() -> Vec<Duration> {
    let _quick = testing::no_waiting();
    let delay = Delay::constant(SECOND).jitter(Jitter::Full);
    assert!(retry::with(delay).max_attempts(5).run(|_| Err::<(), _>("busy")).is_err());
    testing::recorded_waits()
}

/// Whether a wait is left out here.
fn is_quick() -> bool {
    let began = Instant::now();
    let wait = Duration::from_millis(3);
    let _ = retry::with(Delay::constant(wait)).max_attempts(2).run(|_| Err::<(), _>("busy"));
    began.elapsed() < wait
}

#[test]
fn waits_are_left_out_until_the_outermost_guard_is_dropped() {
    assert!(!is_quick());
    let outer = testing::no_waiting();
    assert!(fails().is_err());
    let inner = testing::no_waiting();
    assert!(fails().is_err());
    assert_eq!(testing::recorded_waits(), [SECOND * 3600; 8]);
    drop(outer);
    assert!(fails().is_err());
    assert_eq!(testing::recorded_waits(), [SECOND * 3600; 12], "the other one still counts");
    drop(inner);
    assert!(!is_quick());
    assert_eq!(testing::recorded_waits().len(), 12, "they can be read afterwards");
    let _quick = testing::no_waiting();
    assert!(testing::recorded_waits().is_empty(), "and begin anew");
}

#[test]
fn waits_of_no_time_are_recorded_too_and_those_before_a_panic() {
    let _quick = testing::no_waiting();
    let call = retry::with(Delay::constant(Duration::ZERO));
    let attempt = |attempt: Attempt| if attempt.is_last() { panic!("burst") } else { Err::<(), _>("busy") };
    assert!(catch_unwind(AssertUnwindSafe(|| call.run(attempt))).is_err());
    assert_eq!(testing::recorded_waits(), [Duration::ZERO; 2]);
}

#[test]
fn async_waits_are_left_out_where_they_are_polled() {
    #[retry(3, "1h")]
    async fn fails_later() -> Result<(), u8> {
        Err(1)
    }
    let _quick = testing::no_waiting();
    assert_eq!(run(fails_later()), Err(1));
    assert_eq!(futures::executor::block_on(fails_later()), Err(1));
    assert_eq!(testing::recorded_waits(), [SECOND * 3600; 4]);
}

#[test]
fn the_lowest_cap_counts_whichever_is_dropped_first() {
    assert_eq!(attempts(), (5, 5));
    let four = testing::cap_attempts(4);
    let two = testing::cap_attempts(2);
    let three = testing::cap_attempts(3);
    assert_eq!(attempts(), (2, 2));
    drop(four);
    assert_eq!(attempts(), (2, 2));
    drop(two);
    assert_eq!(attempts(), (3, 3));
    drop(three);
    assert_eq!(attempts(), (5, 5));
    let _high = testing::cap_attempts(99);
    assert_eq!(attempts(), (5, 5), "a cap adds no attempts");
    let _none = testing::cap_attempts(0);
    assert_eq!(attempts(), (1, 1), "one there always is");
}

#[test]
fn the_last_attempt_under_a_cap_has_the_argument_itself() {
    // A clone has no more capacity than it needs.
    #[retry(5, 0, clone(page), bind = attempt)]
    fn save(page: String) -> Result<(), (u32, bool)> {
        Err((attempt.number(), page.capacity() >= 100))
    }
    let page = || String::with_capacity(100);
    assert_eq!(save(page()), Err((5, true)));
    let _two = testing::cap_attempts(2);
    assert_eq!(save(page()), Err((2, true)));
}

#[test]
fn a_cap_that_ends_during_the_first_attempt_costs_no_argument() {
    #[retry(3, 0, clone(page))]
    fn save(page: String, cap: &mut Option<testing::Guard>) -> Result<(), String> {
        *cap = None;
        Err(page)
    }
    let mut cap = Some(testing::cap_attempts(1));
    assert_eq!(save("x".to_owned(), &mut cap), Err("x".to_owned()));
}

#[test]
fn the_same_seed_gives_the_same_waits_in_any_nesting() {
    let of = |seed| {
        let _seed = testing::seed(seed);
        jittered()
    };
    assert_eq!(of(1), of(1));
    assert_ne!(of(1), of(2));
    let outer = testing::seed(1);
    let first = jittered();
    assert_eq!(of(2), of(2), "an inner seed counts");
    let second = jittered();
    drop(outer);
    assert_ne!(jittered(), jittered());
    let _again = testing::seed(1);
    assert_eq!((jittered(), jittered()), (first, second), "and leaves the outer one where it was");
}

#[test]
fn seeds_may_be_dropped_in_any_order() {
    let of = |seed| {
        let _seed = testing::seed(seed);
        jittered()
    };
    let (expected, other) = (of(2), of(1));
    let (outer, inner) = (testing::seed(1), testing::seed(2));
    drop(outer);
    assert_eq!(jittered(), expected);
    drop(inner);
    assert_ne!(jittered(), other, "there is no seed any more");
}

#[test]
fn a_panic_ends_what_it_was_given_for() {
    let panicked = catch_unwind(|| {
        let _guards = (testing::no_waiting(), testing::cap_attempts(1), testing::seed(1));
        panic!("burst");
    });
    assert!(panicked.is_err());
    assert!(!is_quick());
    assert_eq!(attempts(), (5, 5));
    assert_ne!(jittered(), jittered());
}

#[test]
fn threads_side_by_side_do_not_disturb_each_other() {
    // Each waits for the others before it looks, so that all guards are there at once.
    let (here, gone) = (std::sync::Barrier::new(8), std::sync::Barrier::new(8));
    let look = &|thread: u32| {
        let _cap = testing::cap_attempts(thread);
        let _seed = testing::seed(1);
        let waits = jittered();
        let quick = thread.is_multiple_of(2).then(testing::no_waiting);
        here.wait();
        let seen = (is_quick(), attempts().0, waits);
        gone.wait();
        drop(quick);
        (seen, is_quick())
    };
    let seen: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (2..10).map(|thread| (thread, scope.spawn(move || look(thread)))).collect();
        threads.into_iter().map(|(thread, looked)| (thread, looked.join().unwrap())).collect()
    });
    for (thread, ((was_quick, attempts, waits), is_quick)) in &seen {
        assert_eq!((*was_quick, *attempts, *is_quick), (thread.is_multiple_of(2), (*thread).min(5), false));
        let longest = &seen.last().unwrap().1.0.2;
        assert_eq!(waits[..], longest[..waits.len()], "the same seed");
    }
    assert_eq!(attempts(), (5, 5));
}
