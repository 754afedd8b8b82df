//! The JSON Schema of the lines: what the programs write keeps to it, and it takes nothing else.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::OnceLock;

use jsonschema::Validator;
use logwright::record::json;
use serde_json::{Value, json};

use crate::support::{logs, read};

pub(crate) fn schema() -> &'static Validator {
    static SCHEMA: OnceLock<Validator> = OnceLock::new();
    SCHEMA.get_or_init(|| {
        let schema = serde_json::from_str(json::SCHEMA).unwrap();
        jsonschema::meta::validate(&schema).unwrap();
        jsonschema::validator_for(&schema).unwrap()
    })
}

/// The lines of a file, each of which keeps to the schema.
#[track_caller]
pub(crate) fn valid_lines(path: impl AsRef<Path>) -> Vec<Value> {
    let lines: Vec<Value> = read(path).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    for line in &lines {
        let wrong: Vec<_> = schema().iter_errors(line).map(|error| error.to_string()).collect();
        assert!(wrong.is_empty(), "{wrong:#?}: {line}");
    }
    lines
}

#[test]
fn every_kind_of_line_keeps_to_it() {
    let mut seen = BTreeSet::new();
    for scenario in ["every-level", "hostile", "panic", "secrets", "formatters-fail", "ways-out"] {
        let dir = tempfile::tempdir().unwrap();
        logs(scenario, dir.path(), &[]);
        seen.extend(valid_lines(dir.path().join("program.jsonl")).iter().map(what));
    }
    // Until the program takes it away, a file is where the directory should be.
    let dir = tempfile::tempdir().unwrap();
    let obstacle = dir.path().join("file");
    std::fs::write(&obstacle, "").unwrap();
    logs("outage", &obstacle, &[]);
    seen.extend(valid_lines(obstacle.join("program.jsonl")).iter().map(what));

    let expected = [
        ("log", ""),
        ("log", "failure"),
        ("log.loss", ""),
        ("log.open", ""),
        ("op.end", "cancelled"),
        ("op.end", "failure"),
        ("op.end", "panicked"),
        ("op.end", "success"),
        ("op.event", ""),
        ("op.start", "started"),
        ("panic", ""),
    ];
    let expected = expected.map(|(kind, status)| (kind.to_owned(), status.to_owned()));
    assert!(seen.is_superset(&expected.into()), "{seen:?}");
}

/// The kind and the status of a line.
fn what(line: &Value) -> (String, String) {
    let word = |key: &str| line[key].as_str().unwrap_or_default().to_owned();
    (word("kind"), word("status"))
}

/// A valid line of that kind.
fn line(kind: &str) -> Value {
    let mut line = json!({
        "schema": "logwright/1", "kind": kind, "timestamp": "2026-11-22T12:45:13.299121Z", "level": "CRITICAL",
        "logger": "", "message": "", "run": "5f1d0a2c", "seq": 0, "pid": 7, "thread": "main",
    });
    let more = match kind {
        "op.start" => json!({ "operation": "stitch", "status": "started" }),
        "op.end" => json!({
            "operation": "stitch", "status": "failure", "start": "2026-11-22T12:45:13.299121Z", "duration": 1.5,
            "duration_ns": 1_500_000_000, "truncated": ["/message"], "events": [
                { "type": "a", "timestamp": "2026-11-22T12:45:13.299121Z", "offset_ns": 0, "data": {} },
            ],
        }),
        "log.loss" => json!({ "lost": 1 }),
        _ => json!({}),
    };
    let line = line.as_object_mut().unwrap();
    if kind.starts_with("op.") {
        let ids = json!({
            "op_id": "6e0c63257de34c92", "parent_id": null, "trace_id": "7bba9f33312b3dbb8b2c2c62bb7abe2d", "depth": 0,
        });
        line.extend(ids.as_object().unwrap().clone());
    }
    line.extend(more.as_object().unwrap().clone());
    if kind == "log.open" {
        line.remove("seq");
    }
    assert!(schema().is_valid(&line.clone().into()), "{kind}");
    line.clone().into()
}

#[test]
fn keys_that_are_not_known_are_taken() {
    let mut line = line("log");
    line["later"] = json!([1]);
    assert!(schema().is_valid(&line));
}

#[test]
fn a_line_without_a_key_that_its_kind_must_have_is_refused() {
    let optional = |kind: &str| if kind == "op.event" { "op_id parent_id trace_id depth" } else { "" };
    for kind in ["log", "op.start", "op.event", "op.end", "panic", "log.loss", "log.open"] {
        let whole = line(kind);
        for key in whole.as_object().unwrap().keys().filter(|key| *key != "truncated") {
            let mut line = whole.clone();
            line.as_object_mut().unwrap().remove(key);
            assert!(!schema().is_valid(&line), "{kind} without {key}");
        }
        // Outside of any operation an event has none of the ids.
        let mut line = whole;
        for key in optional(kind).split(' ') {
            line.as_object_mut().unwrap().remove(key);
        }
        assert!(schema().is_valid(&line), "{kind}");
    }
}

#[test]
fn a_value_of_another_type_is_refused() {
    let properties = serde_json::from_str::<Value>(json::SCHEMA).unwrap()["properties"].take();
    for key in properties.as_object().unwrap().keys() {
        for wrong in [json!(null), json!(-1), json!("\n"), json!([[]]), json!(true)] {
            let mut line = line("op.end");
            let is_free = wrong == "\n"
                && ["logger", "message", "operation", "thread", "src"].contains(&&**key)
                || wrong == "\n" && key.starts_with("error") && key != "error_chain"
                || wrong.is_null() && key == "parent_id";
            line[key] = wrong.clone();
            assert_eq!(schema().is_valid(&line), is_free, "{key}: {wrong}");
        }
    }
}

#[test]
fn a_value_that_no_line_has_is_refused() {
    for (kind, pointer, wrong) in [
        ("log", "/schema", json!("logwright/2")),
        ("log", "/kind", json!("op.resumed")),
        ("log", "/level", json!("WARN")),
        ("log", "/timestamp", json!("2026-11-22T12:45:13Z")),
        ("log", "/timestamp", json!("2026-11-22T12:45:13.299121+01:00")),
        ("log", "/run", json!("5F1D0A2C")),
        ("log", "/pid", json!(4_294_967_296_u64)),
        ("panic", "/level", json!("ERROR")),
        ("op.start", "/status", json!("success")),
        ("op.end", "/status", json!("started")),
        ("op.end", "/status", json!("done")),
        ("op.end", "/op_id", json!("6e0c63257de34c9")),
        ("op.end", "/op_id", json!("0000000000000000")),
        ("op.end", "/parent_id", json!("6e0c63257de34c9g")),
        ("op.end", "/trace_id", json!("7bba9f33312b3dbb")),
        ("op.end", "/duration", json!(-0.5)),
        ("op.end", "/duration_ns", json!(1.5)),
        ("op.end", "/events/0/data", json!("x")),
        ("op.end", "/events/0/timestamp", json!("noon")),
        ("op.end", "/truncated/0", json!("message")),
        ("log", "/message", json!("m".repeat(16_385))),
        ("log", "/thread", json!("t".repeat(4097))),
        ("log.loss", "/lost", json!(0)),
    ] {
        let mut line = line(kind);
        *line.pointer_mut(pointer).unwrap() = wrong.clone();
        assert!(!schema().is_valid(&line), "{pointer}: {wrong}");
    }
}
