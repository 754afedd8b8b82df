//! The table: a line for each case, compared with the first of its group.

use crate::cases::{Case, Group, Limit};
use crate::measure::{Sample, quantile};

/// Prints a group; `samples` has those of each case, one for each round.
pub(crate) fn print(group: &Group, samples: &[Vec<Sample>]) {
    println!(
        "\n{}\n  {:<36} {:>9} {:>17} {:>8} {:>8}  budget",
        group.title, "", "ns/call", "p25-p75", "allocs", "ratio"
    );
    let reference = median(&samples[0], |sample| sample.ns);
    for (case, samples) in group.cases.iter().zip(samples) {
        let ns = median(samples, |sample| sample.ns);
        let allocations = median(samples, |sample| sample.allocations);
        let spread = format!(
            "{:.2}-{:.2}",
            at(samples, 0.25, |sample| sample.ns),
            at(samples, 0.75, |sample| sample.ns)
        );
        let verdict = verdict(case, ns, allocations, reference);
        println!(
            "  {:<36} {ns:>9.2} {spread:>17} {allocations:>8.2} {:>8.2}  {verdict}",
            case.name,
            ns / reference
        );
    }
}

/// What the case may cost and whether it does.
fn verdict(case: &Case, ns: f64, allocations: f64, reference: f64) -> String {
    let Some(budget) = &case.budget else { return String::new() };
    let (time, limit) = match budget.time {
        Limit::Plus(more) => (format!("<= + {more} ns"), reference + more),
        Limit::Times(factor) => (format!("<= {factor} x"), reference * factor),
    };
    // A buffer may grow once in many thousand calls.
    let allocates = budget.without_allocation && allocations >= 0.005;
    let kept = match (ns <= limit, allocates) {
        (true, false) => "met".to_owned(),
        (true, true) => "NOT MET: allocates".to_owned(),
        (false, false) => format!("NOT MET: {limit:.1} ns"),
        (false, true) => format!("NOT MET: {limit:.1} ns, allocates"),
    };
    let allocation = if budget.without_allocation { ", 0 allocs" } else { "" };
    format!("{time}{allocation}  {kept}")
}

fn median(samples: &[Sample], value: fn(&Sample) -> f64) -> f64 {
    at(samples, 0.5, value)
}

fn at(samples: &[Sample], part: f64, value: fn(&Sample) -> f64) -> f64 {
    quantile(&mut samples.iter().map(value).collect::<Vec<_>>(), part)
}
