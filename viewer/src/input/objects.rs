//! Cuts a line of JSON into the objects on it. A writer that dies in mid-line leaves a torn record, and the next
//! record may follow on the same line; two writers of one file may glue theirs together.

use std::sync::OnceLock;

use logwright::record::{Record, json};
use serde_json::value::RawValue;

/// How many torn records of one line are looked into; a line made to be slow costs no more than that.
const MAX_TORN: usize = 16;

/// A part of a line; the parts make up the line.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Part<'a> {
    /// An object, up to the end of the line or to the next part.
    Object(&'a str),
    /// The start of a record of ours, without its end.
    Torn(&'a str),
    /// Anything else: an object with something behind it, too.
    Other(&'a str),
}

/// Cuts a line that starts with `{`. Lines that are one object, as nearly all are, need not come here.
pub(super) fn split(line: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let (mut rest, mut torn) = (line.trim_end(), 0);
    while !rest.is_empty() {
        let (part, after) = match object(rest) {
            Some((object, after)) => (Part::Object(object), after),
            None => {
                torn += 1;
                let (part, after) = rest.split_at(if torn < MAX_TORN { resume(rest) } else { rest.len() });
                let ours = part.starts_with(record_start());
                (if ours { Part::Torn(part) } else { Part::Other(part) }, after)
            }
        };
        parts.push(part);
        rest = after;
    }
    parts
}

/// The object at the start, if it reaches to the end of the line or to another one.
fn object(text: &str) -> Option<(&str, &str)> {
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<&RawValue>();
    values.next()?.ok()?;
    let (object, after) = text.split_at(values.byte_offset());
    (object.starts_with('{') && (after.is_empty() || after.starts_with('{'))).then_some((object, after))
}

/// Where the next record starts. Its first bytes cannot stand inside a string, since quotes are escaped there.
fn resume(text: &str) -> usize {
    let skipped = text.chars().next().map_or(0, char::len_utf8);
    text[skipped..].find(record_start()).map_or(text.len(), |at| skipped + at)
}

/// What every record of ours starts with: its first member, as the writer writes it.
fn record_start() -> &'static str {
    static START: OnceLock<String> = OnceLock::new();
    START.get_or_init(|| {
        let mut line = String::new();
        json::write(&mut line, &Record::default());
        line.split_inclusive(',').next().unwrap_or_default().to_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: &str = r#"{"schema":"logwright/1","#;

    #[track_caller]
    fn check(line: &str, expected: &[Part<'_>]) {
        assert_eq!(split(line), expected, "{line}");
    }

    #[test]
    fn glued_objects_are_split() {
        check("{}", &[Part::Object("{}")]);
        check(r#"{"a":"}{"}{"b":[{}]}"#, &[Part::Object(r#"{"a":"}{"}"#), Part::Object(r#"{"b":[{}]}"#)]);
    }

    #[test]
    fn a_whole_record_is_found_behind_a_torn_one() {
        let (torn, whole) = (format!("{START}\"messa"), format!("{START}\"a\":1}}"));
        check(&format!("{torn}{whole}"), &[Part::Torn(&torn), Part::Object(&whole)]);
        check(&format!("{whole}{torn}"), &[Part::Object(&whole), Part::Torn(&torn)]);
    }

    #[test]
    fn what_is_no_object_to_its_end_is_refused() {
        for line in ["{\"a\":1}TRAILER", "{\"a\":1},", "{", "{漫}", "{\"a\":1} x", "{}[]"] {
            check(line, &[Part::Other(line)]);
        }
        check("{}{]", &[Part::Object("{}"), Part::Other("{]")]);
    }

    #[test]
    fn a_line_of_torn_records_ends() {
        let line = format!("{START}\"a\":[").repeat(20_000);
        assert_eq!(split(&line).len(), MAX_TORN);
    }
}
