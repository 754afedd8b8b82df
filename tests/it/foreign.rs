//! The attributes on code that nobody here wrote: on every function of a crate, whose own tests must not notice.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use logwright::record::{Kind, Record, Status};
use serde_json::Value;

use crate::support::{program, records, text};

/// A parser with many tests of its own. It has no dependencies: they could not be had without a network.
const CRATE: &str = "xmlparser";

fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

fn cargo(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO")).args(arguments).current_dir(workspace()).output().unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    text(&output.stdout)
}

/// Where cargo has unpacked the crate.
fn source() -> PathBuf {
    // What only other platforms need is not on the disk.
    let version = cargo(&["--version", "--verbose"]);
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
    let metadata = cargo(&["metadata", "--format-version=1", "--offline", "--filter-platform", host]);
    let metadata: Value = serde_json::from_str(&metadata).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let package = packages.iter().find(|package| package["name"] == CRATE).unwrap();
    Path::new(package["manifest_path"].as_str().unwrap()).parent().unwrap().to_owned()
}

/// A copy with the attribute, and on how many functions it is.
fn annotate(attribute: &str, skip: &[&str], copy: &Path) -> usize {
    let mut annotate = Command::new(env!("CARGO_BIN_EXE_annotate"));
    annotate.arg(source()).arg(attribute).arg(copy).arg("--live");
    let output = annotate.args(skip.iter().flat_map(|path| ["--skip", path])).output().unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    // The versions that this workspace is built with: those are on the disk.
    fs::copy(workspace().join("Cargo.lock"), copy.join("Cargo.lock")).unwrap();
    let report = text(&output.stdout);
    report.lines().find_map(|line| line.strip_prefix("annotated ")).unwrap().parse().unwrap()
}

/// Runs the copy's tests, with its logs in `logs`; returns how many have passed.
fn test(copy: &Path, logs: &Path) -> usize {
    // The directory of this test: most of what logwright is built from is there.
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let output = program(env!("CARGO"), &[("LOGWRIGHT_DIR", logs.to_str().unwrap())])
        .args(["test", "--offline"])
        .current_dir(copy)
        .env("CARGO_TARGET_DIR", target)
        .output()
        .unwrap();
    let stdout = text(&output.stdout);
    assert!(output.status.success(), "{stdout}{}", text(&output.stderr));
    let passed = regex::Regex::new(r"test result: ok\. (\d+) passed").unwrap();
    passed.captures_iter(&stdout).map(|counts| counts[1].parse::<usize>().unwrap()).sum()
}

/// That the crate's tests pass with the attribute on that many functions, and that it says which calls have failed.
#[track_caller]
fn check(attribute: &str, skip: &[&str], functions: usize, is_failure: impl Fn(&Record<'_>) -> bool) {
    // Not below the directory that it is built in, where cargo takes one copy for another.
    let folder = tempfile::tempdir().unwrap();
    let (copy, logs) = (folder.path().join(CRATE), folder.path().join("logs"));
    assert_eq!(annotate(attribute, skip, &copy), functions);
    assert_eq!(test(&copy, &logs), 184);
    let failures = records(logs.join("live.jsonl"))
        .iter()
        .filter(|record| is_failure(record) && record.error.is_some())
        .count();
    assert!(failures > 200, "{attribute}: {failures}");
}

/// One after the other: copies of one package have the same names in the directory that they are built in.
#[test]
fn another_crates_tests_do_not_notice_the_attributes_on_all_its_functions() {
    let failure = Some(Status::Failure);
    check("log_time", &[], 100, |record| record.kind == Kind::Log && record.status == failure);
    check("structured_op", &[], 100, |record| record.kind == Kind::OpEnd && record.status == failure);
    // Its argument `f` is moved into what it calls.
    let skip = ["stream::Stream<'a>::consume_chars"];
    check("retry", &skip, 45, |record| record.message.starts_with("Failed after 1 attempts: "));
}
