//! What several pages show: levels, durations, links to records and traces.

use logwright::Level;
use logwright::record::{Status, Timestamp};
use maud::{Markup, html};

use super::{Context, when};
use crate::facts::Fact;
use crate::report::table::time;
use crate::serve::chart::Column;
use crate::summary::Bucket;

/// The word that a level is painted by, and the shape that stands for it.
pub(super) fn level_class(level: Level) -> &'static str {
    match level {
        Level::Trace => "trace",
        Level::Debug => "debug",
        Level::Info => "info",
        Level::Warning => "warning",
        Level::Error => "error",
        Level::Critical => "critical",
    }
}

fn shape(level: Level) -> &'static str {
    match level {
        Level::Trace => "·",
        Level::Debug => "○",
        Level::Info => "●",
        Level::Warning => "▲",
        Level::Error => "■",
        Level::Critical => "◆",
    }
}

/// A level by its word, its shape and its colour.
pub(super) fn level(level: Level) -> Markup {
    html! { span.{"level " (level_class(level))} { span aria-hidden="true" { (shape(level)) } " " (level.as_str()) } }
}

pub(super) fn legend() -> Markup {
    html! { p.legend { @for one in Level::ALL { (level(one)) " " } } }
}

/// A duration, or nothing where it was not measured.
pub(super) fn duration(ns: Option<u64>) -> String {
    ns.map_or_else(|| "–".to_owned(), |ns| time(ns as f64))
}

pub(super) fn percent(part: u64, whole: u64) -> String {
    if whole == 0 {
        return "–".to_owned();
    }
    format!("{:.1} %", part as f64 / whole as f64 * 100.0)
}

/// The record by itself, with those around it.
pub(super) fn record_link(context: &Context<'_>, fact: &Fact) -> String {
    context.view.link("/explorer", &[("at", &at(fact)), ("page", "")])
}

/// What a record is called in URLs.
pub(super) fn at(fact: &Fact) -> String {
    format!("{}:{}", fact.place.file, fact.place.offset)
}

/// The trace of a record, or the record where it has none.
pub(super) fn trace_link(context: &Context<'_>, fact: &Fact) -> String {
    match fact.trace {
        Some(trace) => context.view.link("/traces", &[("id", &format!("{trace:016x}"))]),
        None => record_link(context, fact),
    }
}

pub(super) fn is_failed(fact: &Fact) -> bool {
    matches!(fact.status, Some(Status::Failure | Status::Panicked))
}

/// A span of time as a link of the page it is on shows it: a bar leads to its own time.
pub(super) fn zoom(context: &Context<'_>, from: Timestamp, width: i64) -> String {
    let to = Timestamp::from_micros(from.as_micros().saturating_add(width));
    let (since, until) = (from.to_string(), to.to_string());
    context.view.link(&context.view.path, &[("since", &since), ("until", &until), ("days", ""), ("page", "")])
}

/// A bar for each bucket of time.
pub(super) fn over_time(
    context: &Context<'_>,
    (buckets, width): &(Vec<(Timestamp, Bucket)>, i64),
    parts: impl Fn(&Bucket) -> Vec<(&'static str, u64)>,
) -> Vec<Column> {
    let column = |(from, bucket): &(Timestamp, Bucket)| {
        let parts = parts(bucket);
        let numbers: Vec<_> =
            parts.iter().filter(|(_, n)| *n > 0).map(|(name, n)| format!("{n} {name}")).collect();
        let label = format!("{}: {}", when(*from), numbers.join(", "));
        Column { label, link: zoom(context, *from, *width), parts }
    };
    buckets.iter().map(column).collect()
}

/// From when to when the buckets reach, in microseconds.
pub(super) fn span((buckets, width): &(Vec<(Timestamp, Bucket)>, i64)) -> Option<(i64, i64)> {
    let (first, last) = (buckets.first()?.0.as_micros(), buckets.last()?.0.as_micros());
    Some((first, last.saturating_add(*width)))
}

/// When each quarter of the buckets begins.
pub(super) fn ticks((buckets, _): &(Vec<(Timestamp, Bucket)>, i64)) -> Vec<String> {
    let quarters = (0..4).map(|quarter| buckets.get(buckets.len() * quarter / 4));
    // Without the fraction of a second.
    quarters.flatten().map(|(time, _)| when(*time).chars().take(19).collect()).collect()
}
