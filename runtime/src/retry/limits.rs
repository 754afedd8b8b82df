//! The options of a retry that are numbers and times: what the attribute writes out as one constant.

use std::time::Duration;

use super::budget::RetryBudget;
use super::delay::Delay;
use crate::level::Level;

/// The options of one `#[retry]`.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// How many calls at most, the first one included.
    pub max_attempts: u32,
    /// How long to wait between two, where no policy is given.
    pub delay: Delay,
    /// No wait is longer; what the policy says, where it is not given.
    pub max_delay: Option<Duration>,
    /// No wait ends later than that after the call began.
    pub max_elapsed: Option<Duration>,
    /// The retries that many calls share.
    pub budget: Option<&'static RetryBudget>,
    /// How loud it is.
    pub levels: Levels,
    /// Whether waiting needs a timer.
    pub is_async: bool,
}

impl Limits {
    /// The defaults.
    pub const DEFAULT: Self = Self {
        max_attempts: 3,
        delay: Delay::constant(Duration::from_secs(1)),
        max_delay: None,
        max_elapsed: None,
        budget: None,
        levels: Levels { retry: Some(Level::Warning), fail: Some(Level::Error), recover: Some(Level::Info) },
        is_async: false,
    };
}

/// The levels of what is said; `None` says nothing.
#[derive(Clone, Copy, Debug)]
pub struct Levels {
    /// Of an attempt that failed and is followed by another.
    pub retry: Option<Level>,
    /// Of giving up.
    pub fail: Option<Level>,
    /// Of a success after a failure.
    pub recover: Option<Level>,
}
