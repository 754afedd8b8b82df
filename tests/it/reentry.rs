//! Logging from inside of logging, and from where a thread or a program is ending, neither hangs nor loses a record.

use crate::programs::{in_time, scenario};
use crate::support::{logs, read, records, text};

#[test]
fn who_logs_out_of_a_sink_a_hook_or_a_threads_end_does_not_hang() {
    let dir = tempfile::tempdir().unwrap();
    let output = in_time(&scenario("reentry", dir.path(), &[]));
    assert!(output.status.success(), "{output:?}");
    let records = records(dir.path().join("program.jsonl"));
    let messages: Vec<_> = records.iter().map(|record| &*record.message).collect();
    let expected = [
        "while the console panics",
        "in the panic hook",
        "after it",
        "in a thread",
        "at the end of a thread",
    ];
    let all = messages.iter().filter(|message| expected.contains(message)).count();
    // Both panics come to the hook, that of the console inside of a sink, where no record is taken.
    assert_eq!(all, expected.len(), "{messages:?}");
    assert_eq!(messages.last(), Some(&"done"), "{messages:?}");
    // The lock of the console was poisoned.
    let console = text(&output.stdout);
    assert!(!console.contains("while the console panics") && console.contains(": after it\n"), "{console}");
    assert!(text(&output.stderr).contains("a sink panicked"), "{output:?}");
}

#[test]
fn a_value_is_shown_once_for_all_sinks() {
    let dir = tempfile::tempdir().unwrap();
    let output = logs("shown-once", dir.path(), &[]);
    let files = ["program.log", "program_error.log", "program.jsonl"].map(|name| read(dir.path().join(name)));
    for content in [&text(&output.stderr), &files[0], &files[1], &files[2]] {
        assert!(content.contains("shown 0") && content.contains("shown 1"), "{content}");
        assert!(!content.contains("shown 2") && content.contains("1;2;"), "{content}");
    }
}

#[test]
fn a_filter_is_replaced_while_it_asks_for_a_value_that_logs() {
    let dir = tempfile::tempdir().unwrap();
    let output = in_time(&scenario("filter-changes", dir.path(), &[]));
    assert!(output.status.success(), "{output:?}");
    let records = records(dir.path().join("program.jsonl"));
    let shown = records.iter().filter(|record| record.message == "while it is shown").count();
    assert!(shown > 0 && records.last().unwrap().message == "done", "{records:?}");
}
