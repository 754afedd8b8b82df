//! What a file's name says of it: which app's log, in which format, the errors only, and its place in a rotated
//! set. Looks at no file.

use std::cmp::Reverse;

/// The name of a log: `chaptrix.log`, `chaptrix_20261122_124515.log.2`, `chaptrix_error.jsonl`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LogName {
    /// The name up to its extension; files with the same base hold the same run's records.
    pub(crate) base: String,
    pub(crate) format: Format,
    /// 0 for the file that is written to, 1 for the one before it, and so on.
    pub(crate) age: u64,
    /// Whether something was added when it was compressed: `.gz`, `.zst`.
    pub(crate) is_compressed: bool,
}

/// How the name says that records are written in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Format {
    JsonLines,
    Text,
}

impl LogName {
    /// The parts of a log's name; `None` for any other file's.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        let plain = name.strip_suffix(".gz").or_else(|| name.strip_suffix(".zst"));
        let (name, is_compressed) = (plain.unwrap_or(name), plain.is_some());
        let (name, age) = match name.rsplit_once('.') {
            Some((rest, number)) if number.bytes().all(|byte| byte.is_ascii_digit()) => {
                (rest, number.parse::<u64>().ok()?.saturating_add(1))
            }
            _ => (name, 0),
        };
        let (base, extension) = name.rsplit_once('.').filter(|(base, _)| !base.is_empty())?;
        let format = match extension {
            "jsonl" => Format::JsonLines,
            "log" => Format::Text,
            _ => return None,
        };
        Some(Self { base: base.to_owned(), format, age, is_compressed })
    }

    /// The base of the log that holds these errors among its records, where this is a log of errors only: `chaptrix` of
    /// `chaptrix_error.log`, and the same run's `chaptrix_20261122_124515` of `chaptrix_error_20261122_124515.log`.
    pub(crate) fn errors_of(&self) -> Option<String> {
        let (name, stamp) = split_stamp(&self.base);
        let app = name.strip_suffix("_error").filter(|app| !app.is_empty())?;
        Some([app, stamp].concat())
    }

    /// Sorts a rotated set, the oldest first, and what is compressed behind what it was made of.
    pub(crate) fn oldest_first(&self) -> Reverse<u64> {
        Reverse(self.age)
    }
}

/// The name, and the time of the run that it may end with: `_20261122_124515`.
fn split_stamp(base: &str) -> (&str, &str) {
    const STAMP: usize = "_20261122_124515".len();
    let Some((name, stamp)) = base.len().checked_sub(STAMP).and_then(|at| base.split_at_checked(at)) else {
        return (base, "");
    };
    let is_stamp = stamp.bytes().enumerate().all(|(at, byte)| match at {
        0 | 9 => byte == b'_',
        _ => byte.is_ascii_digit(),
    });
    if is_stamp { (name, stamp) } else { (base, "") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, expected: Option<(&str, Format, u64)>) {
        let found = LogName::parse(name);
        let found = found.as_ref().map(|found| (found.base.as_str(), found.format, found.age));
        assert_eq!(found, expected, "{name}");
    }

    #[test]
    fn a_logs_name_is_told_from_other_names() {
        check("chaptrix.log", Some(("chaptrix", Format::Text, 0)));
        check("chaptrix.log.0", Some(("chaptrix", Format::Text, 1)));
        check("chaptrix.jsonl.12", Some(("chaptrix", Format::JsonLines, 13)));
        check("chaptrix.log.2.gz", Some(("chaptrix", Format::Text, 3)));
        check("chaptrix.jsonl.zst", Some(("chaptrix", Format::JsonLines, 0)));
        check("a.b_20261122_124515.log", Some(("a.b_20261122_124515", Format::Text, 0)));
        let other = [
            "",
            "log",
            ".log",
            "notes.txt",
            "notes.txt.gz",
            "x.log.gz.1",
            "x.log.gz.gz",
            "x.log.xz",
            ".log.gz",
            "x.log.",
            "x.1.2",
            "漫.logs",
        ];
        for name in other {
            check(name, None);
        }
        check(&format!("x.log.{}", "9".repeat(30)), None);
    }

    #[test]
    fn an_error_log_names_its_app() {
        for (name, app) in [
            ("chaptrix_error.log.3", Some("chaptrix")),
            ("chaptrix_error_20261122_124515.log.1", Some("chaptrix_20261122_124515")),
            ("chaptrix.log", None),
            ("_error.log", None),
            ("my_error_tracker.log", None),
            ("my_error_2026.log", None),
            ("error.log", None),
        ] {
            assert_eq!(LogName::parse(name).unwrap().errors_of().as_deref(), app, "{name}");
        }
    }
}
