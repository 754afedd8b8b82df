//! What a whole record has, by key.

use std::borrow::Cow;

use logwright::record::{Json, Record};
use memchr::memmem;
use serde_json::Value as JsonValue;

use super::Fields;
use super::key::{Key, Value};
use crate::step::Step;

impl Fields for Record<'_> {
    fn value(&self, key: &Key) -> Option<Value<'_>> {
        Some(match key {
            Key::Level => Value::Level(self.level),
            Key::Operation => operation(self),
            Key::Logger => Value::Text(Cow::Borrowed(&self.logger)),
            Key::Duration => number(self.duration_ns),
            Key::Status => text(self.status.map(|status| status.as_str())),
            Key::Kind => Value::Text(Cow::Borrowed(self.kind.as_str())),
            Key::Message => Value::Text(Cow::Borrowed(&self.message)),
            Key::Error => text(self.error.as_deref()),
            Key::ErrorType => text(self.error_type.as_deref()),
            Key::Attempts => attempts(self),
            Key::RetryWait => number(self.retry_wait_ms.map(|ms| ms.saturating_mul(1_000_000))),
            Key::Busy => number(self.busy_ns),
            Key::Run => number(self.run),
            Key::Pid => number(self.pid),
            Key::Thread => text(self.thread.as_deref()),
            Key::Src => text(self.src.as_deref()),
            Key::Seq => number(self.seq),
            Key::Depth => number(self.depth),
            Key::OpId => number(self.op_id.map(|id| id.0.get())),
            Key::ParentId => number(self.parent_id.map(|id| id.0.get())),
            Key::TraceId => number(self.trace_id.map(|id| id.0.get())),
            Key::Lost => number(self.lost),
            Key::Context(path) => member(&self.context, path),
            Key::Result(path) => member(&self.result, path),
        })
    }
}

fn text(text: Option<&str>) -> Value<'_> {
    text.map_or(Value::Missing, |text| Value::Text(Cow::Borrowed(text)))
}

fn number(number: Option<impl Into<u128>>) -> Value<'static> {
    number.map_or(Value::Missing, |number| Value::Number(number.into()))
}

/// The operation, or the function that a retry tells of: it has a name, though it may be no operation.
fn operation<'a>(record: &'a Record<'_>) -> Value<'a> {
    match &record.operation {
        None => Step::of(record).map_or(Value::Missing, |(name, _)| Value::Text(name)),
        operation => text(operation.as_deref()),
    }
}

/// How many calls there were: so far, where a retry tells of one that failed.
fn attempts(record: &Record<'_>) -> Value<'static> {
    let told = || Step::of(record).map(|(_, step)| u64::from(step.attempts));
    number(record.attempts.or_else(told))
}

/// The value at a path of keys with dots between them, which may be in the keys as well.
fn member<'a>(json: &'a Json<'_>, path: &str) -> Value<'a> {
    let text = json.as_str();
    let first = path.split('.').next().unwrap_or(path);
    // Most records do not have it, which is seen without parsing, unless a key is written with escapes.
    if memmem::find(text.as_bytes(), first.as_bytes()).is_none() && !text.contains('\\') {
        return Value::Missing;
    }
    match at(&json.to_value(), path) {
        None | Some(JsonValue::Null) => Value::Missing,
        Some(JsonValue::String(text)) => Value::Text(Cow::Owned(text.clone())),
        Some(other) => Value::Text(Cow::Owned(other.to_string())),
    }
}

fn at<'v>(value: &'v JsonValue, path: &str) -> Option<&'v JsonValue> {
    let mut dots = path.match_indices('.');
    value.get(path).or_else(|| dots.find_map(|(dot, _)| at(value.get(&path[..dot])?, &path[dot + 1..])))
}
