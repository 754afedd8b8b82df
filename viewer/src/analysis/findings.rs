//! What stands out in the numbers, said in a sentence each: pure functions of an analysis, the worst first.

use logwright::record::Timestamp;

use super::Analysis;
use crate::facts::OTHER;
use crate::runs::Started;

/// A storm has at least so many retries in a bucket of time, and for each call so many.
const STORM_RETRIES: u64 = 10;
const STORM_PER_CALL: f64 = 1.0;
/// Waste is told of from so many attempts on.
const WASTE: u64 = 3;
/// An operation that failed each of so many times is told of.
const ALWAYS: u64 = 3;
/// How many times longer than the longest call an operation must be open in a run that goes on, to be called hung.
const HUNG: u64 = 10;

/// Something that a reader should look at first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    /// One word: what kind it is.
    pub(crate) kind: &'static str,
    pub(crate) text: String,
}

pub(crate) fn findings(analysis: &Analysis) -> Vec<Finding> {
    let all = [lost, missing, open, storms, wasted, hasty, failing];
    all.into_iter().flat_map(|find| find(analysis)).collect()
}

/// Records that a program owned up to have lost.
fn lost(analysis: &Analysis) -> Vec<Finding> {
    let lost = analysis.runs.lost;
    let text = || format!("the programs say that {lost} records could not be written");
    (lost > 0).then(|| Finding { kind: "LOST", text: text() }).into_iter().collect()
}

/// Records that should be there, by the numbers of the others.
fn missing(analysis: &Analysis) -> Vec<Finding> {
    let mut found = Vec::new();
    for (id, run) in analysis.runs.counted() {
        let gaps = run.sequence.gaps();
        if let Some((first, last)) = gaps.first() {
            let least = if run.sequence.is_rough { "at least " } else { "" };
            let missing = run.sequence.missing();
            let text = format!(
                "run {:08x} of process {} lacks {least}{missing} records in {} gaps, the first from {first} to {last}",
                id.run,
                id.pid,
                gaps.len()
            );
            found.push(Finding { kind: "GAP", text });
        }
        let twice = run.sequence.doubled();
        if twice > 0 {
            let text = format!("run {:08x} of process {} has {twice} records twice", id.run, id.pid);
            found.push(Finding { kind: "TWICE", text });
        }
    }
    found
}

/// Operations that never ended, one finding for each run.
fn open(analysis: &Analysis) -> Vec<Finding> {
    let started = analysis.unfinished();
    let mut runs: Vec<_> = started.iter().map(|started| started.run).collect();
    runs.sort();
    runs.dedup();
    let mut found = Vec::new();
    for run in runs {
        let of_run: Vec<_> = started.iter().copied().filter(|started| started.run == run).collect();
        let name = run.map_or("a run without a number".to_owned(), |id| format!("run {:08x}", id.run));
        let (hung, died): (Vec<_>, Vec<_>) =
            of_run.into_iter().partition(|started| is_hung(analysis, started));
        for (kind, what, open) in
            [("OPEN", "ended or still goes on with", died), ("HUNG", "goes on beside", hung)]
        {
            if !open.is_empty() {
                let operations = chain(&open);
                let text = format!("{name} {what} {} operations open: {operations}", open.len());
                found.push(Finding { kind, text });
            }
        }
    }
    found
}

/// Whether the run went on writing so long after the operation began that it should be over.
pub(crate) fn is_hung(analysis: &Analysis, started: &Started) -> bool {
    let last = started.run.and_then(|id| analysis.runs.of(id)).and_then(|run| run.seen);
    let Some((_, last)) = last else { return false };
    let longest = analysis.summary.operation(&analysis.names, &started.operation);
    let longest = longest.and_then(|operation| operation.calls().durations.range).map(|(_, max)| max);
    let open = u64::try_from(last.as_micros() - started.timestamp.as_micros()).unwrap_or(0);
    longest.is_some_and(|ns| open / HUNG > (ns / 1000).max(100_000))
}

/// The operations from the outermost inwards, as far as they are open.
fn chain(open: &[&Started]) -> String {
    const MOST: usize = 5;
    let mut text = String::new();
    for (at, started) in open.iter().take(MOST).enumerate() {
        if at > 0 {
            let inner = started.parent_id.is_some_and(|parent| parent == open[at - 1].op_id);
            text.push_str(if inner { " > " } else { ", " });
        }
        text.push_str(&started.operation);
    }
    if open.len() > MOST {
        text.push_str(", ..");
    }
    text
}

/// Times in which there were more retries than calls.
fn storms(analysis: &Analysis) -> Vec<Finding> {
    let (buckets, width) = analysis.summary.timeline.held();
    let mut storms: Vec<(Timestamp, Timestamp, u64, u64)> = Vec::new();
    for (from, bucket) in buckets {
        let per_call = bucket.retries as f64 / bucket.calls.max(1) as f64;
        if bucket.retries < STORM_RETRIES || per_call < STORM_PER_CALL {
            continue;
        }
        let to = Timestamp::from_micros(from.as_micros().saturating_add(width));
        match storms.last_mut() {
            Some((_, end, retries, calls)) if *end == from => {
                (*end, *retries, *calls) = (to, *retries + bucket.retries, *calls + bucket.calls);
            }
            _ => storms.push((from, to, bucket.retries, bucket.calls)),
        }
    }
    let tell = |(from, to, retries, calls)| Finding {
        kind: "STORM",
        text: format!("{retries} retries for {calls} calls between {from} and {to}"),
    };
    storms.into_iter().map(tell).collect()
}

/// Attempts that never helped.
fn wasted(analysis: &Analysis) -> Vec<Finding> {
    let operations = analysis.summary.operations(&analysis.names).into_iter();
    let wasted = operations.filter_map(|(name, operation)| {
        let (from, attempts) = operation.retries.wasted().filter(|&(_, attempts)| attempts >= WASTE)?;
        let most =
            operation.retries.max_attempts.map_or(String::new(), |max| format!(" (max_attempts = {max})"));
        let text = format!("from attempt {from} on, none of {attempts} attempts of {name} helped{most}");
        Some(Finding { kind: "WASTE", text })
    });
    wasted.collect()
}

/// Second attempts that come too soon: they seldom help, and third ones do.
fn hasty(analysis: &Analysis) -> Vec<Finding> {
    const ENOUGH: u64 = 10;
    let operations = analysis.summary.operations(&analysis.names).into_iter();
    let hasty = operations.filter_map(|(name, operation)| {
        let ((second, early), (third, late)) = (operation.retries.success(2), operation.retries.success(3));
        let is_hasty = second >= ENOUGH && third >= ENOUGH / 2 && early < 0.2 && late > 0.5;
        let text = format!(
            "the second attempt of {name} helps in {:.0} % of {second} cases, the third in {:.0} % of {third}: the delay is \
             shorter than what it waits for takes",
            early * 100.0,
            late * 100.0
        );
        is_hasty.then_some(Finding { kind: "HASTY", text })
    });
    hasty.collect()
}

/// Operations that do nothing but fail.
fn failing(analysis: &Analysis) -> Vec<Finding> {
    let operations = analysis.summary.operations(&analysis.names).into_iter();
    let failing = operations.filter(|(name, _)| *name != OTHER).filter_map(|(name, operation)| {
        let calls = operation.calls();
        let text = || format!("{name} failed each of {} times", calls.count);
        (calls.count >= ALWAYS && calls.failed == calls.count)
            .then(|| Finding { kind: "FAILS", text: text() })
    });
    failing.collect()
}

#[cfg(test)]
mod tests {
    use std::num::NonZero;

    use logwright::record::{Kind, OpId, Record, Status};

    use super::*;
    use crate::analysis::tests::analysis;
    use crate::input::Fold as _;
    use crate::step::tests::told;

    #[track_caller]
    fn check(records: &[Record<'_>], expected: &[(&str, &str)]) {
        let found = findings(&analysis(records));
        let found: Vec<_> = found.iter().map(|finding| (finding.kind, &*finding.text)).collect();
        assert_eq!(found, expected);
    }

    fn of_run(seq: u64) -> Record<'static> {
        Record { run: Some(0xab), pid: Some(7), seq: Some(seq), ..Record::default() }
    }

    #[test]
    fn missing_and_doubled_records_are_found() {
        check(&[of_run(4), of_run(5), of_run(6)], &[]);
        let gap = "run 000000ab of process 7 lacks 4 records in 2 gaps, the first from 5 to 5";
        check(&[of_run(4), of_run(6), of_run(10)], &[("GAP", gap)]);
        check(&[of_run(4), of_run(4)], &[("TWICE", "run 000000ab of process 7 has 1 records twice")]);
        let lost = Record { kind: Kind::LogLoss, lost: Some(3), ..Record::default() };
        check(&[lost], &[("LOST", "the programs say that 3 records could not be written")]);
    }

    #[test]
    fn no_number_is_made_up_where_there_are_too_many_runs_or_too_large_ones() {
        let lost = Record { kind: Kind::LogLoss, lost: Some(u64::MAX), ..Record::default() };
        let text = format!("the programs say that {} records could not be written", u64::MAX);
        check(&[lost.clone(), lost], &[("LOST", &text)]);
        let mut records: Vec<_> = (0..20_000).map(|run| Record { run: Some(run), ..of_run(0) }).collect();
        records.extend((0..20_000).map(|run| Record { run: Some(run), ..of_run(1) }));
        // One part has seen the first record of a run, and another one the second.
        let mut whole = analysis(&records[..30_000]);
        whole.merge(analysis(&records[30_000..]));
        assert_eq!((findings(&whole), whole.runs.missing(), whole.runs.is_full), (Vec::new(), 0, true));
    }

    #[test]
    fn what_was_open_at_the_end_of_a_run_is_told_with_what_it_was_in() {
        let start = |id, parent, name: &'static str, micros| Record {
            kind: Kind::OpStart,
            op_id: NonZero::new(id).map(OpId),
            parent_id: NonZero::new(parent).map(OpId),
            operation: Some(name.into()),
            timestamp: Timestamp::from_micros(micros),
            ..of_run(id)
        };
        let text = "run 000000ab ended or still goes on with 2 operations open: download > fetch";
        check(&[start(1, 0, "download", 5), start(2, 1, "fetch", 6)], &[("OPEN", text)]);
        let end = Record {
            kind: Kind::OpEnd,
            seq: Some(9),
            duration_ns: Some(1_000_000),
            timestamp: Timestamp::from_micros(9),
            ..start(7, 0, "fetch", 9)
        };
        let late = Record { timestamp: Timestamp::from_micros(90_000_000), ..of_run(10) };
        let text = "run 000000ab goes on beside 1 operations open: fetch";
        check(&[start(8, 0, "fetch", 6), end, start(7, 0, "fetch", 7), late], &[("HUNG", text)]);
    }

    #[test]
    fn retries_that_do_no_good_are_found() {
        let again = |attempt: &str| told("Attempt 1 failed: x. Retrying in 2 seconds...", attempt);
        let mut records = Vec::new();
        for _ in 0..3 {
            records.push(again(r#"{"name":"fetch","attempt":1,"max_attempts":3,"delay_ms":100}"#));
            records.push(again(r#"{"name":"fetch","attempt":2,"max_attempts":3,"delay_ms":100}"#));
            records.push(told(
                "Failed after 3 attempts: x",
                r#"{"name":"fetch","attempts":3,"reason":"max_attempts"}"#,
            ));
        }
        let waste = ("WASTE", "from attempt 2 on, none of 6 attempts of fetch helped (max_attempts = 3)");
        check(&records, &[waste]);
        records.extend_from_within(..);
        let storm =
            "12 retries for 0 calls between 1970-01-01T00:00:00.000000Z and 1970-01-01T00:00:01.000000Z";
        let waste = ("WASTE", "from attempt 2 on, none of 12 attempts of fetch helped (max_attempts = 3)");
        check(&records, &[("STORM", storm), waste]);
    }

    #[test]
    fn a_delay_that_is_too_short_is_found() {
        let again = |attempt| {
            let context = format!(r#"{{"name":"fetch","attempt":{attempt},"max_attempts":3,"delay_ms":1}}"#);
            told("Attempt 1 failed: x. Retrying in 0.001 seconds...", &context)
        };
        let saved = told("Succeeded after 3 attempts", r#"{"name":"fetch","attempts":3,"slept_ms":2}"#);
        let call = vec![again(1), again(2), saved];
        check(
            &vec![call.clone(); 9].concat(),
            &[(
                "STORM",
                "18 retries for 0 calls between 1970-01-01T00:00:00.000000Z and 1970-01-01T00:00:01.000000Z",
            )],
        );
        let found = findings(&analysis(&vec![call; 10].concat()));
        let text = "the second attempt of fetch helps in 0 % of 10 cases, the third in 100 % of 10: the delay is shorter than what it \
                    waits for takes";
        assert_eq!((found[1].kind, &*found[1].text), ("HASTY", text));
    }

    #[test]
    fn an_operation_that_only_fails_is_found() {
        let end = Record {
            kind: Kind::OpEnd,
            operation: Some("stitch".into()),
            status: Some(Status::Failure),
            ..Record::default()
        };
        check(&vec![end.clone(); 2], &[]);
        check(&vec![end; 3], &[("FAILS", "stitch failed each of 3 times")]);
    }
}
