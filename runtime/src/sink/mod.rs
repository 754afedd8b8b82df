//! Where records go. A destination is one file here that implements [`Sink`]; it knows nothing of tracing.

mod foreign;
mod console;
mod file;
mod memory;
mod mode;
mod block;
mod loss;
mod format;
mod calendar;
mod directory;
mod disk;
mod older;
mod runs;
#[cfg(all(feature = "gzip", unix))]
mod gzip;
#[cfg(not(all(feature = "gzip", unix)))]
#[path = "no_gzip.rs"]
mod gzip;
mod rotate;
mod journal;
mod current;
mod stats;
mod writer;
mod deliver;

use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, TryLockError, Weak};
use std::time::{Duration, Instant};

use crate::error::Error;
use crate::level::Level;
use crate::record::Record;
use crate::{process, trap};

pub(crate) use console::{ConsoleSink, Out};
#[cfg(all(feature = "mapped", unix))]
pub use deliver::{Recovered, recover};
pub(crate) use file::{FileSink, Plan};
pub(crate) use foreign::Foreign;
pub(crate) use format::Line;
pub(crate) use memory::MemorySink;
pub use mode::{Full, WriteMode};
pub(crate) use older::MOST;
pub(crate) use rotate::Rotation;
pub(crate) use runs::Scope;
pub use stats::{Report, SinkStats};

/// A destination for records. It takes care of its own troubles: none ever reach the program that logs.
pub(crate) trait Sink: Send + Sync {
    /// The least level that it wants.
    fn level(&self) -> Level;

    /// Takes one record; what becomes of it is the sink's business from then on.
    fn put(&self, record: &Record<'_>);

    /// Writes what was taken before, and says what is lost; how many records are still to be written when it is `until`.
    fn flush(&self, _until: Instant) -> u64 {
        0
    }

    /// The same at the end of the program: what is taken later is written at once.
    fn close(&self, until: Instant) {
        self.flush(until);
    }

    /// Opens what is at its path now, for who has moved the file away.
    fn reopen(&self) -> Result<(), Error> {
        Ok(())
    }

    /// Begins a new file.
    fn rotate(&self) -> Result<(), Error> {
        Ok(())
    }

    /// What became of the records so far, where that is counted.
    fn stats(&self) -> Option<SinkStats> {
        None
    }
}

/// All sinks of a set-up. They are opened once it is sure that records will come.
#[derive(Default)]
pub(crate) struct Fanout(OnceLock<Vec<Box<dyn Sink>>>);

impl Fanout {
    /// How long the end of the program may be put off.
    pub(crate) const PATIENCE: Duration = Duration::from_secs(5);

    /// Records of other threads wait until this is done; there can be none of this one.
    pub(crate) fn open(&self, sinks: impl FnOnce() -> Vec<Box<dyn Sink>>) {
        process::watch_forks();
        enter_sink();
        let _inside = Inside;
        self.0.get_or_init(sinks);
    }

    fn sinks(&self) -> impl Iterator<Item = &dyn Sink> {
        self.0.get().into_iter().flatten().map(AsRef::as_ref)
    }

    /// Hands the record to every sink that wants it. A record that a sink itself causes, as a console may that
    /// writes through other code, goes nowhere: the sink is in use.
    pub(crate) fn put(&self, record: &Record<'_>) {
        if IN_SINK.try_with(|inside| inside.replace(true)) != Ok(false) {
            return;
        }
        let _inside = Inside;
        for sink in self.0.wait().iter().filter(|sink| record.level >= sink.level()) {
            // A console may write through code that panics; that is not the program's own panic.
            if catch_unwind(AssertUnwindSafe(|| sink.put(record))).is_err() {
                trap::report(format_args!("a sink panicked; the record is lost there"));
            }
        }
    }

    pub(crate) fn flush(&self, until: Instant) -> Report {
        let pending = self.sinks().map(|sink| sink.flush(until)).sum();
        Report::new(&self.stats(), pending)
    }

    /// Has everything written when the program ends, without a guard's help.
    pub(crate) fn close_at_exit(self: &Arc<Self>) {
        static OPEN: Mutex<Vec<Weak<Fanout>>> = Mutex::new(Vec::new());
        extern "C" fn close() {
            let until = Instant::now() + Fanout::PATIENCE;
            let open = std::mem::take(&mut *OPEN.lock().unwrap_or_else(PoisonError::into_inner));
            let close = |fanout: Arc<Fanout>| fanout.sinks().for_each(|sink| sink.close(until));
            // There is nobody left to tell.
            let _ = catch_unwind(AssertUnwindSafe(|| open.iter().filter_map(Weak::upgrade).for_each(close)));
        }
        let mut open = OPEN.lock().unwrap_or_else(PoisonError::into_inner);
        if open.is_empty() {
            process::at_exit(close);
        }
        open.push(Arc::downgrade(self));
    }

    /// Does something to every sink, and gives the first error.
    pub(crate) fn each(&self, act: impl Fn(&dyn Sink) -> Result<(), Error>) -> Result<(), Error> {
        self.sinks().map(act).fold(Ok(()), Result::and)
    }

    pub(crate) fn stats(&self) -> Vec<SinkStats> {
        self.sinks().filter_map(Sink::stats).collect()
    }
}

/// Makes this a thread of a sink, whose records go nowhere.
fn enter_sink() {
    let _ = IN_SINK.try_with(|inside| inside.set(true));
}

/// Marks the thread as being inside a sink.
struct Inside;

impl Drop for Inside {
    fn drop(&mut self) {
        let _ = IN_SINK.try_with(|inside| inside.set(false));
    }
}

thread_local! {
    static IN_SINK: Cell<bool> = const { Cell::new(false) };
    static BUFFER: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Locks it, if that can be done in time.
fn lock_until<T>(mutex: &Mutex<T>, until: Instant) -> Option<MutexGuard<'_, T>> {
    loop {
        match mutex.try_lock() {
            Ok(guard) => return Some(guard),
            Err(TryLockError::Poisoned(poisoned)) => return Some(poisoned.into_inner()),
            Err(TryLockError::WouldBlock) if Instant::now() >= until => return None,
            Err(TryLockError::WouldBlock) => std::thread::sleep(Duration::from_millis(1)),
        }
    }
}

/// Lends the thread's buffer to format one line in, so that formatting neither allocates nor holds a lock.
fn with_buffer(use_buffer: impl FnOnce(&mut String)) {
    /// A buffer that one huge record made larger than this is given back.
    const KEPT_BYTES: usize = 64 * 1024;
    let mut buffer = BUFFER.try_with(RefCell::take).unwrap_or_default();
    buffer.clear();
    use_buffer(&mut buffer);
    if buffer.capacity() <= KEPT_BYTES {
        let _ = BUFFER.try_with(|kept| kept.replace(buffer));
    }
}
