//! Waiting between attempts: by the thread in a plain function, by a timer in an async one.

use std::time::Duration;

/// Blocks the thread.
pub fn blocking(time: Duration) {
    std::thread::sleep(time);
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

/// A time that can be waited for.
#[cfg(not(any(feature = "tokio", feature = "timer")))]
#[diagnostic::on_unimplemented(
    message = "`#[retry]` on an async function needs a timer, and logwright has none",
    label = "cannot wait here",
    note = "enable feature `timer` (any executor) or `tokio` of crate `logwright`"
)]
pub trait Wait {}
