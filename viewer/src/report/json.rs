//! The same numbers as one JSON object. Lists are in the text report's order and whole; times are in seconds.

use logwright::record::{Printable, Timestamp};
use serde_json::{Map, Value, json};

use super::{Report, Selection};
use crate::analysis::{Analysis, findings};
use crate::facts::{Names, Problem};
use crate::input::Coverage;
use crate::runs::Runs;
use crate::summary::{Bucket, Occurrences, Summary};

/// The report as a value, for what is made of it in other formats.
pub(super) fn value(paths: &[String], report: &Report<'_>) -> Value {
    let Report { analysis, coverage, .. } = *report;
    let Analysis { summary, names, runs, .. } = analysis;
    let levels: Map<_, _> =
        summary.levels().into_iter().map(|(level, count)| (level.to_string(), count.into())).collect();
    let loggers = summary.loggers(names).into_iter();
    let findings = findings(analysis).into_iter();
    let mut value = json!({
        "paths": paths,
        "first": summary.period.map(|(first, _)| first.to_string()),
        "last": summary.period.map(|(_, last)| last.to_string()),
        "findings": findings.map(|found| json!({"kind": found.kind, "text": found.text})).collect::<Vec<_>>(),
        "levels": levels,
        "over_time": over_time(summary),
        "loggers": loggers.map(|(logger, count)| json!({"logger": logger, "count": count})).collect::<Vec<_>>(),
        "loggers_told_apart": !names.loggers.is_full(),
        "operations_told_apart": !names.operations.is_full(),
        "runs": runs.len(),
        "runs_told_apart": !runs.is_full,
        "gaps": gaps(runs),
        "operations": operations(summary, names),
        "retries": retries(summary, names),
        "unfinished": unfinished(analysis),
        "problems": problems(summary, names),
        "errors": {"count": summary.errors(), "first": first_errors(analysis)},
        "coverage": covered(coverage),
    });
    add_what_was_asked_for(&mut value, report);
    value
}

/// What is in the report only where it was asked for.
fn add_what_was_asked_for(value: &mut Value, report: &Report<'_>) {
    if let Some(selection) = &report.selection {
        value["selection"] = selected(selection);
    }
    if let Some(differences) = &report.differences {
        let differences = differences.iter().map(|one| json!({"kind": one.kind, "text": one.text}));
        value["differences"] = differences.collect();
    }
    if let Some(never_ran) = &report.never_ran {
        let never_ran = never_ran.iter().map(|one| json!({"operation": one.name, "src": one.src}));
        value["never_ran"] = never_ran.collect();
    }
}

fn selected(selection: &Selection) -> Value {
    json!({
        "filter": selection.filter,
        "since": selection.range.since.map(|time| time.to_string()),
        "until": selection.range.until.map(|time| time.to_string()),
        "matched": selection.matched,
        "records": selection.records,
    })
}

fn over_time(summary: &Summary) -> Value {
    const BUCKETS: usize = 120;
    let (buckets, width) = summary.timeline.in_buckets(BUCKETS);
    let bucket = |(from, bucket): &(Timestamp, Bucket)| {
        json!({
            "from": from.to_string(),
            "records": bucket.records(),
            "errors": bucket.errors(),
            "calls": bucket.calls,
            "retries": bucket.retries,
        })
    };
    json!({"seconds": width / 1_000_000, "buckets": buckets.iter().map(bucket).collect::<Vec<_>>()})
}

/// The records that are missing between others, for each run that lacks some.
fn gaps(runs: &Runs) -> Vec<Value> {
    const MOST: usize = 100;
    let runs = runs.counted().into_iter().filter(|(_, run)| run.sequence.missing() > 0);
    let gaps = runs.map(|(id, run)| {
        let mut gaps = run.sequence.gaps();
        gaps.truncate(MOST);
        json!({
            "run": format!("{:08x}", id.run),
            "pid": id.pid,
            "missing": run.sequence.missing(),
            "first": gaps,
        })
    });
    gaps.collect()
}

fn operations(summary: &Summary, names: &Names) -> Vec<Value> {
    let called = summary.operations(names).into_iter().filter(|(_, operation)| operation.calls().count > 0);
    let operations = called.map(|(operation, calls)| {
        let calls = calls.calls();
        let durations = &calls.durations;
        let share = |share| durations.percentile(share).map(|ns| seconds(ns as f64));
        json!({
            "operation": operation,
            "count": calls.count,
            "failed": calls.failed,
            "cancelled": calls.cancelled,
            "avg": durations.average().map(seconds),
            "min": durations.range.map(|(min, _)| seconds(min as f64)),
            "p50": share(0.5),
            "p90": share(0.9),
            "p95": share(0.95),
            "p99": share(0.99),
            "max": durations.range.map(|(_, max)| seconds(max as f64)),
            "total": seconds(durations.sum as f64),
        })
    });
    operations.collect()
}

fn retries(summary: &Summary, names: &Names) -> Vec<Value> {
    let operations =
        summary.operations(names).into_iter().map(|(name, operation)| (name, &operation.retries));
    let retried = operations.filter(|(_, retries)| !retries.is_empty()).map(|(operation, retries)| {
        json!({
            "operation": operation,
            "retries": retries.again,
            "recovered": retries.recovered,
            "exhausted": retries.exhausted,
            "stopped": retries.stopped,
            "declined": retries.declined,
            "waited": retries.waited_ms as f64 / 1e3,
            "max_attempts": retries.max_attempts,
            "saved_by_attempt": by_attempt(&retries.saved_by),
            "failed_at_attempt": by_attempt(&retries.failed_at),
        })
    });
    retried.collect()
}

/// How many calls for the number of each attempt, where there are any.
pub(crate) fn by_attempt(counts: &[u64]) -> Map<String, Value> {
    let held = counts.iter().enumerate().filter(|&(_, &count)| count > 0);
    held.map(|(attempt, &count)| (attempt.to_string(), count.into())).collect()
}

fn unfinished(analysis: &Analysis) -> Vec<Value> {
    let started = analysis.unfinished().into_iter();
    let open = started.map(|start| {
        json!({
            "operation": start.operation,
            "started": start.timestamp.to_string(),
            "op_id": start.op_id.to_string(),
            "parent_id": start.parent_id.map(|id| id.to_string()),
            "run": start.run.map(|id| format!("{:08x}", id.run)),
        })
    });
    open.collect()
}

fn problems(summary: &Summary, names: &Names) -> Vec<Value> {
    summary.problems(names).iter().map(|(key, problem, found)| self::problem(key, problem, found)).collect()
}

/// A kind of problem, and how often it happened.
pub(crate) fn problem(key: &str, problem: &Problem, found: &Occurrences) -> Value {
    json!({
        "id": Problem::id(key),
        "place": problem.place,
        "error_type": problem.error_type,
        "text": problem.text,
        "records": found.records,
        "errors": found.errors,
        "first": found.seen.map(|(first, _)| first.to_string()),
        "last": found.seen.map(|(_, last)| last.to_string()),
    })
}

fn seconds(ns: f64) -> f64 {
    ns / 1e9
}

fn first_errors(analysis: &Analysis) -> Vec<Value> {
    let errors = analysis.first_errors().map(|error| {
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
pub(super) fn printable(json: &str) -> String {
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

    fn render(analysis: &Analysis) -> String {
        let report = Report {
            paths: &[],
            analysis,
            coverage: &Coverage::default(),
            selection: None,
            differences: None,
            never_ran: None,
        };
        printable(&format!("{:#}\n", value(&[], &report)))
    }

    #[test]
    fn hostile_text_comes_back_from_json_but_is_never_raw() {
        let hostile = "\u{1b}[2J\u{9b}0m\u{7f}\u{202e}\u{feff}\n漫🦀";
        let mut analysis = Analysis::default();
        let record = Record { level: Level::Error, message: hostile.into(), ..Record::default() };
        analysis.add(&record, Place::default());
        let report = render(&analysis);
        let visible = report.replace('\n', " ");
        assert_eq!(Printable(&visible).to_string(), visible);
        let value: Value = serde_json::from_str(&report).unwrap();
        assert_eq!(value["errors"]["first"][0]["message"], hostile);
    }

    #[test]
    fn what_was_not_measured_is_null() {
        let mut analysis = Analysis::default();
        let kind = logwright::record::Kind::OpEnd;
        let record = Record { kind, operation: Some("a".into()), ..Record::default() };
        analysis.add(&record, Place::default());
        let value: Value = serde_json::from_str(&render(&analysis)).unwrap();
        let operation = &value["operations"][0];
        assert_eq!((&operation["count"], &operation["avg"]), (&json!(1), &Value::Null));
    }
}
