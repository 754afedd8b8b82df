//! The ways to retry, around work that succeeds at once. The work can fail, as far as the compiler knows.

use std::hint::black_box;
use std::time::Duration;

use backon::{BlockingRetryable as _, ConstantBuilder, Retryable as _};
use logwright::retry;

use crate::subjects::Odd;

const ATTEMPTS: usize = 3;
const DELAY: Duration = Duration::from_secs(1);

#[inline(never)]
fn work(n: u64) -> Result<u64, Odd> {
    if black_box(n) == u64::MAX { Err(Odd) } else { Ok(black_box(n)) }
}

async fn work_async(n: u64) -> Result<u64, Odd> {
    work(n)
}

#[inline(never)]
pub(crate) fn once(n: u64) -> Result<u64, Odd> {
    work(n)
}

#[inline(never)]
pub(crate) fn by_hand(n: u64) -> Result<u64, Odd> {
    for _ in 1..ATTEMPTS {
        if let Ok(value) = work(n) {
            return Ok(value);
        }
        std::thread::sleep(DELAY);
    }
    work(n)
}

#[inline(never)]
#[retry(max_attempts = 3, delay = 1)]
pub(crate) fn logwright(n: u64) -> Result<u64, Odd> {
    work(n)
}

#[inline(never)]
pub(crate) fn backon(n: u64) -> Result<u64, Odd> {
    let policy = ConstantBuilder::default().with_delay(DELAY).with_max_times(ATTEMPTS - 1);
    (|| work(n)).retry(policy).call()
}

#[inline(never)]
pub(crate) fn backoff(n: u64) -> Result<u64, Odd> {
    backoff::retry(backoff::ExponentialBackoff::default(), || work(n).map_err(backoff::Error::transient))
        .map_err(|_| Odd)
}

pub(crate) async fn once_async(n: u64) -> Result<u64, Odd> {
    work_async(n).await
}

pub(crate) async fn by_hand_async(n: u64) -> Result<u64, Odd> {
    for _ in 1..ATTEMPTS {
        if let Ok(value) = work_async(n).await {
            return Ok(value);
        }
        tokio::time::sleep(DELAY).await;
    }
    work_async(n).await
}

#[retry(max_attempts = 3, delay = 1)]
pub(crate) async fn logwright_async(n: u64) -> Result<u64, Odd> {
    work_async(n).await
}

pub(crate) async fn backon_async(n: u64) -> Result<u64, Odd> {
    let policy = ConstantBuilder::default().with_delay(DELAY).with_max_times(ATTEMPTS - 1);
    (|| work_async(n)).retry(policy).await
}

pub(crate) async fn backoff_async(n: u64) -> Result<u64, Odd> {
    let policy = backoff::ExponentialBackoff::default();
    backoff::future::retry(policy, || async { work_async(n).await.map_err(backoff::Error::transient) }).await
}
