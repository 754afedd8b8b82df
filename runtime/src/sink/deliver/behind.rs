//! Writes behind the program's back: lines wait in a store until a thread takes them to the file. Whoever finds the store
//! full, or has something urgent, does that thread's work itself, so nothing depends on it but the time.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::Deliver;
use super::bell::Bell;
use super::fork::InFork;
use crate::error::Error;
use crate::level::Level;
use crate::record::Timestamp;
use crate::sink::block::{Block, End, Lines};
use crate::sink::journal::Journal;
use crate::sink::loss::Loss;
use crate::sink::stats::Counts;
use crate::sink::writer::Writer;
use crate::sink::{Fanout, Full, enter_sink};
use crate::trap;

/// Where lines wait. As a journal it is told which of them are done with, in their order.
pub(super) trait Store: Journal + Send + Sync + 'static {
    /// Takes a line. Gives the number that [`done`](Self::done) has when it is done with, and whether it is time to write, as
    /// half of the room is taken; nothing when there is none.
    fn push(&self, line: &[u8], level: Level) -> Option<(u64, bool)>;

    /// Whether a line of that length has room when no other waits.
    fn can_hold(&self, _bytes: usize) -> bool {
        true
    }

    /// Puts lines that wait into the empty block, the first first. They stay in the store until they are done with.
    fn take(&self, block: &mut Block);

    /// The number of the last line that was taken. Whoever takes one later sees what was stored before this was asked.
    fn pushed(&self) -> u64;

    /// The number of the last line that is done with.
    fn done(&self) -> u64;

    /// How many lines wait.
    fn waiting(&self) -> u64;

    /// Whether what waits here would not be found by the next run.
    fn is_gone(&self) -> bool {
        false
    }

    /// Nothing waits here any more, nor will.
    fn close(&self) {}

    /// What waits here cannot be written by this process; how many lines are lost thereby, if they are.
    fn abandon(&self) -> Option<u64>;
}

/// When to write.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pace {
    /// How long lines may wait.
    pub(super) nap: Duration,
    /// From this level on they do not.
    pub(super) urgent: Level,
    /// Whether the thread is called when the store is half full.
    pub(super) hurries: bool,
    pub(super) full: Full,
}

pub(super) struct Behind<S: Store>(Arc<Shared<S>>);

struct Shared<S> {
    store: S,
    fork: InFork,
    pace: Pace,
    path: PathBuf,
    counts: Arc<Counts>,
    out: Mutex<Out>,
    /// What found no room.
    loss: Mutex<Loss>,
    bell: Bell,
    is_closed: AtomicBool,
    /// Whether it was said that there is no room.
    is_told: AtomicBool,
}

/// What is needed to write.
struct Out {
    writer: Writer,
    block: Block,
}

impl<S: Store> Behind<S> {
    /// Starts the thread, which ends with this.
    pub(super) fn start(
        store: S,
        pace: Pace,
        path: &Path,
        (writer, fork): (Writer, InFork),
        counts: &Arc<Counts>,
    ) -> Self {
        let shared = Arc::new(Shared {
            store,
            fork,
            pace,
            path: path.to_owned(),
            counts: Arc::clone(counts),
            out: Mutex::new(Out { writer, block: Block::default() }),
            loss: Mutex::default(),
            bell: Bell::default(),
            is_closed: AtomicBool::new(false),
            is_told: AtomicBool::new(false),
        });
        let worker = Arc::clone(&shared);
        let started =
            std::thread::Builder::new().name("logwright-write".into()).spawn(move || worker.serve());
        if let Err(error) = started {
            trap::report(format_args!("cannot start a thread, so records are written at once: {error}"));
            shared.is_closed.store(true, SeqCst);
        }
        Self(shared)
    }
}

impl<S: Store> Deliver for Behind<S> {
    fn put(&self, line: &[u8], level: Level, now: Timestamp) {
        let shared = &*self.0;
        if shared.is_closed.load(SeqCst) || shared.fork.is_here() || !shared.store.can_hold(line.len()) {
            return shared.write_through(line, level, now);
        }
        let (number, is_half_full) = loop {
            if let Some(pushed) = shared.store.push(line, level) {
                break pushed;
            }
            if shared.pace.full.drops(level) {
                return shared.lose(level, now, "the queue is full");
            }
            let mut out = shared.out();
            // Where the file cannot be written either, to wait would be to stop the program.
            if !shared.drain(&mut out) && out.writer.is_out() {
                return shared.lose(level, now, out.writer.cause());
            }
        };
        if level >= shared.pace.urgent || shared.is_closed.load(SeqCst) {
            shared.drain_to(number);
        } else {
            shared.bell.pushed(shared.pace.hurries && is_half_full);
        }
    }

    fn flush(&self, until: Instant) -> u64 {
        let shared = &*self.0;
        if let Some(mut writer) = shared.fork.writer() {
            writer.settle();
            return 0;
        }
        let last = shared.store.pushed();
        if shared.is_closed.load(SeqCst) {
            shared.drain_at_once(last);
            shared.knowing().writer.settle();
        } else {
            shared.bell.flush(until);
        }
        // Others may have come meanwhile.
        if shared.store.done() >= last { 0 } else { shared.store.waiting() }
    }

    fn close(&self, until: Instant) {
        let shared = &*self.0;
        // What waits in a fork is its parent's.
        if shared.fork.is_here() {
            self.flush(until);
            return;
        }
        // Who comes now writes by itself; what came before is written here, unless the disk does not answer.
        let is_closed = shared.is_closed.swap(true, SeqCst);
        let last = shared.store.pushed();
        if is_closed || shared.bell.flush(until) {
            shared.drain_at_once(last);
            shared.knowing().writer.settle();
        }
        if shared.store.done() >= last {
            shared.store.close();
        } else if let Some(rest) = shared.store.abandon() {
            let path = shared.path.display();
            trap::report(format_args!("{rest} records could not be written to `{path}`"));
        }
    }

    fn with_writer(&self, act: &mut dyn FnMut(&mut Writer) -> Result<(), Error>) -> Result<(), Error> {
        if let Some(mut writer) = self.0.fork.writer() {
            return act(&mut writer);
        }
        self.0.drain_to(self.0.store.pushed());
        act(&mut self.0.out().writer)
    }
}

/// Who sets logging up for a while, as a layer, lets the thread go at the end.
impl<S: Store> Drop for Behind<S> {
    fn drop(&mut self) {
        self.close(Instant::now() + Fanout::PATIENCE);
        self.0.bell.end();
    }
}

impl<S: Store> Shared<S> {
    fn out(&self) -> MutexGuard<'_, Out> {
        lock(&self.out)
    }

    fn write_through(&self, line: &[u8], level: Level, now: Timestamp) {
        let end = [End { at: line.len(), level }];
        let line = Lines::new(line, &end);
        if let Some(mut writer) = self.fork.writer() {
            return writer.put_or_lose(line, now);
        }
        let mut out = self.out();
        while self.drain(&mut out) {}
        out.writer.put_or_lose(line, now);
    }

    /// Writes what waits now, or a part of it; whether there was something, and it could be written. What cannot be goes on
    /// waiting.
    fn drain(&self, out: &mut Out) -> bool {
        let Out { writer, block } = out;
        if block.lines().count() == 0 {
            self.store.take(block);
        }
        let done = writer.put(block.lines(), Timestamp::now(), &self.store);
        block.drop_first(done);
        writer.absorb(std::mem::take(&mut *lock(&self.loss)));
        done > 0
    }

    fn drain_to(&self, number: u64) {
        while self.store.done() < number && self.drain(&mut self.out()) {}
    }

    /// The same for who may not come again: what has just failed is tried once more now, and not when its time has come.
    fn drain_at_once(&self, number: u64) {
        self.out().writer.forget_pause();
        self.drain_to(number);
    }

    /// What is needed to write, when the writer knows what was lost.
    fn knowing(&self) -> MutexGuard<'_, Out> {
        let mut out = self.out();
        out.writer.absorb(std::mem::take(&mut *lock(&self.loss)));
        out
    }

    /// Counts a record that found no room, which the file is to say, and says so once on stderr.
    fn lose(&self, level: Level, now: Timestamp, cause: &str) {
        let mut loss = lock(&self.loss);
        loss.add(std::iter::once(level), now);
        if loss.cause.is_empty() {
            cause.clone_into(&mut loss.cause);
        }
        drop(loss);
        self.counts.lost(std::iter::once(level));
        self.bell.pushed(true);
        if !self.is_told.swap(true, SeqCst) {
            let path = self.path.display();
            let setting = if self.pace.full == Full::Block { "" } else { " (`WriteMode::Queue { bytes }`)" };
            trap::report(format_args!(
                "what waits for `{path}` has no more room{setting}; records are lost, the file says how many"
            ));
        }
    }

    /// The thread. Nothing that it causes is a record: it would come to it.
    fn serve(&self) {
        enter_sink();
        let is_empty = || self.store.pushed() <= self.store.done() && lock(&self.loss).total() == 0;
        while let Some(flush) = self.bell.wait(self.pace.nap, is_empty) {
            if catch_unwind(AssertUnwindSafe(|| self.work(flush.is_some()))).is_err() {
                trap::report(format_args!(
                    "writing `{}` panicked; some records are lost",
                    self.path.display()
                ));
            }
            flush.into_iter().for_each(|flush| self.bell.finish(flush));
        }
    }

    fn work(&self, is_flush: bool) {
        if self.store.is_gone() && !self.is_closed.swap(true, SeqCst) {
            let path = self.path.display();
            trap::report(format_args!(
                "what waits for `{path}` has been moved away, so records are written at once"
            ));
        }
        if is_flush {
            self.drain_at_once(self.store.pushed());
            self.knowing().writer.settle();
        } else {
            self.drain_to(self.store.pushed());
            self.knowing().writer.own_up();
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::super::heap::Heap;
    use super::*;
    use crate::sink::Rotation;
    use crate::sink::format::{Format, Line};

    #[test]
    fn what_was_lost_is_owned_up_to_though_nothing_waits_any_more() {
        for is_flushed in [false, true] {
            let dir = tempfile::tempdir().unwrap();
            let path = dir.path().join("x.log");
            let counts = Arc::<Counts>::default();
            let (to, own) = (path.clone(), Arc::clone(&counts));
            let format = Arc::new(Format::new(Line::Text, "x"));
            let open =
                move || Writer::open(to.clone(), Rotation::default(), Arc::clone(&format), Arc::clone(&own));
            let nap = Duration::from_millis(10);
            let pace = Pace { nap, urgent: Level::Critical, hurries: true, full: Full::DropNewest };
            let out = (open(), InFork::new(open));
            let behind = Behind::start(Heap::new(100), pace, &path, out, &counts);
            // As one that found the queue full, when all of that had been written meanwhile, and the thread sleeps.
            std::thread::sleep(10 * nap);
            behind.0.lose(Level::Info, Timestamp::now(), "the queue is full");
            let until = Instant::now() + Duration::from_secs(10);
            if is_flushed {
                behind.flush(until);
            }
            let told =
                || std::fs::read_to_string(&path).unwrap().contains("1 records lost: the queue is full");
            while !is_flushed && !told() && Instant::now() < until {
                std::thread::sleep(nap);
            }
            assert!(told(), "{is_flushed}");
        }
    }
}
