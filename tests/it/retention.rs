//! Which older files of a log are kept.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::{Duration, SystemTime};

use crate::support::{logs, read, text as lossy};

const HOUR: Duration = Duration::from_secs(60 * 60);

/// What is in the directory.
fn names(dir: &Path) -> BTreeSet<String> {
    let entries = std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().file_name());
    entries.map(|name| name.into_string().unwrap()).collect()
}

/// Makes a file that holds its own name and was last written so long ago.
fn written(dir: &Path, name: &str, ago: Duration) {
    std::fs::write(dir.join(name), name).unwrap();
    let file = std::fs::File::options().write(true).open(dir.join(name)).unwrap();
    file.set_modified(SystemTime::now() - ago).unwrap();
}

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
