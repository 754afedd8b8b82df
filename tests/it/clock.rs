//! Clocks that jump: no storm of rotations, no panic, and durations as they are.

use std::process::Command;
use std::time::Duration;

use logwright::record::{Kind, Status};

use crate::programs::{Obedient, all_numbers, numbers, scenario, skip};
use crate::support::{names, records, text};

/// A program whose wall clock stands where a file says; other clocks go on.
struct Clock {
    dir: tempfile::TempDir,
    program: Obedient,
}

impl Clock {
    /// Starts it in a time zone at a local time, if there is the tool for that.
    #[track_caller]
    fn start(zone: &str, time: &str) -> Option<Self> {
        let preload = Command::new("faketime").args(["-m", "-f", "+0", "printenv", "LD_PRELOAD"]).output();
        let Ok(preload) = preload else {
            skip("there is no `faketime`");
            return None;
        };
        let preload = text(&preload.stdout);
        let dir = tempfile::tempdir().unwrap();
        let (logs, clock) = (dir.path().join("logs"), dir.path().join("clock"));
        std::fs::write(&clock, time).unwrap();
        let environment = [
            ("LD_PRELOAD", preload.trim()),
            ("FAKETIME_TIMESTAMP_FILE", clock.to_str().unwrap()),
            ("FAKETIME_NO_CACHE", "1"),
            ("FAKETIME_DONT_FAKE_MONOTONIC", "1"),
            ("TZ", zone),
            ("DAILY", "yes"),
        ];
        let program = Obedient::run(&mut scenario("obeys", logs, &environment));
        Some(Self { dir, program })
    }

    /// Sets the clock, and lets it write.
    #[track_caller]
    fn at(&mut self, time: &str, order: &str) {
        // As one step, since the file is read all the time.
        let next = self.dir.path().join("next");
        std::fs::write(&next, time).unwrap();
        std::fs::rename(next, self.dir.path().join("clock")).unwrap();
        let answer = self.program.tell(order);
        assert!(["done", "begun"].contains(&&*answer), "{answer} at {time}");
    }

    /// The numbers of the records in each file, the oldest first.
    #[track_caller]
    fn end(self) -> Vec<Vec<u64>> {
        assert_eq!(self.program.end(), "");
        let logs = self.dir.path().join("logs");
        let older = (1..names(&logs).len()).rev().map(|number| logs.join(format!("program.jsonl.{number}")));
        older.chain([logs.join("program.jsonl")]).map(numbers).collect()
    }
}

/// Writes a record at each of these times; the files there are then.
#[track_caller]
fn files(zone: &str, times: &[&str]) -> Option<Vec<Vec<u64>>> {
    let mut clock = Clock::start(zone, times[0])?;
    times.iter().for_each(|time| clock.at(time, "log 1"));
    Some(clock.end())
}

#[track_caller]
fn check(zone: &str, times: &[&str], expected: &[&[u64]]) {
    if let Some(found) = files(zone, times) {
        assert_eq!(found, expected, "{zone} {times:?}");
    }
}

#[test]
fn a_day_ends_at_midnight_and_after_days_of_sleep_another_one_begins() {
    let times = [
        "2026-11-22 23:59:58",
        "2026-11-22 23:59:59",
        "2026-11-23 00:00:00",
        "2026-11-26 09:00:00",
        "2026-11-26 09:00:01",
    ];
    check("UTC0", &times, &[&[0, 1], &[2], &[3, 4]]);
}

#[test]
fn a_clock_that_is_set_back_or_runs_years_ahead_costs_one_file() {
    let back = ["2026-11-22 12:00:00", "2026-11-22 11:00:00", "2026-11-22 12:00:00"];
    check("UTC0", &back, &[&[0, 1, 2]]);
    let ahead = ["2026-11-22 12:00:00", "2036-11-22 12:00:00", "2026-11-22 12:00:00", "2036-11-22 12:00:00"];
    check("UTC0", &ahead, &[&[0], &[1, 2, 3]]);
}

#[test]
fn hours_that_are_left_out_or_come_twice_are_of_their_day() {
    let spring = ["2026-03-08 01:59:59", "2026-03-08 03:00:00", "2026-03-08 23:59:59", "2026-03-09 00:00:00"];
    check("EST5EDT,M3.2.0,M11.1.0", &spring, &[&[0, 1, 2], &[3]]);
    let autumn = ["2026-11-01 00:59:59", "2026-11-01 01:30:00", "2026-11-01 23:59:59", "2026-11-02 00:00:00"];
    check("EST5EDT,M3.2.0,M11.1.0", &autumn, &[&[0, 1, 2], &[3]]);
}

#[test]
fn the_first_and_the_last_days_there_are_can_be_written() {
    check("UTC0", &["1970-01-01 00:00:00", "1970-01-01 00:00:01"], &[&[0, 1]]);
    check("UTC0", &["9999-12-30 12:00:00", "1970-01-01 00:00:00", "9999-12-30 12:00:00"], &[&[0, 1, 2]]);
    check("<+14>-14", &["1970-01-01 00:00:00", "2016-12-31 23:59:60"], &[&[0], &[1]]);
}

#[test]
fn a_zone_that_is_not_known_is_that_of_greenwich() {
    for zone in ["Nowhere/None", ":", "5"] {
        check(zone, &["2026-11-22 12:00:00", "2026-11-22 13:00:00"], &[&[0, 1]]);
    }
}

#[test]
fn a_duration_is_right_while_the_wall_clock_jumps() {
    for jump in ["2026-11-22 11:00:00", "2036-11-22 12:00:00"] {
        let Some(mut clock) = Clock::start("UTC0", "2026-11-22 12:00:00") else { return };
        clock.at("2026-11-22 12:00:00", "begin");
        std::thread::sleep(Duration::from_millis(100));
        clock.at(jump, "end");
        let logs = clock.dir.path().join("logs");
        clock.program.tell("log 1");
        let all: Vec<_> = names(&logs).iter().flat_map(|name| records(logs.join(name))).collect();
        let end = all.iter().find(|record| record.kind == Kind::OpEnd).unwrap();
        let took = Duration::from_nanos(end.duration_ns.unwrap());
        assert!((Duration::from_millis(100)..Duration::from_secs(5)).contains(&took), "{took:?}");
        assert_eq!(end.status, Some(Status::Success));
        assert!(end.start.unwrap().to_string().starts_with("2026-11-22T12:00:00"));
        assert_eq!(clock.program.end(), "");
        assert_eq!(all_numbers(&logs), [0].into());
    }
}
