//! What the viewer makes of a directory: no record counts twice, and none is passed over in silence.

use std::fs;
use std::time::Duration;

use logwright::Level;
use logwright::record::text;
use serde_json::json;

use crate::programs::{Obedient, signal};
use crate::support::logs;
use crate::viewer::{PYTHON, folder, json_line, log, run};

#[test]
fn a_directory_counts_each_record_once() {
    let (info, error) = (log(Level::Info, "a"), log(Level::Error, "b"));
    let lines = json_line(&info) + &json_line(&error);
    let (mut text, mut errors) = (String::new(), String::new());
    text::write(&mut text, &info);
    text::write(&mut text, &error);
    text::write(&mut errors, &error);
    let (lines, text, errors) = (lines.as_bytes(), text.as_bytes(), errors.as_bytes());
    let all = [
        ("app.jsonl", lines),
        ("app.jsonl.1", lines),
        ("app.log", text),
        ("app_error.log", errors),
        ("old_20261122_124515.log", text),
        ("old_error_20261122_124515.log", errors),
        ("notes.txt", b"x".as_slice()),
    ];
    let folder = folder(&all);
    for args in [["analyze", "--format=json", ".", "app.log"], ["analyze", "--format=json", "app.log", "."]] {
        let run = run(folder.path(), &args, b"");
        let report = run.report();
        assert_eq!(report["levels"], json!({"INFO": 3, "ERROR": 3}), "{report:#}");
        assert_eq!(report["coverage"]["files"], 3);
        assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    }
}

#[test]
fn a_log_in_elastic_common_schema_stands_for_its_errors() {
    let folder = tempfile::tempdir().unwrap();
    logs("ways-out", folder.path(), &[("LOGWRIGHT_FORMAT", "ecs")]);
    let analyze = || run(folder.path(), &["analyze", "--format=json", "."], b"").report();
    let whole = analyze();
    assert_eq!(whole["coverage"]["skipped"], 2, "both are in the JSON lines: {whole:#}");
    fs::remove_file(folder.path().join("program.jsonl")).unwrap();
    let report = analyze();
    assert_eq!(report["levels"]["ERROR"], whole["levels"]["ERROR"], "{report:#}");
    assert_eq!((&report["coverage"]["unreadable"], &report["coverage"]["skipped"]), (&json!(0), &json!(1)));
}

#[test]
fn a_compressed_file_that_is_none_stands_for_no_other() {
    let json = json_line(&log(Level::Info, "json"));
    let folder =
        folder(&[("a.jsonl", json.as_bytes()), ("a.jsonl.2.gz", b"?"), ("a.log", PYTHON.as_bytes())]);
    let run = run(folder.path(), &["analyze", "--format", "json", "."], b"");
    let coverage = &run.report()["coverage"];
    assert_eq!((run.code, &coverage["complete"]), (Some(3), &json!(false)), "{}", run.stdout);
    assert_eq!((&coverage["files"], &coverage["skipped"]), (&json!(3), &json!(0)), "{}", run.stdout);
    assert!(run.stderr.contains("a.jsonl.2.gz: no whole record in it"), "{}", run.stderr);
}

#[test]
#[cfg(unix)]
fn what_cannot_be_recovered_is_told_of_and_stays() {
    let name = "a.jsonl.00000001.ring";
    let folder = folder(&[(name, b"foreign")]);
    let recover = run(folder.path(), &["recover", "."], b"");
    assert_eq!((recover.code, &*recover.stdout), (Some(3), ""));
    assert!(
        recover.stderr.contains(name) && recover.stderr.contains("none of this version"),
        "{}",
        recover.stderr
    );
    assert_eq!(fs::read(folder.path().join(name)).unwrap(), b"foreign");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn records_that_wait_to_be_recovered_are_told_of() {
    let names = ["a.jsonl.00000001.ring", "a.log.00000002.ring", "a.log.00000003.ring", "a.log.ring"];
    let folder = folder(&[
        ("a.log", PYTHON.as_bytes()),
        (names[0], b"waits"),
        (names[1], b"waits"),
        (names[2], b""),
        (names[3], b"?"),
    ]);
    let analyze = || run(folder.path(), &["analyze", "--format", "json", "."], b"");
    // As the program holds it that still runs.
    let locked = names.map(|name| fs::File::open(folder.path().join(name)).unwrap());
    locked[1].lock().unwrap();
    let left = analyze();
    assert_eq!(left.code, Some(3), "{}", left.stdout);
    let expected = format!("{}: skipped: records may wait in it: `logwright recover .`", names[0]);
    assert!(left.stderr.contains(&expected) && !left.stderr.contains("more"), "{}", left.stderr);
    locked[0].lock().unwrap();
    assert_eq!(analyze().code, Some(0), "all rings are those of programs that run");
}

#[test]
fn a_recovery_says_what_it_brought_and_of_what_it_can_make_nothing() {
    let folder = folder(&[("a.log", PYTHON.as_bytes())]);
    let recover = |path: &str| run(folder.path(), &["recover", path], b"");
    let of_a_file = recover("a.log");
    assert_eq!(of_a_file.code, Some(2));
    let expected = "cannot read `a.log`; name the directory that it is in: ";
    assert!(of_a_file.stderr.contains(expected), "{}", of_a_file.stderr);

    let mut program = Obedient::start(folder.path(), &[("LOGS_MODE", "mapped")]);
    program.tell("log 10");
    // It has had the time to write them.
    std::thread::sleep(Duration::from_millis(500));
    signal("KILL", program.pid());
    let mut looks = (0..50).map(|_| {
        std::thread::sleep(Duration::from_millis(20));
        recover(".").stdout
    });
    let said = looks.find(|said| said != "nothing to recover\n");
    assert_eq!(said.as_deref(), Some("./program.jsonl: 0 records recovered: all were there\n"));
}
