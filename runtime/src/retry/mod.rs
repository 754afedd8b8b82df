//! What [`#[retry]`](macro@crate::retry) is made of, how to choose its numbers, and the same without an attribute.
//!
#![doc = include_str!("guide.md")]

mod limits;
mod attempt;
mod classify;
mod budget;
mod policy;
mod delay;
mod nested;
mod tell;
mod sleep;
mod timeout;
#[cfg(any(feature = "tokio", feature = "timer", feature = "custom-sleep"))]
mod timer;
#[cfg(not(any(feature = "tokio", feature = "timer", feature = "custom-sleep")))]
#[path = "no_timer.rs"]
mod timer;
mod decide;
mod with;
#[cfg(any(feature = "tokio", feature = "timer", feature = "custom-sleep"))]
mod with_async;
pub mod testing;

pub use attempt::Attempt;
pub use budget::RetryBudget;
pub use classify::{Classify, Verdict};
pub use delay::{Delay, Jitter};
#[cfg(feature = "backoff")]
pub use policy::FromBackoff;
pub use policy::{AttemptCtx, Policy};
pub use sleep::set_blocking_sleeper;
pub use timeout::AttemptTimeout;
#[cfg(any(feature = "tokio", feature = "timer", feature = "custom-sleep"))]
pub use timer::{BoxSleep, set_sleeper};
pub use with::{Retrying, with};

/// What generated code uses besides.
pub(crate) mod private {
    pub use super::classify::{Attempted, classified, hinted, judged, wanted};
    pub use super::decide::{Failed, Retry, now};
    pub use super::limits::{Levels, Limits};
    pub use super::policy::{by, lazily};
    pub use super::sleep::blocking;
    pub use super::timer::{sleep, within};
    pub use super::{Delay, Jitter, Policy, Verdict};
}
