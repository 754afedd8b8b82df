//! Which older files of a log are kept.

use std::path::Path;
use std::time::Duration;

use crate::programs::numbers;
use crate::support::{logs, names, read, text as lossy, written};

const HOUR: Duration = Duration::from_secs(60 * 60);

/// Runs it; it has nothing to say.
#[track_caller]
fn run(scenario: &str, dir: &Path, environment: &[(&str, &str)]) {
    let output = logs(scenario, dir, environment);
    assert!(output.status.success() && output.stderr.is_empty(), "{}", lossy(&output.stderr));
}

#[test]
fn what_is_too_old_goes_at_the_start_and_nothing_foreign_does() {
    let dir = tempfile::tempdir().unwrap();
    let kept = ["program.log.1", "program.log.4.gz", "program.log.7"];
    let foreign =
        ["program.log.01", "program.log.1x", "program.log.bak", "program_error.log.2", "program.jsonl.2"];
    kept.iter().for_each(|name| written(dir.path(), name, HOUR / 2));
    for name in [&["program.log.2", "program.log.3.gz", "program.log.9999"], &foreign[..]].concat() {
        written(dir.path(), name, 2 * HOUR);
    }
    run("retention", dir.path(), &[]);
    let expected = ["program.log"].iter().chain(&kept).chain(&foreign);
    assert_eq!(names(dir.path()), expected.map(ToString::to_string).collect());
}

#[test]
fn limits_of_nothing_are_named_and_do_not_hold() {
    for (mode, setting) in [
        ("queue-of-nothing", "`WriteMode::Queue { bytes }`"),
        ("mapped-of-nothing", "`WriteMode::Mapped { bytes }`"),
    ] {
        let dir = tempfile::tempdir().unwrap();
        ["program.jsonl.1", "program.jsonl.2"].iter().for_each(|name| written(dir.path(), name, HOUR));
        let said = lossy(&logs("zeros", dir.path(), &[("LOGS_MODE", mode)]).stderr);
        for setting in [setting, "`File::max_bytes`", "`File::max_age`", "`File::max_total_bytes`"] {
            assert_eq!(
                said.matches(&format!("logwright: {setting} is 0, which is none; ")).count(),
                1,
                "{said}"
            );
        }
        assert_eq!(said.lines().count(), 4, "{said}");
        assert_eq!(numbers(dir.path().join("program.jsonl")), (0..10).collect::<Vec<_>>());
        assert_eq!(names(dir.path()).len(), 3, "{:?}", names(dir.path()));
    }
}

#[test]
fn links_and_directories_are_not_older_files() {
    let dir = tempfile::tempdir().unwrap();
    written(dir.path(), "elsewhere", 2 * HOUR);
    std::fs::create_dir(dir.path().join("program.log.500")).unwrap();
    std::os::unix::fs::symlink("elsewhere", dir.path().join("program.log.501")).unwrap();
    run("retention", dir.path(), &[("ROTATE", "yes")]);
    let names = names(dir.path());
    for name in ["elsewhere", "program.log.500", "program.log.501"] {
        assert!(names.contains(name), "{name} is gone: {names:?}");
    }
}

#[test]
fn older_files_take_no_more_than_they_may() {
    let dir = tempfile::tempdir().unwrap();
    written(dir.path(), "program.log.40", Duration::ZERO);
    run("retention", dir.path(), &[("ROTATE", "yes")]);
    let expected = ["program.log", "program.log.1", "program.log.2", "program.log.3"];
    assert_eq!(names(dir.path()), expected.map(str::to_owned).into());
    let last = read(dir.path().join("program.log"));
    assert!(last.contains(" n=199\n"), "{last}");
}

#[test]
fn fewer_files_to_keep_than_before_are_kept() {
    let dir = tempfile::tempdir().unwrap();
    for number in [4, 5, 10, 9999] {
        written(dir.path(), &format!("program.log.{number}"), Duration::ZERO);
    }
    run("rotation", dir.path(), &[]);
    let expected = ["program.jsonl", "program.log", "program.log.1", "program.log.2", "program.log.3"];
    assert_eq!(names(dir.path()), expected.map(str::to_owned).into());
}
