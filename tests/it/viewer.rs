//! The built `logwright` binary, end to end: what it says of a log and how it exits.

use std::fs;
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};

use logwright::Level;
use logwright::record::{Kind, Printable, Record, Status, Timestamp, json, text};
use serde_json::{Value, json};

use crate::support::{assert_counted_alike, built};

/// The guide's loggers, as its script reads them.
pub(crate) const PYTHON: &str = "\
2026-11-22 12:45:13,100 - root - INFO - Logging initialized
2026-11-22 12:45:14,200 - utils.performance - DEBUG - stitch executed in 1.50 seconds
2026-11-22 12:45:15,642 - adapter.baozimh - ERROR - Error downloading chapter http://x/1: timed out
Traceback (most recent call last):
  File \"adapter.py\", line 12, in download

TimeoutError: timed out
2026-11-22 12:45:16,300 - utils.performance - DEBUG - stitch executed in 0.50 seconds
2026-11-22 12:45:17,400 - chaptrix - ERROR - Operation sync failed: {\"operation\": \"sync\", \"context\": {}, \
\"events\": [], \"duration\": 2.25, \"status\": \"failure\", \"error\": \"timed out\"}
";

/// What a run of the binary left behind.
pub(crate) struct Run {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Run {
    pub(crate) fn report(&self) -> Value {
        serde_json::from_str(&self.stdout).expect("--format json prints an object")
    }
}

/// Runs it in a folder with the given files, in UTC.
pub(crate) fn run(folder: &Path, args: &[&str], stdin: &[u8]) -> Run {
    let mut child = Command::new(built("logwright"))
        .args(args)
        .current_dir(folder)
        .env("TZ", "UTC")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(stdin).unwrap();
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Run { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
}

pub(crate) fn folder(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        fs::write(folder.path().join(name), bytes).unwrap();
    }
    folder
}

pub(crate) fn json_line(record: &Record<'_>) -> String {
    let mut line = String::new();
    json::write(&mut line, record);
    line
}

pub(crate) fn log(level: Level, message: &'static str) -> Record<'static> {
    Record { level, logger: "chaptrix::stitch".into(), message: message.into(), ..Record::default() }
}

fn call(operation: &'static str, duration_ns: u64, status: Status) -> Record<'static> {
    Record {
        kind: Kind::OpEnd,
        operation: Some(operation.into()),
        duration_ns: Some(duration_ns),
        status: Some(status),
        ..log(Level::Info, "done")
    }
}

/// Checks the exit code and the numbers of the coverage for a file of that content.
#[track_caller]
fn check(content: &[u8], code: i32, coverage: &[(&str, u64)]) -> Value {
    let folder = folder(&[("a.log", content)]);
    let run = run(folder.path(), &["analyze", "--format", "json", "a.log"], b"");
    assert_eq!(run.code, Some(code), "{}{}", run.stdout, run.stderr);
    let report = run.report();
    for (what, expected) in coverage {
        assert_eq!(report["coverage"][what], json!(expected), "{what}: {report:#}");
    }
    report
}

#[test]
fn the_guides_python_lines_give_the_guides_report() {
    let folder = folder(&[("a.log", PYTHON.as_bytes())]);
    let run = run(folder.path(), &["analyze", "a.log"], b"");
    let expected = "\
Log Analysis for a.log
==================================================
Period: 2026-11-22T12:45:13.100000Z to 2026-11-22T12:45:17.400000Z

Log Level Distribution:
  ERROR:  2
  DEBUG:  2
  INFO:   1

Logs Over Time (1.00 s per mark):
  records  █████
  errors     █ █

Logger Distribution:
  utils.performance:  2
  adapter.baozimh:    1
  chaptrix:           1
  root:               1

Operation Performance:
  operation  count  failed  cancelled     avg     min     p50     p95     p99     max   total
  sync           1       1          0  2.25 s  2.25 s  2.25 s  2.25 s  2.25 s  2.25 s  2.25 s
  stitch         2       0          0  1.00 s  500 ms  500 ms  1.50 s  1.50 s  1.50 s  2.00 s

Problems (2):
  3746  adapter.baozimh: Error downloading chapter <url> timed out (records 1, errors 1)
  5474  sync: timed out (records 1, errors 1)

Errors (2):
  1. [2026-11-22T12:45:15.642000Z] adapter.baozimh: Error downloading chapter http://x/1: timed out
  2. [2026-11-22T12:45:17.400000Z] chaptrix: Operation sync failed: {\"operation\": \"sync\", \"context\": {}, \
\"events\": [], \"duration\": 2.25, \"status\": \"failure\", \"error\": \"timed out\"}

Coverage: files 1, bytes 614, records 5, continuation lines 4, unparsed 0, truncated 0, unreadable 0, skipped 0
";
    assert_eq!(run.stdout, expected);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
}

#[test]
fn one_file_may_hold_every_format() {
    let mut content = json_line(&log(Level::Critical, "a"));
    let chain = json_line(&Record::default()).replace('}', r#","error_chain":["disk full"]}"#);
    text::write(&mut content, &json::read(&chain).unwrap());
    content.push_str(PYTHON);
    content.push_str("{\"level\":\"info\",\"msg\":\"another program's\"}\r\n");
    content.push_str(json_line(&log(Level::Error, "b")).trim_end());
    content.push_str(&json_line(&call("sync", 750_000_000, Status::Success)));
    let report = check(
        content.as_bytes(),
        0,
        &[("records", 9), ("continuation", 5), ("unparsed", 1), ("glued", 1), ("truncated", 0)],
    );
    assert_eq!(report["levels"], json!({"CRITICAL": 1, "ERROR": 3, "INFO": 3, "DEBUG": 2}));
    assert_eq!(report["errors"]["count"], 4);
    assert_eq!(
        report["operations"][0],
        json!({"operation": "sync", "count": 2, "failed": 1, "cancelled": 0, "avg": 1.5, "min": 0.75, "max": 2.25, "total": 3.0,
            "p50": 0.754_974_72, "p90": 2.25, "p95": 2.25, "p99": 2.25})
    );
}

#[test]
fn the_numbers_are_those_that_python_counts() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.jsonl");
    fs::write(&path, many_records()).unwrap();
    let report = run(folder.path(), &["analyze", "--format=json", "."], b"").report();
    assert_eq!(report["operations"].as_array().unwrap().len(), 3);
    assert_counted_alike(&report, &path);
}

/// Calls that end and are timed, calls that are timed only, calls that end only, and plain records.
fn many_records() -> String {
    let mut state = 1_u64;
    let mut random = |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let mut lines = String::new();
    for n in 0..3000 {
        let status = Status::ALL[1 + random(4) as usize];
        let level = Level::ALL[random(6) as usize];
        let mut record = Record { level, ..call("both", random(5_000_000_000), status) };
        match random(5) {
            0 => record.operation = Some("ends".into()),
            1 => record = Record { kind: Kind::Log, status: None, ..record },
            2 => record = Record { kind: Kind::Log, operation: Some("timed".into()), status: None, ..record },
            3 => record = Record { kind: Kind::OpStart, duration_ns: None, ..record },
            _ => {}
        }
        record.timestamp = Timestamp::from_micros(n * 1000);
        json::write(&mut lines, &record);
    }
    lines
}

#[test]
fn hostile_text_never_reaches_the_terminal() {
    let hostile = "\u{1b}[2J\n2026-11-22 12:45:15,642 - a - CRITICAL - forged\u{202e}\u{9b}0m\r\u{7f}";
    let record = Record {
        logger: hostile.into(),
        operation: Some(hostile.into()),
        ..Record { message: hostile.into(), level: Level::Error, ..call("", 1, Status::Success) }
    };
    let name = if cfg!(unix) { "a\u{1b}[2J\n\u{202e}.log" } else { "a.log" };
    let raw = "2026-11-22 12:45:15,642 - \u{1b}[31ma - ERROR - \u{1b}]0;title\u{7}\u{202e}\n";
    let folder = folder(&[(name, (json_line(&record) + raw).as_bytes()), ("b\u{1b}[2J.txt", b"")]);
    for format in ["--format=text", "--format=json"] {
        for args in [&["analyze", format, "."][..], &["analyze", format, name, "\u{1b}[2Jmissing"]] {
            let run = run(folder.path(), args, b"");
            for line in run.stdout.lines().chain(run.stderr.lines()) {
                assert_eq!(Printable(line).to_string(), line);
            }
            assert!(!run.stdout.contains('\r') && !run.stdout.lines().any(|line| line.starts_with("2026")));
        }
    }
    let report = run(folder.path(), &["analyze", "--format=json", name], b"").report();
    assert_eq!(report["errors"]["first"][0]["message"], hostile);
    assert_eq!(report["levels"], json!({"ERROR": 2}));
}

#[test]
fn a_missing_file_is_named_and_the_others_are_reported() {
    let folder = folder(&[("a.log", PYTHON.as_bytes())]);
    let run = run(folder.path(), &["analyze", "a.log", "missing.log"], b"");
    assert_eq!(run.code, Some(3));
    assert!(run.stdout.contains("records 5,") && run.stdout.contains("unreadable 1"), "{}", run.stdout);
    assert!(run.stderr.starts_with("error: missing.log: cannot open it: "), "{}", run.stderr);
}

#[test]
fn an_empty_file_is_said_to_be_empty() {
    let report = check(b"", 0, &[("files", 1), ("records", 0), ("unreadable", 0)]);
    assert_eq!(report["coverage"]["notes"][0]["text"], "empty");
}

#[test]
fn a_binary_file_is_unreadable() {
    let bytes: Vec<u8> = (0..100_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let report = check(&bytes, 3, &[("records", 0), ("bytes", 100_000), ("unreadable", 1)]);
    let note = report["coverage"]["notes"][0]["text"].as_str().unwrap();
    assert_eq!(note, "no whole record in it; it looks like a binary file");
}

#[test]
fn the_records_of_a_half_written_file_are_reported() {
    let whole = json_line(&call("stitch", 5, Status::Failure)) + &json_line(&log(Level::Error, "page 7"));
    let report = check(whole.as_bytes(), 0, &[("records", 2), ("truncated", 0)]);
    assert_eq!(report["operations"][0]["failed"], 1);
    let start = whole.find('\n').unwrap() + 1;
    for cut in [start + 1, start + 40, whole.len() - 2] {
        check(&whole.as_bytes()[..cut], 3, &[("records", 1), ("truncated", 1), ("unparsed", 0)]);
    }
    check(&whole.as_bytes()[..whole.len() - 1], 0, &[("records", 2), ("truncated", 0)]);
}

#[test]
fn a_file_cut_anywhere_is_accounted_for() {
    let whole = json_line(&log(Level::Error, "page 漫")) + PYTHON;
    let folder = tempfile::tempdir().unwrap();
    let names: Vec<_> = (0..whole.len()).step_by(23).map(|cut| format!("{cut}.log")).collect();
    for name in &names {
        let cut: usize = name.trim_end_matches(".log").parse().unwrap();
        fs::write(folder.path().join(name), &whole.as_bytes()[..cut]).unwrap();
    }
    let run = run(folder.path(), &["analyze", "--format=json", "."], b"");
    let coverage = &run.report()["coverage"];
    assert_eq!((run.code, coverage["files"].as_u64()), (Some(3), Some(names.len() as u64)));
    assert_eq!(coverage["unparsed"], 0);
}

#[test]
fn a_directory_without_logs_is_said_to_have_none() {
    let folder = folder(&[("notes.txt", b"x")]);
    let run = run(folder.path(), &["analyze", "."], b"");
    assert_eq!(run.code, Some(3));
    assert!(run.stderr.starts_with("error: .: no log in this directory"), "{}", run.stderr);
    assert!(run.stdout.contains("notes.txt: skipped: its name is no log's"), "{}", run.stdout);
}

#[test]
fn standard_input_is_a_file_like_any_other() {
    let run = run(Path::new("."), &["analyze", "--format=json", "-"], PYTHON.as_bytes());
    assert_eq!((run.code, run.report()["coverage"]["records"].as_u64()), (Some(0), Some(5)));
}

#[test]
fn a_reader_that_stops_reading_is_no_failure() {
    let mut child = Command::new(built("logwright"))
        .args(["analyze", "-", "missing.log"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    // The report is written when the input ends, which it does now.
    drop(child.stdin.take());
    let mut stderr = String::new();
    child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
    assert_eq!((child.wait().unwrap().code(), stderr.as_str()), (Some(0), ""));
}

#[test]
fn wrong_usage_is_told_from_unreadable_input() {
    for args in [&[][..], &["analyze"], &["analyze", "--format=xml", "a.log"], &["analyse", "a.log"]] {
        let run = run(Path::new("."), args, b"");
        assert_eq!(run.code, Some(2), "{args:?}");
        assert!(
            run.stderr.contains("Usage: logwright") || run.stderr.contains("--help"),
            "{args:?}: {}",
            run.stderr
        );
    }
}

#[test]
fn operations_that_never_ended_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let mut lines = String::new();
    for (kind, run) in [(Kind::OpStart, 1), (Kind::OpStart, 2), (Kind::OpEnd, 2)] {
        let op_id = Some(logwright::record::OpId(std::num::NonZero::<u64>::MIN));
        let status = (kind == Kind::OpEnd).then_some(Status::Cancelled);
        let operation = Some("down\x1bload".into());
        json::write(
            &mut lines,
            &Record { kind, op_id, status, operation, run: Some(run), ..Record::default() },
        );
    }
    fs::write(folder.path().join("a.jsonl"), lines).unwrap();
    let report = run(folder.path(), &["analyze", "."], b"").stdout;
    assert!(report.contains("Runs: 2\n"), "{report}");
    let expected = "Unfinished Operations (1):\n  1. down\\u{1b}load, started 1970-01-01T00:00:00.000000Z\n";
    assert!(report.contains(expected), "{report}");
    let report = run(folder.path(), &["analyze", "--format=json", "."], b"").report();
    assert_eq!(report["unfinished"][0]["operation"], "down\u{1b}load");
    assert_eq!(report["operations"][0]["cancelled"], 1);
}
