//! Keeps a record within the bounds of a line and names what was cut. Every sink gets it after that, so that all
//! formats say the same.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::{Json, Record, json};
use crate::json::{CUT, edit_strings, has_string_over, push_str, shortened, string};
use crate::keys;

/// A line of JSON has no more bytes than that.
const LINE: usize = 64 * 1024;
/// Its message none, between its quotes.
const MESSAGE: usize = 16 * 1024;
/// Any other string of it none.
const TEXT: usize = 4 * 1024;
/// An operation's events take so much together that more have no place in the line of its end.
pub(crate) const EVENTS: usize = LINE;
/// No byte of a text becomes more of them in a JSON string.
const MAX_ESCAPE: usize = 6;
/// All keys, numbers, ids and times of a line together are shorter.
const REST: usize = 2 * 1024;
/// A shorter string is not worth being left out and named.
const MIN_DROPPED: usize = 64;

/// Cuts what is too long. Mostly nothing is, and a few lengths tell.
pub(crate) fn apply(record: &mut Record<'_>) {
    let long_text = texts(record).iter().any(|(_, limit, text)| is_long(text.as_deref(), *limit));
    if long_text || values(record).iter().any(|(_, value)| value.as_str().len() > TEXT) {
        Limiter { record, named: Vec::new() }.apply();
    }
}

/// Makes the strings of a value short that is kept for a later record, from `start` on: just so long that they are cut
/// and named when the record is made.
pub(crate) fn shorten_kept(json: &mut String, start: usize) {
    if json.len() - start > TEXT && has_string_over(TEXT, &json[start..]) {
        let value = json.split_off(start);
        let edited =
            edit_strings(&value, String::new(), &mut |_, text| shortened(&string(text)?, TEXT + MAX_ESCAPE));
        json.push_str(&edited);
    }
}

fn is_long(text: Option<&Cow<'_, str>>, limit: usize) -> bool {
    text.is_some_and(|text| text.len() > limit / MAX_ESCAPE)
}

type Text<'r, 'a> = Option<&'r mut Cow<'a, str>>;

/// The texts of a record, each with its key and its limit.
fn texts<'r, 'a>(record: &'r mut Record<'a>) -> [(&'static str, usize, Text<'r, 'a>); 7] {
    [
        (keys::LOGGER, TEXT, Some(&mut record.logger)),
        (keys::MESSAGE, MESSAGE, Some(&mut record.message)),
        (keys::OPERATION, TEXT, record.operation.as_mut()),
        (keys::THREAD, TEXT, record.thread.as_mut()),
        (keys::ERROR, TEXT, record.error.as_mut()),
        (keys::ERROR_TYPE, TEXT, record.error_type.as_mut()),
        (keys::SRC, TEXT, record.src.as_mut()),
    ]
}

/// Its JSON values. Without them no line is too long.
fn values<'r, 'a>(record: &'r mut Record<'a>) -> [(&'static str, &'r mut Json<'a>); 4] {
    [
        (keys::CONTEXT, &mut record.context),
        (keys::EVENTS, &mut record.events),
        (keys::ERROR_CHAIN, &mut record.error_chain),
        (keys::RESULT, &mut record.result),
    ]
}

/// A record that may be too long.
struct Limiter<'r, 'a> {
    record: &'r mut Record<'a>,
    /// JSON pointers to what was cut.
    named: Vec<String>,
}

impl Limiter<'_, '_> {
    fn apply(mut self) {
        self.cut_texts();
        self.cut_values();
        self.name();
        if self.may_be_over() {
            self.drop_strings();
            self.drop_values();
        }
    }

    fn cut_texts(&mut self) {
        for (key, limit, text) in texts(self.record) {
            let Some(text) = text.filter(|text| is_long(Some(text), limit)) else { continue };
            if let Some(short) = shortened(text, limit) {
                *text = Cow::Owned(short);
                self.named.push(format!("/{key}"));
            }
        }
    }

    fn cut_values(&mut self) {
        for (key, value) in values(self.record) {
            if !has_string_over(TEXT, value.as_str()) {
                continue;
            }
            let edited = edit_strings(value.as_str(), format!("/{key}"), &mut |pointer, text| {
                let short = shortened(&string(text)?, TEXT)?;
                self.named.push(pointer.to_owned());
                Some(short)
            });
            *value = Json::new(edited);
        }
    }

    /// Leaves the longest strings of the values out until the line is short enough, or none is left that is worth it.
    fn drop_strings(&mut self) {
        let over = self.over();
        let mut found = BTreeSet::new();
        for (key, value) in values(self.record) {
            edit_strings(value.as_str(), format!("/{key}"), &mut |pointer, text| {
                if text.len() >= MIN_DROPPED {
                    found.insert((text.len(), pointer.to_owned()));
                }
                None
            });
        }
        let (mut dropped, mut gained) = (BTreeSet::new(), 0);
        for (bytes, pointer) in found.into_iter().rev() {
            if gained >= over {
                break;
            }
            // The mark and the pointer take their place, with quotes and a comma.
            let gain = bytes.saturating_sub(CUT.len() + 2 + pointer.len() + 3);
            if gain > 0 {
                gained += gain;
                dropped.insert(pointer);
            }
        }
        for (key, value) in values(self.record) {
            let edited = edit_strings(value.as_str(), format!("/{key}"), &mut |pointer, _| {
                dropped.contains(pointer).then(|| CUT.to_owned())
            });
            *value = Json::new(edited);
        }
        self.named.retain(|pointer| !dropped.contains(pointer));
        self.named.extend(dropped);
        self.name();
    }

    /// Leaves the longest values out whole, where many short strings and long keys are too much.
    fn drop_values(&mut self) {
        while self.over() > 0 {
            let longest = values(self.record).into_iter().max_by_key(|(_, value)| value.as_str().len());
            let Some((key, value)) = longest.filter(|(_, value)| value.as_str().len() > "[]".len()) else {
                return;
            };
            // The end of an operation always has events.
            *value = Json::new(if key == keys::EVENTS { "[]" } else { "" });
            let below = format!("/{key}/");
            self.named.retain(|pointer| !pointer.starts_with(&below));
            self.named.push(format!("/{key}"));
            self.name();
        }
    }

    /// Names what was cut in the record.
    fn name(&mut self) {
        let mut array = String::new();
        for pointer in &self.named {
            array.push(if array.is_empty() { '[' } else { ',' });
            push_str(&mut array, pointer);
        }
        if !array.is_empty() {
            array.push(']');
        }
        self.record.truncated = Json::new(array);
    }

    /// Whether lengths alone do not tell that the line is short enough.
    fn may_be_over(&mut self) -> bool {
        let texts = texts(self.record)
            .map(|(_, limit, text)| text.map_or(0, |text| limit.min(MAX_ESCAPE * text.len())));
        let values = values(self.record).map(|(_, value)| value.as_str().len());
        let known: usize = texts.into_iter().chain(values).sum();
        known + self.record.truncated.as_str().len() + REST > LINE
    }

    /// How many bytes the line has too many, whatever number a sink will give to the record.
    fn over(&self) -> usize {
        let mut line = String::new();
        json::write_numbered(&mut line, self.record, Some(u64::MAX));
        line.len().saturating_sub(LINE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::{members, strings};
    use crate::record::tests::full;

    fn limited(mut record: Record<'static>) -> (Record<'static>, Vec<String>) {
        apply(&mut record);
        let mut line = String::new();
        json::write_numbered(&mut line, &record, Some(u64::MAX));
        assert!(line.len() <= LINE, "{} bytes", line.len());
        serde_json::from_str::<serde_json::Value>(&line).unwrap();
        let named: Vec<_> = strings(record.truncated.as_str()).map(Cow::into_owned).collect();
        assert_eq!(named.iter().collect::<BTreeSet<_>>().len(), named.len(), "named twice: {named:?}");
        (record, named)
    }

    fn base() -> Record<'static> {
        Record { truncated: Json::default(), ..full() }
    }

    /// An object with `count` texts of so many bytes.
    fn object(count: usize, bytes: usize) -> Json<'static> {
        let members: Vec<_> = (0..count).map(|n| format!("\"k{n}\":\"{}\"", "v".repeat(bytes))).collect();
        Json::new(format!("{{{}}}", members.join(",")))
    }

    #[test]
    fn a_record_within_the_limits_stays_as_it_is() {
        let at_limit = Record { message: "m".repeat(MESSAGE).into(), context: object(5, TEXT), ..base() };
        for record in [base(), Record::default(), at_limit] {
            assert_eq!(limited(record.clone()), (record, Vec::new()));
        }
    }

    #[test]
    fn long_strings_are_cut_and_named() {
        let (record, named) = limited(Record {
            message: "\u{1b}".repeat(MESSAGE).into(),
            error: Some("é".repeat(TEXT).into()),
            context: object(2, TEXT + 1),
            events: Json::new(format!(r#"[{{"type":"a","data":{{"a/b":"{}"}}}}]"#, "x".repeat(2 * TEXT))),
            ..base()
        });
        assert_eq!(named, ["/message", "/error", "/context/k0", "/context/k1", "/events/0/data/a~1b"]);
        assert_eq!(record.message.len(), (MESSAGE - CUT.len()) / 6 + CUT.len());
        assert!(record.error.unwrap().ends_with("é…"));
        assert!(members(record.context.as_str()).all(|(_, value)| value.len() == TEXT + 2));
    }

    #[test]
    fn the_longest_values_of_a_line_that_is_too_long_are_left_out() {
        let short = r#""short":"s""#;
        let context = object(10, TEXT);
        let (record, named) = limited(Record { context, result: object(6, TEXT / 2), ..base() });
        assert!(named.is_empty() && record.result == object(6, TEXT / 2), "{named:?}");

        let context = Json::new(object(20, TEXT).as_str().replace('}', &format!(",{short}}}")));
        let (record, named) = limited(Record { context, result: object(6, TEXT / 2), ..base() });
        let dropped = members(record.context.as_str()).filter(|(_, value)| *value == "\"…\"").count();
        assert_eq!((dropped, named.len()), (8, 8), "{named:?}");
        assert!(named.iter().all(|pointer| pointer.starts_with("/context/k")), "{named:?}");
        assert!(record.context.as_str().ends_with(&format!(",{short}}}")));
        assert_eq!(record.result, object(6, TEXT / 2));
    }

    #[test]
    fn too_many_short_values_are_left_out_together() {
        let (record, named) =
            limited(Record { context: object(10_000, 10), events: Json::new("[]"), ..base() });
        assert_eq!(named, ["/context"]);
        assert!(record.context.is_empty());
        let (record, named) = limited(Record {
            message: "m".repeat(MESSAGE).into(),
            events: Json::new(format!("[{}]", vec!["{\"type\":\"a\"}"; 10_000].join(","))),
            ..base()
        });
        assert_eq!((named, record.events.as_str()), (vec!["/events".to_owned()], "[]"));
    }

    #[test]
    fn everything_too_long_at_once_still_is_a_line() {
        let hostile = || Cow::Owned("\"\u{1b}é".repeat(50_000));
        let key = "k".repeat(50_000);
        let (record, named) = limited(Record {
            logger: hostile(),
            message: hostile(),
            operation: Some(hostile()),
            thread: Some(hostile()),
            error: Some(hostile()),
            error_type: Some(hostile()),
            src: Some(hostile()),
            context: Json::new(format!("{{\"{key}\":\"{key}\"}}")),
            events: Json::new(format!("[{{\"type\":\"{key}\"}},{{\"{key}\":1}}]")),
            error_chain: Json::new(format!("[\"{key}\"]")),
            result: object(100, 100_000),
            ..base()
        });
        assert_eq!(
            named[..7],
            ["logger", "message", "operation", "thread", "error", "error_type", "src"]
                .map(|key| format!("/{key}"))
        );
        assert!(record.context.is_empty() && record.events.as_str() == "[]", "{named:?}");
    }
}
