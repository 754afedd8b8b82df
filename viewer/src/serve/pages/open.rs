//! Operations that never ended: within which others they were, and whether their program is gone or goes on without them.

use std::collections::HashMap;

use maud::{Markup, html};
use serde_json::{Value, json};

use super::parts::duration;
use super::{Context, safe, when};
use crate::analysis::is_hung;
use crate::report::table::count;
use crate::runs::Started;

const MOST: usize = 100;
/// A chain is cut where it is longer; a log may say anything, a ring as well.
const MAX_CHAIN: usize = 32;

/// The open operations that are not around another open one, each with those that it is in, the outermost first.
fn chains<'a>(context: &Context<'a>) -> Vec<Vec<&'a Started>> {
    let started = context.store.whole.runs.open.started();
    let by_id: HashMap<_, _> = started.iter().map(|one| ((one.run, one.op_id), *one)).collect();
    let parent = |one: &Started| by_id.get(&(one.run, one.parent_id?)).copied();
    let around: std::collections::HashSet<_> =
        started.iter().filter_map(|one| Some((one.run, parent(one)?.op_id))).collect();
    let innermost = started.iter().filter(|one| !around.contains(&(one.run, one.op_id)));
    let chain = |one: &&'a Started| {
        let mut chain: Vec<_> =
            std::iter::successors(Some(*one), |one| parent(one)).take(MAX_CHAIN).collect();
        chain.reverse();
        chain
    };
    innermost.map(chain).collect()
}

/// How its run stands.
fn fate(context: &Context<'_>, one: &Started) -> (&'static str, String) {
    let whole = &context.store.whole;
    let seen = one.run.and_then(|id| whole.runs.of(id)).and_then(|run| run.seen);
    let Some((_, last)) = seen else {
        return ("unknown", "its records do not say which run it is of".to_owned());
    };
    let open = u64::try_from(last.as_micros() - one.timestamp.as_micros()).unwrap_or(0).saturating_mul(1000);
    let after = duration(Some(open));
    if is_hung(whole, one) {
        ("hung", format!("its run went on for {after}, far longer than its longest call took"))
    } else {
        ("died or runs", format!("its run wrote its last record {after} later, at {}", when(last)))
    }
}

pub(super) fn html(context: &Context<'_>) -> Markup {
    let chains = chains(context);
    html! {
        p.note { "Of all that was read, whatever the filter." }
        @if chains.is_empty() { p.good { "Every operation that began has ended, or no record tells of a beginning." } }
        @if context.store.whole.runs.open.is_rough { p.warning { "There were too many to keep: some are left out." } }
        ul.open { @for chain in chains.iter().take(MOST) { li { (one(context, chain)) } } }
        @if !chains.is_empty() { p { (chains.len().min(MOST)) " of " (count(chains.len() as u64)) " shown, the earliest first." } }
    }
}

fn one(context: &Context<'_>, chain: &[&Started]) -> Markup {
    let Some(last) = chain.last() else { return html! {} };
    let (word, text) = fate(context, last);
    let run =
        last.run.map_or_else(|| "no run".to_owned(), |id| format!("run {:08x}, process {}", id.run, id.pid));
    html! {
        section.problem aria-label={"Open: " (safe(&last.operation))} {
            h2 { @for (at, one) in chain.iter().enumerate() {
                @if at > 0 { " › " }
                a href=(context.view.link("/explorer", &[("at", &format!("{}:{}", one.place.file, one.place.offset))])) { (safe(&one.operation)) }
            } }
            p { strong { (word) } ": " (text) ". Began " (when(last.timestamp)) " in " (run) "." }
        }
    }
}

pub(super) fn json(context: &Context<'_>) -> Value {
    let chains = chains(context);
    let one = |chain: &Vec<&Started>| {
        let last = chain.last();
        json!({
            "chain": chain.iter().map(|one| &one.operation).collect::<Vec<_>>(),
            "op_id": last.map(|one| one.op_id.to_string()),
            "started": last.map(|one| one.timestamp.to_string()),
            "run": last.and_then(|one| one.run).map(|id| format!("{:08x}", id.run)),
            "fate": last.map(|one| fate(context, one).0),
        })
    };
    json!({"total": chains.len(), "open": chains.iter().take(MOST).map(one).collect::<Vec<_>>()})
}
