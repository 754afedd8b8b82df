//! What the retries of one function cost, and what they were good for.

use crate::step::{Step, Verdict};

/// Attempts beyond this are counted as this one.
const MAX_ATTEMPTS: usize = 16;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Retries {
    /// Attempts that failed and were followed by another one.
    pub(crate) again: u64,
    /// Calls that a later attempt saved.
    pub(crate) recovered: u64,
    /// Calls that used up all attempts.
    pub(crate) exhausted: u64,
    /// Calls that ended for another reason: a deadline, a budget, a wait too long.
    pub(crate) stopped: u64,
    /// Calls whose error was not worth another attempt.
    pub(crate) declined: u64,
    /// How long calls waited between attempts.
    pub(crate) waited_ms: u64,
    /// Calls that succeeded at the attempt of that number, from the second one on.
    pub(crate) saved_by: [u64; MAX_ATTEMPTS + 1],
    /// Calls that failed at the attempt of that number, the last one of the call or not.
    pub(crate) failed_at: [u64; MAX_ATTEMPTS + 1],
    /// How many attempts there may be, as far as that was said.
    pub(crate) max_attempts: Option<u32>,
}

impl Retries {
    pub(crate) fn add(&mut self, step: Step) {
        let attempt = (step.attempts as usize).min(MAX_ATTEMPTS);
        self.max_attempts = self.max_attempts.max(step.max_attempts);
        match step.verdict {
            Verdict::Again => {
                self.again += 1;
                self.waited_ms += u64::from(step.wait_ms);
            }
            Verdict::Recovered => {
                self.recovered += 1;
                self.saved_by[attempt] += 1;
                return;
            }
            Verdict::Exhausted => self.exhausted += 1,
            Verdict::Stopped => self.stopped += 1,
            Verdict::Declined => self.declined += 1,
        }
        self.failed_at[attempt] += 1;
    }

    pub(crate) fn merge(&mut self, other: &Self) {
        self.again += other.again;
        self.recovered += other.recovered;
        self.exhausted += other.exhausted;
        self.stopped += other.stopped;
        self.declined += other.declined;
        self.waited_ms += other.waited_ms;
        self.saved_by.iter_mut().zip(other.saved_by).for_each(|(count, more)| *count += more);
        self.failed_at.iter_mut().zip(other.failed_at).for_each(|(count, more)| *count += more);
        self.max_attempts = self.max_attempts.max(other.max_attempts);
    }

    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Calls that failed in spite of their retries, or were not retried at all.
    pub(crate) fn gave_up(&self) -> u64 {
        self.exhausted + self.stopped + self.declined
    }

    /// How many calls made the attempt of that number, from the second one on, and the share of these that it saved.
    pub(crate) fn success(&self, attempt: usize) -> (u64, f64) {
        let (saved, failed) = (self.saved_by[attempt], self.failed_at[attempt]);
        let made = saved + failed;
        (made, saved as f64 / made.max(1) as f64)
    }

    /// The first attempt from which on none ever helped, and how many failed there, if such attempts were made.
    pub(crate) fn wasted(&self) -> Option<(u32, u64)> {
        let last = self.saved_by.iter().rposition(|&count| count > 0).unwrap_or(1);
        let wasted = self.failed_at[last + 1..].iter().sum::<u64>();
        (wasted > 0).then_some((last as u32 + 1, wasted))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attempts_that_never_helped_are_found() {
        let step = |attempts, verdict| Step { attempts, max_attempts: Some(4), wait_ms: 10, verdict };
        let mut retries = Retries::default();
        for steps in [
            &[(1, Verdict::Again), (2, Verdict::Recovered)][..],
            &[(1, Verdict::Again), (2, Verdict::Again), (3, Verdict::Again), (4, Verdict::Exhausted)],
            &[(1, Verdict::Declined)],
        ] {
            let mut part = Retries::default();
            steps.iter().for_each(|&(attempts, verdict)| part.add(step(attempts, verdict)));
            retries.merge(&part);
        }
        assert_eq!((retries.again, retries.waited_ms, retries.recovered), (4, 40, 1));
        assert_eq!((retries.gave_up(), retries.declined, retries.exhausted), (2, 1, 1));
        assert_eq!((retries.wasted(), retries.max_attempts), (Some((3, 2)), Some(4)));
        assert_eq!(Retries::default().wasted(), None);
    }
}
