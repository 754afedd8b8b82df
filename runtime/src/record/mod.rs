//! A record: what one line of a log says, and the formats of lines: their writers, and with feature `read` the readers
//! of two of them.
//!
//! # The schema of JSON lines
//!
//! Each line of a JSON file is described by a JSON Schema, [`json::SCHEMA`], which is `runtime/schema/logwright-1.schema.json`
//! in the repository. It holds for what this version writes, and it promises to others who read it:
//!
//! - Every line says `"schema":"logwright/1"`. As long as it does, no key changes its type or its meaning, none becomes
//!   optional that a line of that kind must have, and a line that was valid stays valid.
//! - New keys and kinds may be added, so readers ignore keys that they do not know and take an unknown kind
//!   for `log`. Anything else is `logwright/2`.
//! - User data is only below `context`, `result` and `events[].data`, whose keys are the program's own.
//! - Keys come in one order, `schema`, `kind`, `timestamp`, `level`, `logger`, `message` first.
//!
//! Lines that [`json::write`] makes of a record that was never in a file have no `seq`.
//!
//! # Limits
//!
//! No text of a program's makes a log unreadable: a message has at most 16 KiB and any other text 4 KiB, as they stand
//! between the quotes of the JSON line, and the whole line has at most 64 KiB. A text that is longer is cut and ends in
//! `…`. Where the line still is too long, the longest values of `context`, `events`, `error_chain` and `result` become
//! `"…"`, and where that is not enough, these are left out whole. All that was cut is named in `truncated` by JSON
//! pointers, such as `/message` and `/events/3/data/body`; the key is there only then. Text lines have the same cut
//! texts. Of a text no more than 64 KiB are ever copied. An operation keeps 128 events, and fewer where these begin beyond
//! 64 KiB; `dropped_events` counts the others.

pub mod json;
pub mod ecs;
pub mod text;
#[cfg(feature = "read")]
mod read;
mod words;
pub(crate) mod limits;

use std::borrow::Cow;
use std::fmt;
use std::num::NonZero;

pub use crate::clock::Timestamp;
use crate::escape;
pub use crate::json::Json;
use crate::level::Level;
pub use words::{Kind, Status};

/// The number of an operation, unique within a trace; written as 16 hex digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OpId(pub NonZero<u64>);

/// The number that all operations under one outermost operation share; written as 32 hex digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TraceId(pub NonZero<u128>);

impl fmt::Display for OpId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl fmt::Display for TraceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

/// Text from a log, made safe to show: what forges lines or drives a terminal is written out, as in `\u{1b}`.
///
/// ```
/// # use logwright::record::Printable;
/// assert_eq!(Printable("a\x1b[2Jb\n").to_string(), r"a\u{1b}[2Jb\n");
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Printable<'a>(pub &'a str);

impl fmt::Display for Printable<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut safe = String::with_capacity(self.0.len());
        escape::push(&mut safe, self.0);
        f.pad(&safe)
    }
}

/// One record, as it is handed to every sink and as it is read back from a line.
///
/// What a record does not have is `None`, zero or empty. Text is as the program gave it: a format escapes it
/// when it writes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Record<'a> {
    /// What the record tells of.
    pub kind: Kind,
    /// When it was written.
    pub timestamp: Timestamp,
    /// How much it matters.
    pub level: Level,
    /// Who wrote it: a module path such as `chaptrix::stitch`, or the name given to `get_logger`.
    pub logger: Cow<'a, str>,
    /// What it says.
    pub message: Cow<'a, str>,
    /// The operation that it starts, ends or times.
    pub operation: Option<Cow<'a, str>>,
    /// The operation it belongs to: the one it starts or ends, or the one it was written in.
    pub op_id: Option<OpId>,
    /// The operation that one was called from.
    pub parent_id: Option<OpId>,
    /// The outermost operation's number.
    pub trace_id: Option<TraceId>,
    /// How many operations are around it; 0 for an outermost one.
    pub depth: Option<u32>,
    /// The run of the program that wrote it; a random number, written as 8 hex digits.
    pub run: Option<u32>,
    /// Its place among the records handed to the same sink: a gap is a lost record.
    pub seq: Option<u64>,
    /// The process.
    pub pid: Option<u32>,
    /// The thread's name.
    pub thread: Option<Cow<'a, str>>,
    /// The fields of the line or of the operation: a JSON object.
    pub context: Json<'a>,
    /// What happened within the operation: a JSON array.
    pub events: Json<'a>,
    /// When the operation started.
    pub start: Option<Timestamp>,
    /// How long it took, in nanoseconds of a monotonic clock.
    pub duration_ns: Option<u64>,
    /// How much of that an async operation spent being polled.
    pub busy_ns: Option<u64>,
    /// How the operation stands.
    pub status: Option<Status>,
    /// What went wrong, in the error's own words.
    pub error: Option<Cow<'a, str>>,
    /// The error's type.
    pub error_type: Option<Cow<'a, str>>,
    /// The causes below the error: a JSON array of strings.
    pub error_chain: Json<'a>,
    /// The fields computed from the operation's value: a JSON object.
    pub result: Json<'a>,
    /// How many calls the retries inside the operation made.
    pub attempts: Option<u64>,
    /// How long these waited, in milliseconds.
    pub retry_wait_ms: Option<u64>,
    /// Events that were not kept, there being too many.
    pub dropped_events: u64,
    /// What was cut to keep the line short: a JSON array of JSON pointers, such as `["/message","/context/page"]`.
    pub truncated: Json<'a>,
    /// Where in the source: `src/stitch.rs:12`.
    pub src: Option<Cow<'a, str>>,
    /// How many records a sink lost, in a record of that kind.
    pub lost: Option<u64>,
}

impl Record<'_> {
    /// The same record with everything in it owned.
    #[must_use]
    pub fn into_owned(self) -> Record<'static> {
        fn own(text: Cow<'_, str>) -> Cow<'static, str> {
            Cow::Owned(text.into_owned())
        }
        Record {
            logger: own(self.logger),
            message: own(self.message),
            operation: self.operation.map(own),
            thread: self.thread.map(own),
            context: self.context.into_owned(),
            events: self.events.into_owned(),
            error: self.error.map(own),
            error_type: self.error_type.map(own),
            error_chain: self.error_chain.into_owned(),
            result: self.result.into_owned(),
            truncated: self.truncated.into_owned(),
            src: self.src.map(own),
            kind: self.kind,
            timestamp: self.timestamp,
            level: self.level,
            op_id: self.op_id,
            parent_id: self.parent_id,
            trace_id: self.trace_id,
            depth: self.depth,
            run: self.run,
            seq: self.seq,
            pid: self.pid,
            start: self.start,
            duration_ns: self.duration_ns,
            busy_ns: self.busy_ns,
            status: self.status,
            attempts: self.attempts,
            retry_wait_ms: self.retry_wait_ms,
            dropped_events: self.dropped_events,
            lost: self.lost,
        }
    }

    /// How long the operation took, in seconds.
    #[must_use]
    pub fn seconds(&self) -> Option<f64> {
        self.duration_ns.map(|ns| ns as f64 / 1e9)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A record that has everything.
    pub(super) fn full() -> Record<'static> {
        Record {
            kind: Kind::OpEnd,
            timestamp: Timestamp::from_micros(1_795_351_513_642_007),
            level: Level::Error,
            logger: "chaptrix::stitch".into(),
            message: "stitch failed after 2.343 s: page 7".into(),
            operation: Some("stitch".into()),
            op_id: NonZero::new(0x6e0c_6325_7de3_4c92).map(OpId),
            parent_id: NonZero::new(1).map(OpId),
            trace_id: NonZero::new(u128::MAX).map(TraceId),
            depth: Some(1),
            run: Some(0x5f1d_0a2c),
            seq: Some(431),
            pid: Some(7),
            thread: Some("main".into()),
            context: Json::new(r#"{"comic":"Tower\u001b","n":12}"#),
            events: Json::new(r#"[{"type":"saved","data":{"page":6}}]"#),
            start: Some(Timestamp::from_micros(1_795_351_511_299_121)),
            duration_ns: Some(2_342_886_104),
            busy_ns: Some(81_230_455),
            status: Some(Status::Failure),
            error: Some("page 7".into()),
            error_type: Some("chaptrix::FetchError".into()),
            error_chain: Json::new(r#"["disk\nfull","no space"]"#),
            result: Json::new(r#"{"pages":0}"#),
            attempts: Some(2),
            retry_wait_ms: Some(2000),
            dropped_events: 3,
            truncated: Json::new(r#"["/message","/context/comic"]"#),
            src: Some("src/stitch.rs:12".into()),
            lost: Some(1),
        }
    }
}
