//! Where records go. A destination is one file here that implements [`Sink`]; it knows nothing of tracing.

mod console;
mod file;
mod memory;
mod calendar;
mod disk;
mod older;
#[cfg(all(feature = "gzip", unix))]
mod gzip;
#[cfg(not(all(feature = "gzip", unix)))]
#[path = "no_gzip.rs"]
mod gzip;
mod rotate;
mod stats;
mod writer;

use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::OnceLock;

use crate::error::Error;
use crate::level::Level;
use crate::record::Record;
use crate::trap;

pub(crate) use console::ConsoleSink;
pub(crate) use file::{FileSink, Line};
pub(crate) use memory::MemorySink;
pub(crate) use older::MOST;
pub(crate) use rotate::Rotation;
pub use stats::SinkStats;

/// A destination for records. It takes care of its own troubles: none ever reach the program that logs.
pub(crate) trait Sink: Send + Sync {
    /// The least level that it wants.
    fn level(&self) -> Level;

    /// Takes one record; when this returns, the record is out of the program's hands or counted as lost.
    fn put(&self, record: &Record<'_>);

    /// Says what is still lost. Called at the end of the program and on demand.
    fn flush(&self) {}

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
    pub(crate) fn open(&self, sinks: impl FnOnce() -> Vec<Box<dyn Sink>>) {
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
        for sink in self.sinks().filter(|sink| record.level >= sink.level()) {
            // A console may write through code that panics; that is not the program's own panic.
            if catch_unwind(AssertUnwindSafe(|| sink.put(record))).is_err() {
                trap::report(format_args!("a sink panicked; the record is lost there"));
            }
        }
    }

    pub(crate) fn flush(&self) {
        self.sinks().for_each(|sink| sink.flush());
    }

    /// Does something to every sink, and gives the first error.
    pub(crate) fn each(&self, act: impl Fn(&dyn Sink) -> Result<(), Error>) -> Result<(), Error> {
        self.sinks().map(act).fold(Ok(()), Result::and)
    }

    pub(crate) fn stats(&self) -> Vec<SinkStats> {
        self.sinks().filter_map(Sink::stats).collect()
    }
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
