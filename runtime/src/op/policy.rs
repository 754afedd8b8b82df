//! How long to wait before the next attempt. The only file that names crate `backoff`, and for its arithmetic
//! alone: attempts, limits, jitter and sleeping are ours.

use std::time::Duration;

/// How delays grow, as `#[retry(delay = .., backoff = ..)]` says.
#[derive(Clone, Copy, Debug)]
pub enum Delay {
    /// The same before each attempt.
    Constant(Duration),
    /// Multiplied after each failure, up to a cap; then shortened by chance, evenly between nothing and the whole ("full jitter", Brooker, AWS Architecture Blog, 2015), so that
    /// callers that failed together do not come back together.
    #[cfg(feature = "backoff")]
    Exponential {
        /// The delay before the second attempt.
        first: Duration,
        /// What each delay is multiplied by.
        factor: f64,
        /// The cap.
        max: Duration,
    },
}

/// The delays of one call; made on its first failure.
#[derive(Debug)]
pub(super) enum Delays {
    Constant(Duration),
    #[cfg(feature = "backoff")]
    Exponential(Box<backoff::ExponentialBackoff>),
}

impl Delays {
    pub(super) fn new(delay: Delay) -> Self {
        match delay {
            Delay::Constant(delay) => Self::Constant(delay),
            #[cfg(feature = "backoff")]
            Delay::Exponential { first, factor, max } => Self::Exponential(Box::new(
                backoff::ExponentialBackoffBuilder::new()
                    .with_initial_interval(first)
                    .with_multiplier(factor)
                    .with_max_interval(max)
                    // Its own jitter goes over the cap and cannot be seeded.
                    .with_randomization_factor(0.0)
                    .with_max_elapsed_time(None)
                    .build(),
            )),
        }
    }

    pub(super) fn next(&mut self) -> Duration {
        match self {
            Self::Constant(delay) => *delay,
            #[cfg(feature = "backoff")]
            Self::Exponential(policy) => {
                let whole =
                    backoff::backoff::Backoff::next_backoff(&mut **policy).unwrap_or(policy.max_interval);
                whole.min(policy.max_interval).mul_f64(crate::random::draw(fastrand::Rng::f64))
            }
        }
    }
}

#[cfg(all(test, feature = "backoff"))]
mod tests {
    use super::*;

    #[test]
    fn exponential_delays_stay_between_nothing_and_a_growing_cap() {
        let max = Duration::from_secs(30);
        let mut delays = Delays::new(Delay::Exponential { first: Duration::from_secs(1), factor: 2.0, max });
        for attempt in 0..100_u32 {
            let cap = Duration::from_secs(1 << attempt.min(5)).min(max);
            let delay = delays.next();
            assert!(delay <= cap, "attempt {attempt}: {delay:?} > {cap:?}");
        }
    }
}
