//! Lines that wait in memory: what is not written when the process is killed is lost.

use std::sync::atomic::{AtomicU64, Ordering::Acquire, Ordering::Release};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::behind::Store;
use crate::level::Level;
use crate::sink::block::{Block, Lines};
use crate::sink::journal::Journal;

pub(super) struct Heap {
    /// How many bytes may wait, those that are being written included.
    limit: u64,
    pushed: Mutex<Pushed>,
    /// How many lines are done with, and how long they were together.
    done: AtomicU64,
    done_bytes: AtomicU64,
}

/// What came.
#[derive(Default)]
struct Pushed {
    block: Block,
    lines: u64,
    bytes: u64,
}

impl Heap {
    pub(super) fn new(limit: u64) -> Self {
        Self { limit, pushed: Mutex::default(), done: AtomicU64::new(0), done_bytes: AtomicU64::new(0) }
    }

    fn lock(&self) -> MutexGuard<'_, Pushed> {
        self.pushed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store for Heap {
    fn push(&self, line: &[u8], level: Level) -> Option<(u64, bool)> {
        let mut pushed = self.lock();
        let used = pushed.bytes - self.done_bytes.load(Acquire);
        let bytes = line.len() as u64;
        if used > 0 && used + bytes > self.limit {
            return None;
        }
        pushed.block.push(line, level);
        pushed.lines += 1;
        pushed.bytes += bytes;
        Some((pushed.lines, used + bytes > self.limit / 2))
    }

    fn take(&self, block: &mut Block) {
        std::mem::swap(&mut self.lock().block, block);
    }

    fn pushed(&self) -> u64 {
        self.lock().lines
    }

    fn done(&self) -> u64 {
        self.done.load(Acquire)
    }

    fn waiting(&self) -> u64 {
        self.pushed().saturating_sub(self.done())
    }

    fn abandon(&self) -> Option<u64> {
        Some(self.waiting())
    }
}

impl Journal for Heap {
    fn end(&self, lines: Lines<'_>) {
        self.done_bytes.fetch_add(lines.bytes().len() as u64, Release);
        self.done.fetch_add(lines.count() as u64, Release);
    }
}
