//! The JSON line, schema `logwright/1`: one object a line, keys in a fixed order, user data only under
//! `context`, `events[].data` and `result`. Read back, with feature `read`, by `record/read/json.rs`.

use super::{Record, Timestamp};
use crate::digits::{push_hex, push_seconds, push_u64};
use crate::json::push_str;
use crate::keys::{self, member};

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
    // The first member has no comma in front.
    line.word(&member::SCHEMA[1..], keys::SCHEMA_VERSION);
    line.word(member::KIND, record.kind.as_str());
    line.time(member::TIMESTAMP, record.timestamp);
    line.word(member::LEVEL, record.level.as_str());
    line.str(member::LOGGER, &record.logger);
    line.str(member::MESSAGE, &record.message);
    line.operation(record);
    line.origin(record, seq);
    line.raw(member::CONTEXT, record.context.as_str());
    line.outcome(record);
    if let Some(src) = &record.src {
        line.str(member::SRC, src);
    }
    line.end();
}

/// An object being written. A member has what comes before and after its key.
pub(super) struct Line<'a> {
    pub(super) out: &'a mut String,
}

impl<'a> Line<'a> {
    pub(super) fn begin(out: &'a mut String) -> Self {
        out.push('{');
        Self { out }
    }

    pub(super) fn end(self) {
        self.out.push_str("}\n");
    }
}

impl Line<'_> {
    /// The members that an operation's own records and those written inside it have.
    fn operation(&mut self, record: &Record<'_>) {
        if let Some(operation) = &record.operation {
            self.str(member::OPERATION, operation);
        }
        if let Some(op_id) = record.op_id {
            self.hex::<16>(member::OP_ID, op_id.0.get().into());
            match record.parent_id {
                Some(parent) => self.hex::<16>(member::PARENT_ID, parent.0.get().into()),
                None => self.raw(member::PARENT_ID, "null"),
            }
        }
        if let Some(trace_id) = record.trace_id {
            self.hex::<32>(member::TRACE_ID, trace_id.0.get());
        }
        self.count(member::DEPTH, record.depth.map(u64::from));
    }

    fn origin(&mut self, record: &Record<'_>, seq: Option<u64>) {
        if let Some(run) = record.run {
            self.hex::<8>(member::RUN, run.into());
        }
        self.count(member::SEQ, seq);
        self.count(member::PID, record.pid.map(u64::from));
        if let Some(thread) = &record.thread {
            self.str(member::THREAD, thread);
        }
    }

    fn outcome(&mut self, record: &Record<'_>) {
        self.raw(member::EVENTS, record.events.as_str());
        if let Some(start) = record.start {
            self.time(member::START, start);
        }
        if let Some(ns) = record.duration_ns {
            self.out.push_str(member::DURATION);
            push_seconds::<6>(self.out, ns);
            self.count(member::DURATION_NS, Some(ns));
        }
        self.count(member::BUSY_NS, record.busy_ns);
        if let Some(status) = record.status {
            self.word(member::STATUS, status.as_str());
        }
        if let Some(error) = &record.error {
            self.str(member::ERROR, error);
        }
        if let Some(error_type) = &record.error_type {
            self.str(member::ERROR_TYPE, error_type);
        }
        self.raw(member::ERROR_CHAIN, record.error_chain.as_str());
        self.raw(member::RESULT, record.result.as_str());
        self.count(member::ATTEMPTS, record.attempts);
        self.count(member::RETRY_WAIT_MS, record.retry_wait_ms);
        self.count(member::DROPPED_EVENTS, Some(record.dropped_events).filter(|&count| count > 0));
        self.raw(member::TRUNCATED, record.truncated.as_str());
        self.count(member::LOST, record.lost);
    }

    pub(super) fn str(&mut self, member: &str, value: &str) {
        self.out.push_str(member);
        push_str(self.out, value);
    }

    /// One of our own words, in which nothing needs an escape.
    pub(super) fn word(&mut self, member: &str, word: &str) {
        self.out.push_str(member);
        self.out.push('"');
        self.out.push_str(word);
        self.out.push('"');
    }

    pub(super) fn hex<const DIGITS: usize>(&mut self, member: &str, value: u128) {
        self.out.push_str(member);
        self.out.push('"');
        push_hex::<DIGITS>(self.out, value);
        self.out.push('"');
    }

    pub(super) fn time(&mut self, member: &str, time: Timestamp) {
        self.out.push_str(member);
        self.out.push('"');
        time.push_utc(self.out);
        self.out.push('"');
    }

    pub(super) fn count(&mut self, member: &str, value: Option<u64>) {
        if let Some(value) = value {
            self.out.push_str(member);
            push_u64(self.out, value);
        }
    }

    pub(super) fn raw(&mut self, member: &str, value: &str) {
        if !value.is_empty() {
            self.out.push_str(member);
            self.out.push_str(value);
        }
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
