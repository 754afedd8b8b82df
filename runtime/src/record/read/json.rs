//! Reads the JSON line that `record/json.rs` writes: in one pass, without a copy of what is in it. A line with anything
//! unexpected goes to `referee.rs`, which says as well what is wrong with it.

use std::num::NonZero;

use super::scanner::{Scanner, members};
use super::{Surprise, referee, values};
use crate::error::Error;
use crate::keys;
use crate::record::{Kind, OpId, Record, Status, TraceId};

/// Reads one line; keys that it does not know are passed over. With feature `read` only.
///
/// ```
/// use logwright::record::{Record, json};
/// let mut line = String::new();
/// json::write(&mut line, &Record { message: "2 pages".into(), ..Record::default() });
/// assert_eq!(json::read(&line)?.message, "2 pages");
/// # Ok::<(), logwright::Error>(())
/// ```
///
/// # Errors
/// What is not a JSON object of this schema is named with the place where it stops being one.
pub fn read(line: &str) -> Result<Record<'_>, Error> {
    let Ok(record) = read_expected(line) else { return referee::read(line) };
    debug_assert_eq!(referee::read(line).as_ref().ok(), Some(&record), "{line}");
    Ok(record)
}

/// What it takes, the referee would read as well, and find the same.
fn read_expected(line: &str) -> Result<Record<'_>, Surprise> {
    let mut record = Record::default();
    let seen = members(line, &KEYS, |key, value| member(key, value, &mut record))?;
    let required = [SCHEMA, TIMESTAMP, LEVEL];
    if required.into_iter().all(|key| seen & (1 << key) != 0) { Ok(record) } else { Err(Surprise) }
}

/// Declares the keys that are looked for, in the order of the line, and the place of each.
macro_rules! keys {
    ($($key:ident),* $(,)?) => {
        #[allow(non_camel_case_types, clippy::upper_case_acronyms, reason = "these are the names of the keys")]
        enum Place {
            $($key),*
        }

        $(const $key: usize = Place::$key as usize;)*

        const KEYS: [&[u8]; [$($key),*].len()] = [$(without_comma(keys::member::$key)),*];
    };
}

keys! {
    SCHEMA, KIND, TIMESTAMP, LEVEL, LOGGER, MESSAGE, OPERATION, OP_ID, PARENT_ID, TRACE_ID, DEPTH, RUN, SEQ, PID, THREAD,
    CONTEXT, EVENTS, START, DURATION, DURATION_NS, BUSY_NS, STATUS, ERROR, ERROR_TYPE, ERROR_CHAIN, RESULT, ATTEMPTS,
    RETRY_WAIT_MS, DROPPED_EVENTS, TRUNCATED, LOST, SRC,
}

const fn without_comma(member: &'static str) -> &'static [u8] {
    member.as_bytes().split_at(1).1
}

/// Reads the value of a key into the record. What a record always has may be left out, but is never `null`.
fn member<'a>(key: usize, value: &mut Scanner<'a>, record: &mut Record<'a>) -> Result<(), Surprise> {
    match key {
        SCHEMA if value.text()?.as_deref() == Some(keys::SCHEMA_VERSION) => {}
        SCHEMA => return Err(Surprise),
        KIND => record.kind = Kind::from_word(&value.text()?.ok_or(Surprise)?),
        TIMESTAMP => record.timestamp = value.time()?.ok_or(Surprise)?,
        LEVEL => record.level = value.text()?.as_deref().and_then(values::level).ok_or(Surprise)?,
        LOGGER => record.logger = value.text()?.ok_or(Surprise)?,
        MESSAGE => record.message = value.text()?.ok_or(Surprise)?,
        OPERATION => record.operation = value.text()?,
        OP_ID => record.op_id = op_id(value)?,
        PARENT_ID => record.parent_id = op_id(value)?,
        TRACE_ID => record.trace_id = trace_id(value)?,
        DEPTH => record.depth = small(value)?,
        RUN => record.run = run(value)?,
        SEQ => record.seq = value.number()?,
        PID => record.pid = small(value)?,
        THREAD => record.thread = value.text()?,
        CONTEXT => record.context = value.raw()?,
        EVENTS => record.events = value.raw()?,
        START => record.start = value.time()?,
        DURATION_NS => record.duration_ns = value.number()?,
        BUSY_NS => record.busy_ns = value.number()?,
        STATUS => record.status = value.text()?.as_deref().and_then(Status::from_word),
        ERROR => record.error = value.text()?,
        ERROR_TYPE => record.error_type = value.text()?,
        ERROR_CHAIN => record.error_chain = value.raw()?,
        RESULT => record.result = value.raw()?,
        ATTEMPTS => record.attempts = value.number()?,
        RETRY_WAIT_MS => record.retry_wait_ms = value.number()?,
        DROPPED_EVENTS => record.dropped_events = value.number()?.ok_or(Surprise)?,
        TRUNCATED => record.truncated = value.raw()?,
        LOST => record.lost = value.number()?,
        SRC => record.src = value.text()?,
        _ => drop(value.raw()?),
    }
    Ok(())
}

fn small(value: &mut Scanner<'_>) -> Result<Option<u32>, Surprise> {
    value.number()?.map(|number| u32::try_from(number).map_err(|_| Surprise)).transpose()
}

fn op_id(value: &mut Scanner<'_>) -> Result<Option<OpId>, Surprise> {
    let number = match value.hex::<16>() {
        Some(number) => Some(number as u64),
        None => value.text()?.and_then(|text| u64::from_str_radix(&text, 16).ok()),
    };
    Ok(number.and_then(NonZero::new).map(OpId))
}

fn trace_id(value: &mut Scanner<'_>) -> Result<Option<TraceId>, Surprise> {
    let number = match value.hex::<32>() {
        None => value.text()?.and_then(|text| u128::from_str_radix(&text, 16).ok()),
        number => number,
    };
    Ok(number.and_then(NonZero::new).map(TraceId))
}

fn run(value: &mut Scanner<'_>) -> Result<Option<u32>, Surprise> {
    Ok(match value.hex::<8>() {
        Some(number) => Some(number as u32),
        None => value.text()?.and_then(|text| u32::from_str_radix(&text, 16).ok()),
    })
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use proptest::prelude::*;

    use super::*;
    use crate::record::json::write;
    use crate::record::tests::full;

    fn line(record: &Record<'_>) -> String {
        let mut line = String::new();
        write(&mut line, record);
        line
    }

    /// Whether the line needs no referee; if so, that one has to find the same.
    #[track_caller]
    fn is_expected(line: &str) -> bool {
        let found = read_expected(line);
        if let Ok(record) = &found {
            assert_eq!(referee::read(line).as_ref().ok(), Some(record), "{line}");
        }
        found.is_ok()
    }

    #[test]
    fn a_record_comes_back_as_it_was_written() {
        for record in [full(), Record { logger: "a".into(), ..Record::default() }] {
            let line = line(&record);
            assert!(line.ends_with("}\n") && line.matches('\n').count() == 1, "{line}");
            assert_eq!(read(&line).unwrap(), record, "{line}");
            assert!(is_expected(&line), "{line}");
        }
    }

    #[test]
    fn a_text_without_escapes_is_not_copied() {
        let line = line(&full());
        let record = read(&line).unwrap();
        let texts = [
            &record.message,
            &record.logger,
            record.operation.as_ref().unwrap(),
            record.src.as_ref().unwrap(),
        ];
        assert!(texts.into_iter().all(|text| matches!(text, Cow::Borrowed(_))));
    }

    #[test]
    fn what_is_no_record_is_named() {
        for (line, expected) in [
            ("{\"schema\":\"logwright/1\"", "not a logwright/1 record: EOF while parsing"),
            ("{\"schema\":\"other\",\"timestamp\":\"\",\"level\":\"INFO\"}", "schema is `other`"),
            ("[]", "not a logwright/1 record: "),
            (
                "{\"schema\":\"logwright/1\",\"timestamp\":\"noon\",\"level\":\"INFO\"}",
                "cannot read `noon` as a time",
            ),
        ] {
            let error = read(line).unwrap_err().to_string();
            assert!(error.starts_with(expected), "{error}");
        }
    }

    #[test]
    fn no_part_of_a_line_is_taken_for_the_whole() {
        let line = line(&full());
        let line = line.trim_end();
        for cut in (0..line.len()).filter(|&cut| line.is_char_boundary(cut)) {
            assert!(
                !is_expected(&line[..cut]) && !is_expected(&line[cut..]) | (cut == 0),
                "{}",
                &line[..cut]
            );
        }
        for trailer in ["TRAILER", "}", ",", "{}", "\"", "\0", "\u{a0}"] {
            assert!(!is_expected(&format!("{line}{trailer}")), "{trailer}");
        }
    }

    /// A line from parts of which each may be what nobody expects.
    fn any_line() -> impl Strategy<Value = String> {
        let key = prop_oneof![
            8 => prop::sample::select(keys::LINE.to_vec()).prop_map(str::to_owned),
            1 => r"x|\\u0073chema|é",
        ];
        let value = prop_oneof![
            r#""([a-z é]|\\n|\\"|\\u00e9|\\ud83d\\ude00|\\ud800|\\x){0,6}""#,
            r#"null|true|0|7|007|-1|-0|1\.5|1e3|4294967296|18446744073709551616"#,
            r#"\{\}|\[\]|\[1, ?\{"a":"\\\\"\}\]|\[1,\]|\{"a" 1\}|\["a"#,
            r#""(1970-01-01T00:00:00(\.000001)?(Z|z|\+01:00)|INFO|warn|0000000000000001|\+f|FF|op\.end|success)""#,
        ];
        let member = (key, value).prop_map(|(key, value)| format!("\"{key}\":{value}"));
        let head = r#""schema":"logwright/1","timestamp":"2026-11-22T12:45:13.299121Z","level":"INFO""#;
        let ends = prop::sample::select(vec!["}", " }", "}\n", "", "}}"]);
        (
            any::<bool>(),
            prop::collection::vec(member, 0..6),
            prop::sample::select(vec![",", ", ", ",\t"]),
            ends,
        )
            .prop_map(move |(has_head, mut members, comma, end)| {
                if has_head {
                    members.insert(members.len() / 2, head.to_owned());
                }
                format!("{{{}{end}", members.join(comma))
            })
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn the_referee_agrees_on_any_line(line in any_line()) {
            is_expected(&line);
        }

        #[test]
        fn the_referee_agrees_on_a_real_line_with_changes(
            changes in prop::collection::vec((any::<prop::sample::Index>(), 0..3_u8, r#"[ -~é\n\t"\\{}\[\],:0-9]"#), 1..4)
        ) {
            let mut text: Vec<char> = line(&full()).chars().collect();
            for (at, what, other) in changes {
                let at = at.index(text.len());
                let removed = usize::from(what > 0);
                text.splice(at..at + removed, other.chars().take(usize::from(what < 2)));
            }
            is_expected(&text.into_iter().collect::<String>());
        }

        #[test]
        fn keys_may_come_in_any_order(order in Just(keys::LINE.to_vec()).prop_shuffle()) {
            let line = line(&full());
            let value = |key| crate::json::members(&line).find(|(other, _)| other.trim_matches('"') == key).unwrap().1;
            let members: Vec<_> = order.into_iter().map(|key| format!("\"{key}\":{}", value(key))).collect();
            let line = format!("{{{}}}", members.join(","));
            prop_assert!(is_expected(&line));
            prop_assert_eq!(read(&line).unwrap(), full());
        }
    }
}
