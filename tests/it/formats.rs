//! The formats of log files: who says which it is, and who goes over whom.

use std::path::Path;
use std::process::Output;

use crate::support::{logs, names, read, text};

const FORMATS: [&str; 3] = ["text", "json", "ecs"];

/// Runs the program with a format from the file, from its own code and from the environment.
fn formatted(dir: &Path, file: &str, program: Option<&str>, environment: Option<&str>) -> Output {
    let config = dir.join("logwright.toml");
    std::fs::write(&config, file).unwrap();
    let mut variables = vec![("LOGWRIGHT_CONFIG", config.to_str().unwrap()), ("LOGWRIGHT_CONSOLE", "off")];
    variables.extend(program.map(|format| ("FORMAT", format)));
    variables.extend(environment.map(|format| ("LOGWRIGHT_FORMAT", format)));
    logs("formatted", dir, &variables)
}

/// The format of a file, by how its lines begin.
#[track_caller]
fn format_of(path: impl AsRef<Path>) -> &'static str {
    let content = read(path);
    let is = |start: &str| !content.is_empty() && content.lines().all(|line| line.starts_with(start));
    if is("{\"schema\":\"logwright/1\",") {
        "json"
    } else if is("{\"@timestamp\":") {
        "ecs"
    } else {
        assert!(is("20") && content.contains(" - INFO - "), "{content}");
        "text"
    }
}

#[test]
fn the_environment_goes_over_the_program_and_that_over_the_file() {
    let choices = || FORMATS.into_iter().map(Some).chain([None]);
    for (file, program, environment) in choices()
        .flat_map(|file| choices().flat_map(move |program| choices().map(move |last| (file, program, last))))
    {
        let dir = tempfile::tempdir().unwrap();
        let toml = file.map(|format| format!("[file]\nformat = \"{format}\"\n")).unwrap_or_default();
        let output = formatted(dir.path(), &toml, program, environment);
        assert!(output.stderr.is_empty(), "{}", text(&output.stderr));
        let expected = environment.or(program).or(file).unwrap_or("text");
        let said = format!("{file:?}, {program:?}, {environment:?}");
        assert_eq!(format_of(dir.path().join("program.log")), expected, "{said}");
        // It is that file's format alone.
        assert_eq!(format_of(dir.path().join("program.jsonl")), "json", "{said}");
    }
}

#[test]
fn each_file_may_have_each_format() {
    for format in FORMATS {
        let dir = tempfile::tempdir().unwrap();
        let toml =
            format!("[error_file]\nformat = \"{format}\"\n[json_file]\nformat = \"{format}\"\nkeep = 1\n");
        formatted(dir.path(), &toml, None, None);
        assert_eq!(format_of(dir.path().join("program.jsonl")), format);
        assert_eq!(format_of(dir.path().join("program.log")), "text");
        let errors = read(dir.path().join("program_error.log"));
        // One that is no text says who began it.
        let is_json = format != "text";
        assert_eq!((errors.lines().count(), errors.starts_with('{')), (1 + usize::from(is_json), is_json));
    }
}

#[test]
fn an_unknown_format_is_named_with_those_that_there_are() {
    let dir = tempfile::tempdir().unwrap();
    let output = formatted(dir.path(), "[json_file]\nformat = \"xml\"\n", None, Some("XML"));
    let said = text(&output.stderr);
    assert!(said.contains("logwright: LOGWRIGHT_FORMAT is `XML`; it may be text, json, ecs\n"), "{said}");
    assert!(said.contains(":2:10: `format` is `\"xml\"`; it may be `text`, `json` or `ecs`\n"), "{said}");
    assert_eq!(format_of(dir.path().join("program.log")), "text");
    assert_eq!(format_of(dir.path().join("program.jsonl")), "json");
}

#[test]
fn a_format_makes_no_file_where_there_is_none() {
    let dir = tempfile::tempdir().unwrap();
    formatted(dir.path(), "file = false\n", None, Some("ecs"));
    let expected = ["logwright.toml", "program.jsonl", "program_error.log"];
    assert_eq!(names(dir.path()), expected.map(str::to_owned).into());
}
