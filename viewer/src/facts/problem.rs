//! What went wrong, told apart by what does not change from one time to the next: where, which type of error, and the
//! words of its text.

use logwright::Level;
use logwright::record::{Record, Status};

use super::names::cut;
use crate::step;

/// Stands between the parts in one string; no name of a program's has it.
const BETWEEN: char = '\u{1f}';
/// How much of a text is looked at.
const MAX_TEXT: usize = 160;

/// A kind of error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    /// The operation, or the logger where it was in none.
    pub(crate) place: String,
    /// The error's type, where the record says it.
    pub(crate) error_type: String,
    /// The text, with what differs from time to time taken out.
    pub(crate) text: String,
}

/// Appends the key of the problem that a record tells of, if it does; `name` is that of the function that a retry calls.
pub(super) fn push_key(key: &mut String, record: &Record<'_>, name: Option<&str>) -> bool {
    let failed = matches!(record.status, Some(Status::Failure | Status::Panicked));
    if record.level < Level::Error && !failed && record.error.is_none() {
        return false;
    }
    key.push_str(name.or(record.operation.as_deref()).unwrap_or(&record.logger));
    key.push(BETWEEN);
    key.push_str(record.error_type.as_deref().unwrap_or_default());
    key.push(BETWEEN);
    let told = || if name.is_some() { step::error_of(&record.message) } else { None };
    push_template(key, record.error.as_deref().or_else(told).unwrap_or(&record.message));
    true
}

impl Problem {
    /// The parts of a key; of the one for problems beyond the limit the text alone.
    pub(crate) fn from_key(key: &str) -> Self {
        let mut parts = key.splitn(3, BETWEEN).map(str::to_owned);
        match (parts.next(), parts.next(), parts.next()) {
            (Some(place), Some(error_type), Some(text)) => Self { place, error_type, text },
            _ => Self { place: String::new(), error_type: String::new(), text: key.to_owned() },
        }
    }

    /// A short name that is the same in each run: FNV-1a of the key, folded to 16 bits.
    pub(crate) fn id(key: &str) -> String {
        let hash = key
            .bytes()
            .fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
        format!("{:04X}", (hash >> 16) ^ (hash & 0xffff))
    }
}

/// The first line of a text without what differs from time to time: addresses, paths, numbers. A number of three digits by
/// itself stays, since that is what statuses of HTTP look like.
fn push_template(out: &mut String, text: &str) {
    let line = cut(text, MAX_TEXT).split(['\n', '\r']).next().unwrap_or_default();
    for (at, word) in line.split(' ').enumerate() {
        if at > 0 {
            out.push(' ');
        }
        push_word(out, word);
    }
}

fn push_word(out: &mut String, word: &str) {
    let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
    if word.contains("://") {
        out.push_str("<url>");
    } else if bare.len() == 3 && bare.bytes().all(|byte| byte.is_ascii_digit()) {
        out.push_str(word);
    } else if bare.len() >= 8 && bare.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-') {
        out.push_str("<id>");
    } else if word.contains('/') && word.len() > 2 {
        out.push_str("<path>");
    } else {
        push_without_numbers(out, word);
    }
}

fn push_without_numbers(out: &mut String, word: &str) {
    let mut in_number = false;
    for c in word.chars() {
        if !c.is_ascii_digit() {
            out.push(c);
        } else if !in_number {
            out.push_str("<n>");
        }
        in_number = c.is_ascii_digit();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_from_time_to_time_is_taken_out() {
        for (text, expected) in [
            ("http://x/24/05.jpg answered 503 Service Unavailable", "<url> answered 503 Service Unavailable"),
            ("HTTP 404", "HTTP 404"),
            ("page 7 of 12: /tmp/a.jpg", "page <n> of <n>: <path>"),
            ("operation 0b1a773246000d42 timed out after 1.5s", "operation <id> timed out after <n>.<n>s"),
            ("no room\nat line 3", "no room"),
            ("", ""),
        ] {
            let mut out = String::new();
            push_template(&mut out, text);
            assert_eq!(out, expected, "{text}");
        }
    }

    #[test]
    fn a_problem_comes_back_from_its_key() {
        let record = Record {
            level: Level::Error,
            logger: "a".into(),
            error: Some("page 7".into()),
            error_type: Some("E".into()),
            ..Record::default()
        };
        let mut key = String::new();
        assert!(push_key(&mut key, &record, None) && !push_key(&mut String::new(), &Record::default(), None));
        let problem = Problem::from_key(&key);
        assert_eq!((&*problem.place, &*problem.error_type, &*problem.text), ("a", "E", "page <n>"));
        assert_eq!(Problem::id(&key).len(), 4);
    }
}
