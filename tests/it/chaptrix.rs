//! The example downloader, whole: what a stranger sees who runs it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use logwright::Level;
use logwright::record::{Kind, Record, Status};
use serde_json::Value;

use crate::schema::valid_lines;
use crate::support::{assert_counted_alike, built, guides_pattern, program, read, records, text};

fn chaptrix(out: &Path, arguments: &[&str]) -> Command {
    let mut command = program(built("chaptrix").to_str().unwrap(), &[]);
    command.args(arguments).arg("--out").arg(out);
    command
}

fn files_below(dir: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files_below(&path) } else { vec![path] }).collect()
}

fn ids(records: &[Record<'_>], kind: Kind) -> BTreeSet<logwright::record::OpId> {
    records.iter().filter(|record| record.kind == kind).map(|record| record.op_id.unwrap()).collect()
}

#[test]
fn a_run_gets_what_can_be_had_and_explains_itself() {
    let out = tempfile::tempdir().unwrap();
    let output = chaptrix(out.path(), &[]).output().unwrap();
    let (summary, console) = (text(&output.stdout), text(&output.stderr));
    assert_eq!(output.status.code(), Some(0), "{summary}{console}");
    // A busy machine adds time-outs of its own to the faults that are injected.
    let recovered = regex::Regex::new(r"(\d+) recovered by a retry, (\d+) by the mirror").unwrap();
    let counts = recovered.captures(&summary).unwrap_or_else(|| panic!("{summary}"));
    let count = |group: usize| counts[group].parse::<u32>().unwrap();
    assert!(count(1) >= 5 && count(1) + count(2) >= 9, "{summary}");
    assert!(summary.contains("1 missing, 0 failed"), "{summary}");

    let stitched = files_below(&out.path().join("processed"));
    assert!(stitched.len() >= 9, "{stitched:?}");
    for path in &stitched {
        let image = image::open(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        assert!(image.height() <= 12_000 && image.width() == 800, "{}", path.display());
    }
    let logs = out.path().join("logs");
    assert!(!valid_lines(logs.join("chaptrix.jsonl")).is_empty());
    let records = records(logs.join("chaptrix.jsonl"));
    assert_eq!(ids(&records, Kind::OpStart), ids(&records, Kind::OpEnd));
    assert!(!ids(&records, Kind::OpStart).is_empty());
    let says = |level, words: &str| {
        records.iter().any(|record| record.level == level && record.message.starts_with(words))
    };
    assert!(says(Level::Info, "Succeeded after 2 attempts"));
    assert!(says(Level::Error, "Failed after 3 attempts: "));
    assert!(records.iter().any(|record| record.attempts.is_some_and(|attempts| attempts > 1)));

    let pattern = guides_pattern();
    let log = read(logs.join("chaptrix.log"));
    let strange: Vec<_> =
        log.lines().filter(|line| !line.starts_with('\t') && !pattern.is_match(line)).collect();
    assert!(strange.is_empty() && log.lines().count() > 50, "{strange:?}");

    let report = |path: &Path| -> Value {
        let report =
            Command::new(built("logwright")).args(["analyze", "--format=json"]).arg(path).output().unwrap();
        assert_eq!(report.status.code(), Some(0), "{}", text(&report.stderr));
        serde_json::from_slice(&report.stdout).unwrap()
    };
    let of_json = report(&logs);
    assert_counted_alike(&of_json, &logs.join("chaptrix.jsonl"));
    // Of retries the text log says as much.
    let of_text = report(&logs.join("chaptrix.log"));
    assert!(of_json["retries"].as_array().unwrap().len() >= 2, "{}", of_json["retries"]);
    assert_eq!(of_text["retries"], of_json["retries"]);
}

#[test]
fn what_the_site_does_not_give_up_is_a_failure() {
    let out = tempfile::tempdir().unwrap();
    let output = chaptrix(out.path(), &["--faults=harsh"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stdout));
    let records = records(out.path().join("logs/chaptrix.jsonl"));
    let failed = |record: &&Record<'_>| record.status == Some(Status::Failure) && record.kind == Kind::OpEnd;
    assert!(records.iter().filter(failed).all(|record| record.error.is_some()));
    assert!(records.iter().any(|record| failed(&record)));
}

#[test]
fn nobody_there_is_a_failure_with_a_reason() {
    let out = tempfile::tempdir().unwrap();
    let output = chaptrix(out.path(), &["--site=http://127.0.0.1:1"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(text(&output.stderr).contains("Failed after 3 attempts: "), "{output:?}");
}

#[test]
fn ctrl_c_ends_every_operation() {
    let out = tempfile::tempdir().unwrap();
    let mut child = chaptrix(out.path(), &[]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let lines = out.path().join("logs/chaptrix.jsonl");
    wait_for(&mut child, || lines.exists() && read(&lines).contains("download_chapter started"));
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(130));
    let records = records(&lines);
    assert_eq!(ids(&records, Kind::OpStart), ids(&records, Kind::OpEnd));
    let cancelled: BTreeSet<_> = records
        .iter()
        .filter(|record| record.status == Some(Status::Cancelled) && record.kind == Kind::OpEnd)
        .filter_map(|record| record.operation.as_deref())
        .collect();
    assert_eq!(cancelled, ["download_chapter", "process_comic"].into());
}

fn wait_for(child: &mut Child, ready: impl Fn() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while !ready() {
        assert!(Instant::now() < deadline && child.try_wait().unwrap().is_none(), "it never came to that");
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn the_annotated_functions_are_listed_without_a_run() {
    let out = tempfile::tempdir().unwrap();
    let output = chaptrix(out.path(), &["--operations"]).output().unwrap();
    let list: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let retried = list.as_array().unwrap().iter().find(|entry| entry["kind"] == "retry").unwrap();
    assert_eq!(retried["options"]["max_attempts"], "3");
    assert_eq!(retried["file"], "examples/chaptrix/http.rs");
    assert_eq!(files_below(out.path()), [] as [PathBuf; 0]);
}
