//! What ends a `#[retry]` besides its attempts: `max_elapsed` and `budget`.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use logwright::retry;
use logwright::retry::{Attempt, Delay, RetryBudget, testing};
use proptest::prelude::*;
use tokio::time::{Instant, sleep};

use crate::support::{contexts, run_paused};

const SECOND: Duration = Duration::from_secs(1);

/// What came of a call whose attempts take so long.
struct Came {
    /// When each attempt began.
    began: Vec<Duration>,
    took: Duration,
    reason: String,
}

/// A call that fails to the end, on a clock that jumps.
fn fails(delay: Duration, limit: Duration, work: &[Duration]) -> Came {
    let (mut began, mut took) = (Vec::new(), Duration::ZERO);
    let contexts = contexts(|| {
        run_paused(async {
            let start = Instant::now();
            let attempt = async |attempt: Attempt| {
                assert_eq!(attempt.elapsed(), start.elapsed());
                began.push(start.elapsed());
                sleep(work[attempt.number() as usize - 1]).await;
                Err::<(), _>("busy")
            };
            let call = retry::with(Delay::constant(delay)).max_attempts(work.len() as u32).max_elapsed(limit);
            assert_eq!(call.run_async(attempt).await, Err("busy"));
            took = start.elapsed();
        });
    });
    let end = contexts.last().unwrap();
    assert_eq!(u128::from(end["elapsed_ms"].as_u64().unwrap()), took.as_millis());
    Came { began, took, reason: end["reason"].as_str().unwrap().to_owned() }
}

#[test]
fn a_wait_may_end_exactly_at_the_limit_and_not_after() {
    let work = [Duration::ZERO; 9];
    let came = fails(SECOND * 5, SECOND * 10, &work);
    assert_eq!((came.began.len(), came.took, &*came.reason), (3, SECOND * 10, "deadline"));
    let came = fails(SECOND * 5, SECOND * 10 - Duration::from_millis(1), &work);
    assert_eq!((came.began.len(), came.took, &*came.reason), (2, SECOND * 5, "deadline"));
}

#[test]
fn a_long_attempt_is_not_interrupted_and_leaves_no_time_for_another() {
    let came = fails(SECOND, SECOND * 10, &[SECOND * 30; 3]);
    assert_eq!((came.began.len(), came.took, &*came.reason), (1, SECOND * 30, "deadline"));
    let came = fails(SECOND, SECOND * 10, &[SECOND * 4, SECOND * 4, SECOND * 30]);
    assert_eq!((came.began.len(), came.took, &*came.reason), (3, SECOND * 40, "max_attempts"));
}

#[test]
fn a_limit_below_the_delay_allows_one_attempt() {
    let came = fails(SECOND * 5, SECOND, &[Duration::ZERO; 3]);
    assert_eq!((came.began.len(), came.took, &*came.reason), (1, Duration::ZERO, "deadline"));
}

#[test]
fn the_time_of_waits_that_a_test_leaves_out_counts() {
    #[retry(100, "1s", max_elapsed = "10.5s", bind = attempt)]
    fn fails() -> Result<(), Attempt> {
        Err(attempt)
    }
    let _quick = testing::no_waiting();
    let last = fails().unwrap_err();
    assert_eq!((last.number(), last.elapsed().as_secs(), last.is_last()), (11, 10, false));
    assert_eq!(testing::recorded_waits(), [SECOND; 10]);
}

#[test]
fn the_time_is_told_where_it_was_looked_at_from_the_beginning() {
    #[retry(2, 0)]
    fn plain() -> Result<(), u8> {
        Err(1)
    }
    #[retry(2, 0, max_elapsed = "1m")]
    fn limited() -> Result<(), u8> {
        Err(1)
    }
    #[retry(2, 0, bind = _attempt)]
    fn bound() -> Result<(), u8> {
        Err(1)
    }
    #[retry(2, policy = Delay::constant(Duration::ZERO))]
    fn planned() -> Result<(), u8> {
        Err(1)
    }
    let are_timed = |call: fn() -> Result<(), u8>| {
        let contexts = contexts(|| assert_eq!(call(), Err(1)));
        let retries = contexts.iter().filter(|context| context.get("name").is_some());
        let timed: Vec<_> = retries.map(|context| context.get("elapsed_ms").is_some()).collect();
        assert_eq!(timed.len(), 2);
        timed
    };
    assert_eq!(are_timed(plain), [false; 2]);
    for call in [limited, bound, planned] {
        assert_eq!(are_timed(call), [true; 2]);
    }
}

proptest! {
    #[test]
    fn a_call_ends_as_soon_as_no_wait_fits_and_takes_what_its_parts_take(
        work in prop::collection::vec(0..5_000_u64, 1..8), delay in 0..5_000_u64, limit in 1..20_000_u64,
    ) {
        let work: Vec<_> = work.into_iter().map(Duration::from_millis).collect();
        let (delay, limit) = (Duration::from_millis(delay), Duration::from_millis(limit));
        let came = fails(delay, limit, &work);
        let (mut began, mut now, mut reason) = (Vec::new(), Duration::ZERO, "max_attempts");
        for (at, work_of_one) in work.iter().enumerate() {
            began.push(now);
            now += *work_of_one;
            if at + 1 < work.len() {
                if now + delay > limit {
                    reason = "deadline";
                    break;
                }
                now += delay;
            }
        }
        let last = work[began.len() - 1];
        prop_assert!(came.took <= limit.max(last) + last);
        prop_assert_eq!((came.began, came.took, &*came.reason), (began, now, reason));
    }
}

#[test]
fn an_outage_is_answered_by_a_fifth_more_calls_and_a_few() {
    static CDN: RetryBudget = RetryBudget::new();
    static CALLS: AtomicU32 = AtomicU32::new(0);

    #[retry(3, "1m", budget = CDN)]
    fn fetch() -> Result<(), &'static str> {
        CALLS.fetch_add(1, Ordering::Relaxed);
        Err("busy")
    }
    let waits: usize = std::thread::scope(|scope| {
        let call = || {
            let _quick = testing::no_waiting();
            assert_eq!(fetch(), Err("busy"));
            testing::recorded_waits().len()
        };
        let threads: Vec<_> = (0..100).map(|_| scope.spawn(call)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum()
    });
    let retries = CALLS.load(Ordering::Relaxed) - 100;
    assert!((20..=23).contains(&retries), "{retries}");
    assert_eq!(waits, retries as usize, "what is refused is not waited for");
    assert!(CDN.refused() >= 77, "{}", CDN.refused());
}

#[test]
fn a_retry_that_the_budget_refuses_is_told_and_costs_no_token_elsewhere() {
    static TWO: RetryBudget = RetryBudget::with(0, 2);
    let call = |attempts| {
        let call = || retry::with(Delay::constant(SECOND)).max_attempts(attempts).budget(&TWO);
        let _quick = testing::no_waiting();
        let contexts = contexts(|| assert!(call().run(|_| Err::<(), _>("busy")).is_err()));
        let reason = contexts.last().unwrap()["reason"].as_str().unwrap().to_owned();
        (contexts.len() as u32, reason, testing::recorded_waits().len())
    };
    // A call that ends for another reason takes nothing out for that.
    for _ in 0..5 {
        assert_eq!(call(1), (1, "max_attempts".to_owned(), 0));
    }
    assert_eq!(call(2), (2, "max_attempts".to_owned(), 1));
    assert_eq!(call(9), (2, "budget".to_owned(), 1));
    assert_eq!(call(9), (1, "budget".to_owned(), 0));
    assert_eq!(TWO.refused(), 2);
}

#[test]
fn calls_that_succeed_earn_retries_for_those_that_fail() {
    static EARNED: RetryBudget = RetryBudget::with(50, 0);
    let call = |succeeds: bool| {
        let attempt = |_| if succeeds { Ok(()) } else { Err("busy") };
        let _quick = testing::no_waiting();
        let _ = retry::with(Delay::constant(SECOND)).max_attempts(100).budget(&EARNED).run(attempt);
        testing::recorded_waits().len()
    };
    assert_eq!(call(false), 0);
    for _ in 0..7 {
        assert_eq!(call(true), 0);
    }
    // Nine calls in all, each worth half a retry.
    assert_eq!(call(false), 4);
}

#[test]
fn a_share_over_the_whole_counts_as_the_whole() {
    static ALL: RetryBudget = RetryBudget::with(255, 0);
    let _quick = testing::no_waiting();
    for _ in 0..5 {
        let _ = retry::with(Delay::constant(SECOND)).budget(&ALL).run(|_| Err::<(), _>("busy"));
    }
    assert_eq!(testing::recorded_waits().len(), 5);
}
