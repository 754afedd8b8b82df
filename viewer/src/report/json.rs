//! The same numbers as one JSON object. Lists are in the text report's order and whole; times are in seconds.

use logwright::record::Printable;
use serde_json::{Map, Value, json};

use crate::input::Coverage;
use crate::summary::Summary;

pub(super) fn render(paths: &[String], summary: &Summary, coverage: &Coverage) -> String {
    let levels: Map<_, _> =
        summary.levels().into_iter().map(|(level, count)| (level.to_string(), count.into())).collect();
    let loggers = summary.loggers().into_iter();
    let report = json!({
        "paths": paths,
        "first": summary.period.map(|(first, _)| first.to_string()),
        "last": summary.period.map(|(_, last)| last.to_string()),
        "levels": levels,
        "loggers": loggers.map(|(logger, count)| json!({"logger": logger, "count": count})).collect::<Vec<_>>(),
        "runs": summary.runs(),
        "operations": operations(summary),
        "unfinished": unfinished(summary),
        "errors": {"count": summary.errors, "first": first_errors(summary)},
        "coverage": covered(coverage),
    });
    printable(&format!("{report:#}\n"))
}

fn operations(summary: &Summary) -> Vec<Value> {
    let operations = summary.operations().into_iter().map(|(operation, calls)| {
        let durations = calls.durations();
        json!({
            "operation": operation,
            "count": calls.count(),
            "failed": calls.failed,
            "cancelled": calls.cancelled,
            "avg": durations.average().map(seconds),
            "min": durations.range.map(|(min, _)| seconds(min as f64)),
            "max": durations.range.map(|(_, max)| seconds(max as f64)),
            "total": seconds(durations.sum as f64),
        })
    });
    operations.collect()
}

fn unfinished(summary: &Summary) -> Vec<Value> {
    let started = summary.unfinished().into_iter();
    started
        .map(|start| json!({"operation": start.operation, "started": start.timestamp.to_string()}))
        .collect()
}

fn seconds(ns: f64) -> f64 {
    ns / 1e9
}

fn first_errors(summary: &Summary) -> Vec<Value> {
    let errors = summary.first_errors().map(|error| {
        json!({
            "timestamp": error.timestamp.to_string(),
            "level": error.level.as_str(),
            "logger": error.logger,
            "message": error.message,
        })
    });
    errors.collect()
}

fn covered(coverage: &Coverage) -> Value {
    let counts = &coverage.counts;
    let notes = coverage.notes.iter();
    json!({
        "files": coverage.files,
        "bytes": counts.bytes,
        "records": counts.records,
        "continuation": counts.continuation,
        "unparsed": counts.unparsed,
        "truncated": counts.truncated,
        "glued": counts.glued,
        "overlong": counts.overlong,
        "not_utf8": counts.not_utf8,
        "with_nul": counts.with_nul,
        "unreadable": coverage.unreadable,
        "skipped": coverage.skipped,
        "complete": coverage.is_complete(),
        "notes": notes
            .map(|note| json!({"name": note.name, "text": note.text, "problem": note.problem}))
            .collect::<Vec<_>>(),
    })
}

/// JSON allows characters that drive a terminal or turn its text around; they stand in strings only, where they
/// can be escaped.
fn printable(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    let mut buffer = [0; 4];
    for c in json.chars() {
        let text: &str = c.encode_utf8(&mut buffer);
        if c == '\n' || matches!(c, ' '..='~') || Printable(text).to_string() == text {
            out.push(c);
        } else {
            c.encode_utf16(&mut [0; 2]).iter().for_each(|unit| out.push_str(&format!("\\u{unit:04x}")));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use logwright::Level;
    use logwright::record::Record;

    use super::*;
    use crate::input::{Fold as _, Place};

    #[test]
    fn hostile_text_comes_back_from_json_but_is_never_raw() {
        let hostile = "\u{1b}[2J\u{9b}0m\u{7f}\u{202e}\u{feff}\n漫🦀";
        let mut summary = Summary::default();
        let record = Record { level: Level::Error, message: hostile.into(), ..Record::default() };
        summary.add(&record, Place::default());
        let report = render(&[], &summary, &Coverage::default());
        let visible = report.replace('\n', " ");
        assert_eq!(Printable(&visible).to_string(), visible);
        let value: Value = serde_json::from_str(&report).unwrap();
        assert_eq!(value["errors"]["first"][0]["message"], hostile);
    }

    #[test]
    fn what_was_not_measured_is_null() {
        let mut summary = Summary::default();
        let kind = logwright::record::Kind::OpEnd;
        let record = Record { kind, operation: Some("a".into()), ..Record::default() };
        summary.add(&record, Place::default());
        let value: Value = serde_json::from_str(&render(&[], &summary, &Coverage::default())).unwrap();
        let operation = &value["operations"][0];
        assert_eq!((&operation["count"], &operation["avg"]), (&json!(1), &Value::Null));
    }
}
