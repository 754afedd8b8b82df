//! Traces: the outermost calls, the slowest first; and one of them with all calls in it, when each was and which of them kept the
//! others waiting.

use std::cmp::Reverse;

use maud::{Markup, html};
use serde_json::{Value, json};

use super::parts::{duration, is_failed, record_link};
use super::rows::{Row, table};
use super::{Context, safe, when};
use crate::facts::Fact;
use crate::report::table::count;
use crate::serve::chart::{Figure, Span, flame, waterfall};
use crate::serve::store::Store;
use crate::traces::{Call, Forest, Node};
use logwright::record::Kind;

const MOST: usize = 100;
/// So many calls of a trace are drawn, and so many of its records listed.
const CALLS: usize = 80;
const RECORDS: usize = 50;

pub(super) fn html(context: &Context<'_>) -> Markup {
    match context.view.get("id") {
        "" => list(context),
        id => one(context, id),
    }
}

pub(super) fn json(context: &Context<'_>) -> Value {
    let id = context.view.get("id");
    if id.is_empty() {
        let (traces, total) = traces(context);
        return json!({"total": total, "traces": traces.iter().map(|fact| Row::of(context, fact).json(context)).collect::<Vec<_>>()});
    }
    let trace = Trace::of(context, id);
    let one = |node: &Node| {
        json!({
            "operation": node.call.name,
            "op_id": node.call.op_id.to_string(),
            "parent_id": node.call.parent_id.map(|id| id.to_string()),
            "start": node.call.start.to_string(),
            "duration_ns": node.call.duration_ns,
            "status": node.call.status.map(|status| status.as_str()),
            "depth": node.depth,
            "critical": node.is_critical,
        })
    };
    json!({
        "trace": trace.name(id),
        "records": trace.facts.len(),
        "calls_left_out": trace.left_out,
        "calls": trace.forest.nodes.iter().map(one).collect::<Vec<_>>(),
    })
}

/// The calls that traces are shown by, and how many there are: the outermost ones, or those of one operation.
fn traces<'a>(context: &Context<'a>) -> (Vec<&'a Fact>, usize) {
    let names = &context.store.whole.names;
    let asked = Some(context.view.get("op")).filter(|op| !op.is_empty()).map(|op| names.operations.find(op));
    let only_failed = context.view.get("by") == "failed";
    let store: &'a _ = context.store;
    let all = (0..context.selection.len()).map(|at| &store.facts[context.selection.index(at)]);
    let all = all.filter(|fact| fact.kind == Kind::OpEnd && fact.trace.is_some());
    let all = all.filter(|fact| asked.map_or(fact.parent_id.is_none(), |name| fact.operation == name));
    let mut all: Vec<_> = all.filter(|fact| !only_failed || is_failed(fact)).collect();
    let total = all.len();
    if only_failed {
        all.reverse();
    } else {
        // The slowest need not be sorted among all.
        if total > MOST {
            all.select_nth_unstable_by_key(MOST, |fact| Reverse(fact.duration_ns));
        }
        all.truncate(MOST);
        all.sort_by_key(|fact| Reverse(fact.duration_ns));
    }
    all.truncate(MOST);
    (all, total)
}

fn list(context: &Context<'_>) -> Markup {
    let (traces, total) = traces(context);
    let view = context.view;
    let by = view.get("by");
    let rows: Vec<_> = traces.iter().map(|fact| Row::of(context, fact)).collect();
    html! {
        p {
            a href=(view.link("/traces", &[("by", "")])) aria-current=[by.is_empty().then_some("true")] { "Slowest" } " · "
            a href=(view.link("/traces", &[("by", "failed")])) aria-current=[(by == "failed").then_some("true")] { "Latest that failed" }
            @if !view.get("op").is_empty() {
                " · " a.chip href=(view.link("/traces", &[("op", "")])) { "op: " (safe(view.get("op"))) " ✕" }
            }
        }
        @if rows.is_empty() { p { "No traces: only JSON lines (" code { "app.jsonl" } ") say which call was made in which." } }
        @else { (table(context, &rows)) p { (rows.len()) " of " (count(total as u64)) " traces shown. Their operations lead to them." } }
    }
}

/// The number that facts know a trace by: the lower half of its own, which may also be given, or a call in it.
fn number_of(store: &Store, id: &str) -> Option<u64> {
    let half = if id.len() == 32 { id.get(16..)? } else { id };
    let number = u64::from_str_radix(half, 16).ok()?;
    let is_call = |fact: &&Fact| fact.op_id.is_some_and(|op_id| op_id.0.get() == number);
    let of_call = || store.facts.iter().find(is_call).and_then(|fact| fact.trace);
    if store.facts.iter().any(|fact| fact.trace == Some(number)) { Some(number) } else { of_call() }
}

/// All that is known of one trace.
struct Trace<'a> {
    facts: Vec<&'a Fact>,
    forest: Forest,
    left_out: usize,
}

impl<'a> Trace<'a> {
    /// Its whole number, as far as a call of it is there.
    fn name(&self, id: &str) -> String {
        let own = self.forest.nodes.first().and_then(|node| node.call.trace);
        own.map_or_else(|| id.to_owned(), |trace| trace.to_string())
    }

    fn of(context: &Context<'a>, id: &str) -> Self {
        let store: &'a _ = context.store;
        let trace = number_of(store, id);
        let facts: Vec<_> =
            store.facts.iter().filter(|fact| trace.is_some() && fact.trace == trace).collect();
        let is_call = |fact: &&&Fact| matches!(fact.kind, Kind::OpStart | Kind::OpEnd);
        let mut calls: Vec<Call> = Vec::new();
        let mut left_out = 0;
        // Ends come behind their starts, and say all that these do.
        for fact in facts.iter().filter(is_call).rev() {
            if calls.iter().any(|call| Some(call.op_id) == fact.op_id && call.run == fact.run) {
                continue;
            }
            if calls.len() == CALLS {
                left_out += 1;
                continue;
            }
            let call = context.files.record(fact).and_then(|record| Call::of(&record, fact.place));
            calls.extend(call);
        }
        Self { facts, forest: Forest::of(calls), left_out }
    }

    /// The calls as they are drawn; times are shares of the whole.
    fn spans(&self, context: &Context<'_>) -> (Vec<Span>, i128) {
        let nodes = &self.forest.nodes;
        let Some(begin) = nodes.iter().map(|node| node.call.start).min() else { return (Vec::new(), 0) };
        let ends =
            nodes.iter().map(|node| node.call.end_ns(begin).unwrap_or_else(|| node.call.start_ns(begin)));
        let last = self
            .facts
            .last()
            .map_or(0, |fact| i128::from(fact.timestamp.as_micros() - begin.as_micros()) * 1000);
        let whole = ends.max().unwrap_or(0).max(last).max(1);
        let share = |ns: i128| (ns as f64 / whole as f64).clamp(0.0, 1.0);
        let span = |node: &Node| {
            let call = &node.call;
            let class = match call.duration_ns {
                None => "open",
                Some(_) if call.is_failed() => "failed",
                Some(_) => "ok",
            };
            let took = call.duration_ns.map_or_else(|| "never ended".to_owned(), |ns| duration(Some(ns)));
            let marks = [(class == "failed").then_some(" ✗ failed"), node.is_critical.then_some(" ★")];
            let place = format!("{}:{}", call.place.file, call.place.offset);
            Span {
                label: format!(
                    "{} {took}{}",
                    safe(&call.name),
                    marks.into_iter().flatten().collect::<String>()
                ),
                link: context.view.link("/explorer", &[("at", &place), ("id", "")]),
                depth: node.depth,
                from: share(call.start_ns(begin)),
                to: share(call.end_ns(begin).unwrap_or(whole)),
                class,
                is_critical: node.is_critical,
            }
        };
        (nodes.iter().map(span).collect(), whole)
    }
}

fn one(context: &Context<'_>, id: &str) -> Markup {
    let trace = Trace::of(context, id);
    let (spans, whole) = trace.spans(context);
    let rows: Vec<_> = trace.facts.iter().take(RECORDS).map(|fact| Row::of(context, fact)).collect();
    let numbers = trace.forest.nodes.iter().enumerate().map(|(at, node)| {
        let call = &node.call;
        let own = duration(Some(trace.forest.self_ns(at)));
        let status = call.status.map_or("", |status| status.as_str());
        vec![
            format!("{}{}", "· ".repeat(node.depth), safe(&call.name)),
            when(call.start),
            duration(call.duration_ns),
            own,
            status.to_owned(),
            if node.is_critical { "critical".to_owned() } else { String::new() },
        ]
    });
    let columns = ["Call", "Began", "Took", "Without those in it", "Status", "Path"];
    let figure =
        |id, title, says: &str, rows| Figure { id, title, says: says.to_owned(), columns: &columns, rows };
    let says = format!(
        "{} calls within {}. ★ marks the critical path: had such a call been over sooner, so would the outermost one.",
        spans.len(),
        duration(u64::try_from(whole).ok())
    );
    html! {
        p { a href=(context.view.link("/traces", &[("id", "")])) { "All traces" } }
        h2 { "Trace " code { (safe(&trace.name(id))) } }
        @if trace.facts.is_empty() { p.warning { "No record that is kept is of this trace." } }
        @else {
            @if trace.left_out > 0 { p.warning { (CALLS) " calls are drawn, the last ones; " (trace.left_out) " records of others are left out." } }
            (waterfall(&figure("waterfall", "Waterfall", &says, numbers.clone().collect()), &spans))
            (flame(&figure("flame", "Flame", "The same calls upon each other, each as wide as it took long.", numbers.collect()), &spans))
            h2 { "Its records" }
            (table(context, &rows))
            p { (rows.len()) " of " (count(trace.facts.len() as u64)) " shown. "
                @if let Some(fact) = trace.facts.first() { a href=(record_link(context, fact)) { "The first one among its neighbours" } } }
        }
    }
}
