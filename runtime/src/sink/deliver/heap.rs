//! Lines that wait in memory: what is not written when the process is killed is lost.

use std::sync::atomic::{
    AtomicU64, AtomicUsize,
    Ordering::{Acquire, Relaxed, Release, SeqCst},
};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::behind::Store;
use crate::level::Level;
use crate::sink::block::{Block, Lines};
use crate::sink::journal::Journal;

pub(super) struct Heap {
    block: Mutex<Block>,
    /// How many bytes may wait, and do, those that are being written included.
    limit: usize,
    used: AtomicUsize,
    /// How many lines came, and how many of them are done with.
    pushed: AtomicU64,
    done: AtomicU64,
}

impl Heap {
    pub(super) fn new(limit: usize) -> Self {
        let (used, pushed, done) = Default::default();
        Self { block: Mutex::default(), limit, used, pushed, done }
    }

    fn block(&self) -> MutexGuard<'_, Block> {
        self.block.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store for Heap {
    fn push(&self, line: &[u8], level: Level) -> Option<u64> {
        let mut block = self.block();
        let used = self.used.load(Acquire);
        if used > 0 && used + line.len() > self.limit {
            return None;
        }
        block.push(line, level);
        self.used.fetch_add(line.len(), Relaxed);
        // Under the lock, so that the count is that of the lines up to this one.
        Some(self.pushed.fetch_add(1, SeqCst) + 1)
    }

    fn take(&self, block: &mut Block) {
        std::mem::swap(&mut *self.block(), block);
    }

    fn pushed(&self) -> u64 {
        self.pushed.load(SeqCst)
    }

    fn done(&self) -> u64 {
        self.done.load(Acquire)
    }

    fn waiting(&self) -> u64 {
        self.pushed().saturating_sub(self.done())
    }

    fn close(&self) -> u64 {
        self.waiting()
    }

    fn is_half_full(&self) -> bool {
        self.used.load(Relaxed) > self.limit / 2
    }
}

impl Journal for Heap {
    fn end(&self, lines: Lines<'_>) {
        self.used.fetch_sub(lines.bytes().len(), Release);
        self.done.fetch_add(lines.count() as u64, Release);
    }
}
