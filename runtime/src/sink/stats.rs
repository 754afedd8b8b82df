//! How a sink fares: what it wrote and what it lost, exactly.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::level::Level;

/// What became of the records that a file was handed, since the start of the program.
///
/// ```no_run
/// let log = logwright::setup("chaptrix").install()?;
/// for file in log.stats() {
///     println!("{file}"); // /srv/app/logs/chaptrix.log: 4096 records written, 0 lost
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

    /// How many records it has written. Those that an earlier process left, which are recovered at the start, are not of this one.
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

/// What a flush has left, over all log files; see [`Guard::flush`](crate::Guard::flush).
///
/// ```no_run
/// # let log = logwright::init("chaptrix");
/// let report = log.flush(std::time::Duration::from_secs(2));
/// if report.pending() > 0 {
///     eprintln!("{report}"); // 4096 records written, 0 lost, 17 not yet written
/// }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Report {
    written: u64,
    lost: u64,
    pending: u64,
}

impl Report {
    pub(super) fn new(files: &[SinkStats], pending: u64) -> Self {
        let sum = |count: fn(&SinkStats) -> u64| files.iter().map(count).sum();
        Self { written: sum(SinkStats::written), lost: sum(SinkStats::lost), pending }
    }

    /// How many records were written since the start of the program, each file's counted.
    #[must_use]
    pub const fn written(&self) -> u64 {
        self.written
    }

    /// How many could not be written.
    #[must_use]
    pub const fn lost(&self) -> u64 {
        self.lost
    }

    /// How many still wait to be written.
    #[must_use]
    pub const fn pending(&self) -> u64 {
        self.pending
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} records written, {} lost, {} not yet written", self.written, self.lost, self.pending)
    }
}

/// The counts while they grow.
#[derive(Default)]
pub(super) struct Counts {
    written: AtomicU64,
    lost: [AtomicU64; Level::ALL.len()],
}

impl Counts {
    /// What was written before, for an earlier process, is none of this one's.
    #[cfg(all(feature = "mapped", unix))]
    pub(super) fn begin(&self) {
        self.written.store(0, Ordering::Relaxed);
    }

    pub(super) fn wrote(&self, records: u64) {
        self.written.fetch_add(records, Ordering::Relaxed);
    }

    pub(super) fn lost(&self, levels: impl Iterator<Item = Level>) {
        levels.for_each(|level| {
            self.lost[level as usize].fetch_add(1, Ordering::Relaxed);
        });
    }

    pub(super) fn stats(&self, name: String) -> SinkStats {
        let read = |count: &AtomicU64| count.load(Ordering::Relaxed);
        SinkStats { name, written: read(&self.written), lost: self.lost.each_ref().map(read) }
    }
}
