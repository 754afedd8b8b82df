//! What the next delay costs of policies whose delays grow exponentially and are spread by chance.

use std::hint::black_box;
use std::time::Duration;

use backoff::SystemClock;
use backoff::backoff::Backoff as _;
use backoff::exponential::ExponentialBackoffBuilder;
use backon::{BackoffBuilder as _, ExponentialBuilder};
use logwright::retry::{self, AttemptCtx, Delay, Jitter, Policy as _};
use tokio_retry2::strategy::{ExponentialFactorBackoff, jitter};

use crate::measure::{Sample, measure};

const FIRST: Duration = Duration::from_secs(1);
/// So near to 1 that no delay comes to the cap, where there is less to calculate.
const FACTOR: f64 = 1.000_000_1;
const MAX: Duration = Duration::from_secs(3600);

/// A policy of ours is asked with what is known of a call that failed, so it is measured inside of one.
pub(crate) fn logwright() -> Sample {
    let mut delay = Delay::exponential(FIRST, FACTOR).jitter(Jitter::Full);
    let mut sample = None;
    let policy = |context: &AttemptCtx<'_>| {
        sample = Some(measure(|_| {
            black_box(delay.next_delay(context));
        }));
        None
    };
    let failed = retry::with(policy).max_delay(MAX).run(|_| Err::<(), _>("busy"));
    assert!(failed.is_err(), "no attempt succeeds");
    sample.expect("a policy is asked when an attempt has failed")
}

pub(crate) fn backon() -> Sample {
    let policy = ExponentialBuilder::default().with_min_delay(FIRST).with_factor(FACTOR as f32);
    each(policy.with_max_delay(MAX).without_max_times().with_jitter().build())
}

pub(crate) fn backoff() -> Sample {
    let mut policy = ExponentialBackoffBuilder::<SystemClock>::new()
        .with_initial_interval(FIRST)
        .with_multiplier(FACTOR)
        .with_max_interval(MAX)
        .with_max_elapsed_time(None)
        .build();
    measure(|_| {
        black_box(policy.next_backoff());
    })
}

pub(crate) fn tokio_retry2() -> Sample {
    let policy = ExponentialFactorBackoff::from_millis(FIRST.as_millis() as u64, FACTOR).max_delay(MAX);
    each(policy.map(jitter))
}

fn each(mut delays: impl Iterator<Item = Duration>) -> Sample {
    measure(|_| {
        black_box(delays.next());
    })
}
