//! What is different between two inputs, an old one and a new one: problems that are new or gone, calls that take longer, fail
//! or are retried more often. Pure; two readings of the same log have no difference.

use std::collections::{BTreeMap, BTreeSet};

use crate::analysis::Analysis;
use crate::facts::Problem;
use crate::summary::{Calls, Operation};

/// With fewer calls than this on a side its numbers are chance.
pub(crate) const ENOUGH: u64 = 20;
/// A percentile that changed by less is not told of: each is known to 3.2 % only.
pub(crate) const SHIFT: f64 = 0.10;
/// By how much a share of calls must change to be told of.
const SHARE: f64 = 0.02;

/// Something that is different.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Difference {
    /// One word: what kind it is.
    pub(crate) kind: &'static str,
    pub(crate) text: String,
}

/// The differences, what is worse first.
pub(crate) fn compare(old: &Analysis, new: &Analysis) -> Vec<Difference> {
    let mut found = problems(new, old, "NEW");
    let shared = shared_operations(old, new);
    let (mut worse, mut better) = (Vec::new(), Vec::new());
    for (name, old, new) in &shared {
        for (is_worse, difference) in shifts(name, old, new) {
            if is_worse { worse.push(difference) } else { better.push(difference) }
        }
    }
    found.extend(worse);
    found.extend(better);
    found.extend(problems(old, new, "GONE"));
    found.extend(operations(new, old, "ADDED"));
    found.extend(operations(old, new, "ABSENT"));
    found
}

/// Kinds of problems that one has and the other has not.
fn problems(one: &Analysis, other: &Analysis, kind: &'static str) -> Vec<Difference> {
    let keys = |analysis: &Analysis| -> BTreeSet<String> {
        analysis.summary.problems(&analysis.names).iter().map(|(key, ..)| (*key).to_owned()).collect()
    };
    let known = keys(other);
    let all = one.summary.problems(&one.names).into_iter().filter(|(key, ..)| !known.contains(*key));
    let tell = |(key, problem, found): (&str, Problem, &crate::summary::Occurrences)| Difference {
        kind,
        text: format!("{} {}: {} ({} times)", Problem::id(key), problem.place, problem.text, found.records),
    };
    all.map(tell).collect()
}

/// Operations that one has and the other has not.
fn operations(one: &Analysis, other: &Analysis, kind: &'static str) -> Vec<Difference> {
    let is_called = |analysis: &Analysis, name: &str| {
        analysis.summary.operation(&analysis.names, name).is_some_and(|operation| !operation.is_empty())
    };
    let called =
        one.summary.operations(&one.names).into_iter().filter(|(_, operation)| operation.calls().count > 0);
    let all = called.filter(|(name, _)| !is_called(other, name));
    let tell = |(name, operation): (&str, &Operation)| {
        let text = format!("operation {name} ({} calls)", operation.calls().count);
        Difference { kind, text }
    };
    all.map(tell).collect()
}

fn shared_operations<'a>(
    old: &'a Analysis,
    new: &'a Analysis,
) -> Vec<(&'a str, &'a Operation, &'a Operation)> {
    let before: BTreeMap<_, _> = old.summary.operations(&old.names).into_iter().collect();
    let after = new.summary.operations(&new.names).into_iter();
    after.filter_map(|(name, operation)| Some((name, *before.get(name)?, operation))).collect()
}

/// How the calls of one operation changed, and whether for the worse.
fn shifts(name: &str, old: &Operation, new: &Operation) -> Vec<(bool, Difference)> {
    let (before, after) = (old.calls(), new.calls());
    if before.count < ENOUGH || after.count < ENOUGH {
        return Vec::new();
    }
    let counts = format!("{} and {} calls", before.count, after.count);
    let percentiles = [("p50", 0.5), ("p95", 0.95)].into_iter().filter_map(|(label, share)| {
        let ratio = ratio(before, after, share)?;
        let kind = if ratio > 1.0 { "SLOWER" } else { "FASTER" };
        let text = format!("{name} {label} {:+.0} % ({counts})", (ratio - 1.0) * 100.0);
        ((ratio - 1.0).abs() >= SHIFT).then_some((ratio > 1.0, Difference { kind, text }))
    });
    let shares = [
        ("FAILURES", "fail", before.failed, after.failed),
        ("RETRIES", "are retried", old.retries.again, new.retries.again),
    ];
    let shares = shares.into_iter().filter_map(|(kind, what, old, new)| {
        let (from, to) = (old as f64 / before.count as f64, new as f64 / after.count as f64);
        let text = format!("{name}: {:.1} % {what}, {:.1} % did before ({counts})", to * 100.0, from * 100.0);
        ((to - from).abs() >= SHARE).then_some((to > from, Difference { kind, text }))
    });
    percentiles.chain(shares).collect()
}

fn ratio(before: &Calls, after: &Calls, share: f64) -> Option<f64> {
    let (from, to) = (before.durations.percentile(share)?, after.durations.percentile(share)?);
    (from > 0).then(|| to as f64 / from as f64)
}

#[cfg(test)]
mod tests {
    use logwright::Level;
    use logwright::record::{Kind, Record, Status};

    use super::*;
    use crate::analysis::tests::analysis;
    use crate::step::tests::told;

    /// Calls of `stitch`, as many times longer than usual, of which each so many fails.
    fn run(times: u64, fails: u64) -> Vec<Record<'static>> {
        let call = |n: u64| Record {
            kind: Kind::OpEnd,
            operation: Some("stitch".into()),
            duration_ns: Some((1_000_000 + n * 1000) * times / 10),
            status: Some(if n % fails == 1 { Status::Failure } else { Status::Success }),
            ..Record::default()
        };
        (0..100).map(call).collect()
    }

    #[track_caller]
    fn check(old: &[Record<'_>], new: &[Record<'_>], expected: &[(&str, &str)]) {
        let found = compare(&analysis(old), &analysis(new));
        let found: Vec<_> = found.iter().map(|one| (one.kind, &*one.text)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn the_same_twice_is_no_difference() {
        check(&run(10, 7), &run(10, 7), &[]);
        check(&[], &[], &[]);
    }

    #[test]
    fn what_is_slower_is_told_and_nothing_else() {
        check(
            &run(10, 1000),
            &run(12, 1000),
            &[
                ("SLOWER", "stitch p50 +18 % (100 and 100 calls)"),
                ("SLOWER", "stitch p95 +22 % (100 and 100 calls)"),
            ],
        );
        check(&run(10, 1000)[..19], &run(20, 1000), &[]);
    }

    #[test]
    fn new_problems_and_more_failures_come_first() {
        let error = Record {
            level: Level::Error,
            logger: "a".into(),
            message: "no room".into(),
            ..Record::default()
        };
        let mut new = run(10, 5);
        new.push(error);
        let found = compare(&analysis(&run(10, 1000)), &analysis(&new));
        let kinds: Vec<_> = found.iter().map(|one| one.kind).collect();
        assert_eq!(kinds, ["NEW", "FAILURES"], "{found:?}");
        assert!(found[1].text.starts_with("stitch: 20.0 % fail, 1.0 % did before"), "{found:?}");
    }

    #[test]
    fn retries_are_counted_for_each_call() {
        let mut new = run(10, 1000);
        for _ in 0..30 {
            new.push(told(
                "Attempt 1 failed: x. Retrying in 2 seconds...",
                r#"{"name":"stitch","attempt":1,"max_attempts":3,"delay_ms":100}"#,
            ));
        }
        let text = "stitch: 30.0 % are retried, 0.0 % did before (100 and 100 calls)";
        check(&run(10, 1000), &new, &[("RETRIES", text)]);
    }
}
