//! The operations: how often, how long, how often in vain, and what their retries cost; and one of them over time.

use maud::{Markup, html};
use serde_json::{Value, json};

use super::parts::{duration, is_failed, percent, record_link, trace_link};
use super::{Context, safe, when};
use crate::facts::{Fact, Name};
use crate::report::table::{count, time};
use crate::serve::chart::{Cell, Figure, Line, heatmap, line, spark};
use crate::serve::view::term;
use crate::summary::{Durations, Operation};
use logwright::record::Timestamp;

/// How many columns the time has in small pictures and in large ones.
const SPARK: usize = 30;
const COLUMNS: usize = 30;
/// How many operations are listed.
const MOST: usize = 100;
const SHARES: [f64; 4] = [0.5, 0.9, 0.95, 0.99];

pub(super) fn html(context: &Context<'_>) -> Markup {
    let names = &context.store.whole.names;
    match context.view.get("op") {
        "" => list(context),
        name => match names.operations.find(name) {
            Some(operation) => one(context, operation),
            None => html! { p.warning { "There is no operation of that name." } },
        },
    }
}

pub(super) fn json(context: &Context<'_>) -> Value {
    let names = &context.store.whole.names;
    let operations = context.summary().operations(names).into_iter();
    let sparks = Sparks::of(context);
    let one = |(name, operation): (&str, &Operation)| {
        let calls = operation.calls();
        let share = |share| calls.durations.percentile(share);
        json!({
            "operation": name,
            "count": calls.count,
            "failed": calls.failed,
            "cancelled": calls.cancelled,
            "average_ns": calls.durations.average(),
            "min_ns": calls.durations.range.map(|(min, _)| min),
            "p50_ns": share(0.5), "p90_ns": share(0.9), "p95_ns": share(0.95), "p99_ns": share(0.99),
            "max_ns": calls.durations.range.map(|(_, max)| max),
            "retries": operation.retries.again,
            "waited_ms": operation.retries.waited_ms,
            "calls_over_time": names.operations.find(name).map(|name| sparks.of_operation(name).to_vec()),
        })
    };
    let asked = context.view.get("op");
    json!({
        "operations": operations.filter(|(name, _)| asked.is_empty() || *name == asked).map(one).collect::<Vec<_>>(),
    })
}

fn list(context: &Context<'_>) -> Markup {
    let all = context.summary().operations(&context.store.whole.names);
    let sparks = Sparks::of(context);
    html! {
        @if all.is_empty() { p { "No record tells of an operation." } }
        @else {
            div.scroll tabindex="0" role="region" aria-label="Operations" {
                table.records {
                    thead { tr { th scope="col" { "Operation" } th.number scope="col" { "Calls" } th.number scope="col" { "Failed" }
                        th.number scope="col" { "Average" } th.number scope="col" { "p50" } th.number scope="col" { "p90" }
                        th.number scope="col" { "p95" } th.number scope="col" { "p99" } th.number scope="col" { "Max" }
                        th scope="col" { "Calls over time" } th.number scope="col" { "Retries" } th.number scope="col" { "Lost to waiting" } } }
                    tbody { @for (name, operation) in all.iter().take(MOST) { (row(context, &sparks, name, operation)) } }
                }
            }
            p { (all.len().min(MOST)) " of " (all.len()) " operations shown, those that took the most time first." }
        }
    }
}

fn row(context: &Context<'_>, sparks: &Sparks, name: &str, operation: &Operation) -> Markup {
    let calls = operation.calls();
    let retries = &operation.retries;
    let number = context.store.whole.names.operations.find(name);
    html! {
        tr {
            td { a href=(context.view.link("/operations", &[("op", name)])) { (safe(name)) } }
            td.number { (count(calls.count)) }
            td.number { (percent(calls.failed, calls.count)) }
            td.number { (calls.durations.average().map_or_else(|| "–".to_owned(), time)) }
            @for share in SHARES { td.number { (duration(calls.durations.percentile(share))) } }
            td.number { (duration(calls.durations.range.map(|(_, max)| max))) }
            td { @if let Some(number) = number { (spark(&format!("calls of {} over time", safe(name)), sparks.of_operation(number))) } }
            td.number { @if retries.again > 0 { (count(retries.again)) } }
            td.number { @if retries.waited_ms > 0 { (time(retries.waited_ms as f64 * 1e6)) } }
        }
    }
}

/// The calls of each operation over time, counted in one go.
struct Sparks(Vec<[u64; SPARK]>);

impl Sparks {
    fn of(context: &Context<'_>) -> Self {
        let mut sparks = vec![[0; SPARK]; context.store.whole.names.operations.len()];
        if let Some(times) = Times::of(context, SPARK) {
            for fact in context.selection.facts(context.store).filter(|fact| fact.is_call()) {
                if let Some(name) = fact.operation {
                    sparks[name.index()][times.column(fact.timestamp)] += 1;
                }
            }
        }
        Self(sparks)
    }

    fn of_operation(&self, name: Name) -> &[u64] {
        &self.0[name.index()]
    }
}

/// The time of a selection, cut into columns.
struct Times {
    from: i64,
    width: i64,
    columns: usize,
}

impl Times {
    fn of(context: &Context<'_>, columns: usize) -> Option<Self> {
        let (first, last) = context.summary().period?;
        let width = (last.as_micros() - first.as_micros()) / columns as i64 + 1;
        Some(Self { from: first.as_micros(), width, columns })
    }

    fn column(&self, time: Timestamp) -> usize {
        ((time.as_micros() - self.from).max(0) / self.width).min(self.columns as i64 - 1) as usize
    }

    fn begin(&self, column: usize) -> Timestamp {
        Timestamp::from_micros(self.from + self.width * column as i64)
    }
}

/// The calls of one operation in one column of time, and in one row of those that took about as long.
#[derive(Clone, Default)]
struct Found<'a> {
    count: u64,
    failed: u64,
    /// The slowest one; where one failed, that.
    example: Option<&'a Fact>,
}

fn one(context: &Context<'_>, name: Name) -> Markup {
    let shown = context.store.whole.names.operations.name(name);
    let Some(times) = Times::of(context, COLUMNS) else { return html! { p { "No records." } } };
    let all = context.selection.facts(context.store);
    let calls: Vec<_> = all.filter(|fact| fact.operation == Some(name) && fact.is_call()).collect();
    html! {
        p { a href=(context.view.link("/operations", &[("op", "")])) { "All operations" } " · "
            a href=(context.view.with_term("/explorer", &term("op", shown))) { "Its records" } " · "
            a href=(context.view.link("/traces", &[("op", shown)])) { "Its traces" } }
        h2 { (safe(shown)) }
        p { (count(calls.len() as u64)) " calls, " (count(calls.iter().filter(|fact| is_failed(fact)).count() as u64)) " failed." }
        (map(context, &times, &calls))
        (percentiles(&times, &calls))
        (slowest(context, &calls))
    }
}

/// A row for each doubling of the duration.
fn row_of(ns: u64) -> usize {
    ns.max(1).ilog2() as usize
}

fn row_begin(row: usize) -> u64 {
    1 << row.min(63)
}

fn map(context: &Context<'_>, times: &Times, calls: &[&Fact]) -> Markup {
    let rows = calls.iter().filter_map(|fact| fact.duration_ns).map(row_of);
    let (Some(low), Some(high)) = (rows.clone().min(), rows.max()) else { return html! {} };
    let height = high - low + 1;
    let mut found = vec![Found::default(); height * COLUMNS];
    for &fact in calls {
        let Some(ns) = fact.duration_ns else { continue };
        let cell = &mut found[times.column(fact.timestamp) * height + row_of(ns) - low];
        cell.count += 1;
        cell.failed += u64::from(is_failed(fact));
        let rank = |fact: &Fact| (is_failed(fact), fact.duration_ns);
        if cell.example.is_none_or(|known| rank(known) < rank(fact)) {
            cell.example = Some(fact);
        }
    }
    let held = found
        .iter()
        .enumerate()
        .filter_map(|(at, found)| Some((at / height, at % height, found, found.example?)));
    let cell = |(column, row, found, example): (usize, usize, &Found<'_>, &Fact)| Cell {
        column,
        row,
        count: found.count,
        failed: found.failed > 0,
        label: format!(
            "{}, {} to {}: {} calls, {} failed",
            when(times.begin(column)),
            time(row_begin(row + low) as f64),
            time(row_begin(row + low + 1) as f64),
            count(found.count),
            count(found.failed)
        ),
        link: if example.trace.is_some() {
            trace_link(context, example)
        } else {
            record_link(context, example)
        },
    };
    let table = held.clone().map(|(column, row, found, _)| {
        vec![
            when(times.begin(column)),
            time(row_begin(row + low) as f64),
            found.count.to_string(),
            found.failed.to_string(),
        ]
    });
    let figure = Figure {
        id: "latency",
        title: "How long calls took, over time",
        says: format!(
            "From {} below to {} above, {} to {}. Each cell leads to the slowest of its calls, or to one that failed: these have a frame.",
            time(row_begin(low) as f64),
            time(row_begin(high + 1) as f64),
            when(times.begin(0)),
            when(times.begin(COLUMNS))
        ),
        columns: &["From", "At least", "Calls", "Failed"],
        rows: table.collect(),
    };
    let cells: Vec<_> = held.map(cell).collect();
    heatmap(&figure, (COLUMNS, height), &cells)
}

fn percentiles(times: &Times, calls: &[&Fact]) -> Markup {
    let mut columns = vec![Durations::default(); COLUMNS];
    for fact in calls {
        fact.duration_ns.into_iter().for_each(|ns| columns[times.column(fact.timestamp)].add(ns));
    }
    let values = |share| columns.iter().map(|column| Some(column.percentile(share)? as f64)).collect();
    let lines = [("p50", 0.5), ("p95", 0.95), ("p99", 0.99)].map(|(name, share)| Line {
        name,
        class: name,
        values: values(share),
    });
    let highest = lines.iter().flat_map(|line| line.values.iter().flatten()).fold(0.0_f64, |a, b| a.max(*b));
    let row = |column: usize| {
        let values = lines.iter().map(|line| line.values[column].map_or_else(|| "–".to_owned(), time));
        [when(times.begin(column))].into_iter().chain(values).collect()
    };
    let figure = Figure {
        id: "percentiles",
        title: "Percentiles over time",
        says: format!("Of calls that ended then; the upper edge is {}.", time(highest)),
        columns: &["From", "p50", "p95", "p99"],
        rows: (0..COLUMNS).map(row).collect(),
    };
    line(&figure, &lines)
}

fn slowest(context: &Context<'_>, calls: &[&Fact]) -> Markup {
    const SLOWEST: usize = 10;
    let mut slow: Vec<_> = calls.to_vec();
    if slow.len() > SLOWEST {
        slow.select_nth_unstable_by_key(SLOWEST, |fact| std::cmp::Reverse(fact.duration_ns));
        slow.truncate(SLOWEST);
    }
    slow.sort_by_key(|fact| std::cmp::Reverse(fact.duration_ns));
    let rows: Vec<_> = slow.iter().map(|fact| super::rows::Row::of(context, fact)).collect();
    html! {
        h2 { "The slowest calls" }
        (super::rows::table(context, &rows))
        p { (rows.len()) " of " (count(calls.len() as u64)) " shown" }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_is_in_the_row_that_begins_at_most_there() {
        for ns in [1, 2, 3, 4, 999, 1_000_000, 5_000_000_000, 1 << 40] {
            let row = row_of(ns);
            assert!(row_begin(row) <= ns && ns < row_begin(row + 1), "{ns} in row {row}");
        }
    }
}
