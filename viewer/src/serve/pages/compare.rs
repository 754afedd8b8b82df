//! Two runs, or two times, side by side: how much of what, which problems are new or gone, which operations became slower.

use logwright::record::Timestamp;
use maud::{Markup, html};
use serde_json::{Value, json};

use super::parts::{duration, percent};
use super::{Context, exact, safe, when};
use crate::compare::{ENOUGH, SHIFT};
use crate::facts::{Fact, Problem};
use crate::query::{Moment, TimeRange};
use crate::report::table::count;
use crate::summary::Summary;

const MOST: usize = 50;
const RUNS: usize = 100;

/// One side: a run, or a time.
#[derive(Debug)]
enum Side {
    Run(u32),
    Time(TimeRange),
}

impl Side {
    /// `run:9f2c11aa`, or `SINCE..UNTIL` of which either may be left out.
    fn read(text: &str) -> Option<Self> {
        if let Some(run) = text.strip_prefix("run:") {
            return u32::from_str_radix(run, 16).ok().map(Self::Run);
        }
        let (since, until) = text.split_once("..")?;
        let moment = |text: &str| match text.trim() {
            "" => Some(None),
            text => text.parse::<Moment>().ok().map(Some),
        };
        let (since, until) = (moment(since)?, moment(until)?);
        let range = TimeRange::new(since.as_ref(), until.as_ref(), &"utc".parse().ok()?, Timestamp::now());
        range.ok().map(Self::Time)
    }

    fn has(&self, fact: &Fact) -> bool {
        match self {
            Self::Run(run) => fact.run == Some(*run),
            Self::Time(range) => range.contains(fact.timestamp),
        }
    }

    fn summary(&self, context: &Context<'_>) -> Summary {
        let facts = context.selection.facts(context.store).filter(|fact| self.has(fact));
        context.store.summary(vec![facts])
    }
}

/// Both sides with their numbers, where both are asked for and can be read.
struct Sides {
    a: Summary,
    b: Summary,
}

impl Sides {
    fn of(context: &Context<'_>) -> Option<Self> {
        let (a, b) = (Side::read(context.view.get("a"))?, Side::read(context.view.get("b"))?);
        Some(Self { a: a.summary(context), b: b.summary(context) })
    }

    /// A name, its number on both sides.
    fn numbers(&self) -> Vec<(String, u64, u64)> {
        let mut numbers = vec![
            ("records".to_owned(), self.a.records, self.b.records),
            ("errors".to_owned(), self.a.errors(), self.b.errors()),
        ];
        let of = |summary: &Summary, level| {
            summary.levels().iter().find(|(known, _)| *known == level).map_or(0, |(_, n)| *n)
        };
        numbers.extend(
            logwright::Level::ALL.map(|level| (level.to_string(), of(&self.a, level), of(&self.b, level))),
        );
        numbers
    }

    /// Operations of either side, those that became slower the most first.
    fn operations<'a>(&'a self, context: &'a Context<'_>) -> Vec<Shift<'a>> {
        let names = &context.store.whole.names;
        let mut shown: Vec<_> = self
            .a
            .operations(names)
            .into_iter()
            .chain(self.b.operations(names))
            .map(|(name, _)| name)
            .collect();
        shown.sort_unstable();
        shown.dedup();
        let mut shifts: Vec<_> = shown.into_iter().map(|name| self.shift(context, name)).collect();
        shifts.sort_by(|a, b| b.share().unwrap_or(0.0).total_cmp(&a.share().unwrap_or(0.0)));
        shifts
    }

    fn shift<'a>(&self, context: &Context<'_>, name: &'a str) -> Shift<'a> {
        let side = |summary: &Summary| {
            summary.operation(&context.store.whole.names, name).map_or(Calls::default(), |operation| {
                let calls = operation.calls();
                let share = |share| calls.durations.percentile(share);
                Calls {
                    count: calls.count,
                    failed: calls.failed,
                    p50: share(0.5),
                    p95: share(0.95),
                    retries: operation.retries.again,
                }
            })
        };
        Shift { name, a: side(&self.a), b: side(&self.b) }
    }

    /// Problems of one side that the other does not have, with how many records tell of them.
    fn only<'a>(one: &'a Summary, other: &Summary, context: &'a Context<'_>) -> Vec<(String, Problem, u64)> {
        let names = &context.store.whole.names;
        let known: std::collections::HashSet<_> =
            other.problems(names).into_iter().map(|(key, ..)| key).collect();
        let only = one.problems(names).into_iter().filter(|(key, ..)| !known.contains(key));
        only.map(|(key, problem, found)| (Problem::id(key), problem, found.records)).collect()
    }
}

#[derive(Clone, Copy, Debug, Default)]
struct Calls {
    count: u64,
    failed: u64,
    p50: Option<u64>,
    p95: Option<u64>,
    retries: u64,
}

/// How one operation changed.
struct Shift<'a> {
    name: &'a str,
    a: Calls,
    b: Calls,
}

impl Shift<'_> {
    /// By which share its p95 changed, where enough calls tell.
    fn share(&self) -> Option<f64> {
        let enough = self.a.count >= ENOUGH && self.b.count >= ENOUGH;
        let (a, b) = (self.a.p95.filter(|ns| *ns > 0)?, self.b.p95?);
        enough.then(|| b as f64 / a as f64 - 1.0)
    }

    fn verdict(&self) -> String {
        match self.share() {
            None => "too few calls to tell".to_owned(),
            Some(share) if share >= SHIFT => format!("slower: p95 {:+.0} %", share * 100.0),
            Some(share) if share <= -SHIFT => format!("faster: p95 {:+.0} %", share * 100.0),
            Some(_) => "alike".to_owned(),
        }
    }
}

pub(super) fn html(context: &Context<'_>) -> Markup {
    let asked = [context.view.get("a"), context.view.get("b")];
    html! {
        (choose(context))
        @match Sides::of(context) {
            Some(sides) => (both(context, &sides)),
            None if asked.iter().all(|side| !side.is_empty()) => p.warning { "A side is " code { "run:" } " with 8 hex digits, or two times with " code { ".." } " between them." },
            None => p { "Choose two sides: runs from the list, or times such as " code { "2026-11-22T08:00:00Z..2026-11-22T09:00:00Z" } "." },
        }
    }
}

fn choose(context: &Context<'_>) -> Markup {
    let view = context.view;
    let runs = context.store.whole.runs.all();
    html! {
        form method="get" action="/compare" {
            @for (key, value) in view.others(&["a", "b"]) { input type="hidden" name=(exact(key)) value=(exact(value)); }
            @for (side, name) in [("a", "Before "), ("b", "After ")] {
                label { (name) input name=(side) value=(exact(view.get(side))) list="runs" size="40"; }
            }
            datalist id="runs" { @for (id, run) in runs.iter().rev().take(RUNS) {
                option value=(format!("run:{:08x}", id.run)) { @if let Some((from, _)) = run.seen { (when(from)) ", " (count(run.records)) " records" } }
            } }
            button type="submit" { "Compare" }
        }
        details open[runs.len() <= 5] {
            summary { (count(runs.len() as u64)) " runs" }
            ul.facets { @for (id, run) in runs.iter().rev().take(RUNS) {
                @let name = format!("run:{:08x}", id.run);
                li { code { (name) } " " @if let Some((from, to)) = run.seen { (when(from)) " to " (when(to)) ", " } (count(run.records)) " records · "
                    a href=(view.link("/compare", &[("a", &name)])) { "before" } " · " a href=(view.link("/compare", &[("b", &name)])) { "after" } }
            } }
            @if runs.len() > RUNS { p { "The newest " (RUNS) " of " (count(runs.len() as u64)) " shown" } }
        }
    }
}

fn both(context: &Context<'_>, sides: &Sides) -> Markup {
    html! {
        h2 { "Numbers" }
        table {
            thead { tr { th scope="col" { "What" } th.number scope="col" { "Before" } th.number scope="col" { "After" } } }
            tbody { @for (name, a, b) in sides.numbers() { tr { td { (name) } td.number { (count(a)) } td.number { (count(b)) } } } }
        }
        (problems(context, "New problems", &Sides::only(&sides.b, &sides.a, context)))
        (problems(context, "Problems that are gone", &Sides::only(&sides.a, &sides.b, context)))
        (operations(context, &sides.operations(context)))
    }
}

fn problems(context: &Context<'_>, title: &str, all: &[(String, Problem, u64)]) -> Markup {
    html! {
        h2 { (title) }
        @if all.is_empty() { p { "None." } }
        ul.findings { @for (id, problem, records) in all.iter().take(MOST) {
            li { a href=(context.view.link("/explorer", &[("problem", id)])) { (id) } " " (safe(&problem.text)) " in " (safe(&problem.place)) ", " (count(*records)) " records" }
        } }
        @if all.len() > MOST { p { (MOST) " of " (all.len()) " shown" } }
    }
}

fn operations(context: &Context<'_>, all: &[Shift<'_>]) -> Markup {
    html! {
        h2 { "Operations" }
        div.scroll tabindex="0" role="region" aria-label="Operations" {
            table.records {
                thead { tr { th scope="col" { "Operation" } th.number scope="col" { "Calls" } th.number scope="col" { "Failed" } th.number scope="col" { "p50" }
                    th.number scope="col" { "p95" } th.number scope="col" { "Retries" } th scope="col" { "So" } } }
                tbody { @for shift in all.iter().take(MOST) {
                    @let (a, b) = (shift.a, shift.b);
                    tr {
                        td { a href=(context.view.link("/operations", &[("op", shift.name)])) { (safe(shift.name)) } }
                        td.number { (count(a.count)) " → " (count(b.count)) }
                        td.number { (percent(a.failed, a.count)) " → " (percent(b.failed, b.count)) }
                        td.number { (duration(a.p50)) " → " (duration(b.p50)) }
                        td.number { (duration(a.p95)) " → " (duration(b.p95)) }
                        td.number { (count(a.retries)) " → " (count(b.retries)) }
                        td { (shift.verdict()) }
                    }
                } }
            }
        }
        @if all.len() > MOST { p { (MOST) " of " (all.len()) " shown" } }
    }
}

pub(super) fn json(context: &Context<'_>) -> Value {
    let Some(sides) = Sides::of(context) else {
        let runs = context.store.whole.runs.all();
        return json!({"runs": runs.iter().map(|(id, run)| json!({"run": format!("{:08x}", id.run), "records": run.records})).collect::<Vec<_>>()});
    };
    let problems = |all: Vec<(String, Problem, u64)>| {
        all.into_iter()
            .map(|(id, problem, records)| json!({"id": id, "text": problem.text, "records": records}))
            .collect::<Vec<_>>()
    };
    let calls = |calls: Calls| json!({"count": calls.count, "failed": calls.failed, "p50_ns": calls.p50, "p95_ns": calls.p95, "retries": calls.retries});
    let shift = |shift: &Shift<'_>| json!({"operation": shift.name, "before": calls(shift.a), "after": calls(shift.b), "verdict": shift.verdict()});
    json!({
        "numbers": sides.numbers().into_iter().map(|(name, a, b)| json!({"what": name, "before": a, "after": b})).collect::<Vec<_>>(),
        "new_problems": problems(Sides::only(&sides.b, &sides.a, context)),
        "gone_problems": problems(Sides::only(&sides.a, &sides.b, context)),
        "operations": sides.operations(context).iter().map(shift).collect::<Vec<_>>(),
    })
}
