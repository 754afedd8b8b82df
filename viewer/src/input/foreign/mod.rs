//! JSON lines that other programs write: the common names of what they say, and Elastic Common Schema as our own writer
//! has it.

mod times;

use std::borrow::Cow;
use std::num::NonZero;

use logwright::Level;
use logwright::record::{Kind, OpId, Record, Status, TraceId};
use serde_json::{Map, Value};

/// The names that are known for each part, the more certain ones first. A dot leads into an object, or is in the name.
const TIME: &[&str] = &["@timestamp", "timestamp", "time", "ts", "t", "asctime", "datetime"];
const LEVEL: &[&str] = &["log.level", "level", "severity", "levelname", "lvl", "severity_text"];
const MESSAGE: &[&str] = &["message", "msg", "fields.message", "event"];
const LOGGER: &[&str] = &["log.logger", "logger", "target", "logger_name", "name"];
const OPERATION: &[&str] = &["event.action", "operation", "span.name"];
const THREAD: &[&str] = &["process.thread.name", "thread", "threadName"];
const ERROR: &[&str] = &["error.message", "error", "err.message"];

/// Reads such a line: an object with a time, and a level or a message. None is a record of ours.
pub(super) fn read(line: &str) -> Option<Record<'static>> {
    let line = Line(serde_json::from_str(line).ok()?);
    if line.get("schema").and_then(Value::as_str).is_some_and(|schema| schema.starts_with("logwright/")) {
        return None;
    }
    let timestamp = line.any(TIME, times::read)?;
    let (level, message) = (line.any(LEVEL, level), line.text(MESSAGE));
    if level.is_none() && message.is_none() {
        return None;
    }
    let kind = kind(&line);
    Some(Record {
        kind,
        timestamp,
        level: level.unwrap_or_default(),
        logger: line.text(LOGGER).unwrap_or_default(),
        message: message.unwrap_or_default(),
        operation: line.text(OPERATION),
        op_id: line.hex("span.id").and_then(|id| NonZero::new(u64::try_from(id).ok()?)).map(OpId),
        parent_id: line
            .hex("labels.logwright_parent_id")
            .and_then(|id| NonZero::new(u64::try_from(id).ok()?))
            .map(OpId),
        trace_id: line.hex("trace.id").and_then(NonZero::new).map(TraceId),
        run: line.hex("service.ephemeral_id").and_then(|run| run.try_into().ok()),
        seq: line.number("event.sequence"),
        pid: line.number("process.pid").or_else(|| line.number("pid")).and_then(|pid| pid.try_into().ok()),
        thread: line.text(THREAD),
        start: line.get("event.start").and_then(times::read),
        duration_ns: line.number("event.duration"),
        busy_ns: line.number("labels.logwright_busy_ns"),
        status: status(&line, kind),
        error: line.text(ERROR),
        error_type: line.text(&["error.type", "err.type"]),
        attempts: line.number("labels.logwright_attempts"),
        retry_wait_ms: line.number("labels.logwright_retry_wait_ms"),
        dropped_events: line.number("labels.logwright_dropped_events").unwrap_or_default(),
        lost: line.number("labels.logwright_lost"),
        ..Record::default()
    })
}

struct Line(Map<String, Value>);

impl Line {
    /// The value of a name that has dots in it, or of one that leads through objects.
    fn get(&self, name: &str) -> Option<&Value> {
        let direct = self.0.get(name);
        direct.or_else(|| {
            let (outer, inner) = name.split_once('.')?;
            let object = self.0.get(outer)?.as_object()?;
            let nested = || inner.split_once('.').and_then(|(outer, inner)| object.get(outer)?.get(inner));
            object.get(inner).or_else(nested)
        })
    }

    /// What can be read of the first of these names that has such a value.
    fn any<T>(&self, names: &[&str], read: impl Fn(&Value) -> Option<T>) -> Option<T> {
        names.iter().find_map(|name| read(self.get(name)?))
    }

    fn text(&self, names: &[&str]) -> Option<Cow<'static, str>> {
        self.any(names, |value| value.as_str().map(|text| Cow::Owned(text.to_owned())))
    }

    fn number(&self, name: &str) -> Option<u64> {
        self.get(name)?.as_u64()
    }

    fn hex(&self, name: &str) -> Option<u128> {
        u128::from_str_radix(self.get(name)?.as_str()?, 16).ok()
    }
}

/// A word, or one of the numbers of bunyan and pino, which Python's are as well.
fn level(value: &Value) -> Option<Level> {
    if let Some(word) = value.as_str() {
        let is = |words: &[&str]| words.iter().any(|other| word.eq_ignore_ascii_case(other));
        return word.parse().ok().or_else(|| {
            let other = [
                (Level::Debug, &["dbg", "verbose", "fine"][..]),
                (Level::Info, &["information", "informational", "notice", "inf"]),
                (Level::Warning, &["wrn"]),
                (Level::Error, &["err", "severe", "eror"]),
                (Level::Critical, &["crit", "alert", "emerg", "emergency", "panic", "dpanic"]),
            ];
            other.into_iter().find(|(_, words)| is(words)).map(|(level, _)| level)
        });
    }
    Some(match value.as_u64()? {
        10 => Level::Trace,
        20 => Level::Debug,
        30 => Level::Info,
        40 => Level::Warning,
        50 => Level::Error,
        60 => Level::Critical,
        _ => return None,
    })
}

/// What our own lines in Elastic Common Schema tell of, as far as their type says it.
fn kind(line: &Line) -> Kind {
    let is = |word: &str| match line.get("event.type") {
        Some(Value::Array(words)) => words.iter().any(|other| other == word),
        Some(other) => other == word,
        None => false,
    };
    match line.get("event.action") {
        Some(_) if is("start") => Kind::OpStart,
        Some(_) if is("end") => Kind::OpEnd,
        _ if is("error") && line.get("labels.logwright_lost").is_some() => Kind::LogLoss,
        _ => Kind::Log,
    }
}

/// Our own word where it is there; the schema has fewer.
fn status(line: &Line, kind: Kind) -> Option<Status> {
    let own = line.get("labels.logwright_status").and_then(Value::as_str).and_then(Status::from_word);
    own.or_else(|| match line.get("event.outcome")?.as_str()? {
        "success" => Some(Status::Success),
        "failure" => Some(Status::Failure),
        _ => (kind == Kind::OpStart).then_some(Status::Started),
    })
}

#[cfg(test)]
mod tests {
    use logwright::record::{Timestamp, ecs, json};

    use super::*;

    /// Level, logger, message and operation of a line that is one.
    #[track_caller]
    fn check(line: &str, expected: Option<(Level, &str, &str, &str)>) {
        let record = read(line);
        let found = record.as_ref().map(|record| {
            assert_eq!(record.timestamp, Timestamp::parse("2026-11-22T12:45:15.642Z").unwrap(), "{line}");
            let operation = record.operation.as_deref().unwrap_or_default();
            (record.level, &*record.logger, &*record.message, operation)
        });
        assert_eq!(found, expected, "{line}");
    }

    #[test]
    fn the_lines_of_common_writers_are_records() {
        let info = |logger, message| Some((Level::Info, logger, message, ""));
        for (line, expected) in [
            // tracing-subscriber
            (
                r#"{"timestamp":"2026-11-22T12:45:15.642Z","level":"INFO","fields":{"message":"a","n":1},"target":"x::y","span":{"name":"s"}}"#,
                Some((Level::Info, "x::y", "a", "s")),
            ),
            // bunyan and pino
            (
                r#"{"name":"app","pid":7,"level":30,"msg":"a","time":"2026-11-22T12:45:15.642Z","v":0}"#,
                info("app", "a"),
            ),
            (r#"{"level":50,"time":1795351515642,"msg":"a"}"#, Some((Level::Error, "", "a", ""))),
            // zap
            (
                r#"{"level":"info","ts":1795351515.642,"logger":"x","caller":"a.go:1","msg":"a"}"#,
                info("x", "a"),
            ),
            // Python's, and logs of clouds
            (
                r#"{"levelname": "WARNING", "name": "x", "message": "a", "time": "2026-11-22T13:45:15.642+01:00"}"#,
                Some((Level::Warning, "x", "a", "")),
            ),
            (r#"{"severity":"NOTICE","message":"a","timestamp":"2026-11-22T12:45:15.642Z"}"#, info("", "a")),
            // Elastic's, with dots and without
            (
                r#"{"@timestamp":"2026-11-22T12:45:15.642Z","log.level":"FATAL","message":"a","log":{"logger":"x"}}"#,
                Some((Level::Critical, "x", "a", "")),
            ),
            (
                r#"{"@timestamp":"2026-11-22T12:45:15.642Z","log":{"level":"err"},"event":{"action":"o"}}"#,
                Some((Level::Error, "", "", "o")),
            ),
            // Only a level, only a message
            (r#"{"t":"2026-11-22T12:45:15.642Z","lvl":"dbg"}"#, Some((Level::Debug, "", "", ""))),
            (r#"{"ts":1795351515642000,"event":"a"}"#, info("", "a")),
        ] {
            check(line, expected);
        }
    }

    #[test]
    fn what_says_not_when_or_not_what_is_no_record() {
        for line in [
            "{}",
            r#"{"level":"info"}"#,
            r#"{"level":"info","msg":"a","time":"noon"}"#,
            r#"{"time":"2026-11-22T12:45:15.642Z"}"#,
            r#"{"time":"2026-11-22T12:45:15.642Z","msg":7,"level":true}"#,
            r#"[{"time":"2026-11-22T12:45:15.642Z","msg":"a"}]"#,
            r#"{"time":"2026-11-22T12:45:15.642Z","msg":"a"}x"#,
            r#"{"schema":"logwright/1","time":"2026-11-22T12:45:15.642Z","msg":"a"}"#,
        ] {
            check(line, None);
        }
    }

    #[test]
    fn our_own_lines_in_elastic_common_schema_say_the_same_as_our_own_schema() {
        let line = r#"{"schema":"logwright/1","kind":"op.end","timestamp":"2026-11-22T12:45:13.642007Z","level":"ERROR","logger":"x::y","message":"m","operation":"stitch","op_id":"6e0c63257de34c92","parent_id":"0000000000000001","trace_id":"ffffffffffffffffffffffffffffffff","run":"5f1d0a2c","seq":431,"pid":7,"thread":"main","start":"2026-11-22T12:45:11.299121Z","duration_ns":2342886104,"busy_ns":81230455,"status":"panicked","error":"page 7","error_type":"E","attempts":2,"retry_wait_ms":2000,"dropped_events":3}"#;
        let record = json::read(line).unwrap();
        let mut text = String::new();
        ecs::write(&mut text, &record, "app");
        assert_eq!(read(&text).unwrap(), record);
        let start = Record { kind: Kind::OpStart, status: Some(Status::Started), ..record };
        text.clear();
        ecs::write(&mut text, &start, "");
        assert_eq!(read(&text).unwrap(), start);
    }
}
