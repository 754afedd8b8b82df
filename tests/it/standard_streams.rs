//! Standard streams that are closed, or that nobody reads, change nothing in a program.

use std::process::Stdio;

use crate::programs::{in_time, scenario, through};
use crate::support::{logs, read, records, text};

#[test]
fn a_console_that_nobody_reads_costs_no_record_and_no_exit_code() {
    for console in ["stderr", "stdout"] {
        let dir = tempfile::tempdir().unwrap();
        let mut command = scenario("exit", dir.path(), &[("LOGWRIGHT_CONSOLE", console)]);
        let mut program = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop((program.stdout.take(), program.stderr.take()));
        assert_eq!(program.wait().unwrap().code(), Some(7), "{console}");
        assert_eq!(records(dir.path().join("program.jsonl")).len(), 2 + 1000, "{console}");
    }
}

#[test]
fn a_console_that_is_closed_or_read_for_a_line_alone_does_neither() {
    for end in ["exec \"$@\" 2>&- >&- <&-", "\"$@\" 2>&1 | head -n 1; exit ${PIPESTATUS[0]}"] {
        let dir = tempfile::tempdir().unwrap();
        let output = in_time(&through(&["bash", "-c", end, "bash"], &scenario("exit", dir.path(), &[])));
        assert_eq!(output.status.code(), Some(7), "{end}: {output:?}");
        assert_eq!(records(dir.path().join("program.jsonl")).len(), 2 + 1000, "{end}");
    }
}

#[test]
fn trouble_that_nobody_can_be_told_of_is_none() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir(dir.path().join("program.log")).unwrap();
    let close = ["bash", "-c", "\"$@\" 2> >(exec true)", "bash"];
    let output = in_time(&through(&close, &scenario("exit", dir.path(), &[])));
    assert_eq!(output.status.code(), Some(7), "{output:?}");
    assert_eq!(records(dir.path().join("program.jsonl")).len(), 2 + 1000);
}

#[test]
fn colours_are_the_consoles_alone() {
    let dir = tempfile::tempdir().unwrap();
    let output = logs("hostile", dir.path(), &[("LOGWRIGHT_COLOR", "always")]);
    let said = text(&output.stderr);
    assert_eq!(
        said.matches('\x1b').count(),
        4 * said.lines().count(),
        "its own colours and no others: {said}"
    );
    for name in ["program.log", "program_error.log", "program.jsonl"] {
        let content = read(dir.path().join(name));
        assert!(!content.is_empty() && !content.contains('\x1b'), "{content}");
    }
}

#[test]
fn colours_are_in_no_file_whatever_layers_are_beside_ours() {
    for place in ["first", "last", "between"] {
        let dir = tempfile::tempdir().unwrap();
        let output = logs("coloured-layers", dir.path(), &[("LOGWRIGHT_COLOR", "always"), ("PLACE", place)]);
        assert!(output.status.success(), "{place}: {output:?}");
        // Both consoles have them, and others made text of the fields.
        let printed = text(&output.stdout);
        assert!(printed.contains("page\x1b") && printed.contains("\x1b[3mtitle\x1b"), "{place}: {printed}");
        assert!(text(&output.stderr).contains('\x1b'), "{place}");
        for name in ["program.log", "program_error.log", "program.jsonl"] {
            let content = read(dir.path().join(name));
            let is_there = content.matches("red").count() > 3;
            assert!(is_there && !content.contains(['\x1b', '\u{9b}']), "{place}: {name}: {content}");
            // Nor what others made, with its colours escaped: field names are slanted there.
            assert!(!content.contains("[3m"), "{place}: {name}: {content}");
        }
    }
}
