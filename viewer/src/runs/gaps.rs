//! Which of a run's records are there, by their numbers, in bounded memory and whatever comes first.

use std::collections::BTreeMap;

/// The numbers that were met: pieces without a gap, by their first and last number. No more pieces than its owner says are told
/// apart; what does not fit is taken as one with its neighbour.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sequence {
    /// The piece that the last number went to: most follow each other.
    current: Option<(u64, u64)>,
    pieces: BTreeMap<u64, u64>,
    /// How many numbers came twice.
    pub(crate) twice: u64,
    /// Whether gaps were closed because there were too many.
    pub(crate) is_rough: bool,
}

impl Sequence {
    pub(crate) fn add(&mut self, number: u64, most: usize) {
        match &mut self.current {
            Some((_, last)) if last.checked_add(1) == Some(number) => *last = number,
            _ => {
                self.put_away(most);
                self.current = Some((number, number));
            }
        }
    }

    pub(crate) fn merge(&mut self, mut other: Self, most: usize) {
        self.put_away(most);
        other.put_away(most);
        other.pieces.into_iter().for_each(|(first, last)| self.insert(first, last, most));
        self.twice = self.twice.saturating_add(other.twice);
        self.is_rough |= other.is_rough;
    }

    fn put_away(&mut self, most: usize) {
        if let Some((first, last)) = self.current.take() {
            self.insert(first, last, most);
        }
    }

    /// Adds a piece, and makes one of those that it touches.
    fn insert(&mut self, mut first: u64, mut last: u64, most: usize) {
        while let Some((&from, &to)) = self.pieces.range(..=last.saturating_add(1)).next_back() {
            if to.saturating_add(1) < first {
                break;
            }
            self.pieces.remove(&from);
            let (shared_from, shared_to) = (first.max(from), last.min(to));
            if shared_from <= shared_to {
                self.twice = self.twice.saturating_add((shared_to - shared_from).saturating_add(1));
            }
            (first, last) = (first.min(from), last.max(to));
        }
        self.pieces.insert(first, last);
        while self.pieces.len() > most.max(1) {
            self.close_one();
        }
    }

    /// Closes the first gap, and says so.
    fn close_one(&mut self) {
        self.is_rough = true;
        if let (Some((first, _)), Some((_, last))) = (self.pieces.pop_first(), self.pieces.pop_first()) {
            self.pieces.insert(first, last);
        }
    }

    fn whole(&self) -> Self {
        let mut whole = self.clone();
        whole.put_away(usize::MAX);
        whole
    }

    /// The gaps between what was met: first and last missing number of each.
    pub(crate) fn gaps(&self) -> Vec<(u64, u64)> {
        let pieces: Vec<_> = self.whole().pieces.into_iter().collect();
        pieces.windows(2).map(|pair| (pair[0].1 + 1, pair[1].0 - 1)).collect()
    }

    /// How many numbers are missing.
    pub(crate) fn missing(&self) -> u64 {
        self.gaps().iter().map(|(first, last)| last - first + 1).fold(0, u64::saturating_add)
    }

    /// How many numbers came twice.
    pub(crate) fn doubled(&self) -> u64 {
        self.whole().twice
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOST: usize = 4096;

    fn sequence(numbers: impl IntoIterator<Item = u64>) -> Sequence {
        let mut sequence = Sequence::default();
        numbers.into_iter().for_each(|number| sequence.add(number, MOST));
        sequence
    }

    #[test]
    fn each_gap_is_named_whatever_comes_first() {
        let numbers = [5, 6, 9, 7, 20, 1, 2, 21, 22, 12];
        let mut parts = sequence(numbers[5..].iter().copied());
        parts.merge(sequence(numbers[..5].iter().copied()), MOST);
        for sequence in [sequence(numbers), parts] {
            assert_eq!(sequence.gaps(), [(3, 4), (8, 8), (10, 11), (13, 19)]);
            assert_eq!((sequence.missing(), sequence.doubled()), (12, 0));
        }
        assert_eq!(sequence([]).gaps(), []);
        assert_eq!(sequence([0, u64::MAX]).missing(), u64::MAX - 1);
    }

    #[test]
    fn what_came_twice_is_counted() {
        let mut again = sequence(3..8);
        again.merge(sequence(0..5), MOST);
        assert_eq!((again.doubled(), again.missing()), (2, 0));
        assert_eq!(sequence([1, 1, 2, 1]).doubled(), 2);
    }

    #[test]
    fn too_many_gaps_are_closed_and_said() {
        let sequence = sequence((0..20_000).map(|n| n * 2));
        assert!(sequence.is_rough && sequence.gaps().len() <= MOST && sequence.missing() > 4000);
    }
}
