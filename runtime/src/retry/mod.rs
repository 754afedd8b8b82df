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
mod decide;
mod with;
pub mod testing;

pub use attempt::Attempt;
pub use budget::RetryBudget;
pub use classify::{Classify, Verdict};
pub use delay::{Delay, Jitter};
#[cfg(feature = "backoff")]
pub use policy::FromBackoff;
pub use policy::{AttemptCtx, Policy};
pub use sleep::{BoxSleep, set_blocking_sleeper, set_sleeper};
pub use timeout::AttemptTimeout;
pub use with::{Retrying, with};

/// What generated code uses besides.
pub(crate) mod private {
    pub use super::classify::{Attempted, classified, hinted, judged, wanted};
    pub use super::decide::{Failed, Retry, now};
    pub use super::limits::{Levels, Limits};
    pub use super::policy::lazily;
    pub use super::sleep::{blocking, sleep};
    pub use super::timeout::within;
    pub use super::{Delay, Jitter, Policy, Verdict};
}
