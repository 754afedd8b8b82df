//! What `logwright analyze` reports on a part of a log, in which formats, and when it fails a build; completions and the
//! manual page.

use std::path::Path;

use logwright::Level;
use logwright::record::{Kind, Record, Status, Timestamp};
use serde_json::{Value, json};

use crate::viewer::{Run, folder, json_line, log, run};

/// An hour of two operations and a warning, in JSON lines.
fn lines() -> String {
    let call = |operation: &'static str, minute: i64, ms: u64, status| Record {
        kind: Kind::OpEnd,
        operation: Some(operation.into()),
        timestamp: Timestamp::from_micros(1_795_348_800_000_000 + minute * 60_000_000),
        duration_ns: Some(ms * 1_000_000),
        status: Some(status),
        ..log(if status == Status::Failure { Level::Error } else { Level::Info }, "done")
    };
    let warning = Record {
        logger: "=cmd|'/c calc'!A1".into(),
        timestamp: Timestamp::from_micros(1_795_348_800_000_000),
        ..log(Level::Warning, "slow")
    };
    [
        call("stitch", 1, 1000, Status::Success),
        call("stitch", 30, 3000, Status::Failure),
        call("fetch_page", 59, 5, Status::Success),
        warning,
    ]
    .iter()
    .map(json_line)
    .collect()
}

fn analyze(args: &[&str]) -> Run {
    let folder = folder(&[("a.jsonl", lines().as_bytes())]);
    run(folder.path(), &[&["analyze", "a.jsonl"], args].concat(), b"")
}

/// How many records are reported, of how many.
#[track_caller]
fn check(args: &[&str], matched: u64) -> Value {
    let run = analyze(&[&["--format=json"], args].concat());
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let report = run.report();
    assert_eq!(
        (&report["selection"]["matched"], &report["selection"]["records"]),
        (&json!(matched), &json!(4))
    );
    let counted = report["levels"].as_object().unwrap().values().filter_map(Value::as_u64).sum::<u64>();
    assert_eq!(counted, matched, "{report:#}");
    report
}

#[test]
fn only_what_the_filter_takes_is_counted() {
    let report = check(&["-q", "op=stitch dur>2s"], 1);
    assert_eq!(report["operations"][0]["count"], 1);
    assert_eq!(report["selection"]["filter"], "op=stitch dur>2s");
    check(&["--filter", "-op=stitch"], 2);
    check(&["-q", "level>=warn"], 2);
    check(&["-q", "nothing"], 0);
    assert_eq!(analyze(&["--format=json"]).report()["selection"], Value::Null);
}

#[test]
fn only_the_time_that_is_wanted_is_counted() {
    let report = check(&["--since", "2026-11-22 12:30", "--until", "2026-11-22T12:59:00Z", "--tz", "utc"], 1);
    assert_eq!(report["operations"][0]["failed"], 1);
    assert_eq!(report["selection"]["since"], "2026-11-22T12:30:00.000000Z");
    check(&["--since", "2026-11-22 20:59", "--tz", "+08:00"], 1);
    check(&["--since=2026-11-22", "-q", "fetch_*", "--tz=utc"], 0);
    check(&["--since", "2026-11-22", "--until", "2026-11-23"], 4);
}

#[test]
fn a_text_report_says_what_was_left_out() {
    let run = analyze(&["-q", "op=stitch", "--until=2026-11-22T12:10:00Z"]);
    let expected = "\
Log Analysis for a.jsonl
==================================================
Filter: op=stitch until 2026-11-22 12:10:00+00:00
Matched: 1 of 4 records
";
    assert!(run.stdout.starts_with(expected), "{}", run.stdout);
    assert!(analyze(&[]).stdout.starts_with("Log Analysis for a.jsonl\n"));
}

#[test]
fn what_is_no_query_is_shown_with_its_place() {
    for (args, expected) in [
        (["-q", "op=a levl>1"], "unknown key `levl`; did you mean `level`?"),
        (["--since", "noon"], "no time; write `-3h`"),
        (["--tz", "Asia/Shanghi"], "unknown time zone; write `local`"),
        (["--fail-on", "erors>1"], "unknown number `erors`; did you mean `errors`?"),
        (["--color", "purple"], "auto, always, never"),
    ] {
        let run = analyze(&args);
        assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""), "{args:?}");
        assert!(run.stderr.contains(expected), "{}", run.stderr);
    }
    let run = analyze(&["-q", "op=a levl>1"]);
    assert!(run.stderr.contains("(column 6)\n  op=a levl>1\n       ^\n"), "{}", run.stderr);
    let run = analyze(&["--since=today", "--until=yesterday"]);
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("no record is between them: `since` is "), "{}", run.stderr);
}

#[test]
fn a_condition_that_is_met_fails_the_build_and_says_by_what() {
    let run = analyze(&["--fail-on", "op=stitch max>2s", "--fail-on=errors>10", "--fail-on=op=* failed>1%"]);
    assert_eq!(run.code, Some(1));
    let expected =
        "failed: op=stitch max>2s: max of stitch is 3s\nfailed: op=* failed>1%: failed of stitch is 50%\n";
    assert_eq!(run.stderr, expected);
    assert!(run.stdout.starts_with("Log Analysis for "));
    // The numbers are those of the report.
    assert_eq!(analyze(&["--fail-on", "op=stitch max>2s", "-q", "-status=failure"]).code, Some(0));
    assert_eq!(analyze(&["--fail-on", "op=stitch count<1", "-q", "op=fetch_page"]).code, Some(1));
}

#[test]
fn a_condition_that_cannot_be_asked_is_told() {
    let run = analyze(&["--fail-on", "op=stich avg>2s"]);
    let expected =
        "warning: op=stich avg>2s: not checked: no operation is called stich; did you mean `stitch`?\n";
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), expected));
}

#[test]
fn a_met_condition_goes_before_input_that_lacks_something() {
    let run = analyze(&["missing.log", "--fail-on", "errors>0"]);
    assert_eq!(run.code, Some(1));
    assert!(run.stderr.contains("failed: errors>0: errors is 1\nerror: missing.log: "), "{}", run.stderr);
    assert_eq!(analyze(&["missing.log", "--fail-on", "errors>1"]).code, Some(3));
}

#[test]
fn tables_have_the_numbers_of_the_json_report() {
    let ndjson = analyze(&["--format=ndjson", "-q", "op=*"]).stdout;
    let rows: Vec<Value> = ndjson.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let report = analyze(&["--format=json", "-q", "op=*"]).report();
    let of = |section: &str| rows.iter().filter(|row| row["section"] == section).cloned().collect::<Vec<_>>();
    let with_name = |value: &Value| {
        let mut value = value.clone();
        value["section"] = "operation".into();
        value
    };
    let operations = report["operations"].as_array().unwrap().iter().map(with_name);
    assert_eq!(of("operation"), operations.collect::<Vec<_>>());
    assert_eq!(of("selection")[0]["matched"], 3);
    assert_eq!(
        of("level"),
        [
            json!({"section": "level", "level": "INFO", "count": 2}),
            json!({"section": "level", "level": "ERROR", "count": 1})
        ]
    );
    assert_eq!(of("coverage")[0]["records"], 4);

    let csv = analyze(&["--format=csv"]).stdout;
    assert!(csv.contains("\r\n\r\noperation\r\noperation,count,failed,cancelled,avg,min,max,total"), "{csv}");
    assert!(csv.contains("\r\nstitch,2,1,0,2.0,1.0,3.0,4.0"), "{csv}");
    assert!(csv.contains("\r\n'=cmd|'/c calc'!A1,1\r\n"), "{csv}");
    let md = analyze(&["--format=md"]).stdout;
    assert!(
        md.contains("\n## operation\n\n| operation | count | failed | cancelled | avg | min | max | total |"),
        "{md}"
    );
    assert!(md.contains("\n| =cmd\\|'/c calc'\\!A1 | 1 |\n"), "{md}");
}

#[test]
fn colours_come_only_where_they_are_wanted() {
    for args in [&[][..], &["--color=auto"], &["--color=never"], &["--color=always", "--format=json"]] {
        assert!(!analyze(args).stdout.contains('\u{1b}'), "{args:?}");
    }
    let painted = analyze(&["--color=always"]).stdout;
    assert!(painted.contains("  \u{1b}[31mERROR:\u{1b}[0m"), "{painted}");
}

#[test]
fn the_directory_logs_is_what_is_read_where_nothing_else_is_said() {
    let folder = folder(&[("other.jsonl", b"")]);
    std::fs::create_dir(folder.path().join("logs")).unwrap();
    std::fs::write(folder.path().join("logs/a.jsonl"), lines()).unwrap();
    let run = run(folder.path(), &["analyze", "--format=json"], b"");
    assert_eq!((run.code, &run.report()["coverage"]["records"]), (Some(0), &json!(4)));
}

#[test]
fn shells_and_man_know_the_commands() {
    let printed = |args: &[&str]| {
        let run = run(Path::new("."), args, b"");
        assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""), "{args:?}");
        run.stdout
    };
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        assert!(printed(&["completions", shell]).contains("fail-on"), "{shell}");
    }
    assert!(printed(&["man"]).contains(".TH LOGWRIGHT 1"));
    let page = printed(&["man", "analyze"]);
    assert!(page.contains(".TH LOGWRIGHT\\-ANALYZE 1") || page.contains(".TH LOGWRIGHT-ANALYZE 1"), "{page}");
    let unknown = run(Path::new("."), &["man", "analyse"], b"");
    assert_eq!(unknown.code, Some(2));
    assert!(unknown.stderr.contains("no command `analyse`; there are analyze"), "{}", unknown.stderr);
}

#[test]
fn what_is_different_from_a_baseline_is_told() {
    let calls = |times: u64, error: &str| {
        let call = |n: u64| Record {
            kind: Kind::OpEnd,
            operation: Some("stitch".into()),
            duration_ns: Some((1_000_000 + n * 1000) * times),
            status: Some(Status::Success),
            ..Record::default()
        };
        let mut lines: String = (0..50).map(|n| json_line(&call(n))).collect();
        if !error.is_empty() {
            let message = error.to_owned().into();
            lines.push_str(&json_line(&Record { level: Level::Error, message, ..Record::default() }));
        }
        lines
    };
    let folder = folder(&[
        ("old.jsonl", calls(2, "").as_bytes()),
        ("same.jsonl", calls(2, "").as_bytes()),
        ("new.jsonl", calls(3, "disk full").as_bytes()),
    ]);
    let differences = |args: &[&str]| {
        let run = run(folder.path(), &[&["analyze", "--format", "json", "--baseline"], args].concat(), b"");
        assert_eq!((run.code, &*run.stderr), (Some(0), ""));
        let kinds = run.report()["differences"].as_array().unwrap().clone();
        kinds.iter().map(|one| one["kind"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(differences(&["old.jsonl", "same.jsonl"]), [""; 0]);
    assert_eq!(differences(&["old.jsonl", "new.jsonl"]), ["NEW", "SLOWER", "SLOWER"]);
    assert_eq!(differences(&["old.jsonl", "new.jsonl", "-q", "op=stitch"]), ["SLOWER", "SLOWER"]);
    let run = run(folder.path(), &["analyze", "--baseline", "nothere", "new.jsonl"], b"");
    assert_eq!(run.code, Some(2));
    assert!(
        run.stderr.starts_with("error: the baseline cannot be read: nothere: cannot open it"),
        "{}",
        run.stderr
    );
}

#[test]
fn functions_that_never_ran_are_named() {
    let call = Record { operation: Some("stitch".into()), duration_ns: Some(1), ..Record::default() };
    let catalogue = r#"[{"kind":"log_time","name":"stitch","file":"src/a.rs","line":1},
                        {"kind":"structured_op","name":"clean","file":"src/a.rs","line":9}]"#;
    let folder = folder(&[("a.jsonl", json_line(&call).as_bytes()), ("c.json", catalogue.as_bytes())]);
    let run = run(folder.path(), &["analyze", "--catalogue", "c.json", "a.jsonl"], b"");
    assert!(run.stdout.contains("\nNever Ran (1):\n  clean  src/a.rs:9\n"), "{}", run.stdout);
}
