//! Retries: what they cost, what they were good for, and whether their settings fit what happens.

use maud::{Markup, html};
use serde_json::{Value, json};

use super::parts::{over_time, percent, span, ticks};
use super::{Context, safe, when};
use crate::analysis::findings;
use crate::report::json::by_attempt;
use crate::report::table::{count, time};
use crate::serve::chart::{Column, Figure, bars};
use crate::serve::view::term;
use crate::summary::{Bucket, Retries};

const BARS: usize = 60;

fn retried<'a>(context: &Context<'a>) -> Vec<(&'a str, &'a Retries, u64)> {
    let all = context.summary().operations(&context.store.whole.names).into_iter();
    let all = all.map(|(name, operation)| (name, &operation.retries, operation.calls().count));
    let mut all: Vec<_> = all.filter(|(_, retries, _)| !retries.is_empty()).collect();
    all.sort_by_key(|(_, retries, _)| std::cmp::Reverse((retries.waited_ms, retries.again)));
    all
}

pub(super) fn html(context: &Context<'_>) -> Markup {
    let all = retried(context);
    let sum = |of: fn(&Retries) -> u64| all.iter().map(|(_, retries, _)| of(retries)).sum::<u64>();
    html! {
        @if all.is_empty() { p { "Nothing was retried." } }
        @else {
            dl.metrics {
                div { dt { "Attempts made again" } dd { (count(sum(|retries| retries.again))) } }
                div { dt { "Recovered" } dd { (count(sum(|retries| retries.recovered))) } }
                div { dt { "Gave up" } dd { (count(sum(Retries::gave_up))) } }
                div { dt { "Lost to waiting" } dd { (time(sum(|retries| retries.waited_ms) as f64 * 1e6)) } }
            }
            (costs(context, &all))
            (attempts(context, &all))
            (timeline(context))
            (storms(context))
            (settings(&all))
        }
    }
}

fn costs(context: &Context<'_>, all: &[(&str, &Retries, u64)]) -> Markup {
    html! {
        h2 { "What retries cost" }
        div.scroll tabindex="0" role="region" aria-label="What retries cost" {
            table.records {
                thead { tr { th scope="col" { "Function" } th.number scope="col" { "Again" } th.number scope="col" { "Recovered" } th.number scope="col" { "Used up" }
                    th.number scope="col" { "Stopped" } th.number scope="col" { "Not worth it" } th.number scope="col" { "Lost to waiting" } th.number scope="col" { "Per call" } } }
                tbody { @for (name, retries, calls) in all {
                    tr {
                        td { a href=(context.view.with_term("/explorer", &term("op", name))) { (safe(name)) } }
                        td.number { (count(retries.again)) } td.number { (count(retries.recovered)) } td.number { (count(retries.exhausted)) }
                        td.number { (count(retries.stopped)) } td.number { (count(retries.declined)) }
                        td.number { (time(retries.waited_ms as f64 * 1e6)) }
                        td.number { @if *calls > 0 { (format!("{:.2}", retries.again as f64 / *calls as f64)) } }
                    }
                } }
            }
        }
    }
}

/// Of all functions together: which attempt failed, and which one saved a call.
fn attempts(context: &Context<'_>, all: &[(&str, &Retries, u64)]) -> Markup {
    let mut counts = [(0, 0); 17];
    for (_, retries, _) in all {
        for (attempt, count) in counts.iter_mut().enumerate() {
            count.0 += retries.failed_at[attempt];
            count.1 += retries.saved_by[attempt];
        }
    }
    let last = counts.iter().rposition(|count| *count != (0, 0)).unwrap_or(0);
    let attempts = counts.iter().enumerate().take(last + 1).skip(1);
    let column = |(attempt, &(failed, saved)): (usize, &(u64, u64))| Column {
        label: format!("attempt {attempt}: {failed} failed, {saved} saved the call"),
        link: context.view.to("/retries"),
        parts: vec![("info", saved), ("error", failed)],
    };
    let row = |(attempt, &(failed, saved)): (usize, &(u64, u64))| {
        vec![attempt.to_string(), count(failed), count(saved), percent(saved, saved + failed)]
    };
    let figure = Figure {
        id: "attempts",
        title: "Attempts",
        says: format!(
            "For each attempt from the first to number {last}: below how many saved their call, above how many failed."
        ),
        columns: &["Attempt", "Failed", "Saved the call", "Share that saved"],
        rows: attempts.clone().map(row).collect(),
    };
    let ticks: Vec<_> = (1..=last).map(|attempt| format!("attempt {attempt}")).collect();
    bars(&figure, &attempts.map(column).collect::<Vec<_>>(), &ticks, None)
}

fn timeline(context: &Context<'_>) -> Markup {
    let buckets = context.summary().timeline.in_buckets(BARS);
    let columns = over_time(context, &buckets, |bucket: &Bucket| vec![("warning", bucket.retries)]);
    let columns: Vec<_> = columns
        .into_iter()
        .map(|column| Column { label: column.label.replace("warning", "retries"), ..column })
        .collect();
    let row = |(from, bucket): &(_, Bucket)| {
        vec![when(*from), bucket.retries.to_string(), bucket.calls.to_string()]
    };
    let figure = Figure {
        id: "retries",
        title: "Retries over time",
        says: format!("{} s for each bar.", buckets.1 / 1_000_000),
        columns: &["From", "Retries", "Calls that ended"],
        rows: buckets.0.iter().map(row).collect(),
    };
    bars(&figure, &columns, &ticks(&buckets), span(&buckets))
}

fn storms(context: &Context<'_>) -> Markup {
    let all = findings(&context.store.whole);
    let storms: Vec<_> = all.iter().filter(|found| found.kind == "STORM").collect();
    html! {
        h2 { "Storms" }
        @if storms.is_empty() { p { "There never were more retries than calls." } }
        ul.findings { @for storm in storms.iter().take(20) { li { strong { "STORM" } " " (safe(&storm.text)) } } }
        @if storms.len() > 20 { p { "20 of " (storms.len()) " storms shown" } }
    }
}

/// What the settings say, and what was seen of it.
fn settings(all: &[(&str, &Retries, u64)]) -> Markup {
    html! {
        h2 { "Settings and what happened" }
        div.scroll tabindex="0" role="region" aria-label="Settings and what happened" {
            table {
                thead { tr { th scope="col" { "Function" } th.number scope="col" { "Attempts allowed" } th.number scope="col" { "Last that helped" }
                    th.number scope="col" { "Mean wait" } th scope="col" { "So" } } }
                tbody { @for (name, retries, _) in all {
                    tr {
                        td { (safe(name)) }
                        td.number { (retries.max_attempts.map_or_else(|| "–".to_owned(), |most| most.to_string())) }
                        td.number { (helped(retries).map_or_else(|| "–".to_owned(), |attempt| attempt.to_string())) }
                        td.number { @if retries.again > 0 { (time(retries.waited_ms as f64 * 1e6 / retries.again as f64)) } }
                        td { (verdict(retries)) }
                    }
                } }
            }
        }
    }
}

/// The last attempt that ever saved a call.
fn helped(retries: &Retries) -> Option<usize> {
    retries.saved_by.iter().rposition(|&count| count > 0)
}

fn verdict(retries: &Retries) -> String {
    match (retries.wasted(), helped(retries)) {
        (Some((from, attempts)), Some(_)) => {
            format!("from attempt {from} on, none of {attempts} helped: fewer would do")
        }
        (Some((_, attempts)), None) => format!("none of {attempts} further attempts helped"),
        (None, Some(last)) if retries.max_attempts == Some(last as u32) && retries.exhausted > 0 => {
            "the last attempt allowed still helps: more might, too".to_owned()
        }
        _ => "fits".to_owned(),
    }
}

pub(super) fn json(context: &Context<'_>) -> Value {
    let one = |&(name, retries, calls): &(&str, &Retries, u64)| {
        json!({
            "operation": name,
            "calls": calls,
            "retries": retries.again,
            "recovered": retries.recovered,
            "gave_up": retries.gave_up(),
            "waited_ms": retries.waited_ms,
            "max_attempts": retries.max_attempts,
            "failed_at_attempt": by_attempt(&retries.failed_at),
            "saved_by_attempt": by_attempt(&retries.saved_by),
            "verdict": verdict(retries),
        })
    };
    json!({"operations": retried(context).iter().map(one).collect::<Vec<_>>()})
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::step::{Step, Verdict};

    #[test]
    fn settings_are_held_against_what_happened() {
        let step = |attempts, verdict| Step { attempts, max_attempts: Some(3), wait_ms: 10, verdict };
        let told = |steps: &[(u32, Verdict)]| {
            let mut retries = Retries::default();
            steps.iter().for_each(|&(attempts, verdict)| retries.add(step(attempts, verdict)));
            super::verdict(&retries)
        };
        use Verdict::{Again, Exhausted, Recovered};
        assert_eq!(told(&[(1, Again), (2, Recovered)]), "fits");
        assert_eq!(told(&[(1, Again), (2, Again), (3, Exhausted)]), "none of 2 further attempts helped");
        assert_eq!(
            told(&[(2, Recovered), (2, Again), (3, Exhausted)]),
            "from attempt 3 on, none of 1 helped: fewer would do"
        );
        assert_eq!(
            told(&[(3, Recovered), (3, Exhausted)]),
            "the last attempt allowed still helps: more might, too"
        );
    }
}
