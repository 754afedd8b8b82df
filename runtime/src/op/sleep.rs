//! Waiting between attempts: by the thread in a plain function, by a timer in an async one.

use std::fmt;
use std::time::Duration;

/// Blocks the thread.
pub fn blocking(time: Duration) {
    std::thread::sleep(time);
}

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

/// Drops the attempt when the time is over.
#[cfg(any(feature = "tokio", feature = "timer"))]
pub async fn within<T, E: From<AttemptTimeout>>(
    limit: Duration,
    attempt: impl Future<Output = Result<T, E>>,
) -> Result<T, E> {
    use std::task::Poll;
    let (mut attempt, mut timer) = (std::pin::pin!(attempt), std::pin::pin!(sleep(limit)));
    std::future::poll_fn(|context| match attempt.as_mut().poll(context) {
        Poll::Pending => timer.as_mut().poll(context).map(|()| Err(AttemptTimeout { limit }.into())),
        ready => ready,
    })
    .await
}

/// Waits without blocking: by tokio's timer inside a tokio runtime (feature `tokio`), else by a timer thread that
/// serves any executor (feature `timer`).
#[cfg(any(feature = "tokio", feature = "timer"))]
pub async fn sleep(time: Duration) {
    #[cfg(feature = "tokio")]
    if cfg!(not(feature = "timer")) || tokio::runtime::Handle::try_current().is_ok() {
        return tokio::time::sleep(time).await;
    }
    #[cfg(feature = "timer")]
    futures_timer::Delay::new(time).await;
}

/// Without a timer there is nothing to wait with; a `Duration` does not meet the bound, which says so where `#[retry]`
/// stands.
#[cfg(not(any(feature = "tokio", feature = "timer")))]
pub async fn sleep<T: Wait>(time: T) {
    let _ = time;
}

/// The same for the time of an attempt.
#[cfg(not(any(feature = "tokio", feature = "timer")))]
pub async fn within<T: Wait, F: Future>(limit: T, attempt: F) -> F::Output {
    let _ = limit;
    attempt.await
}

/// A time that can be waited for.
#[cfg(not(any(feature = "tokio", feature = "timer")))]
#[diagnostic::on_unimplemented(
    message = "`#[retry]` on an async function needs a timer, and logwright has none",
    label = "cannot wait here",
    note = "enable feature `timer` (any executor) or `tokio` of crate `logwright`"
)]
pub trait Wait {}
