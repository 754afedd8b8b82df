//! Runs of a program that have files of their own, and which of these are kept.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::Value;

use crate::support::{built, names, program, read, records, text as lossy, written};

/// The program in a time zone as many hours east of the first one's: runs of one second have the same files.
fn command(dir: &Path, hour: u32, environment: &[(&str, &str)]) -> Command {
    let mut command = program(env!("CARGO_BIN_EXE_logs"), environment);
    command.arg("runs").arg(dir).env("TZ", format!("<RUN>{}", 10 - i64::from(hour))).stdin(Stdio::null());
    command
}

fn run(dir: &Path, hour: u32, environment: &[(&str, &str)]) {
    let output = command(dir, hour, environment).output().unwrap();
    assert!(output.status.success() && output.stderr.is_empty(), "{}", lossy(&output.stderr));
}

/// The names in the directory with the number of each run for its time.
fn numbered(dir: &Path) -> BTreeSet<String> {
    let stamp = regex::Regex::new(r"_\d{8}_\d{6}\.").unwrap();
    let names = names(dir);
    let stamps: BTreeSet<_> =
        names.iter().filter_map(|name| stamp.find(name)).map(|it| it.as_str()).collect();
    let number = |found: &regex::Captures<'_>| {
        format!("@{}.", stamps.iter().position(|known| *known == &found[0]).unwrap())
    };
    names.iter().map(|name| stamp.replace(name, number).into_owned()).collect()
}

/// Those of the main file.
fn texts(dir: &Path) -> Vec<String> {
    let names = numbered(dir).into_iter();
    names.filter(|name| name.starts_with("program@") && !name.contains("jsonl")).collect()
}

#[test]
fn each_run_has_files_of_its_own_and_older_ones_are_counted_over_all_runs() {
    let dir = tempfile::tempdir().unwrap();
    let foreign = ["program.log", "program.log.1", "program_notes.log", "program_20260101.log"];
    foreign.iter().for_each(|name| written(dir.path(), name, Duration::ZERO));
    (0..5).for_each(|hour| run(dir.path(), hour, &[]));
    foreign.iter().for_each(|name| assert_eq!(read(dir.path().join(name)), *name));
    let texts = (1..5).map(|n| format!("program@{n}.log"));
    let errors = (1..5).map(|n| format!("program_error@{n}.log"));
    // Of these it keeps five.
    let lines = (0..5).map(|n| format!("program@{n}.jsonl"));
    let expected: BTreeSet<_> = texts.chain(errors).chain(lines).chain(foreign.map(str::to_owned)).collect();
    assert_eq!(numbered(dir.path()), expected);
}

#[test]
fn the_older_files_of_a_run_are_newer_than_those_of_earlier_runs() {
    let dir = tempfile::tempdir().unwrap();
    run(dir.path(), 0, &[]);
    run(dir.path(), 1, &[]);
    // Two files are full, and the third is begun.
    run(dir.path(), 2, &[("RECORDS", "70")]);
    let expected = ["program@1.log", "program@2.log", "program@2.log.1", "program@2.log.2"];
    assert_eq!(texts(dir.path()), expected, "of the first run there are the JSON lines alone");
}

#[test]
fn with_nothing_to_keep_no_file_is_touched() {
    let dir = tempfile::tempdir().unwrap();
    (0..3).for_each(|hour| run(dir.path(), hour, &[("KEEP", "0"), ("RECORDS", "100")]));
    assert_eq!(names(dir.path()).len(), 9);
}

#[test]
fn a_file_that_another_run_writes_to_is_neither_removed_nor_counted() {
    let dir = tempfile::tempdir().unwrap();
    let keep = [("KEEP", "1")];
    let mut first =
        command(dir.path(), 0, &keep).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut path = String::new();
    BufReader::new(first.stdout.take().unwrap()).read_line(&mut path).unwrap();
    let path = PathBuf::from(path.trim_end());
    (1..4).for_each(|hour| run(dir.path(), hour, &keep));
    assert_eq!(texts(dir.path()).len(), 3, "it, the last one's and that of the one before");
    drop(first.stdin.take());
    assert!(first.wait().unwrap().success());
    assert!(read(&path).ends_with("the end\n"));
    run(dir.path(), 4, &keep);
    assert!(texts(dir.path()).len() == 2 && !path.exists());
}

#[test]
fn what_a_run_that_was_killed_had_not_written_the_next_one_writes() {
    let dir = tempfile::tempdir().unwrap();
    let mut first = command(dir.path(), 0, &[("MODE", "mapped"), ("RECORDS", "100")])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut path = String::new();
    BufReader::new(first.stdout.take().unwrap()).read_line(&mut path).unwrap();
    first.kill().unwrap();
    first.wait().unwrap();
    run(dir.path(), 1, &[]);
    assert_eq!(records(Path::new(path.trim_end()).with_extension("jsonl")).len(), 2 + 100);
    assert!(!names(dir.path()).iter().any(|name| name.ends_with(".ring")));
}

#[test]
fn the_viewer_counts_each_record_of_each_run_once() {
    let dir = tempfile::tempdir().unwrap();
    (0..3).for_each(|hour| run(dir.path(), hour, &[]));
    let errors = || {
        let mut command = program(built("logwright").to_str().unwrap(), &[]);
        let output = command.args(["analyze", "--format", "json"]).arg(dir.path()).output().unwrap();
        assert!(output.status.success(), "{}", lossy(&output.stderr));
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        report["levels"]["ERROR"].clone()
    };
    assert_eq!(errors(), 3);
    let lines: Vec<_> = names(dir.path()).into_iter().filter(|name| name.ends_with(".jsonl")).collect();
    // Of the first run there is the text then, and of the second there are the errors alone.
    std::fs::remove_file(dir.path().join(&lines[0])).unwrap();
    std::fs::remove_file(dir.path().join(&lines[1])).unwrap();
    std::fs::remove_file(dir.path().join(&lines[1]).with_extension("log")).unwrap();
    assert_eq!(errors(), 3);
}
