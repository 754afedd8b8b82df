//! How long a line may get, and how it says what was cut.

use std::fmt::{self, Display, Formatter};

use logwright::record::{Kind, Record, json, text};
use logwright::{structured_op, testing};
use proptest::prelude::*;

use crate::schema::schema;
use crate::support::{logs, read, text as lossy};

const LINE: usize = 64 * 1024;

/// The line of JSON for a record that was captured, and what of it was cut.
#[track_caller]
fn line(record: &Record<'_>) -> (String, Vec<String>) {
    let mut line = String::new();
    json::write(&mut line, &Record { seq: Some(u64::MAX), ..record.clone() });
    assert!(line.len() <= LINE && line.ends_with("}\n"), "{} bytes", line.len());
    let raw = |c: char| c.is_control() || "\u{2028}\u{2029}\u{202e}\u{feff}".contains(c);
    assert_eq!(line[..line.len() - 1].find(raw), None);
    let value = serde_json::from_str(&line).unwrap();
    let wrong: Vec<_> = schema().iter_errors(&value).map(|error| error.to_string()).collect();
    assert!(wrong.is_empty(), "{wrong:?}: {line}");
    assert_eq!(json::read(&line).unwrap(), Record { seq: Some(u64::MAX), ..record.clone() });

    let cut: Vec<String> = serde_json::from_value(record.truncated.to_value()).unwrap_or_default();
    assert_eq!(value.get("truncated").is_some(), !cut.is_empty());
    for pointer in &cut {
        // What is there still shows that it is not whole.
        let left = value.pointer(pointer).and_then(|value| value.as_str());
        assert!(left.is_none_or(|left| left.ends_with('…')), "{pointer} is {left:?}");
    }
    (line, cut)
}

/// An error with such a text.
#[derive(Debug)]
struct Failed(String);

impl Display for Failed {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[structured_op(context(page, again = ?page, n = 7), result(page = page))]
fn operation(page: &str, events: usize) -> Result<&str, Failed> {
    for _ in 0..events {
        logwright::event!(page, page, n = 7);
    }
    if events.is_multiple_of(2) { Ok(page) } else { Err(Failed(page.to_owned())) }
}

#[test]
fn what_is_within_the_limits_is_whole() {
    let (message, value) = ("m".repeat(16 * 1024), "v".repeat(4 * 1024));
    let records = testing::capture(|| logwright::info!(value, other = value, "{message}"));
    assert_eq!(line(&records[0]).1, [""; 0]);
    assert_eq!(records[0].message, message);
    assert_eq!(records[0].context.to_value()["other"], value);
}

#[test]
fn what_is_cut_is_named_and_the_text_line_has_the_same() {
    let (message, value) = ("m".repeat(16 * 1024 + 1), "é".repeat(4 * 1024));
    let records = testing::capture(|| {
        logwright::info!(n = 1, value, "{message}");
        tracing::info!(value, "{message}");
        log_by_target(&value);
    });
    assert_eq!(line(&records[0]).1, ["/message", "/context/value"]);
    assert_eq!(records[0].message, format!("{}…", "m".repeat(16 * 1024 - 3)));
    let context = records[0].context.to_value();
    assert_eq!((&context["value"], &context["n"]), (&format!("{}…", "é".repeat(2046)).into(), &1.into()));
    assert_eq!(line(&records[1]).1, ["/message", "/context/value"]);
    assert_eq!(line(&records[2]).1, ["/logger"]);
    let mut line = String::new();
    text::write(&mut line, &records[0]);
    assert!(line.contains("mmm… n=1 value=\"éé") && line.ends_with("é…\"\n"), "{line}");
}

fn log_by_target(name: &str) {
    logwright::info!(logger: logwright::get_logger(name), "by name");
}

#[test]
fn the_end_of_an_operation_keeps_what_matters_most() {
    let page = "p".repeat(5000);
    let records = testing::capture(|| drop(operation(&page, 131)));
    let end = records.iter().find(|record| record.kind == Kind::OpEnd).unwrap();
    let (line, cut) = line(end);
    assert!(line.len() > LINE / 2, "more was left out than had to be: {} bytes", line.len());
    assert_eq!(cut[0], "/error");
    assert!(cut.iter().any(|pointer| pointer == "/events/7/data/page"), "{cut:?}");
    assert!(end.message.starts_with("operation failed after 0."), "{}", end.message);
    assert_eq!((end.dropped_events, end.events.to_value().as_array().unwrap().len()), (123, 8));
    assert_eq!(end.events.to_value()[7]["data"]["n"], 7);
}

#[test]
fn a_huge_text_costs_no_memory_but_its_own() {
    for (bytes, most) in [(1_000_000, 25_000), (100_000_000, 130_000)] {
        let dir = tempfile::tempdir().unwrap();
        let output = logs("huge", dir.path(), &[("BYTES", &bytes.to_string()), ("LOGWRIGHT_CONSOLE", "off")]);
        assert!(output.status.success(), "{}", lossy(&output.stderr));
        let lines = read(dir.path().join("program.jsonl"));
        assert!(lines.lines().all(|line| line.len() < LINE));
        let cut = lines.lines().filter(|line| line.contains("\"truncated\":[\"/")).count();
        assert_eq!((cut, lines.lines().count()), (6, 9), "all but what logwright says of itself");
        // Linux says what a process took.
        let said = lossy(&output.stdout);
        if let Some(kib) = said.split_whitespace().nth(1) {
            assert!(kib.parse::<u32>().unwrap() < most, "{said} for {bytes} bytes");
        }
    }
}

/// A text of any characters and of any length up to many times what a line has.
fn any_text() -> impl Strategy<Value = String> {
    let piece = r#"(\PC|["\\ -~\x00-\x1f\u{7f}-\u{9f}\u{2028}\u{202e}]){0,12}"#;
    (piece, prop_oneof![Just(1), 0..600_usize, 0..20_000_usize])
        .prop_map(|(piece, times)| piece.repeat(times.min(200_000 / piece.len().max(1))))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_of_any_length_makes_a_line(message in any_text(), page in any_text(), events in 0..140_usize) {
        // So that a test without optimisation takes no minutes.
        let events = events.min(1_000_000 / page.len().max(1));
        let records = testing::capture(|| {
            logwright::info!(page, debug = ?page, "{message}");
            let _ = operation(&page, events);
            let _ = operation(&message, 1);
        });
        prop_assert_eq!(records.len(), 1 + 2 + 2 + events + 1);
        // The events are much alike.
        for record in records[..4].iter().chain(&records[records.len().saturating_sub(4).max(4)..]) {
            line(record);
            let mut lines = String::new();
            text::write(&mut lines, record);
            prop_assert_eq!(lines.matches('\n').count(), 1);
        }
    }
}
