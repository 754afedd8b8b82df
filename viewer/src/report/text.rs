//! The guide's report, in its order and under its headings, for a terminal: period, levels, loggers, operations,
//! errors, and at the end what was read.

use std::cmp::Reverse;

use super::table::{count, marks, push, push_table, shown, time};
use super::{Report, Selection};
use crate::analysis::{Analysis, Finding, findings};
use crate::catalogue::Annotated;
use crate::compare::Difference;
use crate::facts::{Names, Problem, Table};
use crate::input::{Counts, Coverage};
use crate::runs::Runs;
use crate::summary::{Calls, Summary};

const MAX_LOGGERS: usize = 10;
const MAX_OPERATIONS: usize = 50;
const MAX_UNFINISHED: usize = 10;
const MAX_FINDINGS: usize = 20;
const MAX_PROBLEMS: usize = 20;
const MAX_MARKS: usize = 60;
const MAX_NOTES: usize = 20;
const MAX_NAME: usize = 60;
const MAX_MESSAGE: usize = 200;

pub(super) fn render(name: &str, report: &Report<'_>) -> String {
    let Report { analysis, coverage, .. } = *report;
    let Analysis { summary, names, runs, .. } = analysis;
    let mut out = format!("Log Analysis for {}\n{}\n", shown(name, MAX_MESSAGE), "=".repeat(50));
    report.selection.iter().for_each(|selection| selected(&mut out, selection));
    if let Some((first, last)) = summary.period {
        push(&mut out, format_args!("Period: {first} to {last}\n"));
    }
    if runs.len() > 1 {
        let least = if runs.is_full { "more than " } else { "" };
        push(&mut out, format_args!("Runs: {least}{}\n", count(runs.len() as u64)));
    }
    report.differences.iter().for_each(|differences| different(&mut out, differences));
    found(&mut out, analysis);
    levels(&mut out, summary);
    over_time(&mut out, summary);
    loggers(&mut out, summary, names);
    operations(&mut out, summary, names);
    retries(&mut out, summary, names);
    report.never_ran.iter().for_each(|functions| never_ran(&mut out, functions));
    unfinished(&mut out, analysis);
    problems(&mut out, summary, names);
    errors(&mut out, analysis);
    covered(&mut out, runs, coverage);
    out
}

/// Which records the report is on, where it is not on all.
fn selected(out: &mut String, selection: &Selection) {
    let both = format!("{} {}", selection.filter, selection.times);
    let (matched, records) = (count(selection.matched), count(selection.records));
    push(out, format_args!("Filter: {}\n", shown(both.trim(), usize::MAX)));
    push(out, format_args!("Matched: {matched} of {records} records\n"));
}

/// What is different from another input.
fn different(out: &mut String, differences: &[Difference]) {
    push(
        out,
        format_args!("\nCompared With the Baseline ({} differences):\n", count(differences.len() as u64)),
    );
    for Difference { kind, text } in differences.iter().take(MAX_FINDINGS) {
        push(out, format_args!("  {kind:<8}  {}\n", shown(text, MAX_MESSAGE)));
    }
    more(out, differences.len(), MAX_FINDINGS, "differences");
}

/// Annotated functions that no record tells of.
fn never_ran(out: &mut String, functions: &[Annotated]) {
    push(out, format_args!("\nNever Ran ({}):\n", count(functions.len() as u64)));
    let rows =
        functions.iter().take(MAX_OPERATIONS).map(|one| vec![name(&one.name), shown(&one.src, MAX_NAME)]);
    push_table(out, &rows.collect::<Vec<_>>());
    more(out, functions.len(), MAX_OPERATIONS, "functions");
}

/// What should be looked at first; nothing where nothing stands out.
fn found(out: &mut String, analysis: &Analysis) {
    let findings = findings(analysis);
    if findings.is_empty() {
        return;
    }
    out.push_str("\nFindings:\n");
    for Finding { kind, text } in findings.iter().take(MAX_FINDINGS) {
        push(out, format_args!("  {kind:<5}  {}\n", shown(text, MAX_MESSAGE)));
    }
    more(out, findings.len(), MAX_FINDINGS, "findings");
}

fn levels(out: &mut String, summary: &Summary) {
    out.push_str("\nLog Level Distribution:\n");
    let rows = summary.levels().into_iter().map(|(level, number)| vec![format!("{level}:"), count(number)]);
    push_table(out, &rows.collect::<Vec<_>>());
}

/// Records and errors over time, as a line of marks each.
fn over_time(out: &mut String, summary: &Summary) {
    let (buckets, width) = summary.timeline.in_buckets(MAX_MARKS);
    if buckets.len() < 2 {
        return;
    }
    let each = time(width as f64 * 1e3);
    push(out, format_args!("\nLogs Over Time ({each} per mark):\n"));
    let records = marks(buckets.iter().map(|(_, bucket)| bucket.records()));
    let errors = marks(buckets.iter().map(|(_, bucket)| bucket.errors()));
    push(out, format_args!("  records  {}\n  errors   {}\n", records.trim_end(), errors.trim_end()));
}

fn loggers(out: &mut String, summary: &Summary, names: &Names) {
    out.push_str("\nLogger Distribution:\n");
    let loggers = summary.loggers(names);
    let shown_ones = loggers.iter().take(MAX_LOGGERS);
    let rows = shown_ones.map(|&(logger, number)| vec![format!("{}:", name(logger)), count(number)]);
    push_table(out, &rows.collect::<Vec<_>>());
    more(out, loggers.len(), MAX_LOGGERS, "loggers");
    together(out, &names.loggers, "loggers");
}

fn operations(out: &mut String, summary: &Summary, names: &Names) {
    out.push_str("\nOperation Performance:\n");
    let operations = summary.operations(names);
    let called: Vec<_> = operations.iter().filter(|(_, operation)| operation.calls().count > 0).collect();
    let mut rows = Vec::new();
    if !called.is_empty() {
        let head =
            ["operation", "count", "failed", "cancelled", "avg", "min", "p50", "p95", "p99", "max", "total"];
        rows.push(head.map(str::to_owned).to_vec());
    }
    for (operation, calls) in called.iter().take(MAX_OPERATIONS) {
        rows.push(row(operation, calls.calls()));
    }
    push_table(out, &rows);
    more(out, called.len(), MAX_OPERATIONS, "operations");
    together(out, &names.operations, "operations");
}

fn row(operation: &str, calls: &Calls) -> Vec<String> {
    let durations = &calls.durations;
    let mut row = vec![name(operation), count(calls.count), count(calls.failed), count(calls.cancelled)];
    match (durations.average(), durations.range) {
        (Some(average), Some((min, max))) => {
            let share = |share| durations.percentile(share).unwrap_or(max) as f64;
            let numbers =
                [average, min as f64, share(0.5), share(0.95), share(0.99), max as f64, durations.sum as f64];
            row.extend(numbers.map(time));
        }
        _ => row.extend(std::iter::repeat_n("-".to_owned(), 7)),
    }
    row
}

/// What retries cost and what came of them; nothing where nothing was retried.
fn retries(out: &mut String, summary: &Summary, names: &Names) {
    let operations = summary.operations(names);
    let mut retried: Vec<_> =
        operations.iter().map(|(name, operation)| (*name, &operation.retries)).collect();
    retried.retain(|(_, retries)| !retries.is_empty());
    if retried.is_empty() {
        return;
    }
    retried.sort_by_key(|&(name, retries)| (Reverse(retries.waited_ms), name));
    out.push_str("\nRetries:\n");
    let head = ["operation", "retries", "recovered", "gave up", "waited"];
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    for (operation, retries) in retried.iter().take(MAX_OPERATIONS) {
        let numbers = [retries.again, retries.recovered, retries.gave_up()].map(count);
        let mut row = vec![name(operation)];
        row.extend(numbers);
        row.push(time(retries.waited_ms as f64 * 1e6));
        rows.push(row);
    }
    push_table(out, &rows);
    more(out, retried.len(), MAX_OPERATIONS, "operations");
}

/// What a process left open when it died; nothing where all ended.
fn unfinished(out: &mut String, analysis: &Analysis) {
    let started = analysis.unfinished();
    if started.is_empty() {
        return;
    }
    let least = if analysis.runs.open.is_rough { "at least " } else { "" };
    push(out, format_args!("\nUnfinished Operations ({least}{}):\n", count(started.len() as u64)));
    for (at, start) in started.iter().take(MAX_UNFINISHED).enumerate() {
        let operation = name(&start.operation);
        push(out, format_args!("  {}. {operation}, started {}\n", at + 1, start.timestamp));
    }
    more(out, started.len(), MAX_UNFINISHED, "operations");
}

/// What went wrong, each kind once; nothing where all went well.
fn problems(out: &mut String, summary: &Summary, names: &Names) {
    let problems = summary.problems(names);
    if problems.is_empty() {
        return;
    }
    push(out, format_args!("\nProblems ({}):\n", count(problems.len() as u64)));
    for (key, problem, found) in problems.iter().take(MAX_PROBLEMS) {
        let (id, place) = (Problem::id(key), name(&problem.place));
        let times = format!("records {}, errors {}", count(found.records), count(found.errors));
        push(out, format_args!("  {id}  {place}: {} ({times}", shown(&problem.text, MAX_MESSAGE)));
        if let Some((first, last)) = found.seen.filter(|(first, last)| first != last) {
            push(out, format_args!(", {first} to {last}"));
        }
        out.push_str(")\n");
    }
    more(out, problems.len(), MAX_PROBLEMS, "problems");
}

fn errors(out: &mut String, analysis: &Analysis) {
    let all = analysis.summary.errors();
    push(out, format_args!("\nErrors ({}):\n", count(all)));
    for (at, error) in analysis.first_errors().enumerate() {
        let (logger, message) = (name(&error.logger), shown(&error.message, MAX_MESSAGE));
        push(out, format_args!("  {}. [{}] {logger}: {message}\n", at + 1, error.timestamp));
    }
    let kept = analysis.first_errors().len() as u64;
    if all > kept {
        push(out, format_args!("  ... and {} more errors\n", count(all - kept)));
    }
}

/// The coverage line: what there was and what became of it; the rarer things only where there are any.
fn covered(out: &mut String, runs: &Runs, coverage: &Coverage) {
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
        (runs.missing(), "records missing by their numbers"),
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

/// Says where names are no longer told apart.
fn together(out: &mut String, table: &Table, what: &str) {
    if table.is_full() {
        let told_apart = count(table.len() as u64 - 1);
        push(
            out,
            format_args!(
                "  there are more than {told_apart} {what}, so each count is the least it may be; the rest is in `(other)`\n"
            ),
        );
    }
}

fn more(out: &mut String, all: usize, max: usize, what: &str) {
    if all > max {
        push(out, format_args!("  ... and {} more {what}\n", count((all - max) as u64)));
    }
}

#[cfg(test)]
mod tests {
    use logwright::Level;
    use logwright::record::{Record, Timestamp};

    use super::*;
    use crate::input::{Fold as _, Place};

    fn rendered(analysis: &Analysis) -> String {
        let coverage = &Coverage::default();
        let report =
            Report { paths: &[], analysis, coverage, selection: None, differences: None, never_ran: None };
        render("a.log", &report)
    }

    #[test]
    fn a_report_has_the_guides_sections() {
        let mut analysis = Analysis::default();
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
        analysis.add(&call, Place::default());
        (0..12).for_each(|_| analysis.add(&error, Place::default()));
        let report = rendered(&analysis);
        let start = "Log Analysis for a.log\n==================================================\n\
             Period: 1970-01-01T00:00:01.000000Z to 1970-01-01T00:00:01.000000Z\n\n\
             Log Level Distribution:\n  ERROR:  12\n  DEBUG:   1\n\n\
             Logger Distribution:\n  chaptrix::stitch:  13\n\n\
             Operation Performance:\n  operation  count  failed  cancelled     avg     min     p50     p95     p99     max   total\n  \
             stitch         1       0          0  123 µs  123 µs  123 µs  123 µs  123 µs  123 µs  123 µs\n\n\
             Problems (1):\n  \
             1C42  chaptrix::stitch: no\\u{1b}[<n>J page (records 12, errors 12)\n\n\
             Errors (12):\n  1. [1970-01-01T00:00:01.000000Z] chaptrix::stitch: no\\u{1b}[2J page\\nforged\n";
        assert!(report.starts_with(start), "{report}");
        let end = "  ... and 2 more errors\n\n\
             Coverage: files 0, bytes 0, records 0, continuation lines 0, unparsed 0, truncated 0, unreadable 0, \
             skipped 0\n";
        assert!(report.ends_with(end), "{report}");
    }

    #[test]
    fn what_is_left_out_is_counted() {
        let mut analysis = Analysis::default();
        for n in 0..60 {
            let name = n.to_string();
            let operation = Some(name.as_str().into());
            let record =
                Record { logger: name.as_str().into(), operation, duration_ns: Some(1), ..Record::default() };
            analysis.add(&record, Place::default());
        }
        let report = rendered(&analysis);
        assert!(report.contains("... and 50 more loggers\n"), "{report}");
        assert!(report.contains("... and 10 more operations\n"), "{report}");
    }
}
