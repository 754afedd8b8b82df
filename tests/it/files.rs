//! Log files: rotation, trouble with the disk, what is found there.

use std::collections::BTreeSet;
use std::path::Path;

use logwright::Level;
use logwright::record::{Kind, json, text};

use crate::support::{logs, read, records, text as lossy};

#[test]
fn rotation_keeps_whole_lines_and_as_many_files_as_asked() {
    let dir = tempfile::tempdir().unwrap();
    let output = logs("rotation", dir.path(), &[]);
    assert!(output.status.success() && output.stderr.is_empty(), "{}", lossy(&output.stderr));
    let names: BTreeSet<_> = std::fs::read_dir(dir.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    let expected = ["program.jsonl", "program.log", "program.log.1", "program.log.2", "program.log.3"];
    assert_eq!(names, expected.map(str::to_owned).into());
    for number in 1..=3 {
        let content = read(dir.path().join(format!("program.log.{number}")));
        assert!(content.len() <= 4096, "{}", content.len());
        // The newest made room for the long record at the end.
        assert!(number == 1 || content.len() > 4096 - 200, "rotated too early: {}", content.len());
        assert!(
            content.ends_with('\n') && content.lines().all(|line| text::read(line).is_some()),
            "{content}"
        );
    }
    let last = read(dir.path().join("program.log"));
    assert_eq!(last.lines().count(), 1, "a record over the limit has a file of its own");
    assert!(last.len() > 10_000);
    assert_eq!(
        records(dir.path().join("program.jsonl")).len(),
        2 + 200 + 1,
        "and without rotation all is there"
    );
}

#[test]
fn rotation_touches_only_its_own_names() {
    let dir = tempfile::tempdir().unwrap();
    let foreign = [
        "program.db",
        "program.log.bak",
        "program.log.01",
        "program.log.1x",
        "program.log.20261122",
        "program_notes.log.1",
    ];
    for name in foreign {
        std::fs::write(dir.path().join(name), name).unwrap();
    }
    std::fs::create_dir(dir.path().join("program.log.2")).unwrap();
    logs("rotation", dir.path(), &[]);
    for name in foreign {
        assert_eq!(read(dir.path().join(name)), name);
    }
    assert!(dir.path().join("program.log.2").is_dir());
}

#[test]
fn a_directory_that_cannot_be_made_costs_only_the_files() {
    let dir = tempfile::tempdir().unwrap();
    let obstacle = dir.path().join("file");
    std::fs::write(&obstacle, "in the way").unwrap();
    let output = logs("every-level", &obstacle.join("logs"), &[]);
    assert!(output.status.success());
    let said = lossy(&output.stderr);
    assert!(said.contains("Found 23 images"), "the console goes on: {said}");
    let told: Vec<_> = said.lines().filter(|line| line.starts_with("logwright: ")).collect();
    // Once for all three, and at the end how many records each has lost.
    assert_eq!(told.len(), 1 + 3, "{said}");
    let expected = format!(
        "logwright: cannot make the directory `{}` for the log files: ",
        obstacle.join("logs").display()
    );
    assert!(told[0].starts_with(&expected), "{said}");
    assert!(
        told[0].ends_with("; choose another by `.dir(..)` or LOGWRIGHT_DIR; it is tried again"),
        "{said}"
    );
    assert!(told[3].starts_with("logwright: 10 records could not be written to "), "{said}");
}

#[test]
fn a_full_disk_and_a_file_that_is_no_file_are_told_once() {
    let dir = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink("/dev/full", dir.path().join("program.log")).unwrap();
    std::fs::create_dir(dir.path().join("program.jsonl")).unwrap();
    let output = logs("exit", dir.path(), &[("LOGWRIGHT_CONSOLE", "off")]);
    assert_eq!(output.status.code(), Some(7));
    let said = lossy(&output.stderr);
    // At first, and how many there were in the end.
    assert_eq!(said.lines().count(), 2 * 2, "{said}");
    assert!(said.contains("program.log`: No space left on device"), "{said}");
    assert!(said.contains("program.jsonl`: Is a directory"), "{said}");
}

#[test]
fn writing_resumes_and_owns_up_to_what_was_lost() {
    let dir = tempfile::tempdir().unwrap();
    let obstacle = dir.path().join("logs");
    std::fs::write(&obstacle, "in the way").unwrap();
    let output = logs("outage", &obstacle, &[]);
    assert!(output.status.success());
    let records = records(obstacle.join("program.jsonl"));
    let lost = records.iter().find(|record| record.kind == Kind::LogLoss).expect("the loss is recorded");
    let written = records.iter().filter(|record| record.kind == Kind::Log).count() as u64;
    assert_eq!(lost.lost.unwrap() + written, 2 + 30);
    assert!(written >= 10, "{written}");
    let errors = records.iter().filter(|record| record.level == Level::Error).count() as u64;
    let (lost, lost_errors) = (lost.lost.unwrap(), 10 - errors);
    let stats = format!("{written} {lost} [{}, {lost_errors}]\n", lost - lost_errors);
    assert_eq!(lossy(&output.stdout), stats, "the program knows it too");
    assert_eq!(lossy(&output.stderr).lines().count(), 2, "{}", lossy(&output.stderr));
}

#[test]
fn files_are_rotated_and_opened_anew_on_demand() {
    let dir = tempfile::tempdir().unwrap();
    let output = logs("control", dir.path(), &[]);
    let messages = |name: &str| -> Vec<String> {
        let content = read(dir.path().join(name));
        content.lines().map(|line| line.rsplit("] ").next().unwrap().to_owned()).collect()
    };
    assert_eq!(messages("first"), ["Logging initialized", "Log level set to info", "one"]);
    assert_eq!(messages("aside"), ["two", "three"]);
    assert_eq!(messages("program.log"), ["four", "five"], "what cannot be rotated is written on");
    let path = dir.path().join("program.log");
    let path = path.display();
    let said = lossy(&output.stdout);
    let expected = format!("cannot rotate `{path}`\n{path}: 7 records written, 0 lost\n");
    assert_eq!(said, expected, "{}", lossy(&output.stderr));
}

#[test]
fn a_torn_tail_is_not_glued_to_the_next_record() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("program.jsonl");
    std::fs::write(&path, r#"{"schema":"logwright/1","ki"#).unwrap();
    logs("change-filter", dir.path(), &[]);
    let content = read(&path);
    let kinds: Vec<_> = content.lines().map(|line| json::read(line).ok().map(|record| record.kind)).collect();
    let log = Some(Kind::Log);
    assert_eq!(kinds, [None, Some(Kind::LogOpen), log, log, log], "{content}");
}

#[test]
fn a_restart_appends() {
    let dir = tempfile::tempdir().unwrap();
    for runs in 1..=3 {
        logs("change-filter", dir.path(), &[]);
        assert_eq!(records(dir.path().join("program.jsonl")).len(), 3 * runs);
    }
}

#[test]
fn files_are_not_for_everybody() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let logs_dir = dir.path().join("logs");
    logs("change-filter", &logs_dir, &[]);
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o007;
    assert_eq!((mode(&logs_dir), mode(&logs_dir.join("program.log"))), (0, 0));
}

#[test]
fn a_rotation_that_is_blocked_costs_no_older_file() {
    let dir = tempfile::tempdir().unwrap();
    for (number, content) in [(2, "two"), (3, "three")] {
        std::fs::write(dir.path().join(format!("program.log.{number}")), content).unwrap();
    }
    std::fs::create_dir(dir.path().join("program.log.1")).unwrap();
    let output = logs("rotation", dir.path(), &[]);
    assert_eq!(read(dir.path().join("program.log.2")), "two");
    assert_eq!(read(dir.path().join("program.log.3")), "three");
    let said = lossy(&output.stderr);
    assert!(said.contains("cannot rotate `") && said.lines().count() == 1, "{said}");
    assert_eq!(read(dir.path().join("program.log")).lines().count(), 2 + 200 + 1);
}

#[test]
fn a_file_that_is_taken_away_is_begun_anew() {
    let dir = tempfile::tempdir().unwrap();
    logs("moved", dir.path(), &[]);
    let (before, after) =
        (records(dir.path().join("program.moved")), records(dir.path().join("program.jsonl")));
    assert_eq!(before.len() + after.len(), 2 + 300);
    assert!(after.len() >= 200 - 64, "{}", after.len());
}

#[test]
fn processes_that_rotate_one_file_lose_nothing() {
    let dir = tempfile::tempdir().unwrap();
    std::thread::scope(|threads| {
        for _ in 0..4 {
            threads.spawn(|| assert!(logs("shared", dir.path(), &[]).stderr.is_empty()));
        }
    });
    let mut seen = BTreeSet::new();
    let mut files = 0;
    for entry in std::fs::read_dir(dir.path()).unwrap() {
        files += 1;
        for record in records(entry.unwrap().path()) {
            assert!(seen.insert((record.run, record.seq)), "twice: {record:?}");
        }
    }
    assert_eq!(seen.len(), 4 * (2 + 2000));
    assert!(files > 20, "{files}");
}
