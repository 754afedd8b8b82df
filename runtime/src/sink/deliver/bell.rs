//! What the thread that writes waits for: lines, more lines, or somebody who wants them written now.

use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

#[derive(Default)]
pub(super) struct Bell {
    calls: Mutex<Calls>,
    /// Wakes the thread.
    rung: Condvar,
    /// Wakes those that wait for it.
    finished: Condvar,
    /// Whether the thread waits for a line, however long that takes.
    is_asleep: AtomicBool,
    /// Whether it was told that there is much to write.
    is_hurried: AtomicBool,
}

/// What the thread is called for.
#[derive(Default)]
struct Calls {
    /// There is a line again.
    is_awake: bool,
    /// Not to wait for more.
    is_hurried: bool,
    /// How many flushes were asked for, and how many are done.
    flushes: u64,
    flushed: u64,
    /// Nothing will come any more.
    is_over: bool,
}

impl Calls {
    fn is_early(&mut self) -> bool {
        !self.is_hurried && !self.is_over && self.flushes == self.flushed
    }
}

impl Bell {
    /// There is one more line. Rings only if the thread would not look by itself soon enough.
    pub(super) fn pushed(&self, is_much: bool) {
        if self.is_asleep.load(SeqCst) && self.is_asleep.swap(false, SeqCst) {
            self.call(|calls| calls.is_awake = true);
        } else if is_much && !self.is_hurried.swap(true, SeqCst) {
            self.call(|calls| calls.is_hurried = true);
        }
    }

    /// Has the thread write all that waits; whether it did so in time.
    pub(super) fn flush(&self, until: Instant) -> bool {
        let mut calls = self.lock();
        calls.flushes += 1;
        let flush = calls.flushes;
        self.rung.notify_one();
        while calls.flushed < flush {
            let Some(left) = until.checked_duration_since(Instant::now()) else { return false };
            calls = self.finished.wait_timeout(calls, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        true
    }

    /// The thread waits until lines have come together for a while; the number of the flush that was asked for meanwhile,
    /// if one was. Nothing when the thread is to end.
    pub(super) fn wait(&self, nap: Duration, is_empty: impl Fn() -> bool) -> Option<Option<u64>> {
        let mut calls = self.lock();
        loop {
            let woken = self.rung.wait_timeout_while(calls, nap, Calls::is_early);
            calls = woken.unwrap_or_else(PoisonError::into_inner).0;
            if !calls.is_early() || !is_empty() {
                break;
            }
            calls = self.sleep(calls, &is_empty);
        }
        calls.is_hurried = false;
        self.is_hurried.store(false, SeqCst);
        let flush = (calls.flushes > calls.flushed).then_some(calls.flushes);
        (flush.is_some() || !calls.is_over).then_some(flush)
    }

    /// The thread has done all that was asked for up to that flush.
    pub(super) fn finish(&self, flush: u64) {
        self.lock().flushed = flush;
        self.finished.notify_all();
    }

    /// The thread is to end.
    pub(super) fn end(&self) {
        self.call(|calls| calls.is_over = true);
    }

    /// Waits for a line, or a flush.
    fn sleep<'a>(
        &'a self,
        mut calls: MutexGuard<'a, Calls>,
        is_empty: impl Fn() -> bool,
    ) -> MutexGuard<'a, Calls> {
        calls.is_awake = false;
        self.is_asleep.store(true, SeqCst);
        // A line that came before that was said woke nobody.
        if is_empty() {
            let woken = self.rung.wait_while(calls, |calls| !calls.is_awake && calls.is_early());
            calls = woken.unwrap_or_else(PoisonError::into_inner);
        }
        self.is_asleep.store(false, SeqCst);
        calls
    }

    fn call(&self, change: impl FnOnce(&mut Calls)) {
        change(&mut self.lock());
        self.rung.notify_one();
    }

    fn lock(&self) -> MutexGuard<'_, Calls> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
