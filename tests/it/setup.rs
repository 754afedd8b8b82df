//! Setting logging up: what is written where, what the environment changes, what trouble does.

use logwright::Level;
use logwright::record::{Kind, Record};

use crate::programs::{Obedient, numbers, scenario};
use crate::support::{guides_pattern, logs, program, read, records, text};

fn messages<'a>(records: &'a [Record<'static>]) -> Vec<&'a str> {
    records.iter().map(|record| &*record.message).filter(|message| !message.starts_with("Log")).collect()
}

#[test]
fn each_file_has_what_it_is_for() {
    let dir = tempfile::tempdir().unwrap();
    let output = logs("every-level", dir.path(), &[]);
    assert!(output.status.success() && output.stdout.is_empty(), "{output:?}");
    let records = records(dir.path().join("program.jsonl"));
    let expected =
        ["trace", "debug", "Found 23 images", "warning", "error", "critical", "from tracing", "from log"];
    assert_eq!(messages(&records), expected);
    let levels: Vec<_> = records[2..8].iter().map(|record| record.level).collect();
    assert_eq!(levels, Level::ALL);
    assert_eq!((&*records[3].logger, &*records[9].logger), ("adapter.web-toon", "logs"));
    assert_eq!(records[4].context.as_str(), r#"{"pages":23}"#);
    assert!(records.iter().enumerate().all(|(n, record)| record.seq == Some(n as u64)));

    let errors = read(dir.path().join("program_error.log"));
    let levels: Vec<_> = errors.lines().map(|line| line.split(" - ").nth(2).unwrap()).collect();
    assert_eq!(levels, ["ERROR", "CRITICAL"]);
    let console = text(&output.stderr);
    assert!(console.contains(" INFO     adapter.web_toon: Found 23 images pages=23\n"), "{console}");
    assert!(!console.contains('\x1b'), "colours without a terminal");
}

#[test]
fn every_line_of_text_is_one_that_the_guide_reads() {
    let dir = tempfile::tempdir().unwrap();
    logs("every-level", dir.path(), &[]);
    let log = read(dir.path().join("program.log"));
    let pattern = guides_pattern();
    let loggers: Vec<_> = log
        .lines()
        .map(|line| pattern.captures(line).unwrap_or_else(|| panic!("not read: {line}"))[2].to_owned())
        .collect();
    assert_eq!(loggers.len(), 10);
    assert!(loggers.contains(&"adapter.web_toon".to_owned()), "{loggers:?}");
    assert!(log.contains("Found 23 images pages=23"), "{log}");
    assert!(log.contains(r#"warning ratio=0.5 name="a b" list="[1, 2]""#), "{log}");
}

#[test]
fn the_environment_has_the_last_word() {
    let dir = tempfile::tempdir().unwrap();
    let other = dir.path().join("other");
    let environment = [
        ("LOGWRIGHT_LEVEL", "error"),
        ("RUST_LOG", "trace"),
        ("LOGWRIGHT_DIR", other.to_str().unwrap()),
        ("LOGWRIGHT_CONSOLE", "stdout"),
        ("LOGWRIGHT_COLOR", "always"),
    ];
    let output = logs("every-level", dir.path(), &environment);
    assert_eq!(messages(&records(other.join("program.jsonl"))), ["error", "critical"]);
    assert!(output.stderr.is_empty(), "{}", text(&output.stderr));
    assert_eq!(text(&output.stdout).matches('\x1b').count(), 2 * 4);
}

#[test]
fn words_of_the_environment_are_read_in_any_case_and_others_are_named() {
    let dir = tempfile::tempdir().unwrap();
    let environment =
        [("LOGWRIGHT_FORMAT", "JSON"), ("LOGWRIGHT_CONSOLE", "Off"), ("LOGWRIGHT_COLOR", "blue")];
    let said = text(&logs("every-level", dir.path(), &environment).stderr);
    assert_eq!(said, "logwright: LOGWRIGHT_COLOR is `blue`; it may be auto, always, never\n");
    assert!(read(dir.path().join("program.log")).starts_with("{\"schema\":\"logwright/1\""));
}

#[test]
fn a_variable_that_is_misspelt_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let said = text(&logs("every-level", dir.path(), &[("LOGWRIGHT_LEVLE", "debug")]).stderr);
    let expected = "logwright: LOGWRIGHT_LEVLE is no variable of logwright's; there are LOGWRIGHT_LEVEL, ";
    assert_eq!(said.matches(expected).count(), 1, "{said}");
}

#[cfg(unix)]
#[test]
fn a_variable_that_is_no_text_is_named() {
    use std::os::unix::ffi::OsStrExt as _;
    let dir = tempfile::tempdir().unwrap();
    let value = std::ffi::OsStr::from_bytes(b"debug\xe9");
    let said = text(
        &scenario("every-level", dir.path(), &[]).env("LOGWRIGHT_LEVEL", value).output().unwrap().stderr,
    );
    assert!(said.starts_with("logwright: LOGWRIGHT_LEVEL is no text, so it is not obeyed: "), "{said}");
}

#[test]
fn another_console_keeps_the_colours() {
    let dir = tempfile::tempdir().unwrap();
    let output = logs("coloured", dir.path(), &[("LOGWRIGHT_CONSOLE", "stdout")]);
    assert!(text(&output.stdout).contains('\x1b'), "{output:?}");
}

#[test]
fn the_column_of_a_bad_directive_is_that_of_the_filter() {
    let dir = tempfile::tempdir().unwrap();
    let said = text(&logs("layer", dir.path(), &[]).stderr);
    let expected = "logwright: cannot read `hyper=loud` (column 17 of the filter) as a filter";
    assert!(said.contains(expected), "{said}");
}

#[test]
fn a_bad_directive_is_named_and_the_rest_holds() {
    let dir = tempfile::tempdir().unwrap();
    let output = logs("every-level", dir.path(), &[("RUST_LOG", "logs=error,adapter=lout\x1b")]);
    let said = text(&output.stderr);
    let expected = "logwright: cannot read `adapter=lout\\u{1b}` (column 12 of RUST_LOG) as a filter";
    assert!(said.contains(expected), "{said}");
    let written = records(dir.path().join("program.jsonl"));
    assert_eq!(messages(&written), ["Found 23 images", "error", "critical"]);
}

#[test]
fn run_time_names_are_filtered_like_modules() {
    let dir = tempfile::tempdir().unwrap();
    logs("every-level", dir.path(), &[("RUST_LOG", "off,adapter.web-toon=debug")]);
    let records = records(dir.path().join("program.jsonl"));
    assert_eq!(messages(&records), ["debug", "Found 23 images", "error"]);
}

#[test]
fn a_module_is_filtered_by_the_name_that_the_console_shows() {
    for level in ["off,logs.obeys=info", "off,logs::obeys=info"] {
        let dir = tempfile::tempdir().unwrap();
        let mut program = Obedient::start(dir.path(), &[("LOGWRIGHT_LEVEL", level)]);
        program.tell("log 3");
        assert_eq!(program.end(), "", "{level}");
        assert_eq!(numbers(dir.path().join("program.jsonl")), [0, 1, 2], "{level}");
    }
}

#[test]
fn directives_without_a_comma_between_them_are_named() {
    let dir = tempfile::tempdir().unwrap();
    let said = text(&logs("every-level", dir.path(), &[("LOGWRIGHT_LEVEL", "warn;logs=debug")]).stderr);
    let expected =
        "logwright: cannot read `warn;logs=debug` (column 1 of LOGWRIGHT_LEVEL) as a filter; write a level";
    assert!(said.contains(expected), "{said}");
}

#[test]
fn a_second_set_up_says_so_and_changes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let output = logs("set-up-twice", dir.path(), &[]);
    assert!(output.status.success());
    assert!(text(&output.stderr).contains("another subscriber is already set"), "{output:?}");
    assert_eq!(messages(&records(dir.path().join("program.jsonl"))), ["still here"]);
    assert!(!dir.path().join("second.log").exists());
}

#[test]
fn the_filter_can_be_changed_at_run_time() {
    let dir = tempfile::tempdir().unwrap();
    logs("change-filter", dir.path(), &[]);
    assert_eq!(messages(&records(dir.path().join("program.jsonl"))), ["after"]);
}

#[test]
fn a_panic_is_recorded_and_told_as_before() {
    let dir = tempfile::tempdir().unwrap();
    let output = logs("panic", dir.path(), &[]);
    assert!(text(&output.stderr).contains("thread 'worker'"), "the hook before is still called");
    let records = records(dir.path().join("program.jsonl"));
    let panic = records.last().unwrap();
    assert_eq!((panic.kind, panic.level), (Kind::Panic, Level::Critical));
    assert!(panic.message.starts_with("panicked at "), "{}", panic.message);
    assert!(panic.message.ends_with(": page 7 is missing"), "{}", panic.message);
    assert_eq!(panic.thread.as_deref(), Some("worker"));
}

#[test]
fn an_error_that_main_returns_is_recorded() {
    let dir = tempfile::tempdir().unwrap();
    let logs = dir.path().join("logs");
    let output =
        program(env!("CARGO_BIN_EXE_fails"), &[("LOGWRIGHT_DIR", logs.to_str().unwrap())]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let records = records(logs.join("fails.jsonl"));
    assert_eq!(messages(&records), ["looking", "main failed: no comics to look at"]);
    assert_eq!(records.last().unwrap().error_type.as_deref(), Some("fails::NoComics"));
}

#[test]
fn a_value_that_logs_while_it_is_formatted_loses_nothing() {
    let dir = tempfile::tempdir().unwrap();
    logs("log-in-display", dir.path(), &[]);
    assert_eq!(messages(&records(dir.path().join("program.jsonl"))), ["inner", "outer"]);
}

#[test]
fn hostile_text_stays_inside_its_line() {
    let dir = tempfile::tempdir().unwrap();
    let output = logs("hostile", dir.path(), &[]);
    let (log, lines) = (read(dir.path().join("program.log")), read(dir.path().join("program.jsonl")));
    for written in [&log, &lines, &read(dir.path().join("program_error.log")), &text(&output.stderr)] {
        let raw = |c: &char| c.is_control() && *c != '\n' || "\u{202e}\u{2028}".contains(*c);
        assert_eq!(written.chars().find(raw), None, "{written}");
        assert!(!written.lines().any(|line| line.starts_with("2026-11-22 12:45:15,642")), "{written}");
    }
    let pattern = guides_pattern();
    assert_eq!(log.lines().count(), 6);
    assert!(log.lines().all(|line| pattern.is_match(line)), "{log}");

    let records = records(dir.path().join("program.jsonl"));
    let title = records[2].context.to_value()["title"].as_str().unwrap().to_owned();
    assert_eq!(records[2].message, format!("title is {title}"));
    assert_eq!(records[3].logger, title);
    let end = records.last().unwrap();
    assert_eq!(end.events.to_value()[0]["type"], title.as_str());
    assert_eq!(end.result.to_value()["title"], title.as_str());
}

#[test]
fn what_goes_wrong_while_formatting_is_not_the_programs() {
    let dir = tempfile::tempdir().unwrap();
    let output = logs("formatters-fail", dir.path(), &[]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let records = records(dir.path().join("program.jsonl"));
    assert_eq!(records[2].error.as_deref(), Some("<formatter failed>"));
    assert_eq!(records[2].context.as_str(), r#"{"field":"<formatter failed>"}"#);
    assert_eq!(records[4].error.as_deref(), Some("<formatter panicked>"));
    assert_eq!(records[4].status, Some(logwright::record::Status::Failure));
    assert_eq!(messages(&records).last(), Some(&"done"));
}

#[test]
fn a_failure_is_told_where_successes_are_not_wanted() {
    let dir = tempfile::tempdir().unwrap();
    logs("quiet", dir.path(), &[]);
    let records = records(dir.path().join("program.jsonl"));
    assert_eq!(records.len(), 1, "{records:?}");
    assert_eq!((records[0].kind, records[0].error.as_deref()), (Kind::OpEnd, Some("it failed")));
}

#[test]
fn a_layer_filters_its_own_records_and_nobody_elses() {
    let dir = tempfile::tempdir().unwrap();
    let output = logs("layer", dir.path(), &[]);
    let records = records(dir.path().join("program.jsonl"));
    let expected = ["one", "more detail", "from tracing"];
    assert_eq!(messages(&records)[..3], expected);
    assert_eq!((records.len(), records[3].kind), (4, Kind::Panic));
    assert_eq!(text(&output.stdout), "INFO\nDEBUG\nERROR\nDEBUG\nINFO\nERROR\n");
}
