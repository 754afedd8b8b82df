//! The text line: `2026-11-22 12:45:15,642 - chaptrix.stitch - ERROR - [4591:main] message key=value`.
//!
//! Any reader of `%(asctime)s - %(name)s - %(levelname)s - %(message)s`, a format of Python's `logging`, reads it. One
//! record is one line; what belongs to a record and needs lines of its own follows on lines that start with a TAB, which
//! a record never does. Read back, with feature `read`, by `record/read/text.rs`.

use std::fmt::Write as _;

use super::{Json, Kind, Record, Status};
use crate::digits::{push_seconds, push_u64};
use crate::json::{members, push_str, strings};
use crate::keys::{self, member};
use crate::{escape, level::Level};

#[cfg(feature = "read")]
pub use super::read::text::read;

/// Appends the record as a line of the text format, and the lines that continue it.
pub fn write(out: &mut String, record: &Record<'_>) {
    record.timestamp.push_local(out);
    out.push_str(" - ");
    escape::push_logger(out, &record.logger);
    out.push_str(" - ");
    out.push_str(record.level.as_str());
    out.push_str(" - [");
    push_u64(out, record.pid.unwrap_or_default().into());
    out.push(':');
    thread(out, record.thread.as_deref().unwrap_or_default());
    out.push_str("] ");
    if record.kind == Kind::OpEnd {
        operation(out, record);
    } else {
        escape::push(out, &record.message);
        fields(out, &record.context);
        trouble(out, record);
    }
    out.push('\n');
    causes(out, record);
}

/// A thread's name cannot end the brackets that it stands in.
fn thread(out: &mut String, name: &str) {
    let mut from = out.len();
    escape::push(out, name);
    while let Some(at) = out.as_bytes()[from..].iter().position(|&byte| byte == b']') {
        from += at + 1;
        out.replace_range(from - 1..from, ")");
    }
}

/// Appends a short form for people: `12:45:15 ERROR    chaptrix.stitch: message key=value`.
pub fn write_short(out: &mut String, record: &Record<'_>, style: Style) {
    record.timestamp.push_local_time(out);
    let level = record.level.as_str();
    for part in [" ", style.of(record.level), level, &"         "[level.len()..], style.end(), style.dim()] {
        out.push_str(part);
    }
    escape::push_logger(out, &record.logger);
    out.push_str(style.end());
    out.push_str(": ");
    escape::push(out, &record.message);
    fields(out, &record.context);
    trouble(out, record);
    out.push('\n');
    causes(out, record);
}

/// Whether the short form has colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Bytes of the line only.
    Plain,
    /// The level coloured, the logger dimmed.
    Coloured,
}

impl Style {
    fn of(self, level: Level) -> &'static str {
        match (self, level) {
            (Self::Plain, _) => "",
            (_, Level::Trace | Level::Debug) => "\x1b[2m",
            (_, Level::Info) => "\x1b[32m",
            (_, Level::Warning) => "\x1b[33m",
            (_, Level::Error) => "\x1b[31m",
            (_, Level::Critical) => "\x1b[1;31m",
        }
    }

    fn dim(self) -> &'static str {
        if self == Self::Plain { "" } else { "\x1b[2m" }
    }

    fn end(self) -> &'static str {
        if self == Self::Plain { "" } else { "\x1b[0m" }
    }
}

/// The guide's line for an operation's end: `Operation process_comic completed: {json}`.
fn operation(out: &mut String, record: &Record<'_>) {
    let word = match record.status {
        Some(Status::Failure) => "failed",
        Some(Status::Cancelled) => "cancelled",
        Some(Status::Panicked) => "panicked",
        _ => "completed",
    };
    let name = record.operation.as_deref().unwrap_or_default();
    out.push_str("Operation ");
    escape::push(out, name);
    push_all(out, format_args!(" {word}: {{\"{}\":", keys::OPERATION));
    push_str(out, name);
    fn or<'a>(json: &'a Json<'_>, empty: &'static str) -> &'a str {
        if json.is_empty() { empty } else { json.as_str() }
    }
    push_all(out, format_args!(",\"{}\":{}", keys::CONTEXT, or(&record.context, "{}")));
    push_all(out, format_args!(",\"{}\":{}", keys::EVENTS, or(&record.events, "[]")));
    if let Some(ns) = record.duration_ns {
        out.push_str(member::DURATION);
        push_seconds::<6>(out, ns);
    }
    if let Some(status) = record.status {
        push_all(out, format_args!(",\"{}\":\"{status}\"", keys::STATUS));
    }
    if let Some(error) = &record.error {
        push_all(out, format_args!(",\"{}\":", keys::ERROR));
        push_str(out, error);
    }
    if !record.result.is_empty() {
        push_all(out, format_args!(",\"{}\":{}", keys::RESULT, record.result.as_str()));
    }
    out.push('}');
}

/// ` key=value` for each field; the values stay the JSON that they are, escaped and on one line.
fn fields(out: &mut String, context: &Json<'_>) {
    for (key, value) in members(context.as_str()) {
        let name = key.strip_prefix('"').and_then(|key| key.strip_suffix('"')).unwrap_or(key);
        for part in [" ", name, "=", value] {
            out.push_str(part);
        }
    }
}

/// How a timed call ended, where that was not well; an operation's message says so itself.
fn trouble(out: &mut String, record: &Record<'_>) {
    let Some(status) = record.status.filter(|status| *status > Status::Success && record.kind == Kind::Log)
    else {
        return;
    };
    push_all(out, format_args!(" {}=\"{status}\"", keys::STATUS));
    if let Some(error) = &record.error {
        push_all(out, format_args!(" {}=", keys::ERROR));
        push_str(out, error);
    }
}

fn causes(out: &mut String, record: &Record<'_>) {
    for cause in strings(record.error_chain.as_str()) {
        out.push_str("\tcaused by: ");
        escape::push(out, &cause);
        out.push('\n');
    }
}

fn push_all(out: &mut String, text: std::fmt::Arguments<'_>) {
    out.write_fmt(text).expect("writing to a string cannot fail");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::tests::full;

    #[test]
    fn an_operations_end_is_the_guides_line() {
        let mut line = String::new();
        write(&mut line, &full());
        let (first, rest) = line.split_once('\n').unwrap();
        assert!(
            first.contains(
                r#" - chaptrix.stitch - ERROR - [7:main] Operation stitch failed: {"operation":"stitch","context":{"#
            ),
            "{first}"
        );
        assert_eq!(rest, "\tcaused by: disk\\nfull\n\tcaused by: no space\n");
    }

    #[test]
    fn a_value_cannot_start_a_line_of_its_own() {
        let forged = "x\n2026-11-22 12:45:15,642 - root - CRITICAL - forged";
        let record = Record { logger: "a".into(), message: forged.into(), ..Record::default() };
        let mut line = String::new();
        write(&mut line, &record);
        assert_eq!(line.lines().count(), 1);
    }

    #[test]
    fn a_threads_name_cannot_end_its_brackets() {
        let record = Record { pid: Some(7), thread: Some("a]b]] - \n".into()), ..Record::default() };
        let mut line = String::new();
        write(&mut line, &record);
        assert!(line.ends_with(" - [7:a)b)) - \\n] \n"), "{line}");
    }

    #[test]
    fn only_the_short_form_has_colours_and_only_its_own() {
        let record = Record { message: "\x1b[31mred".into(), ..Record::default() };
        let mut line = String::new();
        write_short(&mut line, &record, Style::Plain);
        assert!(!line.contains('\x1b'), "{line}");
        line.clear();
        write_short(&mut line, &record, Style::Coloured);
        assert_eq!(line.matches('\x1b').count(), 4, "{line}");
    }
}
