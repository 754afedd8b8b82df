//! How often one problem happened, and when.

use logwright::record::Timestamp;

use crate::facts::Fact;
use crate::input::Place;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Occurrences {
    /// Records of level ERROR and above.
    pub(crate) errors: u64,
    /// All records that tell of it: retries that went well in the end are warnings.
    pub(crate) records: u64,
    /// When it was seen first and last.
    pub(crate) seen: Option<(Timestamp, Timestamp)>,
    /// Where its first record in the input stands.
    pub(crate) first: Place,
}

impl Occurrences {
    pub(super) fn add(&mut self, fact: &Fact) {
        self.merge(&Self {
            errors: u64::from(fact.is_error()),
            records: 1,
            seen: Some((fact.timestamp, fact.timestamp)),
            first: fact.place,
        });
    }

    pub(super) fn merge(&mut self, other: &Self) {
        let Some((from, to)) = other.seen else { return };
        self.first = if self.records == 0 { other.first } else { self.first.min(other.first) };
        self.errors += other.errors;
        self.records += other.records;
        let (first, last) = self.seen.unwrap_or((from, to));
        self.seen = Some((first.min(from), last.max(to)));
    }
}
