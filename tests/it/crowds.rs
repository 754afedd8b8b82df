//! Many threads and many processes write the same files: nothing is lost, doubled or split.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Stdio;

use crate::checker::Found;
use crate::programs::scenario;
use crate::support::{logs, names, records, text};

/// That there is each record of so many writers once, and nothing besides.
#[track_caller]
fn check(dir: &Path, writers: usize, records: usize) {
    let found = Found::read(dir).unwrap();
    found.check_torn(0).unwrap();
    assert_eq!(found.records.len(), writers * records);
    (0..writers as u64).for_each(|writer| found.check(writer, &vec![b'+'; records]).unwrap());
}

/// Each thread writes 5,000 records, or as many as `CROWD_RECORDS` says.
#[test]
fn threads_rotate_hundreds_of_times_and_each_record_is_there_once() {
    let dir = tempfile::tempdir().unwrap();
    let records = std::env::var("CROWD_RECORDS").map_or(5000, |records| records.parse().unwrap());
    // There are as many files, however many records there are.
    let most = 3 * records;
    let environment = [("RECORDS", &*records.to_string()), ("MAX_BYTES", &most.to_string())];
    let output = logs("crowd", dir.path(), &environment);
    assert!(output.status.success() && output.stderr.is_empty(), "{}", text(&output.stderr));
    check(dir.path(), 8, records);
    let size = |name: &String| usize::try_from(dir.path().join(name).metadata().unwrap().len()).unwrap();
    let sizes: Vec<_> = names(dir.path()).iter().map(size).collect();
    assert!(sizes.len() > 500 && sizes.iter().all(|bytes| *bytes <= most), "{} {sizes:?}", sizes.len());
    eprintln!("{} records in {} files", 8 * records, sizes.len());
}

#[test]
fn processes_rotate_the_same_file_in_twenty_runs_and_each_record_is_there_once() {
    for mode in ["sync", "buffered", "queue", "mapped"] {
        rotate_in_twenty_runs(mode);
    }
}

#[track_caller]
fn rotate_in_twenty_runs(mode: &str) {
    let dir = tempfile::tempdir().unwrap();
    for run in 0..20 {
        let start = |process: u32| {
            let writer = (4 * run + process).to_string();
            let environment =
                [("LOGS_MODE", mode), ("RECORDS", "250"), ("MAX_BYTES", "16000"), ("WRITER", &*writer)];
            scenario("writes", dir.path(), &environment).stdout(Stdio::null()).spawn().unwrap()
        };
        for mut process in [0, 1, 2, 3].map(start) {
            assert!(process.wait().unwrap().success());
        }
    }
    check(dir.path(), 4 * 20, 250);
    assert!(names(dir.path()).len() > 200);
}

#[test]
fn the_filter_is_replaced_while_threads_write_and_what_passes_both_is_there() {
    let dir = tempfile::tempdir().unwrap();
    let output = logs("reloads", dir.path(), &[]);
    let reloads: u32 = text(&output.stdout).trim().parse().unwrap();
    let records = records(dir.path().join("program.jsonl"));
    let infos = records.iter().filter(|record| record.message == "record").count();
    assert!(infos == 4 * 1000 && reloads > 10, "{infos} records over {reloads} reloads");
}

#[test]
fn a_queue_that_drops_owns_up_to_exactly_what_is_missing() {
    let dir = tempfile::tempdir().unwrap();
    let environment = [("LOGS_MODE", "queue-drops"), ("RECORDS", "5000"), ("KEEP", "0")];
    let output = logs("crowd", dir.path(), &environment);
    assert!(text(&output.stderr).lines().count() == 1, "{}", text(&output.stderr));
    let records = records(dir.path().join("program.jsonl"));
    let lost: u64 = records.iter().filter_map(|record| record.lost).sum();
    let written = records.iter().filter(|record| record.message == "record").count() as u64;
    assert!(lost > 0 && written + lost == 8 * 5000, "{written} written and {lost} lost");
    let numbers: BTreeSet<_> = records.iter().filter_map(|record| record.seq).collect();
    assert_eq!(numbers.last().unwrap() + 1 - numbers.len() as u64, lost, "the numbers that are missing");
}
