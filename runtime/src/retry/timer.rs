//! Waiting without blocking, by the timer that is at hand.

use std::pin::Pin;
use std::sync::{Arc, Once, RwLock};
use std::task::{Context, Poll};
use std::time::Duration;

use super::sleep::{Hook, hook, replace};
use super::testing;
use super::timeout::AttemptTimeout;
use crate::trap;

/// A future that is done when a wait is over.
pub type BoxSleep = Pin<Box<dyn Future<Output = ()> + Send>>;

static SLEEPER: Hook<BoxSleep> = RwLock::new(None);

/// Makes every async retry of the program wait by `sleeper`, whatever timers there are; the last one set counts.
///
/// For executors with timers of their own, and for programs where time is not the machine's: games, simulations. With
/// feature `custom-sleep` no other timer needs to be there; without one a call that would have to wait gives up
/// with reason `no_sleeper`.
///
/// ```no_run
/// logwright::retry::set_sleeper(|time| {
///     Box::pin(async move {
///         futures_timer::Delay::new(time).await;
///     })
/// });
/// ```
pub fn set_sleeper(sleeper: impl Fn(Duration) -> BoxSleep + Send + Sync + 'static) {
    replace(&SLEEPER, Arc::new(sleeper));
}

/// Waits without blocking. Called where the wait is to begin.
#[cold]
#[inline(never)]
pub fn sleep(time: Duration) -> Sleep {
    let is_over = testing::skip(time) || time.is_zero();
    Sleep(if is_over { None } else { timer(time) })
}

/// A wait; small, as the future of every function that may have to wait has room for one.
#[expect(missing_debug_implementations, reason = "there is nothing to see")]
pub struct Sleep(Option<BoxSleep>);

/// Out of the way, too.
impl Drop for Sleep {
    #[inline]
    fn drop(&mut self) {
        #[cold]
        #[inline(never)]
        fn end(sleep: BoxSleep) {
            drop(sleep);
        }
        if let Some(sleep) = self.0.take() {
            end(sleep);
        }
    }
}

impl Future for Sleep {
    type Output = ();

    #[inline]
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        self.0.as_mut().map_or(Poll::Ready(()), |sleep| sleep.as_mut().poll(context))
    }
}

/// The timer of this place: the program's own, else tokio's inside a tokio runtime that has timers, else that of a thread
/// which serves any executor.
fn timer(time: Duration) -> Option<BoxSleep> {
    if let Some(sleeper) = hook(&SLEEPER) {
        return Some(sleeper(time));
    }
    #[cfg(feature = "tokio")]
    if has_tokio_timers() {
        return Some(Box::pin(tokio::time::sleep(time)));
    }
    #[cfg(feature = "timer")]
    return Some(Box::pin(futures_timer::Delay::new(time)));
    #[cfg(not(feature = "timer"))]
    None
}

/// Whether there is any.
pub(super) fn is_possible() -> bool {
    if cfg!(feature = "timer") || testing::is_waiting_skipped() || hook(&SLEEPER).is_some() {
        return true;
    }
    #[cfg(feature = "tokio")]
    return has_tokio_timers();
    #[cfg(not(feature = "tokio"))]
    false
}

/// Whether this is a tokio runtime with timers. The only way to ask is to make one, which panics where there are none: so
/// each thread asks a runtime once. Where a panic ends the program, another timer is taken if there is one.
#[cfg(feature = "tokio")]
fn has_tokio_timers() -> bool {
    use std::cell::Cell;
    use tokio::runtime::{Handle, Id};
    thread_local! {
        static LAST: Cell<Option<(Id, bool)>> = const { Cell::new(None) };
    }
    let Ok(handle) = Handle::try_current() else { return false };
    if cfg!(panic = "abort") {
        return cfg!(not(feature = "timer"));
    }
    match LAST.get() {
        Some((id, answer)) if id == handle.id() => answer,
        _ => {
            let answer = trap::quietly(|| drop(tokio::time::sleep(Duration::ZERO)));
            LAST.set(Some((handle.id(), answer)));
            answer
        }
    }
}

/// Drops the attempt when the time is over, and makes its error by `late`. Where no timer is to be found, it has all the
/// time there is, which is said once.
pub async fn within<T, E>(
    limit: Duration,
    attempt: impl Future<Output = Result<T, E>>,
    late: fn(AttemptTimeout) -> E,
) -> Result<T, E> {
    let (mut attempt, mut timer) = (std::pin::pin!(attempt), timer(limit));
    if timer.is_none() {
        static SAID: Once = Once::new();
        SAID.call_once(|| {
            trap::report(format_args!("no timer is there for `attempt_timeout`: it is not kept"))
        });
    }
    std::future::poll_fn(|context| match (attempt.as_mut().poll(context), &mut timer) {
        (Poll::Pending, Some(timer)) => {
            timer.as_mut().poll(context).map(|()| Err(late(AttemptTimeout { limit })))
        }
        (state, _) => state,
    })
    .await
}
