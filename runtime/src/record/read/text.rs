//! Reads the text line that `record/text.rs` writes, and those of Python's `logging`.

use std::borrow::Cow;
use std::sync::LazyLock;

use memchr::memmem::Finder;

use super::{local, values};
use crate::keys;
use crate::record::{Json, Kind, Record, Status, Timestamp};

/// Reads a line of this format or of Python's `logging`; `None` for any other line, one that continues
/// a record included.
///
/// What the message says of an operation is read as well: `stitch executed in 1.23 seconds` and
/// `Operation stitch completed: {json}`. With feature `read` only.
///
/// ```
/// use logwright::record::text;
/// let record = text::read("2026-11-22 12:45:15,642 - stitcher - DEBUG - stitch executed in 1.50 seconds").unwrap();
/// assert_eq!(record.operation.as_deref(), Some("stitch"));
/// assert_eq!(record.seconds(), Some(1.5));
/// ```
#[must_use]
pub fn read(line: &str) -> Option<Record<'_>> {
    let line = line.trim_end_matches(['\n', '\r']);
    let (stamp, rest) = line.split_at_checked(23)?;
    let timestamp = local_time(stamp)?;
    let (logger, rest) = up_to_dash(rest.strip_prefix(" - ")?)?;
    let (level, rest) = up_to_dash(rest)?;
    let level = values::level(level)?;
    let mut record = Record { timestamp, level, logger: Cow::Borrowed(logger), ..Record::default() };
    let message = origin(rest, &mut record);
    record.message = Cow::Borrowed(message);
    timing(message, &mut record);
    end(message, &mut record);
    Some(record)
}

/// `2026-11-22 12:45:15,642`, as a time of this machine's zone.
fn local_time(text: &str) -> Option<Timestamp> {
    let (seconds, millis) = text.split_at_checked(19)?;
    let millis = millis.strip_prefix(',').filter(|digits| digits.len() == 3)?;
    let millis = values::digits(millis.as_bytes())?;
    Some(Timestamp::from_micros(local::time(seconds)?.as_micros() + 1000 * i64::from(millis)))
}

/// What stands before the first ` - `, and what behind it. That is near, mostly.
fn up_to_dash(text: &str) -> Option<(&str, &str)> {
    let at = text.as_bytes().windows(3).position(|bytes| bytes == b" - ")?;
    Some((&text[..at], &text[at + 3..]))
}

/// Takes `[pid:thread] ` off the front, where our own lines have it.
fn origin<'a>(rest: &'a str, record: &mut Record<'a>) -> &'a str {
    let parts = rest.strip_prefix('[').and_then(|inner| {
        let (pid, after) = inner.split_once(':')?;
        let (thread, message) = after.split_once("] ")?;
        Some((pid.parse().ok()?, thread, message))
    });
    let Some((pid, thread, message)) = parts else { return rest };
    (record.pid, record.thread) = (Some(pid), Some(Cow::Borrowed(thread)));
    message
}

/// `NAME executed in SECONDS seconds`
fn timing<'a>(message: &'a str, record: &mut Record<'a>) {
    const EXECUTED: &str = " executed in ";
    static FINDER: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(EXECUTED));
    let Some(at) = FINDER.find(message.as_bytes()) else { return };
    let (before, after) = (&message[..at], &message[at + EXECUTED.len()..]);
    // No number has a space in it.
    let end = after.bytes().position(|byte| byte == b' ').filter(|&end| after[end..].starts_with(" seconds"));
    let Some(ns) = end.and_then(|end| values::nanos(&after[..end])) else { return };
    let name = before.bytes().rposition(|byte| byte == b' ').map_or(before, |at| &before[at + 1..]);
    record.operation = Some(Cow::Borrowed(name));
    record.duration_ns = Some(ns);
}

/// `Operation NAME completed: {json}`
fn end<'a>(message: &'a str, record: &mut Record<'a>) {
    let parts = message.strip_prefix("Operation ").and_then(|rest| rest.split_once(": {"));
    let Some((head, _)) = parts else { return };
    if !["completed", "failed", "cancelled", "panicked"].iter().any(|word| head.ends_with(word)) {
        return;
    }
    let json = &message["Operation ".len() + head.len() + 2..];
    let Ok(value) = serde_json::from_str::<serde_json::Value>(json) else { return };
    let text = |key: &str| value[key].as_str().map(|text| Cow::Owned(text.to_owned()));
    let duration = value[keys::DURATION].as_f64().filter(|seconds| (0.0..1e9).contains(seconds));
    let object = |key: &str| match &value[key] {
        serde_json::Value::Null => Json::default(),
        found => Json::new(found.to_string()),
    };
    *record = Record {
        kind: Kind::OpEnd,
        operation: text(keys::OPERATION),
        context: object(keys::CONTEXT),
        events: object(keys::EVENTS),
        result: object(keys::RESULT),
        duration_ns: duration.map(|seconds| (seconds * 1e9).round() as u64),
        status: value[keys::STATUS].as_str().and_then(Status::from_word),
        error: text(keys::ERROR),
        ..std::mem::take(record)
    };
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::level::Level;
    use crate::record::tests::full;
    use crate::record::text::write;

    #[test]
    fn an_operations_end_comes_back() {
        let mut lines = String::new();
        write(&mut lines, &full());
        let back = read(lines.lines().next().unwrap()).unwrap();
        assert_eq!(
            (back.operation.as_deref(), back.status, back.error.as_deref(), back.thread.as_deref()),
            (Some("stitch"), Some(Status::Failure), Some("page 7"), Some("main"))
        );
        assert_eq!(back.duration_ns, Some(2_342_886_000));
    }

    #[test]
    fn the_guides_lines_are_read() {
        let line = "2026-11-22 12:45:15,642 - adapter.baozimh - WARNING - Attempt 1 failed: a - b. Retrying in 2 seconds...";
        let record = read(line).unwrap();
        assert_eq!((record.level, &*record.logger), (Level::Warning, "adapter.baozimh"));
        assert_eq!(record.message, "Attempt 1 failed: a - b. Retrying in 2 seconds...");
        for other in
            ["", "Traceback (most recent call last):", "\tcaused by: x", "2026-11-22 12:45:15,642 - a - b"]
        {
            assert_eq!(read(other), None, "{other}");
        }
    }

    #[test]
    fn local_time_round_trips_to_the_millisecond() {
        let stamp = Timestamp::from_micros(1_795_351_513_642_000);
        let mut text = String::new();
        stamp.push_local(&mut text);
        assert_eq!(local_time(&text), Some(stamp), "{text}");
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in ["", "2026-11-22 12:45:15", "2026-13-22 12:45:15,642", "x026-11-22 12:45:15,642"] {
            assert_eq!(local_time(text), None, "{text}");
        }
    }
}
