//! `logwright tree` and `logwright export`: what a plain log file says of calls and what is made of it for other tools.

use std::num::NonZero;

use logwright::record::{Kind, OpId, Record, Status, Timestamp, TraceId};
use serde_json::Value;

use crate::viewer::{Run, folder, json_line, run};

/// The start and the end of a call: its number, its parent's, its trace's, when it began and how long it took in
/// milliseconds; one that took no time never ended.
fn call(id: u64, parent: u64, trace: u128, begin: i64, took: u64, status: Status) -> String {
    let start = Record {
        kind: Kind::OpStart,
        operation: Some(format!("step{id}").into()),
        logger: "chaptrix".into(),
        op_id: NonZero::new(id).map(OpId),
        parent_id: NonZero::new(parent).map(OpId),
        trace_id: NonZero::new(trace).map(TraceId),
        run: Some(7),
        timestamp: Timestamp::from_micros(begin * 1000),
        ..Record::default()
    };
    let end = Record {
        kind: Kind::OpEnd,
        start: Some(start.timestamp),
        duration_ns: Some(took * 1_000_000),
        status: Some(status),
        ..start.clone()
    };
    json_line(&start) + &if took == 0 { String::new() } else { json_line(&end) }
}

fn log() -> String {
    let (good, bad) = (Status::Success, Status::Failure);
    [
        call(0x1a, 0, 1, 0, 100, good),
        call(0x1b, 0x1a, 1, 10, 60, good),
        call(0x2a, 0, 2, 5, 900, good),
        call(0x2b, 0x2a, 2, 6, 1, bad),
        call(0x3a, 0, 3, 7, 0, good),
    ]
    .concat()
}

fn command(args: &[&str]) -> Run {
    let folder = folder(&[("a.jsonl", log().as_bytes())]);
    run(folder.path(), args, b"")
}

/// The calls that are shown, in their order.
#[track_caller]
fn check(args: &[&str], expected: &[&str]) {
    let run = command(&[&["tree"], args, &["a.jsonl"]].concat());
    let names =
        run.stdout.lines().filter_map(|line| line.split_whitespace().find(|word| word.starts_with("step")));
    assert_eq!(names.collect::<Vec<_>>(), expected, "{}{}", run.stdout, run.stderr);
    assert_eq!((run.code, &*run.stderr), (Some(0), ""));
}

#[test]
fn the_trees_that_are_asked_for_are_shown() {
    check(&[], &["step42", "step43", "step26", "step27"]);
    check(&["-n", "1"], &["step42", "step43"]);
    check(&["--failed"], &["step42", "step43"]);
    check(&["--open"], &["step58"]);
    check(&["--id", "000000000000001B"], &["step26", "step27"]);
    check(&["--id", "ffff"], &[]);
}

#[test]
fn what_cannot_be_is_refused() {
    let run = command(&["tree", "-"]);
    let message =
        "error: the input is read twice, so standard input cannot be it; write it to a file first\n";
    assert_eq!((run.code, &*run.stderr, &*run.stdout), (Some(2), message, ""));
    assert_eq!(command(&["tree", "--open", "--failed", "a.jsonl"]).code, Some(2));
    assert_eq!(command(&["tree", "nothere.jsonl"]).code, Some(3));
}

#[test]
fn calls_are_exported_for_viewers_of_traces_and_flames() {
    let trace: Value =
        serde_json::from_str(&command(&["export", "--to", "chrome", "a.jsonl"]).stdout).unwrap();
    let events = trace["traceEvents"].as_array().unwrap();
    let count = |phase: &str| events.iter().filter(|event| event["ph"] == phase).count();
    assert_eq!((count("X"), count("B"), count("M")), (4, 1, 3));
    let folded = command(&["export", "--to", "folded", "a.jsonl"]).stdout;
    assert_eq!(folded, "step26 40000\nstep26;step27 60000\nstep42 899000\nstep42;step43 1000\nstep58 0\n");
}

#[test]
fn records_are_exported_as_they_are() {
    assert_eq!(command(&["export", "--to", "ndjson", "a.jsonl"]).stdout, log());
    let csv = command(&["export", "--to", "csv", "a.jsonl"]).stdout;
    assert_eq!((csv.lines().count(), csv.matches("\r\n").count()), (10, 10));
    assert!(csv.starts_with("timestamp,level,logger,"), "{csv}");
}
