//! A block's attribute together with the same attribute on its functions.

use logwright::record::Kind;
use logwright::{AttemptTimeout, Level, Logger, get_logger, log_time, retry, structured_op, testing};

use crate::support::{only, run, told};

/// Name, level and fields of the one record that `body` writes.
#[track_caller]
fn said(body: impl FnOnce()) -> (String, Level, String) {
    let record = only(body);
    let name = record.message.split(" executed in ").next().unwrap();
    (name.to_owned(), record.level, record.context.as_str().to_owned())
}

struct Site;

#[log_time(level = "info", fields(chapter, fixed = 1))]
impl Site {
    fn plain(&self, chapter: u32) {
        let _ = chapter;
    }

    fn without_chapter(&self) {}

    #[log_time(level = "warn")]
    fn louder(&self, chapter: u32) {
        let _ = chapter;
    }

    #[log_time(fields(pages), name = "counting")]
    fn counted(&self, chapter: u32, pages: u32) {
        let _ = (chapter, pages);
    }

    #[log_time]
    fn twice_said(&self) {}

    #[logwright::log_time(target = "elsewhere")]
    fn by_path(&self) {}

    #[log_time(skip)]
    fn skipped(&self) {}

    #[cfg_attr(all(), log_time(skip))]
    fn skipped_under_a_condition(&self) {}

    #[cfg_attr(any(), log_time(skip))]
    #[cfg_attr(all(), log_time(level = "error"))]
    fn louder_under_a_condition(&self) {}
}

#[test]
fn a_functions_own_options_go_over_the_blocks() {
    let line = |name: &str, level, context: &str| (name.to_owned(), level, context.to_owned());
    let info = Level::Info;
    assert_eq!(said(|| Site.plain(7)), line("Site::plain", info, r#"{"chapter":7,"fixed":1}"#));
    assert_eq!(said(|| Site.without_chapter()), line("Site::without_chapter", info, r#"{"fixed":1}"#));
    assert_eq!(said(|| Site.louder(7)), line("Site::louder", Level::Warning, r#"{"chapter":7,"fixed":1}"#));
    assert_eq!(said(|| Site.counted(7, 8)), line("counting", info, r#"{"pages":8}"#));
    assert_eq!(said(|| Site.twice_said()), line("Site::twice_said", info, r#"{"fixed":1}"#));
    let louder = line("Site::louder_under_a_condition", Level::Error, r#"{"fixed":1}"#);
    assert_eq!(said(|| Site.louder_under_a_condition()), louder);
    let record = only(|| Site.by_path());
    assert_eq!((&*record.logger, record.level), ("elsewhere", info));
}

#[test]
fn skipped_functions_say_nothing() {
    let said = told(|| {
        Site.skipped();
        Site.skipped_under_a_condition();
    });
    assert!(said.is_empty(), "{said:?}");
}

struct Download;

#[structured_op(name = "download", context(url), result(size = ret.len()), bind = op)]
impl Download {
    fn page(&self, url: &str) -> String {
        logwright::event!(op: op, "read");
        url.to_owned()
    }

    #[structured_op(fields(number), result(pages = *ret), bind = own)]
    fn count(&self, url: &str, number: u32) -> u32 {
        logwright::event!(op: own, "counted", url);
        number
    }

    #[structured_op(skip)]
    fn unwatched(&self) -> String {
        String::new()
    }
}

#[test]
fn lists_and_handles_of_operations_are_merged() {
    let mut records = testing::capture(|| {
        assert_eq!(Download.page("abc"), "abc");
        assert_eq!(Download.count("abc", 7), 7);
        assert_eq!(Download.unwatched(), "");
    });
    records.retain(|record| record.kind == Kind::OpEnd);
    let ends = records.iter().map(|end| {
        let events = end.events.to_value();
        let event = events[0]["type"].as_str().unwrap().to_owned();
        (end.operation.as_deref().unwrap(), end.context.as_str(), end.result.as_str(), event)
    });
    let expected = [
        ("download::page", r#"{"url":"abc"}"#, r#"{"size":3}"#, "read".to_owned()),
        ("download::count", r#"{"number":7}"#, r#"{"pages":7}"#, "counted".to_owned()),
    ];
    assert_eq!(ends.collect::<Vec<_>>(), expected);
}

struct Flaky;

#[retry(3, 0, when = |error: &String| error.starts_with("busy"))]
impl Flaky {
    fn three(&self) -> Result<(), String> {
        Err("busy".to_owned())
    }

    #[retry(2)]
    fn two(&self) -> Result<(), String> {
        Err("busy again".to_owned())
    }

    #[retry(when = |_| true, fail_level = "critical")]
    fn whatever(&self) -> Result<(), String> {
        Err("broken".to_owned())
    }

    fn not_retried(&self) -> Result<(), String> {
        Err("broken".to_owned())
    }

    #[retry(skip)]
    fn skipped(&self) -> Result<(), String> {
        Err("busy".to_owned())
    }
}

#[test]
fn options_of_retries_are_merged() {
    let last = |call: fn() -> Result<(), String>| {
        let record = testing::capture(|| assert!(call().is_err())).pop();
        record.map(|record| format!("{} {}", record.level, record.message)).unwrap_or_default()
    };
    assert_eq!(last(|| Flaky.three()), "ERROR Failed after 3 attempts: busy");
    assert_eq!(last(|| Flaky.two()), "ERROR Failed after 2 attempts: busy again");
    assert_eq!(last(|| Flaky.whatever()), "CRITICAL Failed after 3 attempts: broken");
    assert_eq!(last(|| Flaky.not_retried()), "DEBUG Not retrying: broken");
    assert_eq!(last(|| Flaky.skipped()), "");
}

struct Disk;

#[retry(3, 0, clone(page))]
impl Disk {
    fn is_full(&self) -> Result<bool, String> {
        Ok(false)
    }

    fn save(&self, page: String) -> Result<(), String> {
        Err(page + "!")
    }
}

#[test]
fn clones_of_a_block_are_those_of_its_functions() {
    assert_eq!((Disk.is_full(), Disk.save("page".to_owned())), (Ok(false), Err("page!".to_owned())));
}

struct Own(Logger);

#[log_time(target = "blocks")]
#[retry(2, 0, backoff = exponential, factor = 3.0, attempt_timeout = "1h")]
impl Own {
    #[log_time(logger = self.0)]
    fn in_its_loggers_name(&self) {}

    #[retry(backoff = constant, max_attempts = 1)]
    fn constant(&self) -> Result<(), Late> {
        Err(Late)
    }

    async fn later(&self) -> Result<(), Late> {
        Ok(())
    }
}

#[derive(Debug, PartialEq)]
struct Late;

impl From<AttemptTimeout> for Late {
    fn from(_: AttemptTimeout) -> Self {
        Self
    }
}

#[test]
fn what_a_function_says_pushes_out_what_does_not_go_with_it() {
    let own = Own(get_logger("own"));
    assert_eq!(only(|| own.in_its_loggers_name()).logger, "own");
    let records = testing::capture(|| assert_eq!((own.constant(), run(own.later())), (Err(Late), Ok(()))));
    assert_eq!(records[0].message, "Failed after 1 attempts: Late");
}
