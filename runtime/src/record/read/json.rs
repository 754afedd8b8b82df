//! Reads the JSON line that `record/json.rs` writes: in one pass, without a copy of what is in it. A line with anything
//! unexpected goes to `referee.rs`, which says as well what is wrong with it.

use std::borrow::Cow;

use super::scanner::{Value, members, unquoted};
use super::{Surprise, referee, values};
use crate::error::Error;
use crate::keys;
use crate::level::Level;
use crate::record::{Json, Kind, Record, Status, Timestamp};

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
    let mut found = Members::default();
    members(line, |key, value| found.put(key, value))?;
    found.into_record()
}

/// Declares the keys that are looked for, in the order of the line.
macro_rules! keys {
    ($($key:ident => $name:ident),* $(,)?) => {
        #[derive(Clone, Copy)]
        enum Key {
            $($key),*
        }

        const KEYS: &[&str] = &[$(keys::$name),*];
    };
}

keys! {
    Schema => SCHEMA,
    Kind => KIND,
    Timestamp => TIMESTAMP,
    Level => LEVEL,
    Logger => LOGGER,
    Message => MESSAGE,
    Operation => OPERATION,
    OpId => OP_ID,
    ParentId => PARENT_ID,
    TraceId => TRACE_ID,
    Depth => DEPTH,
    Run => RUN,
    Seq => SEQ,
    Pid => PID,
    Thread => THREAD,
    Context => CONTEXT,
    Events => EVENTS,
    Start => START,
    DurationNs => DURATION_NS,
    BusyNs => BUSY_NS,
    Status => STATUS,
    Error => ERROR,
    ErrorType => ERROR_TYPE,
    ErrorChain => ERROR_CHAIN,
    Result => RESULT,
    Attempts => ATTEMPTS,
    RetryWaitMs => RETRY_WAIT_MS,
    DroppedEvents => DROPPED_EVENTS,
    Truncated => TRUNCATED,
    Lost => LOST,
    Src => SRC,
}

/// The members of a line, as they stand there.
#[derive(Default)]
struct Members<'a> {
    values: [Value<'a>; KEYS.len()],
    /// Behind the last key that was found: the next one is there or a little further on.
    next: usize,
}

impl<'a> Members<'a> {
    fn put(&mut self, key: &str, value: Value<'a>) -> Result<(), Surprise> {
        let after = KEYS[self.next..].iter().position(|known| *known == key).map(|more| self.next + more);
        let Some(place) = after.or_else(|| KEYS[..self.next].iter().position(|known| *known == key)) else {
            return Ok(());
        };
        if self.values[place] != Value::Absent {
            return Err(Surprise);
        }
        self.values[place] = value;
        self.next = place + 1;
        Ok(())
    }

    fn into_record(self) -> Result<Record<'a>, Surprise> {
        use Key as K;
        if self.text(K::Schema)?.as_deref() != Some(keys::SCHEMA_VERSION) {
            return Err(Surprise);
        }
        let ids = |key| self.text(key);
        Ok(Record {
            kind: Kind::from_word(&self.own(K::Kind)?),
            timestamp: self.time(K::Timestamp)?.ok_or(Surprise)?,
            level: self.level()?,
            logger: self.own(K::Logger)?,
            message: self.own(K::Message)?,
            operation: self.text(K::Operation)?,
            op_id: ids(K::OpId)?.as_deref().and_then(values::op_id),
            parent_id: ids(K::ParentId)?.as_deref().and_then(values::op_id),
            trace_id: ids(K::TraceId)?.as_deref().and_then(values::trace_id),
            depth: self.small(K::Depth)?,
            run: ids(K::Run)?.as_deref().and_then(values::run),
            seq: self.number(K::Seq)?,
            pid: self.small(K::Pid)?,
            thread: self.text(K::Thread)?,
            context: self.raw(K::Context),
            events: self.raw(K::Events),
            start: self.time(K::Start)?,
            duration_ns: self.number(K::DurationNs)?,
            busy_ns: self.number(K::BusyNs)?,
            status: self.text(K::Status)?.as_deref().and_then(Status::from_word),
            error: self.text(K::Error)?,
            error_type: self.text(K::ErrorType)?,
            error_chain: self.raw(K::ErrorChain),
            result: self.raw(K::Result),
            attempts: self.number(K::Attempts)?,
            retry_wait_ms: self.number(K::RetryWaitMs)?,
            dropped_events: self.count(K::DroppedEvents)?,
            truncated: self.raw(K::Truncated),
            src: self.text(K::Src)?,
            lost: self.number(K::Lost)?,
        })
    }

    fn get(&self, key: Key) -> Value<'a> {
        self.values[key as usize]
    }

    fn text(&self, key: Key) -> Result<Option<Cow<'a, str>>, Surprise> {
        match self.get(key) {
            Value::Absent | Value::Null => Ok(None),
            Value::Plain(quoted) => Ok(Some(Cow::Borrowed(unquoted(quoted)))),
            Value::Escaped(quoted) => {
                serde_json::from_str(quoted).map(|text| Some(Cow::Owned(text))).map_err(|_| Surprise)
            }
            Value::Other(_) => Err(Surprise),
        }
    }

    /// A text that is empty where it is left out, but never `null`.
    fn own(&self, key: Key) -> Result<Cow<'a, str>, Surprise> {
        if self.get(key) == Value::Null { Err(Surprise) } else { Ok(self.text(key)?.unwrap_or_default()) }
    }

    fn level(&self) -> Result<Level, Surprise> {
        self.text(Key::Level)?.as_deref().and_then(values::level).ok_or(Surprise)
    }

    fn time(&self, key: Key) -> Result<Option<Timestamp>, Surprise> {
        let read = |text: Cow<'_, str>| values::time(&text).ok_or(Surprise);
        self.text(key)?.map(read).transpose()
    }

    fn number(&self, key: Key) -> Result<Option<u64>, Surprise> {
        match self.get(key) {
            Value::Absent | Value::Null => Ok(None),
            Value::Other(text) => values::integer(text).map(Some).ok_or(Surprise),
            Value::Plain(_) | Value::Escaped(_) => Err(Surprise),
        }
    }

    fn small(&self, key: Key) -> Result<Option<u32>, Surprise> {
        self.number(key)?.map(|number| u32::try_from(number).map_err(|_| Surprise)).transpose()
    }

    /// A number that is 0 where it is left out, but never `null`.
    fn count(&self, key: Key) -> Result<u64, Surprise> {
        if self.get(key) == Value::Null { Err(Surprise) } else { Ok(self.number(key)?.unwrap_or_default()) }
    }

    fn raw(&self, key: Key) -> Json<'a> {
        Json::new(self.get(key).raw())
    }
}

#[cfg(test)]
mod tests {
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
            8 => prop::sample::select(KEYS.to_vec()).prop_map(str::to_owned),
            1 => r"duration|x|\\u0073chema|é",
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
        fn keys_may_come_in_any_order(order in Just((0..KEYS.len()).collect::<Vec<_>>()).prop_shuffle()) {
            let line = line(&full());
            let mut parts: Vec<(&str, Value<'_>)> = Vec::new();
            members(&line, |key, value| { parts.push((key, value)); Ok(()) }).unwrap();
            parts.retain(|(key, _)| KEYS.contains(key));
            let members: Vec<_> = order.iter().map(|&at| format!("\"{}\":{}", parts[at].0, parts[at].1.raw())).collect();
            let line = format!("{{{}}}", members.join(","));
            prop_assert!(is_expected(&line));
            prop_assert_eq!(read(&line).unwrap(), full());
        }
    }
}
