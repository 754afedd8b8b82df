//! In the place of `timer` where no feature has one: an async retry does not compile, and is told why.

use super::policy::Policy;
use super::timeout::AttemptTimeout;
use super::with::Retrying;

/// There is nothing to wait with; a `Duration` does not meet the bound, which says so where `#[retry]` stands.
pub fn sleep<T: Wait>(_: T) -> std::future::Ready<()> {
    std::future::ready(())
}

/// The same for the time of an attempt.
pub fn within<L: Wait, T, E, F: Future<Output = Result<T, E>>>(
    _: L,
    attempt: F,
    _: fn(AttemptTimeout) -> E,
) -> F {
    attempt
}

impl<P: Policy, J> Retrying<P, J> {
    #[doc(hidden)]
    pub fn run_async<A: Wait>(self, _: A) -> std::future::Ready<()> {
        std::future::ready(())
    }

    #[doc(hidden)]
    pub fn run_send<A: Wait>(self, _: A) -> std::future::Ready<()> {
        std::future::ready(())
    }
}

/// No.
pub(super) const fn is_possible() -> bool {
    false
}

/// A time that can be waited for.
#[diagnostic::on_unimplemented(
    message = "an async retry needs a timer, and logwright has none",
    label = "cannot wait here",
    note = "enable feature `timer` (any executor), `tokio`, or `custom-sleep` (a timer of your own) of crate `logwright`"
)]
pub trait Wait {}
