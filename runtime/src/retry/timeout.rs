//! Attempts that take too long.

use std::fmt;
use std::time::Duration;

#[cfg(not(any(feature = "tokio", feature = "timer", feature = "custom-sleep")))]
use super::sleep::Wait;

/// An attempt of a `#[retry(attempt_timeout = ..)]` that was not done in time; it becomes the function's error by `From`.
///
/// ```
/// use logwright::{AttemptTimeout, retry};
///
/// #[derive(Debug)]
/// struct Offline;
///
/// impl From<AttemptTimeout> for Offline {
///     fn from(_: AttemptTimeout) -> Self {
///         Offline
///     }
/// }
///
/// #[retry(max_attempts = 2, delay = 0, attempt_timeout = "10ms")]
/// async fn fetch() -> Result<u8, Offline> {
///     std::future::pending().await
/// }
/// # let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
/// # assert!(runtime.block_on(fetch()).is_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AttemptTimeout {
    limit: Duration,
}

impl AttemptTimeout {
    /// The time that the attempt had.
    #[must_use]
    pub const fn limit(self) -> Duration {
        self.limit
    }
}

impl fmt::Display for AttemptTimeout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "attempt not done within {:?}", self.limit)
    }
}

impl std::error::Error for AttemptTimeout {}

/// Drops the attempt when the time is over, and makes its error by `late`. Where no timer is to be found, it has all the time there is.
#[cfg(any(feature = "tokio", feature = "timer", feature = "custom-sleep"))]
pub async fn within<T, E>(
    limit: Duration,
    attempt: impl Future<Output = Result<T, E>>,
    late: fn(AttemptTimeout) -> E,
) -> Result<T, E> {
    use std::task::Poll;
    let (mut attempt, mut timer) = (std::pin::pin!(attempt), super::sleep::timer(limit));
    std::future::poll_fn(|context| match (attempt.as_mut().poll(context), &mut timer) {
        (Poll::Pending, Some(timer)) => {
            timer.as_mut().poll(context).map(|()| Err(late(AttemptTimeout { limit })))
        }
        (state, _) => state,
    })
    .await
}

/// Without a timer; see `sleep`.
#[cfg(not(any(feature = "tokio", feature = "timer", feature = "custom-sleep")))]
pub fn within<L: Wait, T, E, F: Future<Output = Result<T, E>>>(
    _: L,
    attempt: F,
    _: fn(AttemptTimeout) -> E,
) -> F {
    attempt
}
