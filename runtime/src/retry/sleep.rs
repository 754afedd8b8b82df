//! Waiting between attempts: by the thread in a plain function, by a timer in an async one, or by what the program puts
//! in their place.

use std::pin::Pin;
use std::sync::{Arc, PoisonError, RwLock};
use std::task::{Context, Poll};
use std::time::Duration;

use super::testing;

/// A future that is done when a wait is over.
pub type BoxSleep = Pin<Box<dyn Future<Output = ()> + Send>>;

type Hook<R> = RwLock<Option<Arc<dyn Fn(Duration) -> R + Send + Sync>>>;

static SLEEPER: Hook<BoxSleep> = RwLock::new(None);
static BLOCKING: Hook<()> = RwLock::new(None);

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
    *SLEEPER.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(sleeper));
}

/// Makes every plain retry of the program wait by `sleeper` instead of [`std::thread::sleep`]; the last one set counts.
///
/// It may return early, when the program is about to end: the next attempt follows at once.
///
/// ```no_run
/// use std::sync::{Condvar, Mutex};
///
/// static STOPPED: Mutex<bool> = Mutex::new(false);
/// static STOP: Condvar = Condvar::new();
///
/// logwright::retry::set_blocking_sleeper(|time| {
///     let stopped = STOPPED.lock().unwrap();
///     let _ = STOP.wait_timeout_while(stopped, time, |stopped| !*stopped);
/// });
/// ```
pub fn set_blocking_sleeper(sleeper: impl Fn(Duration) + Send + Sync + 'static) {
    *BLOCKING.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(sleeper));
}

fn hook<R>(hook: &Hook<R>) -> Option<Arc<dyn Fn(Duration) -> R + Send + Sync>> {
    hook.read().unwrap_or_else(PoisonError::into_inner).clone()
}

/// Blocks the thread.
#[cold]
#[inline(never)]
pub fn blocking(time: Duration) {
    if testing::skip(time) || time.is_zero() {
        return;
    }
    match hook(&BLOCKING) {
        Some(sleeper) => sleeper(time),
        None => std::thread::sleep(time),
    }
}

/// Waits without blocking. Called where the wait is to begin.
#[cfg(any(feature = "tokio", feature = "timer", feature = "custom-sleep"))]
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
#[cfg(any(feature = "tokio", feature = "timer", feature = "custom-sleep"))]
pub(super) fn timer(time: Duration) -> Option<BoxSleep> {
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
/// each thread asks a runtime once, and the panic's message on stderr says what is wrong with it.
#[cfg(feature = "tokio")]
fn has_tokio_timers() -> bool {
    use std::cell::Cell;
    use tokio::runtime::{Handle, Id};
    thread_local! {
        static LAST: Cell<Option<(Id, bool)>> = const { Cell::new(None) };
    }
    let Ok(handle) = Handle::try_current() else { return false };
    match LAST.get() {
        Some((id, answer)) if id == handle.id() => answer,
        _ => {
            let answer = std::panic::catch_unwind(|| drop(tokio::time::sleep(Duration::ZERO))).is_ok();
            LAST.set(Some((handle.id(), answer)));
            answer
        }
    }
}

/// Without a timer there is nothing to wait with; a `Duration` does not meet the bound, which says so where `#[retry]`
/// stands.
#[cfg(not(any(feature = "tokio", feature = "timer", feature = "custom-sleep")))]
pub fn sleep<T: Wait>(_: T) -> std::future::Ready<()> {
    std::future::ready(())
}

/// A time that can be waited for.
#[cfg(not(any(feature = "tokio", feature = "timer", feature = "custom-sleep")))]
#[diagnostic::on_unimplemented(
    message = "`#[retry]` on an async function needs a timer, and logwright has none",
    label = "cannot wait here",
    note = "enable feature `timer` (any executor), `tokio`, or `custom-sleep` (a timer of your own) of crate `logwright`"
)]
pub trait Wait {}
