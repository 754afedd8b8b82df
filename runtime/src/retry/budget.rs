//! How many retries a program allows itself, however many of its calls fail.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// A limit for the retries of many calls together, so that an outage is not answered by a storm of them: one for each
/// host or service, as a `static` that the functions share.
///
/// It is a bucket of tokens. Each call puts a share of a token in, each retry takes a whole one out before it waits,
/// and where there is none, the call gives up with reason `budget`. So of many calls, no more than that share is tried
/// again. A program with few calls always has a few retries: every 10 seconds the bucket is filled up to a floor. More
/// than 100 tokens over the floor are not kept, so that a long time without failures does not pay for a storm.
///
/// ```
/// use logwright::retry;
/// use logwright::retry::RetryBudget;
///
/// /// What the image servers are to be asked again.
/// static CDN: RetryBudget = RetryBudget::new();
///
/// #[retry(max_attempts = 3, delay = 0, budget = CDN)]
/// fn fetch(requests: &mut u32) -> Result<(), String> {
///     *requests += 1;
///     Err("busy".to_owned())
/// }
///
/// let mut requests = 0;
/// for _ in 0..100 {
///     assert!(fetch(&mut requests).is_err());
/// }
/// assert_eq!(requests, 100 + 3 + 20);
/// ```
#[derive(Debug)]
pub struct RetryBudget {
    /// Thousandths of a token, which a call puts in.
    share: u64,
    /// Thousandths of a token, to which the bucket is filled now and then.
    floor: u64,
    tokens: AtomicU64,
    /// When it was filled up, in milliseconds since this process first did so, and 1.
    filled: AtomicU64,
    refused: AtomicU64,
}

const TOKEN: u64 = 1000;
const KEPT: u64 = 100 * TOKEN;
const REFILL: Duration = Duration::from_secs(10);

impl RetryBudget {
    /// Retries for 20 % of the calls, and 3 in any 10 seconds.
    #[must_use]
    pub const fn new() -> Self {
        Self::with(20, 3)
    }

    /// Retries for so many percent of the calls (100 at most), and so many in any 10 seconds.
    #[must_use]
    pub const fn with(percent: u8, floor: u32) -> Self {
        let percent = if percent > 100 { 100 } else { percent };
        let floor = floor as u64 * TOKEN;
        Self {
            share: percent as u64 * (TOKEN / 100),
            floor,
            tokens: AtomicU64::new(floor),
            filled: AtomicU64::new(0),
            refused: AtomicU64::new(0),
        }
    }

    /// How many retries it has refused.
    #[must_use]
    pub fn refused(&self) -> u64 {
        self.refused.load(Ordering::Relaxed)
    }

    /// A call begins.
    pub(super) fn deposit(&self) {
        if self.tokens.load(Ordering::Relaxed) < self.floor + KEPT {
            self.tokens.fetch_add(self.share, Ordering::Relaxed);
        }
    }

    /// A retry is wanted: whether there is one left.
    pub(super) fn withdraw(&self, now: Instant) -> bool {
        static FIRST: OnceLock<Instant> = OnceLock::new();
        self.withdraw_at(now.saturating_duration_since(*FIRST.get_or_init(|| now)))
    }

    fn withdraw_at(&self, now: Duration) -> bool {
        self.fill_up(now);
        let take = |tokens: u64| tokens.checked_sub(TOKEN);
        let granted = self.tokens.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take).is_ok();
        if !granted {
            self.refused.fetch_add(1, Ordering::Relaxed);
        }
        granted
    }

    /// Fills the bucket up to its floor, if that has not been done for a while; one thread does it.
    fn fill_up(&self, now: Duration) {
        let now = u64::try_from(now.as_millis()).unwrap_or(u64::MAX - 1) + 1;
        let filled = self.filled.load(Ordering::Relaxed);
        let is_first = filled == 0;
        let is_due = is_first || now.saturating_sub(filled) >= REFILL.as_millis() as u64;
        let claim = || self.filled.compare_exchange(filled, now, Ordering::Relaxed, Ordering::Relaxed);
        // It begins full.
        if is_due && claim().is_ok() && !is_first {
            self.tokens.fetch_max(self.floor, Ordering::Relaxed);
        }
    }
}

impl Default for RetryBudget {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn granted(budget: &RetryBudget, at: Duration) -> usize {
        (0..1000).filter(|_| budget.withdraw_at(at)).count()
    }

    #[test]
    fn the_floor_is_filled_up_every_ten_seconds() {
        let budget = RetryBudget::new();
        let start = Duration::from_millis(1);
        assert_eq!(granted(&budget, start), 3);
        assert_eq!(granted(&budget, start + REFILL - Duration::from_millis(1)), 0);
        assert_eq!(granted(&budget, start + REFILL), 3);
        assert_eq!(granted(&budget, start + REFILL * 9), 3);
    }

    #[test]
    fn a_share_of_the_calls_is_granted_but_no_hoard() {
        let budget = RetryBudget::with(10, 0);
        (0..50).for_each(|_| budget.deposit());
        assert_eq!(granted(&budget, Duration::ZERO), 5);
        (0..1_000_000).for_each(|_| budget.deposit());
        assert_eq!(granted(&budget, Duration::ZERO), 100);
    }

    #[test]
    fn threads_together_get_no_more_than_there_is() {
        let budget = RetryBudget::new();
        let granted: usize = std::thread::scope(|scope| {
            let call = || {
                budget.deposit();
                (0..2).filter(|_| budget.withdraw_at(Duration::ZERO)).count()
            };
            let threads: Vec<_> = (0..100).map(|_| scope.spawn(call)).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).sum()
        });
        assert!((20..=23).contains(&granted), "{granted}");
    }
}
