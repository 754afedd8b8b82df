//! What a file has lost since it was last written: the record of it says so when it is written again.

use crate::level::Level;
use crate::record::Timestamp;

#[derive(Debug, Default)]
pub(super) struct Loss {
    by_level: [u64; Level::ALL.len()],
    /// Why the last was lost.
    pub(super) cause: String,
    first: Option<Timestamp>,
    last: Timestamp,
    /// The number that the record of it was given when it was first tried to write it.
    pub(super) seq: Option<u64>,
}

impl Loss {
    pub(super) fn add(&mut self, levels: impl Iterator<Item = Level>, now: Timestamp) {
        levels.for_each(|level| self.by_level[level as usize] += 1);
        self.first.get_or_insert(now);
        self.last = now;
    }

    /// Takes over what somebody else has counted.
    pub(super) fn absorb(&mut self, other: Self) {
        if other.total() == 0 {
            return;
        }
        self.by_level.iter_mut().zip(other.by_level).for_each(|(own, more)| *own += more);
        self.cause = other.cause;
        self.first = self.first.or(other.first);
        self.last = other.last;
    }

    pub(super) fn total(&self) -> u64 {
        self.by_level.iter().sum()
    }

    /// How many of each level there were, where there were any.
    pub(super) fn by_level(&self) -> impl Iterator<Item = (Level, u64)> {
        Level::ALL.into_iter().zip(self.by_level).filter(|(_, count)| *count > 0)
    }

    /// When the first and when the last was lost.
    pub(super) fn times(&self) -> (Timestamp, Timestamp) {
        (self.first.unwrap_or(self.last), self.last)
    }
}
