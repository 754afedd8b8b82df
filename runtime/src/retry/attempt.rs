//! What the body of a retried function may know of its attempt.

use std::time::Duration;

/// The attempt that `#[retry(bind = attempt)]` shows to the body of its function, and [`with`](super::with) to its
/// closure.
///
/// ```
/// use logwright::retry;
///
/// #[retry(max_attempts = 3, delay = 0, bind = attempt)]
/// fn fetch() -> Result<u32, String> {
///     if attempt.is_last() { Ok(attempt.number()) } else { Err("not yet".to_owned()) }
/// }
/// assert_eq!(fetch(), Ok(3));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attempt {
    pub(super) number: u32,
    pub(super) max: u32,
    pub(super) elapsed: Duration,
}

impl Attempt {
    /// Its number; the first is 1.
    #[must_use]
    pub const fn number(self) -> u32 {
        self.number
    }

    /// How many there are at most.
    #[must_use]
    pub const fn max(self) -> u32 {
        self.max
    }

    /// The time between the beginning of the call and that of this attempt.
    #[must_use]
    pub const fn elapsed(self) -> Duration {
        self.elapsed
    }

    /// Whether its error would be the call's.
    #[must_use]
    pub const fn is_last(self) -> bool {
        self.number >= self.max
    }
}
