//! The JSON line, schema `logwright/1`: one object a line, keys in a fixed order, user data only under
//! `context`, `events[].data` and `result`. Read back, with feature `read`, by `record/read/json.rs`.

use std::fmt;

use super::{Json, Record, Timestamp};
use crate::json::{push_hex, push_number, push_str, push_u64};
use crate::keys;

#[cfg(feature = "read")]
pub use super::read::json::read;

/// The JSON Schema (draft 2020-12) of the lines of a file, as text: `runtime/schema/logwright-1.schema.json`.
///
/// What it promises is told in [the module above](super#the-schema-of-json-lines).
///
/// ```
/// assert!(logwright::record::json::SCHEMA.contains("https://json-schema.org/draft/2020-12/schema"));
/// ```
pub const SCHEMA: &str = include_str!("../../schema/logwright-1.schema.json");

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
    let mut line = Line::begin(out);
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
    line.end();
}

/// An object being written.
pub(super) struct Line<'a> {
    pub(super) out: &'a mut String,
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
        self.raw(keys::TRUNCATED, &record.truncated);
        self.count(keys::LOST, record.lost);
    }
}

impl<'a> Line<'a> {
    pub(super) fn begin(out: &'a mut String) -> Self {
        Self { out, first: true }
    }

    pub(super) fn end(self) {
        self.out.push_str("}\n");
    }

    pub(super) fn key(&mut self, key: &str) {
        self.out.push_str(if std::mem::take(&mut self.first) { "{\"" } else { ",\"" });
        self.out.push_str(key);
        self.out.push_str("\":");
    }

    pub(super) fn str(&mut self, key: &str, value: &str) {
        self.key(key);
        push_str(self.out, value);
    }

    pub(super) fn hex(&mut self, key: &str, value: u128, digits: u32) {
        self.key(key);
        self.out.push('"');
        push_hex(self.out, value, digits);
        self.out.push('"');
    }

    pub(super) fn time(&mut self, key: &str, time: Timestamp) {
        self.key(key);
        self.out.push('"');
        time.push_utc(self.out);
        self.out.push('"');
    }

    pub(super) fn number(&mut self, key: &str, value: impl fmt::Display) {
        self.key(key);
        push_number(self.out, format_args!("{value}"));
    }

    pub(super) fn count(&mut self, key: &str, value: Option<u64>) {
        if let Some(value) = value {
            self.key(key);
            push_u64(self.out, value);
        }
    }

    pub(super) fn raw(&mut self, key: &str, value: &Json<'_>) {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::members;
    use crate::level::Level;
    use crate::record::tests::full;
    use crate::record::{Kind, Status};

    fn names(object: &str) -> Vec<&str> {
        members(object).map(|(key, _)| key.trim_matches('"')).collect()
    }

    #[test]
    fn line_schema_and_keys_name_the_same_in_the_same_order() {
        let mut line = String::new();
        write(&mut line, &full());
        assert_eq!(names(&line), keys::LINE);
        let schema: String = SCHEMA.lines().map(str::trim).collect();
        let (_, properties) = members(&schema).find(|(key, _)| *key == "\"properties\"").unwrap();
        assert_eq!(names(properties.trim()), keys::LINE);
    }

    #[test]
    fn the_schema_has_every_kind_and_status() {
        let listed = |words: &[&str]| SCHEMA.contains(&format!("\"enum\": {words:?}"));
        assert!(listed(&Kind::ALL.map(Kind::as_str)));
        assert!(listed(&Status::ALL.map(Status::as_str)));
        assert!(listed(&Level::ALL.map(Level::as_str)));
    }
}
