//! Durations in bounded memory: how many, their sum, the shortest and the longest exactly, and percentiles from a
//! histogram whose buckets are no wider than a sixteenth of what they hold.

/// Buckets in each power of two, as a power of two itself.
const PRECISION: u32 = 4;
/// Durations below this have a bucket each.
const EXACT: u64 = 1 << PRECISION;

/// Durations in nanoseconds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Durations {
    pub(crate) count: u64,
    pub(crate) sum: u128,
    /// The shortest and the longest.
    pub(crate) range: Option<(u64, u64)>,
    /// The buckets that hold any, in order, and how many: few functions take so different times that they are many.
    buckets: Vec<(u16, u64)>,
}

impl Durations {
    pub(crate) fn add(&mut self, ns: u64) {
        self.count += 1;
        self.sum += u128::from(ns);
        let (min, max) = self.range.unwrap_or((ns, ns));
        self.range = Some((min.min(ns), max.max(ns)));
        self.count_in(bucket_of(ns), 1);
    }

    fn count_in(&mut self, bucket: u16, count: u64) {
        match self.buckets.binary_search_by_key(&bucket, |&(known, _)| known) {
            Ok(at) => self.buckets[at].1 += count,
            Err(at) => self.buckets.insert(at, (bucket, count)),
        }
    }

    pub(crate) fn merge(&mut self, other: &Self) {
        self.count += other.count;
        self.sum += other.sum;
        let wider = |(min, max): (u64, u64), (from, to): (u64, u64)| (min.min(from), max.max(to));
        self.range = match (self.range, other.range) {
            (Some(a), Some(b)) => Some(wider(a, b)),
            (a, b) => a.or(b),
        };
        other.buckets.iter().for_each(|&(bucket, count)| self.count_in(bucket, count));
    }

    /// The mean; `None` where nothing was measured.
    pub(crate) fn average(&self) -> Option<f64> {
        (self.count > 0).then(|| self.sum as f64 / self.count as f64)
    }

    /// The duration that this share of all do not exceed, to 3.2 %; `None` where nothing was measured.
    pub(crate) fn percentile(&self, share: f64) -> Option<u64> {
        let (min, max) = self.range?;
        let rank = ((share * self.count as f64).ceil() as u64).clamp(1, self.count);
        if rank == self.count {
            return Some(max);
        }
        let mut seen = 0;
        let (bucket, _) = self.buckets.iter().find(|(_, count)| {
            seen += count;
            seen >= rank
        })?;
        Some(middle_of(*bucket).clamp(min, max))
    }
}

/// The number's first bits: the place of the highest one, and as many behind it as the precision says.
fn bucket_of(ns: u64) -> u16 {
    if ns < EXACT {
        return ns as u16;
    }
    let shift = ns.ilog2() - PRECISION;
    (shift << PRECISION) as u16 + (ns >> shift) as u16
}

fn middle_of(bucket: u16) -> u64 {
    let bucket = u64::from(bucket);
    if bucket < 2 * EXACT {
        return bucket;
    }
    let shift = (bucket >> PRECISION) - 1;
    let start = ((bucket & (EXACT - 1)) + EXACT) << shift;
    start + (1 << (shift - 1))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_percentile_is_within_a_thirtieth_of_the_exact_one(
            mut all in prop::collection::vec((0_u32..64, any::<u64>()), 1..200), share in 0.0..=1.0_f64
        ) {
            let mut all: Vec<_> = all.drain(..).map(|(shift, number)| number >> shift).collect();
            let (mut whole, mut part) = (Durations::default(), Durations::default());
            for (at, &ns) in all.iter().enumerate() {
                if at % 3 == 0 { part.add(ns) } else { whole.add(ns) }
            }
            whole.merge(&part);
            all.sort_unstable();
            let rank = ((share * all.len() as f64).ceil() as usize).clamp(1, all.len());
            let (exact, found) = (all[rank - 1] as f64, whole.percentile(share).unwrap() as f64);
            prop_assert!((found - exact).abs() <= exact * 0.032, "{found} for {exact}");
            prop_assert_eq!(whole.buckets.iter().map(|(_, count)| count).sum::<u64>(), all.len() as u64);
        }
    }

    #[test]
    fn nothing_has_no_percentile() {
        assert_eq!((Durations::default().percentile(0.5), Durations::default().average()), (None, None));
    }
}
