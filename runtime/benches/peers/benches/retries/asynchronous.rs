//! Those of async functions; but for ours they wait with tokio's timer.

use ::backoff::Error;
use ::backoff::backoff::Backoff;
use ::backon::{ConstantBuilder, Retryable as _};
use ::tokio_retry2::strategy::FixedInterval;
use ::tokio_retry2::{MapErr as _, Retry};
use logwright::retry;

use super::{ATTEMPTS, Odd, delay, work_async};

pub(crate) async fn once(n: u64) -> Result<u64, Odd> {
    work_async(n).await
}

pub(crate) async fn by_hand<const SECONDS: u64>(n: u64) -> Result<u64, Odd> {
    for _ in 1..ATTEMPTS {
        if let Ok(value) = work_async(n).await {
            return Ok(value);
        }
        tokio::time::sleep(delay::<SECONDS>()).await;
    }
    work_async(n).await
}

#[retry(max_attempts = 3, delay = 1)]
pub(crate) async fn logwright(n: u64) -> Result<u64, Odd> {
    work_async(n).await
}

#[retry(max_attempts = 3, delay = 0)]
pub(crate) async fn logwright_without_delay(n: u64) -> Result<u64, Odd> {
    work_async(n).await
}

pub(crate) async fn backon<const SECONDS: u64>(n: u64) -> Result<u64, Odd> {
    let policy = ConstantBuilder::default().with_delay(delay::<SECONDS>()).with_max_times(ATTEMPTS - 1);
    (|| work_async(n)).retry(policy).await
}

pub(crate) async fn backoff<P: Backoff + Default>(n: u64) -> Result<u64, Odd> {
    ::backoff::future::retry(P::default(), || async { work_async(n).await.map_err(Error::transient) }).await
}

pub(crate) async fn tokio_retry2<const SECONDS: u64>(n: u64) -> Result<u64, Odd> {
    let policy = FixedInterval::new(delay::<SECONDS>()).take(ATTEMPTS - 1);
    Retry::spawn(policy, || async { work_async(n).await.map_transient_err() }).await
}

pub(crate) async fn tryhard<const SECONDS: u64>(n: u64) -> Result<u64, Odd> {
    ::tryhard::retry_fn(|| work_async(n)).retries(ATTEMPTS as u32 - 1).fixed_backoff(delay::<SECONDS>()).await
}

#[::retrying::retry(stop = attempts(3), wait = fixed(1.0))]
pub(crate) async fn retrying(n: u64) -> Result<u64, Odd> {
    work_async(n).await
}

#[::retrying::retry(stop = attempts(3), wait = fixed(0.0))]
pub(crate) async fn retrying_without_delay(n: u64) -> Result<u64, Odd> {
    work_async(n).await
}
