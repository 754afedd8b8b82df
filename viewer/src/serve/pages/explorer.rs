//! The records themselves, newest first, a page at a time; and one of them with all that its line says, among those around it.

use logwright::Level;
use logwright::record::Record;
use maud::{Markup, html};
use serde_json::{Value, json};

use super::parts::{at, duration, level, level_class, record_link, trace_link};
use super::rows::{Row, table};
use super::{Context, exact, safe, when};
use crate::facts::Fact;
use crate::input::Place;
use crate::report::table::count;
use crate::serve::files::Text;
use crate::serve::view::term;

/// How many records are on a page.
const PAGE: usize = 100;
/// How many records before and after one are shown.
const AROUND: usize = 10;
/// How many names are offered of each kind.
const FACETS: usize = 12;

/// The page that is asked for, from 1, and how many there are.
fn page(context: &Context<'_>) -> (usize, usize) {
    let pages = context.selection.len().div_ceil(PAGE).max(1);
    let asked = context.view.number("page").and_then(|page| usize::try_from(page).ok()).unwrap_or(1);
    (asked.clamp(1, pages), pages)
}

fn rows<'a>(context: &Context<'a>) -> Vec<Row<'a>> {
    let store: &'a _ = context.store;
    let all = (0..context.selection.len()).rev().skip((page(context).0 - 1) * PAGE).take(PAGE);
    all.map(|at| Row::of(context, &store.facts[context.selection.index(at)])).collect()
}

pub(super) fn html(context: &Context<'_>) -> Markup {
    if !context.view.get("at").is_empty() {
        return one(context);
    }
    let rows = rows(context);
    html! {
        (choose(context))
        (pager(context, rows.len()))
        (table(context, &rows))
        (pager(context, rows.len()))
        (facets(context))
    }
}

pub(super) fn json(context: &Context<'_>) -> Value {
    if !context.view.get("at").is_empty() {
        return match asked(context) {
            Some(at) => json!({
                "record": Row::of(context, &context.store.facts[at]).json(context),
                "around": around(context, at).iter().map(|fact| Row::of(context, fact).json(context)).collect::<Vec<_>>(),
            }),
            None => json!({"record": null}),
        };
    }
    let (page, pages) = page(context);
    let rows = rows(context);
    json!({
        "total": context.selection.len(),
        "shown": rows.len(),
        "page": page,
        "pages": pages,
        "rows": rows.iter().map(|row| row.json(context)).collect::<Vec<_>>(),
    })
}

/// The level, the logger and the text to look for; what is chosen becomes a part of the filter.
fn choose(context: &Context<'_>) -> Markup {
    let (view, summary) = (context.view, context.summary());
    let names = &context.store.whole.names;
    let loggers = summary.loggers(names);
    html! {
        form.choose method="get" action="/explorer" {
            @for (key, value) in view.others(&[]) { input type="hidden" name=(exact(key)) value=(exact(value)); }
            label { "Log level " select name="add" {
                option value="" { "All" }
                @for one in Level::ALL { option value={"level=" (level_class(one))} { (one.as_str()) } }
            } }
            label { "Logger " select name="add" {
                option value="" { "All" }
                @for (logger, _) in loggers.iter().take(100) { option value=(exact(&term("logger", logger))) { (safe(logger)) } }
            } }
            label { "Search in messages " input type="search" name="text"; }
            button type="submit" { "Add to the filter" }
        }
    }
}

fn pager(context: &Context<'_>, shown: usize) -> Markup {
    let (page, pages) = page(context);
    let to = |page: usize| context.view.link("/explorer", &[("page", &page.to_string())]);
    html! {
        p.pager {
            span { (shown) " of " (count(context.selection.len() as u64)) " shown, newest first. Page " (count(page as u64)) " of " (count(pages as u64)) } " "
            @if page > 1 { a href=(to(1)) { "Newest" } " " a rel="prev" href=(to(page - 1)) { "Newer" } " " }
            @if page < pages { a rel="next" href=(to(page + 1)) { "Older" } " " a href=(to(pages)) { "Oldest" } }
        }
    }
}

fn facets(context: &Context<'_>) -> Markup {
    let (view, summary) = (context.view, context.summary());
    let names = &context.store.whole.names;
    let loggers: Vec<_> =
        summary.loggers(names).into_iter().map(|(name, n)| (term("logger", name), name, n)).collect();
    let operations = summary.operations(names).into_iter();
    let operations: Vec<_> =
        operations.map(|(name, operation)| (term("op", name), name, operation.records)).collect();
    html! {
        div.columns {
            section aria-label="Levels" {
                h2 { "Levels" }
                ul.facets { @for (one, n) in summary.levels() {
                    li { a href=(view.with_term("/explorer", &format!("level={}", level_class(one)))) { (level(one)) } " " span.number { (count(n)) } }
                } }
            }
            @for (title, all) in [("Loggers", &loggers), ("Operations", &operations)] {
                section aria-label=(title) {
                    h2 { (title) }
                    ul.facets { @for (term, name, n) in all.iter().take(FACETS) {
                        li {
                            a href=(view.with_term("/explorer", term)) { (safe(name)) } " " span.number { (count(*n)) } " "
                            a.without href=(view.with_term("/explorer", &format!("-{term}"))) aria-label={"Without " (safe(name))} { "without" }
                        }
                    } }
                    @if all.len() > FACETS { p { (FACETS) " of " (all.len()) " shown" } }
                }
            }
        }
    }
}

/// The record that `at` names: the number of its file and where its line begins there.
fn asked(context: &Context<'_>) -> Option<usize> {
    let (file, offset) = context.view.get("at").split_once(':')?;
    let place = Place { file: file.parse().ok()?, offset: offset.parse().ok()? };
    context.store.facts.iter().position(|fact| fact.place == place)
}

/// The records of the same file before and after one, in the order of their lines. Lines of several threads may stand in
/// another order than their times, but not by much.
fn around<'a>(context: &Context<'a>, at: usize) -> Vec<&'a Fact> {
    const NEAR: usize = 4 * AROUND;
    let store: &'a _ = context.store;
    let place = store.facts[at].place;
    let is_beside = |fact: &&Fact| fact.place.file == place.file;
    let before = store.facts[..at].iter().rev().filter(is_beside).take(NEAR);
    let mut all: Vec<_> = before.chain(store.facts[at..].iter().filter(is_beside).take(NEAR)).collect();
    all.sort_by_key(|fact| fact.place);
    let middle = all.partition_point(|fact| fact.place < place);
    all.truncate(middle + AROUND + 1);
    all.split_off(middle.saturating_sub(AROUND))
}

fn one(context: &Context<'_>) -> Markup {
    let Some(at) = asked(context) else {
        return html! { p.warning { "There is no such record among those that are kept." } };
    };
    let fact = &context.store.facts[at];
    let text = context.files.text(fact);
    let around: Vec<_> = around(context, at).into_iter().map(|fact| Row::of(context, fact)).collect();
    let file = context.files.name(fact.place.file);
    html! {
        section aria-label="Record" {
            h2 { (level(fact.level)) " " (when(fact.timestamp)) }
            @match &text {
                Some(text) => (fields(context, fact, text)),
                None => p.warning { "Its line is not there any more, or the file is compressed." },
            }
            p { "In " code { (safe(&file)) } " at byte " (count(fact.place.offset)) ". "
                @if fact.trace.is_some() { a href=(trace_link(context, fact)) { "Its trace" } } }
        }
        h2 { "Around it in the same file" }
        (table(context, &around))
    }
}

fn fields(context: &Context<'_>, fact: &Fact, text: &Text) -> Markup {
    let record = &text.record;
    html! {
        p.said { (safe(&record.message)) }
        dl.fields { @for (name, value) in members(record) { div { dt { (name) } dd { (safe(&value)) } } } }
        @if !record.error_chain.is_empty() { (chain(record)) }
        @if !text.continuation.is_empty() { pre.below { @for line in text.continuation.lines() { (safe(line)) "\n" } } }
        @if let Some(ns) = fact.duration_ns { p { "It took " (duration(Some(ns))) "." } }
        p { a href=(record_link(context, fact)) { "Link to this record" } " (" (at(fact)) ")" }
    }
}

/// The causes below an error, the nearest first.
pub(super) fn chain(record: &Record<'_>) -> Markup {
    let causes = record.error_chain.to_value();
    let causes = causes.as_array().map(Vec::as_slice).unwrap_or_default();
    html! { ol.chain { @for cause in causes { li { (safe(cause.as_str().unwrap_or_default())) } } } }
}

/// All that a line has besides its message.
fn members(record: &Record<'_>) -> Vec<(&'static str, String)> {
    let text = |text: &Option<std::borrow::Cow<'_, str>>| text.as_deref().unwrap_or_default().to_owned();
    let number = |number: Option<u64>| number.map_or_else(String::new, |number| number.to_string());
    let all = [
        ("logger", record.logger.clone().into_owned()),
        ("operation", text(&record.operation)),
        ("kind", record.kind.as_str().to_owned()),
        ("status", record.status.map_or("", |status| status.as_str()).to_owned()),
        ("error", text(&record.error)),
        ("error_type", text(&record.error_type)),
        ("context", record.context.as_str().to_owned()),
        ("result", record.result.as_str().to_owned()),
        ("events", record.events.as_str().to_owned()),
        ("attempts", number(record.attempts)),
        ("op_id", record.op_id.map_or_else(String::new, |id| id.to_string())),
        ("parent_id", record.parent_id.map_or_else(String::new, |id| id.to_string())),
        ("trace_id", record.trace_id.map_or_else(String::new, |id| id.to_string())),
        ("run", record.run.map_or_else(String::new, |run| format!("{run:08x}"))),
        ("pid", number(record.pid.map(u64::from))),
        ("thread", text(&record.thread)),
        ("seq", number(record.seq)),
        ("src", text(&record.src)),
    ];
    all.into_iter().filter(|(_, value)| !value.is_empty()).collect()
}
