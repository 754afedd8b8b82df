//! The first errors of the input, whatever part of it is read first.

use std::collections::BTreeMap;

use logwright::record::Record;

use crate::input::Place;

/// How many are kept.
pub(super) const KEPT: usize = 10;

/// By their places; the second number tells records of one line apart.
#[derive(Debug, Default)]
pub(super) struct First(BTreeMap<(Place, u32), Record<'static>>);

impl First {
    pub(super) fn add(&mut self, place: Place, record: &Record<'_>) {
        let is_late = |(last, _): &(Place, u32)| *last < place;
        if self.0.len() == KEPT && self.0.keys().next_back().is_some_and(is_late) {
            return;
        }
        let before = self.0.range((place, 0)..=(place, u32::MAX)).count();
        self.0.insert((place, before as u32), record.clone().into_owned());
        self.cut();
    }

    pub(super) fn merge(&mut self, other: Self) {
        self.0.extend(other.0);
        self.cut();
    }

    fn cut(&mut self) {
        while self.0.len() > KEPT {
            self.0.pop_last();
        }
    }

    pub(super) fn records(&self) -> impl ExactSizeIterator<Item = &Record<'static>> {
        self.0.values()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_the_input_are_kept_whatever_is_read_first() {
        let of = |offsets: std::ops::Range<u64>| {
            let mut first = First::default();
            for offset in offsets {
                let record = Record { message: offset.to_string().into(), ..Record::default() };
                first.add(Place { file: 0, offset: offset / 2 }, &record);
            }
            first
        };
        let mut late = of(8..99);
        late.merge(of(0..8));
        let messages: Vec<_> = late.records().map(|record| record.message.to_string()).collect();
        assert_eq!(messages, (0..KEPT).map(|n| n.to_string()).collect::<Vec<_>>());
    }
}
