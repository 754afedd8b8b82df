//! The ways to retry: up to three attempts, with the same delay between them.

pub(crate) mod blocking;
pub(crate) mod asynchronous;

use std::fmt;
use std::hint::black_box;
use std::time::Duration;

const ATTEMPTS: usize = 3;

/// The number that no attempt succeeds with.
pub(crate) const FAILING: u64 = u64::MAX;

/// What is retried. It may fail or not, as far as the compiler knows.
#[inline(never)]
fn work(n: u64) -> Result<u64, Odd> {
    if black_box(n) == FAILING { Err(Odd) } else { Ok(black_box(n)) }
}

async fn work_async(n: u64) -> Result<u64, Odd> {
    work(n)
}

/// Between two attempts. None at all is hidden from the compiler: it would leave out whatever there is around a wait.
fn delay<const SECONDS: u64>() -> Duration {
    let delay = Duration::from_secs(SECONDS);
    if delay.is_zero() { black_box(delay) } else { delay }
}

/// For backoff, none of whose policies counts attempts: no delay, and an end.
#[derive(Debug, Default)]
pub(crate) struct Zero {
    failures: usize,
}

impl backoff::backoff::Backoff for Zero {
    fn reset(&mut self) {
        self.failures = 0;
    }

    fn next_backoff(&mut self) -> Option<Duration> {
        self.failures += 1;
        (self.failures < ATTEMPTS).then(delay::<0>)
    }
}

/// What the work fails with.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Odd;

impl fmt::Display for Odd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("odd")
    }
}

impl std::error::Error for Odd {}
