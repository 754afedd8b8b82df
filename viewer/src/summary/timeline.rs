//! Numbers over time, in bounded memory: as many buckets as there may be, wider ones where there would be more.

use std::collections::BTreeMap;

use logwright::Level;
use logwright::record::Timestamp;

/// No more buckets than this hold anything.
const MAX_BUCKETS: usize = 4096;
const SECOND: i64 = 1_000_000;

/// What happened in one bucket.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Bucket {
    /// Records of each level, in the order of [`Level::ALL`].
    pub(crate) levels: [u64; Level::ALL.len()],
    /// Attempts that failed and were followed by another one.
    pub(crate) retries: u64,
    /// Calls that ended.
    pub(crate) calls: u64,
}

impl Bucket {
    fn merge(&mut self, other: &Self) {
        self.levels.iter_mut().zip(other.levels).for_each(|(count, more)| *count += more);
        self.retries += other.retries;
        self.calls += other.calls;
    }

    pub(crate) fn records(&self) -> u64 {
        self.levels.iter().sum()
    }

    pub(crate) fn errors(&self) -> u64 {
        self.levels[Level::Error as usize..].iter().sum()
    }
}

/// Buckets by the time they begin, in units of their width.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Timeline {
    /// In microseconds: a second, doubled as often as it takes.
    width: i64,
    buckets: BTreeMap<i64, Bucket>,
}

impl Default for Timeline {
    fn default() -> Self {
        Self { width: SECOND, buckets: BTreeMap::new() }
    }
}

impl Timeline {
    pub(super) fn add(&mut self, time: Timestamp, count: impl FnOnce(&mut Bucket)) {
        count(self.buckets.entry(time.as_micros().div_euclid(self.width)).or_default());
        self.coarsen();
    }

    pub(super) fn merge(&mut self, mut other: Self) {
        let width = self.width.max(other.width);
        self.widen(width);
        other.widen(width);
        for (at, bucket) in other.buckets {
            self.buckets.entry(at).or_default().merge(&bucket);
        }
        self.coarsen();
    }

    fn coarsen(&mut self) {
        while self.buckets.len() > MAX_BUCKETS {
            self.widen(self.width * 2);
        }
    }

    fn widen(&mut self, width: i64) {
        if width == self.width {
            return;
        }
        let times = width / self.width;
        for (at, bucket) in std::mem::take(&mut self.buckets) {
            self.buckets.entry(at.div_euclid(times)).or_default().merge(&bucket);
        }
        self.width = width;
    }

    /// The whole time in this many buckets at most, each with the time it begins, and their width in microseconds;
    /// those in which nothing happened are there, too.
    pub(crate) fn in_buckets(&self, most: usize) -> (Vec<(Timestamp, Bucket)>, i64) {
        let mut coarse = self.clone();
        let ends = |line: &Self| Some((*line.buckets.keys().next()?, *line.buckets.keys().next_back()?));
        while ends(&coarse).is_some_and(|(first, last)| last.abs_diff(first) >= most.max(1) as u64) {
            coarse.widen(coarse.width.saturating_mul(2));
        }
        let Some((first, last)) = ends(&coarse) else { return (Vec::new(), self.width) };
        let bucket = |at: i64| {
            let begins = Timestamp::from_micros(at.saturating_mul(coarse.width));
            (begins, coarse.buckets.get(&at).copied().unwrap_or_default())
        };
        ((first..=last).map(bucket).collect(), coarse.width)
    }

    /// The buckets in which anything happened, and their width in microseconds.
    pub(crate) fn held(&self) -> (impl Iterator<Item = (Timestamp, &Bucket)>, i64) {
        let times = self.buckets.iter();
        (times.map(|(at, bucket)| (Timestamp::from_micros(at * self.width), bucket)), self.width)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(seconds: impl Iterator<Item = i64>) -> Timeline {
        let mut line = Timeline::default();
        seconds.for_each(|s| line.add(Timestamp::from_micros(s * SECOND), |bucket| bucket.calls += 1));
        line
    }

    #[test]
    fn more_time_makes_wider_buckets_however_it_is_read() {
        let whole = line(-5_000..15_000);
        assert_eq!((whole.width, whole.buckets.len() <= MAX_BUCKETS), (8 * SECOND, true));
        assert_eq!(whole.buckets.values().map(|bucket| bucket.calls).sum::<u64>(), 20_000);
        let mut parts = line((-5_000..15_000).filter(|s| s % 3 == 0));
        parts.merge(line((-5_000..15_000).filter(|s| s % 3 != 0)));
        assert_eq!(parts, whole);
    }

    #[test]
    fn quiet_times_have_buckets_as_well() {
        let (buckets, width) = line([3, 9].into_iter()).in_buckets(10);
        let calls: Vec<_> = buckets.iter().map(|(_, bucket)| bucket.calls).collect();
        assert_eq!((calls, width), (vec![1, 0, 0, 0, 0, 0, 1], SECOND));
        let (buckets, width) = line([3, 9].into_iter()).in_buckets(3);
        assert_eq!((buckets.len(), width), (3, 4 * SECOND));
        let (buckets, _) = line([i64::MIN / 2 / SECOND, i64::MAX / 2 / SECOND].into_iter()).in_buckets(4);
        assert!(buckets.len() <= 4, "{}", buckets.len());
        assert_eq!(line(std::iter::empty()).in_buckets(5).0, []);
    }
}
