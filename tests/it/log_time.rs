//! `#[log_time]` on plain functions: its words, its options, its time. Ways out are in `ways_out.rs`.

use logwright::record::{Kind, Status};
use logwright::{Level, log_time, testing};

use crate::support::{lines, only};

#[log_time]
fn halve(n: u32) -> Result<u32, String> {
    if n == 0 {
        return Err("nothing to halve".to_owned());
    }
    let whole: u32 = n.to_string().parse().map_err(|_| "no number".to_owned())?;
    Ok(whole / 2)
}

#[test]
fn a_call_that_returns_is_told_in_the_guides_words() {
    let record = only(|| assert_eq!(halve(4), Ok(2)));
    assert_eq!(record.message, "halve executed in 0.00 seconds");
    assert_eq!((record.level, record.kind, record.status), (Level::Debug, Kind::Log, Some(Status::Success)));
    assert_eq!((&*record.logger, record.operation.as_deref()), (module_path!(), Some("halve")));
    assert!(record.src.as_deref().unwrap().ends_with("log_time.rs:8"), "{:?}", record.src);
    assert_eq!(record.busy_ns, None);
}

#[test]
fn a_call_during_another_panic_is_a_success() {
    #[log_time]
    fn clean_up() {}
    struct Cleans;
    impl Drop for Cleans {
        fn drop(&mut self) {
            clean_up();
        }
    }
    let record = only(|| {
        let _ = std::panic::catch_unwind(|| {
            let _cleans = Cleans;
            panic!("on the way out");
        });
    });
    assert_eq!(record.status, Some(Status::Success));
}

#[test]
fn the_time_is_that_of_the_call() {
    #[log_time]
    fn naps() {
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    let record = only(naps);
    let seconds = record.seconds().unwrap();
    assert!((0.02..10.0).contains(&seconds), "{seconds}");
    assert_eq!(record.message, format!("naps executed in {seconds:.2} seconds"));
}

#[test]
fn level_name_and_fields_are_as_asked() {
    #[log_time(level = "warn", name = "stitching", fields(pages, first = pages[0], ?kind, %path, missing = 1 + 2))]
    fn stitch(pages: &[u32], kind: Option<()>, path: &str) {
        let _ = (pages, kind, path);
    }
    let record = only(|| stitch(&[7, 8], Some(()), "a\nb"));
    assert_eq!((record.level, &*record.message), (Level::Warning, "stitching executed in 0.00 seconds"));
    assert_eq!(
        record.context.as_str(),
        r#"{"pages":"[7, 8]","first":7,"kind":"Some(())","path":"a\nb","missing":3}"#
    );
}

#[test]
fn raw_names_are_told_as_they_are_meant() {
    #[log_time(fields(r#type))]
    fn r#match(r#type: u32) {
        let _ = r#type;
    }
    let record = only(|| r#match(1));
    assert_eq!((record.operation.as_deref(), record.context.as_str()), (Some("match"), r#"{"type":1}"#));
}

#[test]
fn nothing_is_evaluated_where_nobody_listens() {
    #[log_time(fields(n = { *calls += 1; *calls }))]
    fn counted(calls: &mut u32) {
        *calls += 10;
    }
    let mut calls = 0;
    counted(&mut calls);
    assert_eq!(calls, 10);
    testing::capture(|| counted(&mut calls));
    assert_eq!(calls, 21);
}

#[test]
fn recursion_times_each_call() {
    #[log_time]
    fn down(n: u32) -> u32 {
        if n == 0 { 0 } else { down(n - 1) + 1 }
    }
    assert_eq!(lines(|| assert_eq!(down(3), 3)).len(), 4);
}
