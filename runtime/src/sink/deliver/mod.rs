//! How a line gets from the thread that logs into the file: at once, or by way of something that is written out behind.

mod bell;
mod behind;
mod heap;
#[cfg(all(feature = "mapped", unix))]
mod mapped;
#[cfg(test)]
mod tests;

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError};
use std::time::{Duration, Instant};

use super::block::{End, Lines};
use super::stats::Counts;
use super::writer::Writer;
use super::{Full, WriteMode};
use crate::error::Error;
use crate::level::Level;
use crate::record::Timestamp;
#[cfg(all(feature = "mapped", unix))]
use crate::trap;
use behind::{Behind, Pace};
use heap::Heap;

#[cfg(all(feature = "mapped", unix))]
pub(super) use mapped::recover_runs;
#[cfg(all(feature = "mapped", unix))]
pub use mapped::{Recovered, recover};

pub(super) trait Deliver: Send + Sync {
    /// Takes one line.
    fn put(&self, line: &[u8], level: Level, now: Timestamp);

    /// Has all that was put before written, or told as lost; how many lines are still to be, at that moment.
    fn flush(&self, until: Instant) -> u64;

    /// The same; what is put later is written at once.
    fn close(&self, until: Instant) {
        self.flush(until);
    }

    /// Lends the writer, when all that was put before is written.
    fn with_writer(&self, act: &mut dyn FnMut(&mut Writer) -> Result<(), Error>) -> Result<(), Error>;
}

/// The delivery of that mode. What an earlier process left in a ring comes first.
pub(super) fn by(mode: WriteMode, path: &Path, writer: Writer, counts: &Arc<Counts>) -> Box<dyn Deliver> {
    /// One call of the system writes so much at a time.
    const BUFFER: u64 = 64 * 1024;
    const SOON: Duration = Duration::from_millis(10);
    #[cfg(all(feature = "mapped", unix))]
    let writer = mapped::recovered(path, writer);
    let (limit, pace) = match mode {
        WriteMode::Sync => return Box::new(Direct(Mutex::new(writer))),
        WriteMode::Buffered => {
            let nap = Duration::from_secs(1);
            (BUFFER, Pace { nap, urgent: Level::Warning, hurries: false, full: Full::Block })
        }
        WriteMode::Queue { bytes, full } => {
            (bytes, Pace { nap: SOON, urgent: Level::Critical, hurries: true, full })
        }
        #[cfg(all(feature = "mapped", unix))]
        WriteMode::Mapped { bytes } => {
            let pace = Pace { nap: SOON, urgent: Level::Critical, hurries: true, full: Full::Block };
            return match mapped::Ring::create(path, bytes) {
                Ok(ring) => Box::new(Behind::start(ring, pace, path, writer, counts)),
                Err(error) => {
                    let path = path.display();
                    trap::report(format_args!(
                        "cannot map a file beside `{path}`, so records are written at once: {error}"
                    ));
                    Box::new(Direct(Mutex::new(writer)))
                }
            };
        }
    };
    let heap = Heap::new(limit);
    Box::new(Behind::start(heap, pace, path, writer, counts))
}

/// At once.
struct Direct(Mutex<Writer>);

impl Direct {
    fn writer(&self) -> MutexGuard<'_, Writer> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Deliver for Direct {
    fn put(&self, line: &[u8], level: Level, now: Timestamp) {
        let end = [End { at: line.len(), level }];
        self.writer().put_or_lose(Lines::new(line, &end), now);
    }

    fn flush(&self, until: Instant) -> u64 {
        // Somebody may be waiting for a disk that does not answer, with a record of theirs.
        let Some(mut writer) = lock_until(&self.0, until) else { return 1 };
        writer.settle();
        0
    }

    fn with_writer(&self, act: &mut dyn FnMut(&mut Writer) -> Result<(), Error>) -> Result<(), Error> {
        act(&mut self.writer())
    }
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
