//! How a line gets from the thread that logs into the file: at once, or by way of something that is written out behind.

mod bell;
mod behind;
mod fork;
mod heap;
#[cfg(all(feature = "mapped", unix))]
mod mapped;
#[cfg(test)]
mod tests;

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::block::{End, Lines};
use super::stats::Counts;
use super::writer::Writer;
use super::{Full, WriteMode, lock_until};
use crate::error::Error;
use crate::level::Level;
use crate::record::Timestamp;
#[cfg(all(feature = "mapped", unix))]
use crate::trap;
use behind::{Behind, Pace};
use fork::InFork;
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

/// The delivery of that mode to the file that `open` opens. What an earlier process left in a ring comes first.
pub(super) fn by(
    mode: WriteMode,
    path: &Path,
    open: impl Fn() -> Writer + Send + Sync + 'static,
    counts: &Arc<Counts>,
) -> Box<dyn Deliver> {
    /// One call of the system writes so much at a time.
    const BUFFER: u64 = 64 * 1024;
    const SOON: Duration = Duration::from_millis(10);
    let (writer, fork) = (open(), InFork::new(open));
    #[cfg(all(feature = "mapped", unix))]
    let writer = mapped::recovered(path, writer);
    #[cfg(all(feature = "mapped", unix))]
    counts.begin();
    let (limit, pace) = match mode {
        WriteMode::Sync => return Box::new(Direct { writer: Mutex::new(writer), fork }),
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
                Ok(ring) => Box::new(Behind::start(ring, pace, path, (writer, fork), counts)),
                Err(error) => {
                    let path = path.display();
                    trap::report(format_args!(
                        "cannot map a file beside `{path}`, so records are written at once: {error}"
                    ));
                    Box::new(Direct { writer: Mutex::new(writer), fork })
                }
            };
        }
    };
    Box::new(Behind::start(Heap::new(limit), pace, path, (writer, fork), counts))
}

/// At once.
struct Direct {
    writer: Mutex<Writer>,
    fork: InFork,
}

impl Direct {
    fn writer(&self) -> MutexGuard<'_, Writer> {
        let writer = || self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        self.fork.writer().unwrap_or_else(writer)
    }
}

impl Deliver for Direct {
    fn put(&self, line: &[u8], level: Level, now: Timestamp) {
        let end = [End { at: line.len(), level }];
        self.writer().put_or_lose(Lines::new(line, &end), now);
    }

    fn flush(&self, until: Instant) -> u64 {
        // Somebody may be waiting for a disk that does not answer, with a record of theirs.
        let Some(mut writer) = self.fork.writer().or_else(|| lock_until(&self.writer, until)) else {
            return 1;
        };
        writer.settle();
        0
    }

    fn with_writer(&self, act: &mut dyn FnMut(&mut Writer) -> Result<(), Error>) -> Result<(), Error> {
        act(&mut self.writer())
    }
}
