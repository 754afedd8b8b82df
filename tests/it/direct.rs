//! Logwright's own subscriber takes records as they are, others get tracing events: both say the same.

use logwright::record::{Json, Kind, OpId, Record, Status, Timestamp, TraceId};

use crate::support::{logs, records, text};

/// A record without what differs from call to call, and its events.
fn timeless(record: Record<'static>) -> (Record<'static>, String) {
    let without_digits = |text: &str| text.replace(|c: char| c.is_ascii_digit(), "");
    let one = std::num::NonZero::<u64>::MIN;
    let events = without_digits(record.events.as_str());
    let record = Record {
        timestamp: Timestamp::default(),
        start: record.start.map(|_| Timestamp::default()),
        duration_ns: record.duration_ns.map(|_| 0),
        busy_ns: record.busy_ns.map(|_| 0),
        seq: None,
        op_id: record.op_id.map(|_| OpId(one)),
        parent_id: record.parent_id.map(|_| OpId(one)),
        trace_id: record.trace_id.map(|_| TraceId(one.into())),
        message: without_digits(&record.message).into(),
        events: Json::default(),
        ..record
    };
    (record, events)
}

#[test]
fn own_records_are_the_same_with_events_and_without() {
    let dir = tempfile::tempdir().unwrap();
    let output = logs("both-ways", dir.path(), &[]);
    assert!(output.status.success(), "{output:?}");
    let of = |name: &str| records(dir.path().join(name)).into_iter().map(timeless).collect::<Vec<_>>();
    let (direct, captured) = (of("program.jsonl"), of("captured.jsonl"));
    // The first two tell of the set-up.
    assert_eq!(direct.len(), captured.len() + 2);
    direct[2..].iter().zip(&captured).for_each(|(direct, captured)| assert_eq!(direct, captured));
    let has =
        |kind, status| captured.iter().any(|(record, _)| (record.kind, record.status) == (kind, status));
    for status in [Status::Success, Status::Failure, Status::Cancelled, Status::Panicked] {
        assert!(has(Kind::Log, Some(status)) && has(Kind::OpEnd, Some(status)), "{status}");
    }
    assert!(has(Kind::OpStart, Some(Status::Started)) && has(Kind::OpEvent, None) && has(Kind::Panic, None));
}

#[test]
fn a_subscriber_of_one_thread_hears_events_and_a_new_filter_is_obeyed() {
    let dir = tempfile::tempdir().unwrap();
    let output = logs("beside", dir.path(), &[]);
    assert!(output.status.success(), "{output:?}");
    let heard = text(&output.stdout);
    let lines: Vec<_> = heard.lines().collect();
    assert_eq!(lines.len(), 3, "{heard}");
    assert_eq!(lines[0], "INFO logs::direct:logwright message=beside");
    assert_eq!(lines[1], "DEBUG logs::direct:logwright message=beside");
    let timed = "DEBUG logs::direct:logwright message=timed executed in 0.00 seconds operation=\"timed\" duration_ns=";
    assert!(lines[2].starts_with(timed) && lines[2].ends_with(" status=\"success\""), "{heard}");
    let messages: Vec<_> =
        records(dir.path().join("program.jsonl")).into_iter().map(|record| record.message).collect();
    assert_eq!(messages[2..], ["before", "after", "after", "timed executed in 0.00 seconds"]);
}
