//! A panic is recorded wherever it happens, and ends the operations around it.

use logwright::record::{Kind, Status};

use crate::programs::{in_time, scenario};
use crate::support::{logs, records, text};

#[track_caller]
fn check(place: &str, code: i32) {
    let dir = tempfile::tempdir().unwrap();
    let output = logs("panics", dir.path(), &[("WHERE", place)]);
    assert_eq!(output.status.code(), Some(code), "{}", text(&output.stderr));
    assert_eq!(text(&output.stdout), "hook: page 7 is missing\n", "the hook before is called once");
    let records = records(dir.path().join("program.jsonl"));
    let told: Vec<_> = records[2..].iter().map(|record| (record.kind, record.status, record.op_id)).collect();
    let id = records[2].op_id;
    assert!(id.is_some());
    let expected = [
        (Kind::OpStart, Some(Status::Started), id),
        (Kind::Panic, None, id),
        (Kind::OpEnd, Some(Status::Panicked), id),
    ];
    assert_eq!(told, expected, "{records:?}");
}

#[test]
fn a_panic_in_main_is_recorded_once() {
    check("main", 101);
}

#[test]
fn a_panic_in_a_thread_is_recorded_once() {
    check("thread", 0);
}

#[test]
fn a_panic_in_a_task_is_recorded_once() {
    check("task", 0);
}

#[test]
fn a_panic_stays_one_whatever_a_console_of_the_program_does() {
    let dir = tempfile::tempdir().unwrap();
    let output = in_time(&scenario("console-panics", dir.path(), &[]));
    assert!(output.status.success(), "{output:?}");
    let records = records(dir.path().join("program.jsonl"));
    let panics: Vec<_> = records.iter().filter(|record| record.kind == Kind::Panic).collect();
    assert_eq!(panics.len(), 3, "{records:?}");
    let (console, told) = (text(&output.stdout), text(&output.stderr));
    let lines =
        ["while it is well", "while it is held", "done"].map(|end| console.find(&format!(": {end}\n")));
    assert!(lines.is_sorted() && lines[0].is_some() && !console.contains("breaks"), "{console}");
    for problem in ["the console panicked", "the console does not take a line"] {
        assert_eq!(told.matches(problem).count(), 1, "{told}");
    }
}
