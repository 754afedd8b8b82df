//! The table: a line for each case, compared with the first of its group.

use crate::cases::{Group, Limit};
use crate::measure::{Sample, quantile};

/// Prints a group; `samples` has those of each case, one for each round.
pub(crate) fn print(group: &Group, samples: &[Vec<Sample>]) {
    println!(
        "\n{}\n  {:<36} {:>9} {:>17} {:>8} {:>8}  budget",
        group.title, "", "ns/call", "p25-p75", "allocs", "ratio"
    );
    let medians: Vec<_> = samples.iter().map(|samples| median(samples)).collect();
    for (at, case) in group.cases.iter().enumerate() {
        let Sample { ns, allocations } = medians[at];
        let spread = format!(
            "{:.2}-{:.2}",
            quantile_of(&samples[at], 0.25, |sample| sample.ns),
            quantile_of(&samples[at], 0.75, |sample| sample.ns)
        );
        let verdicts: Vec<_> =
            case.limits.iter().map(|limit| verdict(limit, group, &medians, medians[at])).collect();
        println!(
            "  {:<36} {ns:>9.2} {spread:>17} {allocations:>8.2} {:>8.2}  {}",
            case.name,
            ns / medians[0].ns,
            verdicts.join(", ")
        );
    }
}

/// The limit and whether it is kept.
fn verdict(limit: &Limit, group: &Group, medians: &[Sample], own: Sample) -> String {
    let first = medians[0].ns;
    match limit {
        Limit::Plus(more) => time(&format!("+ {more} ns"), own, first + more),
        Limit::Times(factor) => time(&format!("{factor} x"), own, first * factor),
        Limit::TimesOf(name, factor) => {
            let other = group.cases.iter().position(|case| case.name == *name);
            let other = medians[other.expect("a case of the same group")].ns;
            time(&format!("{factor} x {name}"), own, other * factor)
        }
        // A buffer may grow once in many thousand calls.
        Limit::Allocations(most) if own.allocations < f64::from(*most) + 0.005 => {
            format!("<= {most} allocs met")
        }
        Limit::Allocations(most) => format!("<= {most} allocs NOT MET"),
    }
}

fn time(limit: &str, own: Sample, most: f64) -> String {
    if own.ns <= most { format!("<= {limit} met") } else { format!("<= {limit} NOT MET: {most:.1} ns") }
}

fn median(samples: &[Sample]) -> Sample {
    Sample {
        ns: quantile_of(samples, 0.5, |sample| sample.ns),
        allocations: quantile_of(samples, 0.5, |sample| sample.allocations),
    }
}

fn quantile_of(samples: &[Sample], part: f64, value: fn(&Sample) -> f64) -> f64 {
    quantile(&mut samples.iter().map(value).collect::<Vec<_>>(), part)
}
