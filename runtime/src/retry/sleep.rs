//! Waiting between attempts by the thread, or by what a program puts in the place of that.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use super::testing;

/// What a program has put in the place of a way to wait.
pub(super) type Hook<R> = RwLock<Option<Sleeper<R>>>;

pub(super) type Sleeper<R> = Arc<dyn Fn(Duration) -> R + Send + Sync>;

static BLOCKING: Hook<()> = RwLock::new(None);

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
    replace(&BLOCKING, Arc::new(sleeper));
}

pub(super) fn replace<R>(hook: &Hook<R>, sleeper: Sleeper<R>) {
    let old = hook.write().unwrap_or_else(PoisonError::into_inner).replace(sleeper);
    // Outside the lock: what the old one owns may retry something when it is dropped.
    drop(old);
}

pub(super) fn hook<R>(hook: &Hook<R>) -> Option<Sleeper<R>> {
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
