//! Log files of a day each.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::support::{logs, names, read, records, text as lossy, written};

const HOUR: Duration = Duration::from_secs(60 * 60);

/// A time zone in which it is noon, more or less: no test comes upon a midnight that it did not ask for.
fn noon() -> String {
    let hour = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs() / 3600 % 24;
    format!("<noon>{}", hour as i64 - 12)
}

/// Runs it with so many records beside the two of each start.
#[track_caller]
fn run(dir: &Path, more: usize) {
    let output = logs("daily", dir, &[("TZ", &noon()), ("RECORDS", &more.to_string())]);
    assert!(output.status.success() && output.stderr.is_empty(), "{}", lossy(&output.stderr));
}

/// How many older files there are after a start, if the file was last written so long before noon.
#[track_caller]
fn rotations(ago: Duration) -> usize {
    let dir = tempfile::tempdir().unwrap();
    written(dir.path(), "program.jsonl", ago);
    run(dir.path(), 0);
    let rotated = names(dir.path()).len() - 2;
    if rotated > 0 {
        assert_eq!(read(dir.path().join("program.jsonl.1")), "program.jsonl");
    }
    rotated
}

#[test]
fn a_day_begins_at_the_midnight_of_this_place() {
    assert_eq!(rotations(11 * HOUR), 0);
    assert_eq!(rotations(13 * HOUR), 1);
    assert_eq!(rotations(3650 * 24 * HOUR), 1);
}

#[test]
fn starts_on_one_day_go_on_with_its_file() {
    let dir = tempfile::tempdir().unwrap();
    written(dir.path(), "program.jsonl", 20 * HOUR);
    (0..3).for_each(|_| run(dir.path(), 0));
    assert_eq!(
        names(dir.path()),
        ["program.jsonl", "program.jsonl.1", "program.log"].map(str::to_owned).into()
    );
    assert_eq!(records(dir.path().join("program.jsonl")).len(), 3 * 2);
}

#[test]
fn a_file_that_is_not_daily_goes_on_over_midnight() {
    let dir = tempfile::tempdir().unwrap();
    written(dir.path(), "program.jsonl", 20 * HOUR);
    logs("change-filter", dir.path(), &[("TZ", &noon())]);
    assert!(read(dir.path().join("program.jsonl")).starts_with("program.jsonl\n"));
}

#[test]
fn without_older_files_to_keep_a_day_is_none() {
    let dir = tempfile::tempdir().unwrap();
    written(dir.path(), "program.log", 20 * HOUR);
    run(dir.path(), 0);
    assert!(read(dir.path().join("program.log")).starts_with("program.log\n"));
}

#[test]
fn a_day_may_have_more_than_one_file() {
    let dir = tempfile::tempdir().unwrap();
    written(dir.path(), "program.jsonl", 20 * HOUR);
    run(dir.path(), 1000);
    let files = names(dir.path()).len() - 1;
    assert!(files > 4, "{files}");
    assert_eq!(read(dir.path().join(format!("program.jsonl.{}", files - 1))), "program.jsonl");
    let sizes = (1..files - 1).map(|number| read(dir.path().join(format!("program.jsonl.{number}"))).len());
    assert!(sizes.clone().all(|bytes| (39_000..=40_000).contains(&bytes)), "{:?}", sizes.collect::<Vec<_>>());
}

#[test]
fn processes_that_meet_a_new_day_move_the_old_one_once() {
    let dir = tempfile::tempdir().unwrap();
    written(dir.path(), "program.jsonl", 20 * HOUR);
    std::thread::scope(|threads| {
        for _ in 0..4 {
            threads.spawn(|| run(dir.path(), 10));
        }
    });
    assert_eq!(
        names(dir.path()),
        ["program.jsonl", "program.jsonl.1", "program.log"].map(str::to_owned).into()
    );
    assert_eq!(read(dir.path().join("program.jsonl.1")), "program.jsonl");
    let records = records(dir.path().join("program.jsonl"));
    let seen: BTreeSet<_> = records.iter().map(|record| (record.run, record.seq)).collect();
    assert_eq!((records.len(), seen.len()), (4 * 12, 4 * 12));
}
