//! The macros for single lines, and loggers with run-time names.

use logwright::{Level, get_logger, testing};

#[test]
fn each_level_has_its_macro() {
    let records = testing::capture(|| {
        logwright::trace!("t");
        logwright::debug!("d");
        logwright::info!("i");
        logwright::warn!("w");
        logwright::error!("e");
        logwright::critical!("c");
    });
    assert_eq!(records.iter().map(|record| record.level).collect::<Vec<_>>(), Level::ALL);
    assert!(records.iter().all(|record| record.logger == module_path!()));
}

#[test]
fn fields_go_before_the_message() {
    let (url, pages, none) = ("http://x", vec![1, 2], None::<u8>);
    let records = testing::capture(|| {
        logwright::info!(url, n = pages.len(), ?pages, again = %url, r = 0.5 + 1.0, d = ?none, none, "{} pages", 2);
    });
    assert_eq!(records[0].message, "2 pages");
    assert_eq!(
        records[0].context.as_str(),
        r#"{"url":"http://x","n":2,"pages":"[1, 2]","again":"http://x","r":1.5,"d":"None","none":null}"#
    );
}

#[test]
fn a_logger_keeps_its_name_and_is_the_same_each_time() {
    let (first, second) = (get_logger("adapter.x"), get_logger(&format!("adapter.{}", 'x')));
    assert!(std::ptr::eq(first.name(), second.name()));
    let records = testing::capture(|| {
        logwright::critical!(logger: first, n = 1, "gone");
        logwright::debug!(logger: &second, "detail");
    });
    assert_eq!((&*records[0].logger, records[0].level), ("adapter.x", Level::Critical));
    assert_eq!(records[0].context.as_str(), r#"{"n":1}"#);
    assert_eq!(records[1].level, Level::Debug);
}
