//! How a sink fares: what it wrote and what it lost, exactly.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::level::Level;

/// What became of the records that a file was handed, since the start of the program.
///
/// ```no_run
/// let log = logwright::setup("chaptrix").install()?;
/// for file in log.stats() {
///     println!("{file}"); // logs/chaptrix.log: 4096 records written, 0 lost
/// }
/// # Ok::<(), logwright::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SinkStats {
    name: String,
    written: u64,
    lost: [u64; Level::ALL.len()],
}

impl SinkStats {
    /// Its path.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How many records it has written.
    #[must_use]
    pub const fn written(&self) -> u64 {
        self.written
    }

    /// How many it could not write.
    #[must_use]
    pub fn lost(&self) -> u64 {
        self.lost.iter().sum()
    }

    /// How many of those were of that level.
    #[must_use]
    pub const fn lost_at(&self, level: Level) -> u64 {
        self.lost[level as usize]
    }
}

impl fmt::Display for SinkStats {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} records written, {} lost", self.name, self.written, self.lost())
    }
}

/// The counts while they grow.
#[derive(Default)]
pub(super) struct Counts {
    written: AtomicU64,
    lost: [AtomicU64; Level::ALL.len()],
}

impl Counts {
    /// A record of that level was written, or was not.
    pub(super) fn add(&self, level: Level, is_written: bool) {
        let count = if is_written { &self.written } else { &self.lost[level as usize] };
        count.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn stats(&self, name: String) -> SinkStats {
        let read = |count: &AtomicU64| count.load(Ordering::Relaxed);
        SinkStats { name, written: read(&self.written), lost: self.lost.each_ref().map(read) }
    }
}
