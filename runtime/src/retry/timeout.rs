//! Attempts that take too long.

use std::fmt;
use std::time::Duration;

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
    pub(super) limit: Duration,
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

/// Of kind [`TimedOut`](std::io::ErrorKind::TimedOut).
impl From<AttemptTimeout> for std::io::Error {
    fn from(late: AttemptTimeout) -> Self {
        Self::new(std::io::ErrorKind::TimedOut, late)
    }
}

/// Its text.
impl From<AttemptTimeout> for String {
    fn from(late: AttemptTimeout) -> Self {
        late.to_string()
    }
}
