//! A line with the records on it: nearly always one, none where it continues another or is no record, several where
//! writers glued theirs together.

use logwright::record::{Record, Timestamp};

use crate::input::scan;

#[derive(Debug, Default)]
pub(super) struct Entry {
    pub(super) records: Vec<Record<'static>>,
    /// The line as it was read.
    pub(super) line: String,
    /// Whether something stands on it that is no record.
    pub(super) has_other: bool,
    /// Whether it had no end.
    pub(super) is_cut: bool,
}

impl Entry {
    pub(super) fn read(line: &[u8], is_cut: bool) -> Self {
        let mut records = Vec::new();
        let counts = scan(line, &mut |record| records.push(record.clone().into_owned()));
        let has_other = counts.unparsed + counts.truncated + counts.continuation > 0;
        let line = String::from_utf8_lossy(line).trim_end_matches('\r').to_owned();
        Self { records, line, has_other, is_cut }
    }

    pub(super) fn timestamp(&self) -> Option<Timestamp> {
        self.records.first().map(|record| record.timestamp)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, messages: &[&str], has_other: bool) {
        let entry = Entry::read(line.as_bytes(), false);
        let found: Vec<_> = entry.records.iter().map(|record| &*record.message).collect();
        assert_eq!((&found[..], entry.has_other), (messages, has_other));
    }

    #[test]
    fn what_is_no_record_is_kept_beside_what_is_one() {
        const TEXT: &str = "2026-11-22 12:45:15,642 - a - ERROR - page";
        let mut json = String::new();
        logwright::record::json::write(&mut json, &Record { message: "b".into(), ..Record::default() });
        let json = json.trim_end();
        check(TEXT, &["page"], false);
        check(&format!("{json}{json}"), &["b", "b"], false);
        check(&format!("{}{json}", &json[..30]), &["b"], true);
        check("Traceback (most recent call last):", &[], true);
        check("\tcaused by: x", &[], true);
        check(" ", &[], false);
    }
}
