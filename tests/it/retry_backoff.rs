//! The traps of crate `backoff`, each beside what `#[retry]` does in its place.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use backoff::backoff::{Backoff, Constant, Stop, Zero};
use backoff::{ExponentialBackoff, ExponentialBackoffBuilder};
use logwright::retry;
use logwright::retry::{Delay, FromBackoff, Jitter, Verdict, testing};

use crate::retry_delays::{DAY, SECOND, secs, waits};
use crate::support::run_paused;

/// Crate `backoff`, as far as its arithmetic is concerned.
fn raw(mut backoff: impl Backoff, count: usize) -> Vec<Duration> {
    std::iter::from_fn(|| backoff.next_backoff()).take(count).collect()
}

#[test]
fn the_first_wait_of_backoff_is_over_the_cap_and_ours_is_not() {
    let first = SECOND * 10;
    let build = || -> ExponentialBackoff {
        ExponentialBackoffBuilder::new()
            .with_initial_interval(first)
            .with_max_interval(SECOND)
            .with_randomization_factor(0.0)
            .build()
    };
    assert!(raw(build(), 1)[0] >= first);
    assert_eq!(waits(FromBackoff(build()), 3, SECOND), [SECOND; 3]);
    assert_eq!(waits(Delay::exponential(first, 2.0).jitter(Jitter::None), 3, SECOND), [SECOND; 3]);
}

#[test]
fn jitter_of_backoff_goes_over_the_cap_and_ours_does_not() {
    let build = || -> ExponentialBackoff {
        ExponentialBackoffBuilder::new()
            .with_initial_interval(SECOND)
            .with_max_interval(SECOND)
            .with_randomization_factor(0.5)
            .build()
    };
    assert!(raw(build(), 200).iter().any(|wait| *wait > SECOND));
    assert!(waits(FromBackoff(build()), 200, SECOND).iter().all(|wait| *wait <= SECOND));
    let ours = Delay::exponential(SECOND, 2.0).jitter(Jitter::Percent(50));
    assert!(waits(ours, 200, SECOND).iter().all(|wait| *wait <= SECOND));
}

#[test]
fn a_hint_outlives_the_policy_of_backoff_and_not_ours() {
    let mut calls = 0;
    let _ = backoff::retry(Stop {}, || {
        calls += 1;
        if calls == 50 {
            return Err(backoff::Error::permanent("enough"));
        }
        Err::<(), _>(backoff::Error::retry_after("busy", Duration::from_nanos(1)))
    });
    assert_eq!(calls, 50);

    let mut calls = 0;
    let call = retry::with(FromBackoff(Stop {})).max_attempts(50).judge(|_: &&str| Verdict::After(SECOND));
    let answer = call.run(|_| {
        calls += 1;
        Err::<(), _>("busy")
    });
    assert_eq!((answer, calls), (Err("busy"), 1));
}

#[test]
fn factors_that_stop_backoff_from_waiting_count_as_the_nearest() {
    let build = |multiplier| -> ExponentialBackoff {
        ExponentialBackoffBuilder::new()
            .with_initial_interval(SECOND)
            .with_multiplier(multiplier)
            .with_randomization_factor(0.0)
            .build()
    };
    assert_eq!(raw(build(0.0), 2)[1], Duration::ZERO);
    let of = |factor| waits(Delay::exponential(SECOND, factor).jitter(Jitter::None), 3, DAY);
    for factor in [0.0, -1.0, 0.5, f64::NAN, f64::NEG_INFINITY, 1.0] {
        assert_eq!(of(factor), [SECOND; 3], "{factor}");
    }
    for factor in [10.0, 11.0, f64::INFINITY] {
        assert_eq!(of(factor), secs([1, 10, 100]), "{factor}");
    }
}

#[test]
fn long_waits_and_a_limit_of_time_make_backoff_panic_and_us_give_up() {
    let mut theirs: ExponentialBackoff = ExponentialBackoffBuilder::new()
        .with_initial_interval(Duration::MAX)
        .with_randomization_factor(0.0)
        .build();
    theirs.start_time -= SECOND;
    assert!(catch_unwind(AssertUnwindSafe(|| theirs.next_backoff())).is_err());

    let _quick = testing::no_waiting();
    let call = retry::with(Delay::constant(Duration::MAX)).max_delay(Duration::MAX).max_elapsed(SECOND);
    assert_eq!(call.run(|_| Err::<(), _>("busy")), Err("busy"));
    assert!(testing::recorded_waits().is_empty());
}

#[test]
fn policies_of_backoff_that_never_stop_do() {
    assert_eq!(waits(FromBackoff(Constant::new(SECOND)), 4, DAY), [SECOND; 4]);
    assert_eq!(waits(FromBackoff(Zero {}), 4, DAY), [Duration::ZERO; 4]);
}

#[test]
fn errors_are_the_callers_own_and_each_is_worth_another_attempt() {
    let fails = || Err::<u8, _>("x".parse::<u8>().unwrap_err());
    let sync: Result<u8, std::num::ParseIntError> =
        retry::with(Delay::constant(Duration::ZERO)).run(|_| Ok(fails()? + 1));
    let later: Result<u8, std::num::ParseIntError> =
        run_paused(retry::with(Delay::constant(Duration::ZERO)).run_async(async |_| Ok(fails()? + 1)));
    assert_eq!(sync, later);
}

#[test]
fn the_next_async_attempt_begins_when_the_wait_is_over() {
    let began = run_paused(async {
        let (start, mut began) = (tokio::time::Instant::now(), Vec::new());
        // The function itself is called after the wait too, not only the future polled.
        let attempt = |_| {
            began.push(start.elapsed());
            std::future::ready(Err::<(), _>("busy"))
        };
        let answer = retry::with(Delay::constant(SECOND * 10)).run_async(attempt).await;
        assert_eq!(answer, Err("busy"));
        began
    });
    assert_eq!(began, secs([0, 10, 20]));
}

#[test]
fn a_policy_that_was_made_long_ago_or_by_a_literal_begins_anew() {
    let literal = ExponentialBackoff {
        initial_interval: SECOND / 100,
        randomization_factor: 0.0,
        max_elapsed_time: Some(SECOND),
        start_time: std::time::Instant::now() - SECOND * 2,
        ..Default::default()
    };
    assert!(raw(literal.clone(), 1).is_empty());
    assert_eq!(waits(FromBackoff(literal), 2, DAY), [10, 15].map(Duration::from_millis));
}
