//! What went wrong, each problem once: how often, since when, where it goes back to.

use maud::{Markup, html};
use serde_json::{Value, json};

use super::explorer::chain;
use super::{Context, safe, when};
use crate::facts::{Fact, Problem};
use crate::report::table::count;
use crate::summary::Occurrences;

/// How many problems are shown; of the first ones an example is read.
const MOST: usize = 50;

/// The first record of a problem.
fn example<'a>(context: &Context<'a>, found: &Occurrences) -> Option<&'a Fact> {
    let (first, _) = found.seen?;
    let store: &'a _ = context.store;
    let from = store.facts.partition_point(|fact| fact.timestamp < first);
    let near = store.facts[from..].iter().take_while(|fact| fact.timestamp == first);
    let of_time: Vec<_> = near.filter(|fact| fact.problem.is_some()).collect();
    of_time.iter().find(|fact| fact.place == found.first).or(of_time.first()).copied()
}

pub(super) fn html(context: &Context<'_>) -> Markup {
    let problems = context.summary().problems(&context.store.whole.names);
    html! {
        @if problems.is_empty() { p.good { "Nothing went wrong." } }
        @for (key, problem, found) in problems.iter().take(MOST) { (one(context, key, problem, found)) }
        @if !problems.is_empty() { p { (problems.len().min(MOST)) " of " (count(problems.len() as u64)) " problems shown, the most frequent first." } }
    }
}

fn one(context: &Context<'_>, key: &str, problem: &Problem, found: &Occurrences) -> Markup {
    let id = Problem::id(key);
    let example = example(context, found);
    let text = example.and_then(|fact| context.files.text(fact));
    html! {
        section.problem aria-label={"Problem " (id)} {
            h2 { a href=(context.view.link("/explorer", &[("problem", &id)])) { (id) } " " (safe(&problem.text)) }
            p { (count(found.records)) " records, " (count(found.errors)) " of them errors · in " (safe(&problem.place))
                @if !problem.error_type.is_empty() { " · " code { (safe(&problem.error_type)) } }
                @if let Some((first, last)) = found.seen { " · first " (when(first)) " · last " (when(last)) } }
            @if let (Some(fact), Some(text)) = (example, &text) {
                details {
                    summary { "An example, with its causes" }
                    p.said { (safe(text.record.error.as_deref().unwrap_or(&text.record.message))) }
                    (chain(&text.record))
                    @if !text.continuation.is_empty() {
                        pre.below { @for line in text.continuation.lines().take(60) { (safe(line)) "\n" } }
                    }
                    p { a href=(super::parts::record_link(context, fact)) { "Its record" } " · "
                        a href=(super::parts::trace_link(context, fact)) { "Its trace" } }
                }
            }
        }
    }
}

pub(super) fn json(context: &Context<'_>) -> Value {
    let problems = context.summary().problems(&context.store.whole.names);
    let one = |(key, problem, found): &(&str, Problem, &Occurrences)| {
        let example = example(context, found);
        let record = example.and_then(|fact| context.files.record(fact));
        let mut one = crate::report::json::problem(key, problem, found);
        one["example"] = example.map(super::parts::at).into();
        one["chain"] = record.map(|record| record.error_chain.to_value()).into();
        one
    };
    json!({"total": problems.len(), "problems": problems.iter().take(MOST).map(one).collect::<Vec<_>>()})
}
