//! Lines in Elastic Common Schema: every field that a program writes is one of that schema, and of its type.

use std::path::Path;

use serde_json::Value;

use crate::support::{logs, read};

type Field = (&'static str, fn(&Value) -> bool);

/// The fields that are written, with their types, as the reference of the schema has them.
const FIELDS: [Field; 24] = [
    ("@timestamp", is_date),
    ("message", Value::is_string),
    ("labels", Value::is_object),
    ("ecs.version", Value::is_string),
    ("error.message", Value::is_string),
    ("error.stack_trace", Value::is_string),
    ("error.type", Value::is_string),
    ("event.action", Value::is_string),
    ("event.dataset", Value::is_string),
    ("event.duration", Value::is_u64),
    ("event.outcome", |value| ["success", "failure", "unknown"].contains(&value.as_str().unwrap())),
    ("event.sequence", Value::is_u64),
    ("event.start", is_date),
    ("event.type", |value| {
        value
            .as_array()
            .unwrap()
            .iter()
            .all(|word| ["start", "end", "info", "error"].contains(&word.as_str().unwrap()))
    }),
    ("log.level", Value::is_string),
    ("log.logger", Value::is_string),
    ("log.origin.file.line", Value::is_u64),
    ("log.origin.file.name", Value::is_string),
    ("process.pid", Value::is_u64),
    ("process.thread.name", Value::is_string),
    ("service.ephemeral_id", Value::is_string),
    ("service.name", Value::is_string),
    ("span.id", Value::is_string),
    ("trace.id", Value::is_string),
];

fn is_date(value: &Value) -> bool {
    let text = value.as_str().unwrap();
    text.len() == "2026-11-22T12:45:13.299121Z".len() && text.ends_with('Z')
}

/// The lines of a file, each of which keeps to the schema.
#[track_caller]
fn lines(path: impl AsRef<Path>) -> Vec<Value> {
    let content = read(path);
    assert!(content.lines().all(|line| line.len() < 65 * 1024), "a line is too long");
    let lines: Vec<Value> = content.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    for (text, line) in content.lines().zip(&lines) {
        assert!(text.starts_with("{\"@timestamp\":\""), "{text}");
        assert!(!text.contains(|c: char| c.is_control() || "\u{2028}\u{202e}".contains(c)), "{text}");
        for (key, value) in line.as_object().unwrap() {
            let field = FIELDS.iter().find(|(name, _)| name == key);
            let (_, is_right) = field.unwrap_or_else(|| panic!("`{key}` is no field of the schema: {text}"));
            assert!(is_right(value), "{key}: {text}");
        }
        let labels = line["labels"].as_object().into_iter().flatten();
        for (name, value) in labels {
            assert!(!value.is_object() && !value.is_array() && !value.is_null(), "{name}: {text}");
            assert!(!name.contains(['.', '*', '\\']), "{name}: {text}");
        }
    }
    lines
}

/// What a scenario writes in this format.
fn written(scenario: &str, dir: &Path) -> Vec<Value> {
    logs(scenario, dir, &[("LOGWRIGHT_FORMAT", "ecs"), ("BYTES", "1000000")]);
    lines(dir.join("program.log"))
}

#[test]
fn every_kind_of_record_keeps_to_the_schema() {
    for scenario in ["every-level", "hostile", "panic", "secrets", "formatters-fail", "ways-out", "huge"] {
        let dir = tempfile::tempdir().unwrap();
        let lines = written(scenario, dir.path());
        assert!(lines.len() > 2, "{scenario}: {lines:?}");
        let in_order = |(n, line): (usize, &Value)| line["event.sequence"] == n;
        assert!(lines[0].get("event.sequence").is_none(), "what the file says of itself: {lines:#?}");
        assert!(lines[1..].iter().enumerate().all(in_order), "a start is a line of its own: {lines:#?}");
    }
}

#[test]
fn an_operation_that_failed_says_how_and_where() {
    let dir = tempfile::tempdir().unwrap();
    let lines = written("ways-out", dir.path());
    let failed =
        lines.iter().find(|line| line["message"].as_str().unwrap().contains(" failed after ")).unwrap();
    for (field, expected) in [
        ("event.action", "returns"),
        ("event.outcome", "failure"),
        ("error.message", "it failed"),
        ("error.type", "&str"),
        ("log.level", "ERROR"),
        ("log.logger", "logs"),
        ("log.origin.file.name", "tests/programs/logs/main.rs"),
        ("service.name", "program"),
        ("event.dataset", "program.log"),
    ] {
        assert_eq!(failed[field], expected, "{failed:#}");
    }
    assert_eq!(failed["labels"]["n"], 1);
    let ended = lines.iter().filter(|line| line["event.type"][0] == "end");
    let outcomes: Vec<_> = ended.map(|line| line["event.outcome"].as_str().unwrap()).collect();
    assert_eq!(outcomes, ["success", "failure", "failure", "unknown"]);
}

#[test]
fn lost_records_are_told_in_the_schema_too() {
    // Until the program takes it away, a file is where the directory should be.
    let dir = tempfile::tempdir().unwrap();
    let obstacle = dir.path().join("file");
    std::fs::write(&obstacle, "").unwrap();
    let config = dir.path().join("logwright.toml");
    std::fs::write(&config, "[json_file]\nformat = \"ecs\"\n").unwrap();
    logs("outage", &obstacle, &[("LOGWRIGHT_CONFIG", config.to_str().unwrap())]);
    let lines = lines(obstacle.join("program.jsonl"));
    let loss = lines.iter().find(|line| line["event.type"][0] == "error").unwrap();
    let message = loss["message"].as_str().unwrap();
    assert!(message.starts_with(&format!("{} records lost: ", loss["labels"]["logwright_lost"])), "{loss:#}");
    assert_eq!((&loss["log.level"], &loss["service.name"]), (&"WARNING".into(), &"program".into()));
}
