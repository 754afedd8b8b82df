//! Those that block the thread.

use ::backoff::Error;
use ::backoff::backoff::Backoff;
use ::backon::{BlockingRetryable as _, ConstantBuilder};
use logwright::retry;

use super::{ATTEMPTS, Odd, delay, work};

#[inline(never)]
pub(crate) fn once(n: u64) -> Result<u64, Odd> {
    work(n)
}

#[inline(never)]
pub(crate) fn by_hand<const SECONDS: u64>(n: u64) -> Result<u64, Odd> {
    for _ in 1..ATTEMPTS {
        if let Ok(value) = work(n) {
            return Ok(value);
        }
        std::thread::sleep(delay::<SECONDS>());
    }
    work(n)
}

/// The same with what `#[retry]` says.
#[inline(never)]
pub(crate) fn told_by_hand(n: u64) -> Result<u64, Odd> {
    for attempt in 1..ATTEMPTS {
        match work(n) {
            Err(error) => tracing::warn!("Attempt {attempt} failed: {error}. Retrying in 0 seconds..."),
            value => return value,
        }
        std::thread::sleep(delay::<0>());
    }
    work(n).inspect_err(|error| tracing::error!("Failed after {ATTEMPTS} attempts: {error}"))
}

#[inline(never)]
#[retry(max_attempts = 3, delay = 1)]
pub(crate) fn logwright(n: u64) -> Result<u64, Odd> {
    work(n)
}

#[inline(never)]
#[retry(max_attempts = 3, delay = 0)]
pub(crate) fn logwright_without_delay(n: u64) -> Result<u64, Odd> {
    work(n)
}

#[inline(never)]
pub(crate) fn backon<const SECONDS: u64>(n: u64) -> Result<u64, Odd> {
    let policy = ConstantBuilder::default().with_delay(delay::<SECONDS>()).with_max_times(ATTEMPTS - 1);
    (|| work(n)).retry(policy).call()
}

#[inline(never)]
pub(crate) fn backoff<P: Backoff + Default>(n: u64) -> Result<u64, Odd> {
    ::backoff::retry(P::default(), || work(n).map_err(Error::transient)).map_err(|_| Odd)
}

#[inline(never)]
#[::retrying::retry(stop = attempts(3), wait = fixed(1.0))]
pub(crate) fn retrying(n: u64) -> Result<u64, Odd> {
    work(n)
}

#[inline(never)]
#[::retrying::retry(stop = attempts(3), wait = fixed(0.0))]
pub(crate) fn retrying_without_delay(n: u64) -> Result<u64, Odd> {
    work(n)
}
