//! `#[structured_op]` on plain functions: records, events, nesting.

use logwright::record::{Kind, Record, Status};
use logwright::{Level, structured_op, testing};
use serde_json::json;

#[structured_op(context(comic, chapter = number + 1), result(pages = ret.len(), first = ret[0]))]
fn download(comic: &str, number: u32) -> Result<Vec<u32>, std::num::ParseIntError> {
    logwright::event!("download_started", chapter = number);
    let pages = comic.parse::<u32>()?;
    logwright::event!("download_completed");
    Ok(vec![pages; 3])
}

fn start_and_end(body: impl FnOnce()) -> (Record<'static>, Record<'static>) {
    let mut records = testing::capture(body);
    records.retain(|record| matches!(record.kind, Kind::OpStart | Kind::OpEnd));
    assert_eq!(records.len(), 2, "{records:#?}");
    let end = records.remove(1);
    (records.remove(0), end)
}

#[test]
fn start_and_end_each_stand_alone() {
    let (start, end) = start_and_end(|| drop(download("12", 6)));
    assert_eq!((start.kind, start.status, start.level), (Kind::OpStart, Some(Status::Started), Level::Info));
    assert_eq!((end.kind, end.status, end.level), (Kind::OpEnd, Some(Status::Success), Level::Info));
    for record in [&start, &end] {
        assert_eq!(record.operation.as_deref(), Some("download"));
        assert_eq!(record.context.to_value(), json!({ "comic": "12", "chapter": 7 }));
        assert_eq!((record.op_id, record.parent_id, record.depth), (start.op_id, None, Some(0)));
    }
    assert_eq!(end.result.to_value(), json!({ "pages": 3, "first": 12 }));
    assert!(end.duration_ns.is_some() && end.start.is_some());
    let events = end.events.to_value();
    assert_eq!(events[0]["type"], "download_started");
    assert_eq!(events[0]["data"], json!({ "chapter": 6 }));
    assert_eq!(events[1]["data"], json!({}));
    assert!(events[0]["offset_ns"].as_u64() <= events[1]["offset_ns"].as_u64());
}

#[test]
fn a_failure_tells_the_error_and_has_no_result() {
    let (_, end) = start_and_end(|| assert!(download("x", 1).is_err()));
    assert_eq!((end.status, end.level), (Some(Status::Failure), Level::Error));
    assert_eq!(end.error.as_deref(), Some("invalid digit found in string"));
    assert_eq!(end.error_type.as_deref(), Some("core::num::error::ParseIntError"));
    assert!(end.result.is_empty());
    assert_eq!(end.events.to_value().as_array().unwrap().len(), 1);
}

#[test]
fn the_causes_of_an_error_are_kept() {
    #[structured_op]
    fn fails() -> anyhow::Result<()> {
        Err(anyhow::Error::msg("disk gone").context("cannot open `x`"))
    }
    let (_, end) = start_and_end(|| assert!(fails().is_err()));
    assert_eq!(end.error.as_deref(), Some("cannot open `x`"));
    assert_eq!(end.error_chain.to_value(), json!(["disk gone"]));
}

#[test]
fn a_panic_ends_the_operation() {
    #[structured_op]
    fn bursts() {
        panic!("burst")
    }
    let (_, end) = start_and_end(|| assert!(std::panic::catch_unwind(bursts).is_err()));
    assert_eq!((end.status, end.level), (Some(Status::Panicked), Level::Error));
    let after = testing::capture(|| logwright::info!("after"));
    assert_eq!(after[0].op_id, None, "the operation is still the current one");
}

#[test]
fn operations_inside_know_the_one_around_them() {
    #[structured_op]
    fn comic() {
        logwright::info!("plain line");
        (1..=2).for_each(chapter);
    }
    #[structured_op(context(number))]
    fn chapter(number: u32) {
        logwright::event!("stitched");
    }
    let records = testing::capture(comic);
    let outer = records[0].op_id;
    assert_eq!((records[1].op_id, records[1].kind), (outer, Kind::Log));
    let inner: Vec<_> =
        records.iter().filter(|record| record.operation.as_deref() == Some("chapter")).collect();
    assert_eq!(inner.len(), 4);
    for record in &inner {
        assert_eq!((record.parent_id, record.depth), (outer, Some(1)));
        assert_eq!(record.trace_id, records[0].trace_id);
    }
    assert_ne!(inner[0].op_id, inner[2].op_id);
    let end = records.last().unwrap();
    assert_eq!((end.op_id, end.events.as_str()), (outer, "[]"), "the chapters' events are the chapters'");
}

#[test]
fn events_beyond_the_limit_are_counted() {
    #[structured_op]
    fn chatters() {
        (0..200).for_each(|n| logwright::event!("said", n));
    }
    let (_, end) = start_and_end(chatters);
    assert_eq!(end.events.to_value().as_array().unwrap().len(), 128);
    assert_eq!(end.dropped_events, 72);
}

#[test]
fn a_handle_reaches_the_operation_from_elsewhere() {
    #[structured_op(bind = op)]
    fn downloads() {
        std::thread::scope(|threads| {
            threads.spawn(|| logwright::event!(op: op, "page_saved", page = 6));
        });
        inner(op);
    }
    #[structured_op]
    fn inner(outer: logwright::OpHandle) {
        logwright::event!(op: outer, "from_inside");
    }
    let records = testing::capture(downloads);
    let events = records.last().unwrap().events.to_value();
    assert_eq!(events[0]["data"], json!({ "page": 6 }));
    assert_eq!(events[1]["type"], "from_inside");
}

#[test]
fn name_and_level_are_as_asked() {
    #[structured_op(name = "process_comic", level = "debug")]
    fn quiet() {}
    let (start, end) = start_and_end(quiet);
    assert_eq!((start.level, end.level), (Level::Debug, Level::Debug));
    assert!(end.message.starts_with("process_comic completed in 0.00"), "{}", end.message);
}

#[test]
fn an_event_outside_any_operation_is_a_record_of_its_own() {
    let records = testing::capture(|| logwright::event!("alone", n = 1));
    assert_eq!((records[0].kind, records[0].level, records[0].op_id), (Kind::OpEvent, Level::Debug, None));
}
