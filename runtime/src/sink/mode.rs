//! When records are written, as a user says it.

use crate::level::Level;

#[doc = include_str!("promises.md")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum WriteMode {
    /// Before the call returns. The default: nothing is lost, however the program ends, and few programs log so much that they would notice.
    #[default]
    Sync,
    /// Together with others: when 64 KiB have come together, at a record of WARNING and above, a second after the first,
    /// and at the end of the program.
    Buffered,
    /// By a thread of its own, within 10 ms. Of level CRITICAL, panics among them, before the call returns.
    Queue {
        /// How many bytes of lines may wait for each file. One line alone may be longer. For 0 it is 8 MiB, which a line
        /// on stderr says.
        bytes: u64,
        /// What becomes of a record that finds it full.
        full: Full,
    },
    /// By a thread of its own, within 10 ms, from a file beside the log that is mapped into memory: what a process that was
    /// killed could not write, the next one with that log does when it starts, or [`recover`](crate::recover). One that finds it
    /// full writes out what waits. With feature `mapped`, on Unix; where such a file cannot be made, as `Sync`.
    ///
    /// The file, `LOG.xxxxxxxx.ring`, goes at the end of the program. Whoever makes it shorter meanwhile ends the program by a
    /// signal, and so may a full disk on file systems that copy on write, such as Btrfs and ZFS, and a disk that fails: use
    /// another mode there. A power failure takes what the system had not yet brought to the disk.
    #[cfg(all(feature = "mapped", unix))]
    Mapped {
        /// The size of that file, for each log, in bytes; at least 256 KiB. 1 MiB is plenty for most: it holds some
        /// thousands of records, and what the processor has in its cache is faster. For 0 it is that, which a line on
        /// stderr says.
        bytes: u64,
    },
}

/// What becomes of a record when the queue is full.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Full {
    /// Its caller writes out what waits, so that none is lost.
    #[default]
    Block,
    /// It is lost, and counted.
    DropNewest,
    /// It is lost and counted if it is below that level; else its caller writes out what waits.
    DropBelow(Level),
}

impl Full {
    /// Whether a record of that level is lost.
    pub(super) fn drops(self, level: Level) -> bool {
        match self {
            Self::Block => false,
            Self::DropNewest => true,
            Self::DropBelow(least) => level < least,
        }
    }
}
