//! The first page: how many records, errors and loggers, the levels, the records over time, the latest errors, what stands out.

use logwright::Level;
use maud::{Markup, html};
use serde_json::{Map, Value, json};

use super::parts::{self, level_class, over_time, percent};
use super::rows::Row;
use super::{Context, safe, when};
use crate::analysis::{Finding, findings};
use crate::report::table::count;
use crate::serve::chart::{Column, Figure, bars};
use crate::serve::view::term;
use crate::summary::Bucket;

/// How many bars the records over time are.
const BARS: usize = 60;
/// How many of the latest errors are shown.
const ERRORS: usize = 10;
const FINDINGS: usize = 50;

pub(super) fn html(context: &Context<'_>) -> Markup {
    let summary = context.summary();
    let loggers = summary.loggers(&context.store.whole.names);
    let found = findings(&context.store.whole);
    html! {
        dl.metrics {
            div { dt { "Total records" } dd { (count(summary.records)) } }
            div { dt { "Errors" } dd { (count(summary.errors())) } }
            div { dt { "Unique loggers" } dd { (count(loggers.len() as u64)) } }
            @if let Some((first, last)) = summary.period {
                div { dt { "From" } dd.small { (when(first)) } }
                div { dt { "To" } dd.small { (when(last)) } }
            }
        }
        (findings_of(&found))
        (time(context))
        div.columns {
            (levels(context))
            section aria-label="Loggers" {
                h2 { "Loggers" }
                ul.facets { @for (logger, records) in loggers.iter().take(15) {
                    li { a href=(context.view.with_term("/explorer", &term("logger", logger))) { (safe(logger)) } " " span.number { (count(*records)) } }
                } }
                @if loggers.len() > 15 { p { "15 of " (loggers.len()) " loggers shown" } }
            }
        }
        (recent(context))
    }
}

fn findings_of(found: &[Finding]) -> Markup {
    html! {
        section aria-label="Findings" {
            h2 { "Findings" }
            @if found.is_empty() { p { "Nothing stands out." } }
            ul.findings { @for finding in found.iter().take(FINDINGS) { li { strong { (finding.kind) } " " (safe(&finding.text)) } } }
            @if found.len() > FINDINGS { p { (FINDINGS) " of " (found.len()) " findings shown" } }
            @if !found.is_empty() { p.note { "Of all that was read, whatever the filter: missing records and open operations are no matter of one." } }
        }
    }
}

fn time(context: &Context<'_>) -> Markup {
    let buckets = context.summary().timeline.in_buckets(BARS);
    let by_level = |bucket: &Bucket| {
        Level::ALL.map(|level| (level_class(level), bucket.levels[level as usize])).to_vec()
    };
    let columns = over_time(context, &buckets, by_level);
    let rows = buckets.0.iter().map(|(from, bucket)| {
        [vec![when(*from)], bucket.levels.iter().map(u64::to_string).collect()].concat()
    });
    let figure = Figure {
        id: "over-time",
        title: "Records over time",
        says: match context.summary().period {
            Some((first, last)) => format!(
                "{} records from {} to {}, {} s for each bar. A bar leads to its own time; drag to choose another one.",
                count(context.summary().records),
                when(first),
                when(last),
                buckets.1 / 1_000_000
            ),
            None => "No records.".to_owned(),
        },
        columns: &["From", "TRACE", "DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"],
        rows: rows.collect(),
    };
    html! { (bars(&figure, &columns, &parts::ticks(&buckets), parts::span(&buckets))) (parts::legend()) }
}

fn levels(context: &Context<'_>) -> Markup {
    let summary = context.summary();
    let levels = summary.levels();
    let column = |&(level, records): &(Level, u64)| Column {
        label: format!("{level}: {}", count(records)),
        link: context.view.with_term("/explorer", &format!("level={}", level_class(level))),
        parts: vec![(level_class(level), records)],
    };
    let columns: Vec<_> = levels.iter().map(column).collect();
    let row = |&(level, records): &(Level, u64)| {
        vec![level.to_string(), count(records), percent(records, summary.records)]
    };
    let figure = Figure {
        id: "levels",
        title: "Log level distribution",
        says: levels
            .iter()
            .map(|(level, records)| format!("{level} {}", count(*records)))
            .collect::<Vec<_>>()
            .join(", "),
        columns: &["Level", "Records", "Share"],
        rows: levels.iter().map(row).collect(),
    };
    let ticks = levels.iter().map(|(level, records)| format!("{level} {}", count(*records)));
    bars(&figure, &columns, &ticks.collect::<Vec<_>>(), None)
}

fn recent_errors<'a>(context: &Context<'a>) -> Vec<Row<'a>> {
    let store: &'a _ = context.store;
    let errors = (0..context.selection.len()).rev().map(|at| &store.facts[context.selection.index(at)]);
    errors.filter(|fact| fact.is_error()).take(ERRORS).map(|fact| Row::of(context, fact)).collect()
}

fn recent(context: &Context<'_>) -> Markup {
    let rows = recent_errors(context);
    let all = context.summary().errors();
    html! {
        section aria-label="Recent errors" {
            h2 { "Recent errors" }
            @if rows.is_empty() {
                p.good { "No errors found." }
            } @else {
                (super::rows::table(context, &rows))
                p { (rows.len()) " of " (count(all)) " shown. "
                    a href=(context.view.with_term("/explorer", "level>=error")) { "All errors" } }
            }
        }
    }
}

pub(super) fn json(context: &Context<'_>) -> Value {
    let summary = context.summary();
    let (buckets, width) = summary.timeline.in_buckets(BARS);
    let named = |counts: &[u64; Level::ALL.len()]| -> Map<String, Value> {
        Level::ALL.iter().zip(counts).map(|(level, count)| (level.to_string(), (*count).into())).collect()
    };
    let levels: Map<_, _> =
        summary.levels().into_iter().map(|(level, count)| (level.to_string(), count.into())).collect();
    let bucket = |(from, bucket): &(_, Bucket)| json!({"from": when(*from), "levels": named(&bucket.levels)});
    let loggers = summary.loggers(&context.store.whole.names);
    json!({
        "total": summary.records,
        "errors": summary.errors(),
        "unique_loggers": loggers.len(),
        "first": summary.period.map(|(first, _)| first.to_string()),
        "last": summary.period.map(|(_, last)| last.to_string()),
        "levels": levels,
        "loggers": loggers.iter().map(|(logger, count)| json!({"logger": logger, "count": count})).collect::<Vec<_>>(),
        "over_time": {"seconds": width / 1_000_000, "buckets": buckets.iter().map(bucket).collect::<Vec<_>>()},
        "recent_errors": recent_errors(context).iter().map(|row| row.json(context)).collect::<Vec<_>>(),
        "findings": findings(&context.store.whole).iter()
            .map(|found| json!({"kind": found.kind, "text": found.text})).collect::<Vec<_>>(),
    })
}
