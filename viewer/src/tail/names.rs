//! Which files of a directory make up a log, and which logs hold nothing but records of others, told by their names.

use std::collections::{BTreeMap, BTreeSet};

use super::log::Found;
use crate::input::{Format, LogName};

/// The files of each log, by the log's own name.
pub(super) type List = BTreeMap<String, Vec<Found>>;

/// The log that a file belongs to, and its number among the older files: `app.log` and 2 of `app.log.2`. What else stands
/// behind the name must be numbers: `app.log-20261122`.
pub(super) fn log_of(name: &str) -> Option<(&str, u64)> {
    let own = name.trim_end_matches(|c: char| c.is_ascii_digit() || is_separator(c));
    LogName::parse(own).filter(|name| !name.is_compressed)?;
    Some((own, age(name, own)?))
}

/// The number of a file among those of a log of that name, 0 for the log itself.
pub(super) fn age(name: &str, own: &str) -> Option<u64> {
    let rest = name.strip_prefix(own)?;
    let is_older = rest.starts_with(is_separator)
        && rest.ends_with(|c: char| c.is_ascii_digit())
        && rest.chars().all(|c| c.is_ascii_digit() || is_separator(c));
    (rest.is_empty() || is_older).then(|| rest.get(1..).and_then(|age| age.parse().ok()).unwrap_or(0))
}

fn is_separator(c: char) -> bool {
    ['.', '-', '_'].contains(&c)
}

/// The logs whose records others have, too: text beside JSON lines, errors beside the whole log.
pub(super) fn doubles(list: &List) -> BTreeSet<String> {
    let has = |base: &str, format| {
        let is_it = |name: LogName| name.base == base && name.format == format;
        let is_empty = |files: &Vec<Found>| files.iter().all(|found| found.look.bytes == 0);
        list.iter().any(|(name, files)| LogName::parse(name).is_some_and(is_it) && !is_empty(files))
    };
    let is_double = |name: LogName| {
        let whole = |app: String| has(&app, Format::JsonLines) || has(&app, Format::Text);
        name.errors_of().is_some_and(whole)
            || name.format == Format::Text && has(&name.base, Format::JsonLines)
    };
    list.keys().filter(|name| LogName::parse(name).is_some_and(is_double)).cloned().collect()
}

/// Whether there are logs of a program that would make that one a double.
pub(super) fn may_be_double(name: &str) -> bool {
    LogName::parse(name).is_some_and(|name| name.format == Format::Text || name.errors_of().is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn older_files_belong_to_the_log_that_they_were() {
        for (name, expected) in [
            ("app.log", Some(("app.log", 0))),
            ("app.jsonl.12", Some(("app.jsonl", 12))),
            ("app.log-20261122", Some(("app.log", 20_261_122))),
            ("app.log.2026-11-22", Some(("app.log", 0))),
            ("app_20261122_124515.log", Some(("app_20261122_124515.log", 0))),
            ("app.log.1.gz", None),
            ("app.log.0123abcd.ring", None),
            ("app.log.", None),
            ("app.log1", None),
            ("app.log.old", None),
            ("notes.txt", None),
            (".log", None),
        ] {
            assert_eq!(log_of(name), expected, "{name}");
        }
    }

    #[test]
    fn a_file_that_is_asked_for_may_have_any_name() {
        assert_eq!(age("app.out", "app.out"), Some(0));
        assert_eq!(age("app.out.1", "app.out"), Some(1));
        assert_eq!(age("app.7", "app.7"), Some(0));
        for other in ["app.output", "app", "b.out", "app.out.1.gz", "app.out."] {
            assert_eq!(age(other, "app.out"), None);
        }
    }
}
