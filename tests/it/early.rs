//! What is logged before logging is set up is written when it is.

use std::path::Path;

use logwright::Level;
use logwright::record::{Kind, Record};

use crate::schema::valid_lines;
use crate::support::{logs, read, records, text};

/// What a scenario writes.
fn written(scenario: &str, dir: &Path, environment: &[(&str, &str)]) -> Vec<Record<'static>> {
    let quiet = [("LOGWRIGHT_CONSOLE", "off")];
    let output = logs(scenario, dir, &[&quiet, environment].concat());
    assert!(output.status.success() && output.stderr.is_empty(), "{}", text(&output.stderr));
    assert!(!valid_lines(dir.join("program.jsonl")).is_empty());
    let records = records(dir.join("program.jsonl"));
    assert!(records.iter().enumerate().all(|(n, record)| record.seq == Some(n as u64)));
    assert!(records.windows(2).all(|two| two[0].timestamp <= two[1].timestamp), "{records:#?}");
    assert!(records.iter().all(|record| record.run == records[0].run && record.pid == records[0].pid));
    records
}

fn messages(records: &[Record<'_>]) -> Vec<String> {
    let own = records.iter().filter(|record| !record.message.starts_with("Log"));
    own.map(|record| record.message.clone().into_owned()).collect()
}

#[test]
fn lines_from_before_the_set_up_come_first_and_as_they_were() {
    let dir = tempfile::tempdir().unwrap();
    let records = written("early", dir.path(), &[]);
    assert_eq!(messages(&records), ["by name", "at https://***@a.example/", "after"]);
    let (by_name, critical) = (&records[0], &records[1]);
    assert_eq!((&*by_name.logger, by_name.level), ("adapter.web", Level::Warning));
    assert_eq!(by_name.context.as_str(), r#"{"pages":3}"#);
    assert_eq!((&*critical.logger, critical.level), ("logs::early", Level::Critical));
    assert_eq!(critical.thread.as_deref(), Some("worker"));
    assert!(critical.src.as_deref().unwrap().starts_with("tests/programs/logs/early.rs:"));
    assert_eq!(records[2].message, "Logging initialized");
    let waited = records[2].timestamp.as_micros() - critical.timestamp.as_micros();
    assert!(waited >= 20_000, "{waited} microseconds: they have the time of when they were made");
    assert_eq!(read(dir.path().join("program_error.log")).lines().count(), 1);
    assert_eq!(read(dir.path().join("program.log")).lines().count(), 5);
}

#[test]
fn they_are_filtered_as_the_set_up_says() {
    for (filter, expected) in [
        ("debug", &["detail", "by name", "at https://***@a.example/", "after"][..]),
        ("off,adapter=warn", &["by name"]),
        ("logs::early=error,adapter=off", &["at https://***@a.example/"]),
    ] {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(
            messages(&written("early", dir.path(), &[("LOGWRIGHT_LEVEL", filter)])),
            expected,
            "{filter}"
        );
    }
}

#[test]
fn a_layer_writes_them_as_well() {
    let dir = tempfile::tempdir().unwrap();
    let records = written("early-layer", dir.path(), &[]);
    assert_eq!(messages(&records), ["by name", "at https://***@a.example/", "after"]);
}

#[test]
fn those_that_are_too_many_are_counted() {
    for (scenario, kept, lost) in [
        ("early-flood", 1000, "500 records lost: they came before logging was set up"),
        // Each takes 16 KiB.
        ("early-huge", 64, "136 records lost: they came before logging was set up"),
        ("early-endless", 1000, "at least 99000 records lost: they came before logging was set up"),
    ] {
        let dir = tempfile::tempdir().unwrap();
        let records = written(scenario, dir.path(), &[]);
        let loss = &records[kept];
        assert_eq!((loss.kind, &*loss.message), (Kind::LogLoss, lost), "{scenario}");
        assert!(records[..kept].iter().all(|record| record.kind == Kind::Log));
        if scenario != "early-huge" {
            assert_eq!(records[kept - 1].message, "record 999");
        }
        assert!(lost.contains(&loss.lost.unwrap().to_string()));
    }
}

#[test]
fn nobody_is_told_what_another_subscriber_heard() {
    let dir = tempfile::tempdir().unwrap();
    let records = written("early-beside", dir.path(), &[]);
    assert_eq!(messages(&records), ["by name", "at https://***@a.example/"]);
}
