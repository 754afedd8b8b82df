//! Which records are wanted: a query and a range of time.

use logwright::record::Record;

use super::{Query, TimeRange};

#[derive(Clone, Debug, Default)]
pub(crate) struct Wanted {
    pub(crate) query: Query,
    pub(crate) range: TimeRange,
}

impl Wanted {
    /// Whether all are.
    pub(crate) fn is_all(&self) -> bool {
        self.query.is_empty() && self.range.is_all()
    }

    pub(crate) fn matches(&self, record: &Record<'_>) -> bool {
        self.range.contains(record.timestamp) && self.query.matches(record) == Some(true)
    }
}
