//! What a JSON line says, by a parser that is not ours: for lines in which the fast reader of `json.rs` finds anything that
//! it does not expect, and to hold that one against.

use std::borrow::Cow;
use std::num::NonZero;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::error::Error;
use crate::keys;
use crate::record::{Json, Kind, OpId, Record, Status, Timestamp, TraceId};

/// Reads one line; what is not a JSON object of this schema is named with the place where it stops being one.
pub(super) fn read(line: &str) -> Result<Record<'_>, Error> {
    let found: Members<'_> = serde_json::from_str(line)
        .map_err(|error| Error::new(format!("not a {} record: {error}", keys::SCHEMA_VERSION)))?;
    if found.schema != keys::SCHEMA_VERSION {
        let schema = found.schema.escape_debug();
        return Err(Error::new(format!("schema is `{schema}`, not `{}`", keys::SCHEMA_VERSION)));
    }
    found.into_record()
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
    #[serde(borrow)]
    truncated: Option<&'a RawValue>,
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
            truncated: raw(self.truncated),
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
