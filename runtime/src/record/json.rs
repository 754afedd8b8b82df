//! The JSON line, schema `logwright/1`: one object a line, keys in a fixed order, user data only under
//! `context`, `events[].data` and `result`.

use std::borrow::Cow;
use std::fmt;
use std::num::NonZero;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::{Json, Kind, OpId, Record, Status, Timestamp, TraceId};
use crate::error::Error;
use crate::json::{push_hex, push_number, push_str, push_u64};
use crate::keys;

/// Appends the record as one line, its line feed included.
///
/// ```
/// use logwright::record::{json, Record};
/// let mut line = String::new();
/// json::write(&mut line, &Record { message: "2 pages\n".into(), ..Record::default() });
/// assert!(line.starts_with(r#"{"schema":"logwright/1","kind":"log","timestamp":"1970-01-01T"#));
/// assert_eq!(line.matches('\n').count(), 1);
/// ```
pub fn write(out: &mut String, record: &Record<'_>) {
    write_numbered(out, record, record.seq);
}

/// The same with the number that the writing sink gives to the record.
pub(crate) fn write_numbered(out: &mut String, record: &Record<'_>, seq: Option<u64>) {
    let mut line = Line { out, first: true };
    line.str(keys::SCHEMA, keys::SCHEMA_VERSION);
    line.str(keys::KIND, record.kind.as_str());
    line.time(keys::TIMESTAMP, record.timestamp);
    line.str(keys::LEVEL, record.level.as_str());
    line.str(keys::LOGGER, &record.logger);
    line.str(keys::MESSAGE, &record.message);
    line.operation(record);
    line.origin(record, seq);
    line.raw(keys::CONTEXT, &record.context);
    line.outcome(record);
    if let Some(src) = &record.src {
        line.str(keys::SRC, src);
    }
    line.out.push_str("}\n");
}

/// Reads one line; keys that it does not know are passed over.
///
/// # Errors
/// What is not a JSON object of this schema is named with the place where it stops being one.
pub fn read(line: &str) -> Result<Record<'_>, Error> {
    let found: Members<'_> = serde_json::from_str(line)
        .map_err(|error| Error::new(format!("not a {} record: {error}", keys::SCHEMA_VERSION)))?;
    if found.schema != keys::SCHEMA_VERSION {
        let schema = found.schema.escape_debug();
        return Err(Error::new(format!("schema is `{schema}`, not `{}`", keys::SCHEMA_VERSION)));
    }
    found.into_record()
}

/// An object being written.
struct Line<'a> {
    out: &'a mut String,
    first: bool,
}

impl Line<'_> {
    /// The members that an operation's own records and those written inside it have.
    fn operation(&mut self, record: &Record<'_>) {
        if let Some(operation) = &record.operation {
            self.str(keys::OPERATION, operation);
        }
        if let Some(op_id) = record.op_id {
            self.hex(keys::OP_ID, op_id.0.get().into(), 16);
            match record.parent_id {
                Some(parent) => self.hex(keys::PARENT_ID, parent.0.get().into(), 16),
                None => self.number(keys::PARENT_ID, "null"),
            }
        }
        if let Some(trace_id) = record.trace_id {
            self.hex(keys::TRACE_ID, trace_id.0.get(), 32);
        }
        self.count(keys::DEPTH, record.depth.map(u64::from));
    }

    fn origin(&mut self, record: &Record<'_>, seq: Option<u64>) {
        if let Some(run) = record.run {
            self.hex(keys::RUN, run.into(), 8);
        }
        self.count(keys::SEQ, seq);
        self.count(keys::PID, record.pid.map(u64::from));
        if let Some(thread) = &record.thread {
            self.str(keys::THREAD, thread);
        }
    }

    fn outcome(&mut self, record: &Record<'_>) {
        self.raw(keys::EVENTS, &record.events);
        if let Some(start) = record.start {
            self.time(keys::START, start);
        }
        if let Some(ns) = record.duration_ns {
            self.number(keys::DURATION, Seconds(ns));
            self.count(keys::DURATION_NS, Some(ns));
        }
        self.count(keys::BUSY_NS, record.busy_ns);
        if let Some(status) = record.status {
            self.str(keys::STATUS, status.as_str());
        }
        if let Some(error) = &record.error {
            self.str(keys::ERROR, error);
        }
        if let Some(error_type) = &record.error_type {
            self.str(keys::ERROR_TYPE, error_type);
        }
        self.raw(keys::ERROR_CHAIN, &record.error_chain);
        self.raw(keys::RESULT, &record.result);
        self.count(keys::ATTEMPTS, record.attempts);
        self.count(keys::RETRY_WAIT_MS, record.retry_wait_ms);
        self.count(keys::DROPPED_EVENTS, Some(record.dropped_events).filter(|&count| count > 0));
        self.count(keys::LOST, record.lost);
    }

    fn key(&mut self, key: &str) {
        self.out.push_str(if std::mem::take(&mut self.first) { "{\"" } else { ",\"" });
        self.out.push_str(key);
        self.out.push_str("\":");
    }

    fn str(&mut self, key: &str, value: &str) {
        self.key(key);
        push_str(self.out, value);
    }

    fn hex(&mut self, key: &str, value: u128, digits: u32) {
        self.key(key);
        self.out.push('"');
        push_hex(self.out, value, digits);
        self.out.push('"');
    }

    fn time(&mut self, key: &str, time: Timestamp) {
        self.key(key);
        self.out.push('"');
        time.push_utc(self.out);
        self.out.push('"');
    }

    fn number(&mut self, key: &str, value: impl fmt::Display) {
        self.key(key);
        push_number(self.out, format_args!("{value}"));
    }

    fn count(&mut self, key: &str, value: Option<u64>) {
        if let Some(value) = value {
            self.key(key);
            push_u64(self.out, value);
        }
    }

    fn raw(&mut self, key: &str, value: &Json<'_>) {
        if !value.is_empty() {
            self.key(key);
            self.out.push_str(value.as_str());
        }
    }
}

/// Nanoseconds, shown in seconds to the microsecond.
pub(super) struct Seconds(pub(super) u64);

impl fmt::Display for Seconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let micros = self.0 / 1000;
        write!(f, "{}.{:06}", micros / 1_000_000, micros % 1_000_000)
    }
}

/// The members of a line, as they stand there.
#[derive(Deserialize)]
struct Members<'a> {
    schema: Cow<'a, str>,
    #[serde(borrow, default)]
    kind: Cow<'a, str>,
    #[serde(borrow)]
    timestamp: Cow<'a, str>,
    #[serde(borrow)]
    level: Cow<'a, str>,
    #[serde(borrow, default)]
    logger: Cow<'a, str>,
    #[serde(borrow, default)]
    message: Cow<'a, str>,
    operation: Option<String>,
    op_id: Option<String>,
    parent_id: Option<String>,
    trace_id: Option<String>,
    depth: Option<u32>,
    run: Option<String>,
    seq: Option<u64>,
    pid: Option<u32>,
    thread: Option<String>,
    #[serde(borrow)]
    context: Option<&'a RawValue>,
    #[serde(borrow)]
    events: Option<&'a RawValue>,
    start: Option<String>,
    duration_ns: Option<u64>,
    busy_ns: Option<u64>,
    status: Option<String>,
    error: Option<String>,
    error_type: Option<String>,
    #[serde(borrow)]
    error_chain: Option<&'a RawValue>,
    #[serde(borrow)]
    result: Option<&'a RawValue>,
    attempts: Option<u64>,
    retry_wait_ms: Option<u64>,
    #[serde(default)]
    dropped_events: u64,
    src: Option<String>,
    lost: Option<u64>,
}

impl<'a> Members<'a> {
    fn into_record(self) -> Result<Record<'a>, Error> {
        let time = |text: &str| {
            let wrong = || Error::new(format!("cannot read `{}` as a time", text.escape_debug()));
            Timestamp::parse(text).ok_or_else(wrong)
        };
        let raw = |value: Option<&'a RawValue>| value.map_or_else(Json::default, |raw| Json::new(raw.get()));
        Ok(Record {
            kind: Kind::from_word(&self.kind),
            timestamp: time(&self.timestamp)?,
            level: self.level.parse()?,
            logger: self.logger,
            message: self.message,
            operation: self.operation.map(Cow::Owned),
            op_id: self.op_id.as_deref().and_then(read_op_id),
            parent_id: self.parent_id.as_deref().and_then(read_op_id),
            trace_id: self.trace_id.as_deref().and_then(read_trace_id),
            depth: self.depth,
            run: self.run.and_then(|run| u32::from_str_radix(&run, 16).ok()),
            seq: self.seq,
            pid: self.pid,
            thread: self.thread.map(Cow::Owned),
            context: raw(self.context),
            events: raw(self.events),
            start: self.start.as_deref().map(time).transpose()?,
            duration_ns: self.duration_ns,
            busy_ns: self.busy_ns,
            status: self.status.as_deref().and_then(Status::from_word),
            error: self.error.map(Cow::Owned),
            error_type: self.error_type.map(Cow::Owned),
            error_chain: raw(self.error_chain),
            result: raw(self.result),
            attempts: self.attempts,
            retry_wait_ms: self.retry_wait_ms,
            dropped_events: self.dropped_events,
            src: self.src.map(Cow::Owned),
            lost: self.lost,
        })
    }
}

fn read_op_id(text: &str) -> Option<OpId> {
    u64::from_str_radix(text, 16).ok().and_then(NonZero::new).map(OpId)
}

fn read_trace_id(text: &str) -> Option<TraceId> {
    u128::from_str_radix(text, 16).ok().and_then(NonZero::new).map(TraceId)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::tests::full;

    #[test]
    fn a_record_comes_back_as_it_was_written() {
        for record in [full(), Record { logger: "a".into(), ..Record::default() }] {
            let mut line = String::new();
            write(&mut line, &record);
            assert!(line.ends_with("}\n") && line.matches('\n').count() == 1, "{line}");
            assert_eq!(read(&line).unwrap(), record, "{line}");
        }
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
}
