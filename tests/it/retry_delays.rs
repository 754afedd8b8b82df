//! How long `#[retry]` waits: delays of every growth and jitter, held against arithmetic that cannot
//! overflow.

use std::time::Duration;

use logwright::retry;
use logwright::retry::{AttemptCtx, Delay, Jitter, Policy, testing};
use proptest::prelude::*;

use crate::support::lines;

pub(crate) const SECOND: Duration = Duration::from_secs(1);
pub(crate) const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// The waits of a call that fails to the end.
pub(crate) fn waits(policy: impl Policy, retries: u32, max_delay: Duration) -> Vec<Duration> {
    let _quick = testing::no_waiting();
    let call = retry::with(policy).max_attempts(retries + 1).max_delay(max_delay);
    assert_eq!(call.run(|_| Err::<(), _>("busy")), Err("busy"));
    testing::recorded_waits()
}

fn seeded(seed: u64, policy: impl Policy, retries: u32, max_delay: Duration) -> Vec<Duration> {
    let _seed = testing::seed(seed);
    waits(policy, retries, max_delay)
}

pub(crate) fn secs<const N: usize>(secs: [u64; N]) -> [Duration; N] {
    secs.map(Duration::from_secs)
}

/// From nothing to the longest there is, short ones as often as long ones.
fn durations() -> impl Strategy<Value = Duration> {
    prop_oneof![
        Just(Duration::ZERO),
        Just(Duration::MAX),
        any::<(u64, u32)>().prop_map(|(nanos, shift)| Duration::from_nanos(nanos >> (shift % 64))),
        (any::<u64>(), 0..1_000_000_000_u32).prop_map(|(secs, nanos)| Duration::new(secs, nanos)),
    ]
}

fn jitters() -> impl Strategy<Value = Jitter> {
    let percent = any::<u8>().prop_map(Jitter::Percent);
    prop_oneof![Just(Jitter::None), Just(Jitter::Full), Just(Jitter::Equal), percent]
}

fn factors() -> impl Strategy<Value = f64> {
    let odd = prop_oneof![Just(f64::NAN), Just(f64::INFINITY), Just(f64::MIN), Just(0.0), Just(-0.0)];
    prop_oneof![4 => 1.0..=10.0, 1 => odd]
}

fn delays() -> impl Strategy<Value = Delay> {
    let delay = prop_oneof![
        durations().prop_map(Delay::constant),
        durations().prop_map(Delay::linear),
        durations().prop_map(Delay::fibonacci),
        (durations(), factors()).prop_map(|(first, factor)| Delay::exponential(first, factor)),
    ];
    (delay, jitters()).prop_map(|(delay, jitter)| delay.jitter(jitter))
}

/// The least of a number of nanoseconds and the cap.
fn capped(nanos: u128, max: Duration) -> Duration {
    if nanos >= max.as_nanos() {
        return max;
    }
    Duration::new((nanos / 1_000_000_000) as u64, (nanos % 1_000_000_000) as u32)
}

proptest! {
    #[test]
    fn no_wait_is_over_the_cap(delay in delays(), max in durations(), retries in 1..200_u32) {
        let waits = waits(delay, retries, max);
        prop_assert_eq!(waits.len(), retries as usize);
        prop_assert!(waits.iter().all(|wait| *wait <= max), "{waits:?}");
    }

    #[test]
    fn linear_delays_are_multiples_of_the_first(first in durations(), max in durations(), retries in 1..200_u32) {
        let found = waits(Delay::linear(first).jitter(Jitter::None), retries, max);
        let expected: Vec<_> = (1..=u128::from(retries)).map(|n| capped(n * first.as_nanos(), max)).collect();
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn fibonacci_delays_are_sums_of_the_two_before(first in durations(), max in durations(), retries in 1..200_u32) {
        let found = waits(Delay::fibonacci(first).jitter(Jitter::None), retries, max);
        let (mut numbers, mut expected) = ((1_u128, 1_u128), Vec::new());
        for _ in 0..retries {
            expected.push(capped(numbers.0.saturating_mul(first.as_nanos()), max));
            numbers = (numbers.1, numbers.0.saturating_add(numbers.1));
        }
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn exponential_delays_are_powers_of_a_whole_factor(
        first in 0..=DAY.as_nanos(), factor in 1..=10_u8, max in 0..=30 * DAY.as_nanos(), retries in 1..100_u32,
    ) {
        let max = capped(max, Duration::MAX);
        let delay = Delay::exponential(capped(first, Duration::MAX), factor.into()).jitter(Jitter::None);
        let power = |n| u128::from(factor).saturating_pow(n).saturating_mul(first);
        let expected: Vec<_> = (0..retries).map(|n| capped(power(n), max)).collect();
        prop_assert_eq!(waits(delay, retries, max), expected);
    }

    #[test]
    fn exponential_delays_grow_by_their_factor(
        first in 1_000..=DAY.as_nanos(), factor in 1.0..=10.0, max in 1_000..=30 * DAY.as_nanos(),
    ) {
        let max = capped(max, Duration::MAX);
        let delay = Delay::exponential(capped(first, Duration::MAX), factor).jitter(Jitter::None);
        for pair in waits(delay, 100, max).windows(2) {
            let expected = pair[0].mul_f64(factor).min(max);
            prop_assert!(pair[0] <= pair[1], "{pair:?}");
            prop_assert!(pair[1].abs_diff(expected) <= Duration::from_nanos(10), "{pair:?} {expected:?}");
        }
    }

    #[test]
    fn jitter_stays_within_its_range(
        first in durations(), max in durations(), percent in 1..=100_u8, seed in any::<u64>(),
    ) {
        let whole = first.min(max);
        for wait in seeded(seed, Delay::constant(first).jitter(Jitter::Full), 20, max) {
            prop_assert!(wait <= whole);
        }
        for wait in seeded(seed, Delay::constant(first).jitter(Jitter::Equal), 20, max) {
            prop_assert!(whole / 2 <= wait && wait <= whole);
        }
        let of_percent = seeded(seed, Delay::constant(first).jitter(Jitter::Percent(percent)), 20, max);
        let whole = whole.as_secs_f64();
        let (most, rounding) = (whole * f64::from(percent) / 100.0, whole * 1e-9 + 2e-9);
        for wait in of_percent {
            prop_assert!((wait.as_secs_f64() - whole).abs() <= most + rounding, "{wait:?} {whole}");
        }
    }

    #[test]
    fn the_same_seed_gives_the_same_waits_and_another_gives_others(seed in any::<u64>(), retries in 4..20_u32) {
        let waits = |seed| seeded(seed, Delay::exponential(SECOND, 1.5), retries, DAY);
        prop_assert_eq!(waits(seed), waits(seed));
        prop_assert_ne!(waits(seed), waits(seed ^ 1));
    }
}

/// How many of `waits` are in each tenth of the range.
fn tenths(waits: &[Duration], range: std::ops::Range<f64>) -> [u32; 10] {
    let mut tenths = [0; 10];
    for wait in waits {
        let share = (wait.as_secs_f64() - range.start) / (range.end - range.start);
        tenths[((share * 10.0) as usize).min(9)] += 1;
    }
    tenths
}

/// That they are spread evenly: by their mean, and by the squares of what each tenth has too much or too little.
#[track_caller]
fn assert_even(jitter: Jitter, max_delay: Duration, range: std::ops::Range<f64>) {
    const DRAWS: u32 = 20_000;
    /// What chance exceeds once in a thousand times, with nine degrees of freedom; the seed is always the same.
    const CHI_SQUARE: f64 = 27.88;
    let waits = seeded(7, Delay::constant(SECOND).jitter(jitter), DRAWS, max_delay);
    let mean = waits.iter().sum::<Duration>().as_secs_f64() / f64::from(DRAWS);
    let middle = f64::midpoint(range.start, range.end);
    assert!((mean / middle - 1.0).abs() < 0.02, "{jitter:?}: {mean}");
    let tenths = tenths(&waits, range);
    let expected = f64::from(DRAWS) / 10.0;
    let chi_square: f64 = tenths.iter().map(|count| (f64::from(*count) - expected).powi(2) / expected).sum();
    assert!(chi_square < CHI_SQUARE, "{jitter:?}: {tenths:?}");
    let most = waits.iter().max().unwrap();
    assert!(waits.iter().filter(|wait| *wait == most).count() <= 2, "{jitter:?}: {most:?} is a spike");
}

#[test]
fn jitter_is_spread_evenly_with_no_spike_at_the_cap() {
    assert_even(Jitter::Full, DAY, 0.0..1.0);
    assert_even(Jitter::Equal, DAY, 0.5..1.0);
    assert_even(Jitter::Percent(20), DAY, 0.8..1.2);
    assert_even(Jitter::Percent(100), DAY, 0.0..2.0);
    assert_even(Jitter::Percent(50), Duration::from_millis(1100), 0.5..1.1);
    assert_even(Jitter::Percent(50), SECOND, 0.5..1.0);
}

#[test]
fn percentages_out_of_range_count_as_the_nearest() {
    assert_eq!(waits(Delay::constant(SECOND).jitter(Jitter::Percent(0)), 2, DAY), secs([1, 1]));
    let (most, over) = (Jitter::Percent(100), Jitter::Percent(255));
    let of = |jitter| seeded(3, Delay::constant(SECOND).jitter(jitter), 20, DAY);
    assert_eq!(of(over), of(most));
}

#[test]
fn a_hundred_thousand_attempts_overflow_nothing() {
    for first in [Duration::from_nanos(1), SECOND, Duration::MAX] {
        for delay in [Delay::linear(first), Delay::fibonacci(first), Delay::exponential(first, 10.0)] {
            let delay = delay.jitter(Jitter::None);
            for max in [Duration::ZERO, DAY, Duration::MAX] {
                let waits = waits(delay, 100_000 / 9, max);
                assert!(waits.is_sorted(), "{delay:?}");
                assert!(waits.iter().all(|wait| *wait <= max), "{delay:?}");
            }
        }
    }
    let linear = waits(Delay::linear(SECOND).jitter(Jitter::None), 100_000, DAY);
    assert_eq!((linear[86_398], linear[86_399], linear[99_999]), (DAY - SECOND, DAY, DAY));
}

#[test]
fn the_longest_waits_there_are_can_be_told() {
    let longest = || Delay::constant(Duration::MAX);
    let said = lines(|| {
        waits(longest(), 2, Duration::MAX);
    });
    let wait = "18446744073709551.615 seconds...";
    assert_eq!(said[0].1, format!("Attempt 1 failed: busy. Retrying in {wait}"));
    assert_eq!(said[1].1, format!("Attempt 2 failed: busy. Retrying in {wait}"));
    let _quick = testing::no_waiting();
    let call = retry::with(longest()).max_delay(Duration::MAX).max_elapsed(Duration::MAX);
    assert!(call.run(|_| Err::<(), _>("busy")).is_err());
    assert_eq!(testing::recorded_waits(), [Duration::MAX; 2]);
}

#[test]
fn without_jitter_delays_are_as_they_are_documented() {
    let of = |delay: Delay| waits(delay.jitter(Jitter::None), 6, Duration::from_secs(20));
    assert_eq!(of(Delay::constant(SECOND)), secs([1, 1, 1, 1, 1, 1]));
    assert_eq!(of(Delay::linear(SECOND * 3)), secs([3, 6, 9, 12, 15, 18]));
    assert_eq!(of(Delay::fibonacci(SECOND * 2)), secs([2, 2, 4, 6, 10, 16]));
    assert_eq!(of(Delay::exponential(SECOND, 2.0)), secs([1, 2, 4, 8, 16, 20]));
}

#[test]
fn constant_delays_have_no_jitter_unless_asked_and_growing_ones_are_spread_over_all() {
    assert_eq!(waits(Delay::constant(SECOND), 100, DAY), [SECOND; 100]);
    for delay in [Delay::linear(SECOND), Delay::fibonacci(SECOND), Delay::exponential(SECOND, 2.0)] {
        let firsts: Vec<_> = (0..50).map(|seed| seeded(seed, delay, 1, DAY)[0]).collect();
        assert!(firsts.iter().any(|wait| *wait < SECOND / 4), "{delay:?}");
        assert!(firsts.iter().any(|wait| *wait > SECOND * 3 / 4), "{delay:?}");
    }
}

#[test]
fn a_policy_may_look_at_the_attempt() {
    let waits = waits(|context: &AttemptCtx<'_>| Some(SECOND * context.attempt() + context.slept()), 4, DAY);
    assert_eq!(waits, secs([1, 3, 7, 15]));
}

#[test]
fn delays_of_the_attribute_end_at_the_cap_and_do_not_pile_up_there() {
    #[retry(6, "1s", backoff = linear, jitter = none, max_delay = "3s")]
    fn linear() -> Result<(), u8> {
        Err(1)
    }
    #[retry(7, "1s", backoff = fibonacci, jitter = none, max_delay = "4s")]
    fn fibonacci() -> Result<(), u8> {
        Err(1)
    }
    #[retry(200, "1s", jitter = "50%", max_delay = "1s")]
    fn spread() -> Result<(), u8> {
        Err(1)
    }
    #[retry(200, "1s", backoff = linear, max_delay = "2s")]
    fn spread_while_growing() -> Result<(), u8> {
        Err(1)
    }
    let of = |call: fn() -> Result<(), u8>| {
        let _guards = (testing::no_waiting(), testing::seed(1));
        assert_eq!(call(), Err(1));
        testing::recorded_waits()
    };
    assert_eq!(of(linear), secs([1, 2, 3, 3, 3]));
    assert_eq!(of(fibonacci), secs([1, 1, 2, 3, 4, 4]));
    for (call, cap) in [(spread as fn() -> _, SECOND), (spread_while_growing, SECOND * 2)] {
        let waits = of(call);
        assert_eq!(waits.len(), 199);
        assert!(waits.iter().all(|wait| *wait <= cap));
        assert!(waits.iter().filter(|wait| **wait == cap).count() <= 1, "{waits:?}");
    }
}
