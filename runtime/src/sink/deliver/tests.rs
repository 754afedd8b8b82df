//! Each mode against a writer that is stuck, full, raced and closed.

use std::path::PathBuf;
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use super::*;
use crate::sink::Rotation;
use crate::sink::format::{Format, Line};

/// A file in a directory of its own, written to in that mode.
struct Log {
    dir: tempfile::TempDir,
    path: PathBuf,
    counts: Arc<Counts>,
    delivery: Arc<Box<dyn Deliver>>,
}

impl Log {
    fn new(mode: WriteMode) -> Self {
        let dir = tempfile::tempdir().unwrap();
        Self::at(dir.path().join("x.log"), dir, mode)
    }

    fn at(path: PathBuf, dir: tempfile::TempDir, mode: WriteMode) -> Self {
        let counts = Arc::<Counts>::default();
        let format = Arc::new(Format::new(Line::Text, "x"));
        let (to, own) = (path.clone(), Arc::clone(&counts));
        let open =
            move || Writer::open(to.clone(), Rotation::default(), Arc::clone(&format), Arc::clone(&own));
        let delivery = Arc::new(by(mode, &path, open, &counts));
        Self { dir, path, counts, delivery }
    }

    fn put(&self, line: &str, level: Level) {
        self.delivery.put(format!("{line}\n").as_bytes(), level, Timestamp::now());
    }

    fn flush(&self, patience: Duration) -> u64 {
        self.delivery.flush(Instant::now() + patience)
    }

    /// The lines in the file.
    fn lines(&self) -> Vec<String> {
        String::from_utf8(std::fs::read(&self.path).unwrap_or_default())
            .unwrap()
            .lines()
            .map(str::to_owned)
            .collect()
    }

    /// Does something while nobody can write.
    fn while_stuck(&self, act: impl FnOnce()) {
        let (is_stuck, stuck) = channel();
        let (go_on, gone) = channel::<()>();
        let delivery = Arc::clone(&self.delivery);
        let holder = std::thread::spawn(move || {
            delivery.with_writer(&mut |_| {
                is_stuck.send(()).unwrap();
                gone.recv().unwrap();
                Ok(())
            })
        });
        stuck.recv().unwrap();
        act();
        go_on.send(()).unwrap();
        holder.join().unwrap().unwrap();
    }

    fn lost_at(&self, level: Level) -> u64 {
        self.counts.stats(String::new()).lost_at(level)
    }

    #[track_caller]
    fn soon(&self, lines: usize, patience: Duration) -> Duration {
        let start = Instant::now();
        while self.lines().len() < lines {
            assert!(start.elapsed() < patience, "{} of {lines} lines", self.lines().len());
            std::thread::sleep(Duration::from_millis(1));
        }
        start.elapsed()
    }
}

/// Every mode that this build has.
fn modes() -> Vec<WriteMode> {
    #[allow(unused_mut, reason = "a mode may not be built")]
    let mut modes = vec![WriteMode::Sync, WriteMode::Buffered, queue(1000, Full::Block)];
    #[cfg(all(feature = "mapped", unix))]
    modes.push(WriteMode::Mapped { bytes: 0 });
    modes
}

const LONG: Duration = Duration::from_secs(10);

fn queue(bytes: u64, full: Full) -> WriteMode {
    WriteMode::Queue { bytes, full }
}

#[test]
fn a_queue_that_blocks_loses_nothing_and_keeps_each_threads_order() {
    let log = Log::new(queue(1000, Full::Block));
    std::thread::scope(|threads| {
        for thread in 0..4 {
            let log = &log;
            threads.spawn(move || (0..2000).for_each(|n| log.put(&format!("{thread} {n}"), Level::Info)));
        }
    });
    assert_eq!(log.flush(LONG), 0);
    let lines = log.lines();
    for thread in 0..4 {
        let prefix = format!("{thread} ");
        let own: Vec<usize> =
            lines.iter().filter_map(|line| line.strip_prefix(&prefix)?.parse().ok()).collect();
        assert_eq!(own, (0..2000).collect::<Vec<_>>());
    }
    assert_eq!(log.counts.stats(String::new()).written(), 8000);
}

#[test]
fn a_full_queue_drops_what_it_is_told_to_and_says_so() {
    let log = Log::new(queue(100, Full::DropNewest));
    log.while_stuck(|| (0..100).for_each(|n| log.put(&format!("line {n:04}"), Level::Info)));
    assert_eq!(log.flush(LONG), 0);
    let lines = log.lines();
    let kept = lines.iter().filter(|line| line.starts_with("line")).count();
    assert_eq!((kept, log.lost_at(Level::Info)), (10, 90), "what fits, and the others: {lines:?}");
    assert!(lines.iter().any(|line| line.contains("90 records lost: the queue is full")), "{lines:?}");
}

#[test]
fn a_full_queue_drops_only_what_matters_less() {
    let log = Log::new(queue(100, Full::DropBelow(Level::Warning)));
    std::thread::scope(|threads| {
        log.while_stuck(|| {
            (0..20).for_each(|n| log.put(&format!("line {n:04}"), Level::Info));
            // Its caller waits until it can write.
            threads.spawn(|| log.put("important", Level::Warning));
        });
    });
    assert_eq!((log.lost_at(Level::Info), log.lost_at(Level::Warning)), (10, 0));
    assert_eq!(log.flush(LONG), 0);
    assert!(log.lines().contains(&"important".to_owned()));
}

#[test]
fn a_line_longer_than_the_queue_is_written() {
    let log = Log::new(queue(10, Full::DropNewest));
    log.put(&"x".repeat(1000), Level::Info);
    assert_eq!((log.flush(LONG), log.lines().len()), (0, 1));
}

#[test]
fn a_flush_waits_no_longer_than_it_may_and_says_what_is_left() {
    let log = Log::new(queue(1000, Full::Block));
    log.while_stuck(|| {
        (0..7).for_each(|n| log.put(&format!("line {n}"), Level::Info));
        let start = Instant::now();
        assert_eq!(log.flush(Duration::from_millis(50)), 7);
        assert!(start.elapsed() < Duration::from_secs(5));
    });
    assert_eq!((log.flush(LONG), log.lines().len()), (0, 7));
    let log = Log::new(WriteMode::Sync);
    log.while_stuck(|| assert_eq!(log.flush(Duration::from_millis(50)), 1));
    assert_eq!(log.flush(Duration::ZERO), 0);
}

#[test]
fn the_end_of_the_program_does_not_wait_for_a_disk_that_does_not_answer() {
    for mode in modes() {
        let log = Log::new(mode);
        log.while_stuck(|| {
            if mode != WriteMode::Sync {
                log.put("line", Level::Info);
            }
            log.delivery.close(Instant::now() + Duration::from_millis(50));
        });
    }
}

#[test]
fn a_queue_is_written_soon_and_what_is_critical_at_once() {
    let log = Log::new(queue(1 << 20, Full::Block));
    log.put("line", Level::Error);
    log.soon(1, Duration::from_secs(5));
    log.put("line", Level::Error);
    log.put("line", Level::Critical);
    assert_eq!(log.lines().len(), 3);
}

#[test]
fn a_buffer_is_written_when_it_matters_when_it_is_full_and_after_a_second() {
    let log = Log::new(WriteMode::Buffered);
    log.put("one", Level::Info);
    assert_eq!(log.lines().len(), 0);
    log.put("two", Level::Warning);
    assert_eq!(log.lines(), ["one", "two"]);
    // More than it holds.
    (0..70).for_each(|_| log.put(&"x".repeat(1023), Level::Info));
    assert_eq!(log.lines().len(), 2 + 64);
    let time = log.soon(2 + 70, Duration::from_secs(5));
    assert!(time > Duration::from_millis(300), "{time:?}");
}

#[test]
fn what_comes_after_the_end_is_written_at_once() {
    for mode in modes() {
        let log = Log::new(mode);
        log.put("before", Level::Info);
        log.delivery.close(Instant::now() + LONG);
        assert_eq!(log.lines(), ["before"]);
        log.put("after", Level::Info);
        assert_eq!(log.lines(), ["before", "after"]);
        assert_eq!(log.dir.path().read_dir().unwrap().count(), 1, "nothing is left beside it");
    }
}

#[test]
fn threads_that_race_with_the_end_lose_nothing() {
    for mode in [modes(), modes(), modes(), modes(), modes()].concat() {
        let log = Log::new(mode);
        std::thread::scope(|threads| {
            for _ in 0..3 {
                threads.spawn(|| (0..300).for_each(|_| log.put("line", Level::Info)));
            }
            log.delivery.close(Instant::now() + LONG);
        });
        assert_eq!(log.lines().len(), 900, "{mode:?}");
    }
}

/// A log whose directory cannot be made until `end_outage`.
fn out(mode: WriteMode) -> Log {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("logs"), "in the way").unwrap();
    let path = dir.path().join("logs/x.log");
    Log::at(path, dir, mode)
}

fn end_outage(log: &Log) {
    std::fs::remove_file(log.dir.path().join("logs")).unwrap();
    // It is tried again after a while.
    log.soon(1, LONG);
    assert_eq!(log.flush(LONG), 0);
}

#[test]
fn an_outage_costs_nothing_while_there_is_room_to_wait() {
    for mode in [WriteMode::Buffered, queue(1000, Full::Block), queue(1000, Full::DropNewest)] {
        let log = out(mode);
        (0..5).for_each(|n| log.put(&format!("line {n}"), Level::Error));
        assert_eq!(log.flush(Duration::from_millis(100)), 5, "{mode:?}");
        end_outage(&log);
        assert_eq!(log.lines(), ["line 0", "line 1", "line 2", "line 3", "line 4"], "{mode:?}");
        assert_eq!(log.lost_at(Level::Error), 0);
    }
}

#[test]
fn an_outage_that_lasts_costs_what_has_no_room_and_never_stops_the_program() {
    let log = out(queue(100, Full::Block));
    (0..30).for_each(|n| log.put(&format!("line {n:04}"), Level::Info));
    assert_eq!(log.lost_at(Level::Info), 20);
    end_outage(&log);
    let lines = log.lines();
    assert!(lines.iter().any(|line| line.contains("20 records lost: ")), "{lines:?}");
    assert_eq!(lines.iter().filter(|line| line.starts_with("line")).count(), 10, "{lines:?}");
}

#[test]
fn a_delivery_that_is_let_go_has_written_everything_and_its_thread_ends() {
    for mode in modes() {
        let Log { dir, path, delivery, .. } = Log::new(mode);
        delivery.put(b"line\n", Level::Info, Timestamp::now());
        drop(delivery);
        assert_eq!(std::fs::read_to_string(path).unwrap(), "line\n", "{mode:?}");
        assert_eq!(dir.path().read_dir().unwrap().count(), 1, "{mode:?}");
    }
}
