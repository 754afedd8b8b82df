//! The guide's report, in its order and under its headings, for a terminal: period, levels, loggers, operations,
//! errors, and at the end what was read.

use std::fmt::Write as _;

use super::table::{count, push_table, shown, time};
use crate::input::{Counts, Coverage};
use crate::summary::Summary;

const MAX_LOGGERS: usize = 10;
const MAX_OPERATIONS: usize = 50;
const MAX_UNFINISHED: usize = 10;
const MAX_NOTES: usize = 20;
const MAX_NAME: usize = 60;
const MAX_MESSAGE: usize = 200;

pub(super) fn render(name: &str, summary: &Summary, coverage: &Coverage) -> String {
    let mut out = format!("Log Analysis for {}\n{}\n", shown(name, MAX_MESSAGE), "=".repeat(50));
    if let Some((first, last)) = summary.period {
        push(&mut out, format_args!("Period: {first} to {last}\n"));
    }
    if summary.runs() > 1 {
        push(&mut out, format_args!("Runs: {}\n", count(summary.runs() as u64)));
    }
    levels(&mut out, summary);
    loggers(&mut out, summary);
    operations(&mut out, summary);
    unfinished(&mut out, summary);
    errors(&mut out, summary);
    covered(&mut out, coverage);
    out
}

fn levels(out: &mut String, summary: &Summary) {
    out.push_str("\nLog Level Distribution:\n");
    let rows = summary.levels().into_iter().map(|(level, number)| vec![format!("{level}:"), count(number)]);
    push_table(out, &rows.collect::<Vec<_>>());
}

fn loggers(out: &mut String, summary: &Summary) {
    out.push_str("\nLogger Distribution:\n");
    let loggers = summary.loggers();
    let shown_ones = loggers.iter().take(MAX_LOGGERS);
    let rows = shown_ones.map(|&(logger, number)| vec![format!("{}:", name(logger)), count(number)]);
    push_table(out, &rows.collect::<Vec<_>>());
    more(out, loggers.len(), MAX_LOGGERS, "loggers");
}

fn operations(out: &mut String, summary: &Summary) {
    out.push_str("\nOperation Performance:\n");
    let operations = summary.operations();
    let mut rows = Vec::new();
    if !operations.is_empty() {
        rows.push(
            ["operation", "count", "failed", "cancelled", "avg", "min", "max", "total"]
                .map(str::to_owned)
                .to_vec(),
        );
    }
    for (operation, calls) in operations.iter().take(MAX_OPERATIONS) {
        let durations = calls.durations();
        let mut row =
            vec![name(operation), count(calls.count()), count(calls.failed), count(calls.cancelled)];
        match (durations.average(), durations.range) {
            (Some(average), Some((min, max))) => {
                row.extend([average, min as f64, max as f64, durations.sum as f64].map(time));
            }
            _ => row.extend(std::iter::repeat_n("-".to_owned(), 4)),
        }
        rows.push(row);
    }
    push_table(out, &rows);
    more(out, operations.len(), MAX_OPERATIONS, "operations");
}

/// What a process left open when it died; nothing where all ended.
fn unfinished(out: &mut String, summary: &Summary) {
    let started = summary.unfinished();
    if started.is_empty() {
        return;
    }
    push(out, format_args!("\nUnfinished Operations ({}):\n", count(started.len() as u64)));
    for (at, start) in started.iter().take(MAX_UNFINISHED).enumerate() {
        let operation = name(&start.operation);
        push(out, format_args!("  {}. {operation}, started {}\n", at + 1, start.timestamp));
    }
    more(out, started.len(), MAX_UNFINISHED, "operations");
}

fn errors(out: &mut String, summary: &Summary) {
    push(out, format_args!("\nErrors ({}):\n", count(summary.errors)));
    for (at, error) in summary.first_errors().enumerate() {
        let (logger, message) = (name(&error.logger), shown(&error.message, MAX_MESSAGE));
        push(out, format_args!("  {}. [{}] {logger}: {message}\n", at + 1, error.timestamp));
    }
    let kept = summary.first_errors().len() as u64;
    if summary.errors > kept {
        push(out, format_args!("  ... and {} more errors\n", count(summary.errors - kept)));
    }
}

/// The coverage line: what there was and what became of it; the rarer things only where there are any.
fn covered(out: &mut String, coverage: &Coverage) {
    let Counts { bytes, records, continuation, unparsed, truncated, glued, overlong, not_utf8, with_nul } =
        coverage.counts;
    let always = [
        (coverage.files, "files"),
        (bytes, "bytes"),
        (records, "records"),
        (continuation, "continuation lines"),
        (unparsed, "unparsed"),
        (truncated, "truncated"),
        (coverage.unreadable, "unreadable"),
        (coverage.skipped, "skipped"),
    ];
    let rare = [
        (glued, "glued lines"),
        (overlong, "overlong lines"),
        (not_utf8, "lines not UTF-8"),
        (with_nul, "lines with NUL"),
    ];
    let rare = rare.into_iter().filter(|&(number, _)| number > 0);
    let parts = always.into_iter().chain(rare).map(|(number, what)| format!("{what} {}", count(number)));
    push(out, format_args!("\nCoverage: {}\n", parts.collect::<Vec<_>>().join(", ")));
    // Problems first: they must not be among those left out.
    let (problems, others): (Vec<_>, Vec<_>) = coverage.notes.iter().partition(|note| note.problem);
    for note in problems.into_iter().chain(others).take(MAX_NOTES) {
        push(out, format_args!("  {}: {}\n", shown(&note.name, MAX_MESSAGE), shown(&note.text, MAX_MESSAGE)));
    }
    more(out, coverage.notes.len(), MAX_NOTES, "notes");
}

fn name(text: &str) -> String {
    if text.is_empty() { "(unnamed)".to_owned() } else { shown(text, MAX_NAME) }
}

fn more(out: &mut String, all: usize, max: usize, what: &str) {
    if all > max {
        push(out, format_args!("  ... and {} more {what}\n", count((all - max) as u64)));
    }
}

fn push(out: &mut String, text: std::fmt::Arguments<'_>) {
    out.write_fmt(text).expect("writing to a string cannot fail");
}

#[cfg(test)]
mod tests {
    use logwright::Level;
    use logwright::record::{Record, Timestamp};

    use super::*;
    use crate::input::{Fold as _, Place};

    #[test]
    fn a_report_has_the_guides_sections() {
        let mut summary = Summary::default();
        let call = Record {
            level: Level::Debug,
            logger: "chaptrix::stitch".into(),
            operation: Some("stitch".into()),
            duration_ns: Some(123_000),
            timestamp: Timestamp::from_micros(1_000_000),
            ..Record::default()
        };
        let error = Record {
            level: Level::Error,
            message: "no\u{1b}[2J page\nforged".into(),
            operation: None,
            ..call.clone()
        };
        summary.add(&call, Place::default());
        (0..12).for_each(|_| summary.add(&error, Place::default()));
        let report = render("a.log", &summary, &Coverage::default());
        let start = "Log Analysis for a.log\n==================================================\n\
             Period: 1970-01-01T00:00:01.000000Z to 1970-01-01T00:00:01.000000Z\n\n\
             Log Level Distribution:\n  ERROR:  12\n  DEBUG:   1\n\n\
             Logger Distribution:\n  chaptrix::stitch:  13\n\n\
             Operation Performance:\n  operation  count  failed  cancelled     avg     min     max   total\n  \
             stitch         1       0          0  123 µs  123 µs  123 µs  123 µs\n\n\
             Errors (12):\n  1. [1970-01-01T00:00:01.000000Z] chaptrix::stitch: no\\u{1b}[2J page\\nforged\n";
        assert!(report.starts_with(start), "{report}");
        let end = "  ... and 2 more errors\n\n\
             Coverage: files 0, bytes 0, records 0, continuation lines 0, unparsed 0, truncated 0, unreadable 0, \
             skipped 0\n";
        assert!(report.ends_with(end), "{report}");
    }

    #[test]
    fn what_is_left_out_is_counted() {
        let mut summary = Summary::default();
        for n in 0..60 {
            let name = n.to_string();
            let operation = Some(name.as_str().into());
            let record =
                Record { logger: name.as_str().into(), operation, duration_ns: Some(1), ..Record::default() };
            summary.add(&record, Place::default());
        }
        let report = render("a.log", &summary, &Coverage::default());
        assert!(report.contains("... and 50 more loggers\n"), "{report}");
        assert!(report.contains("... and 10 more operations\n"), "{report}");
    }
}
