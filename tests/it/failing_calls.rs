//! Calls of the system that fail, as on a disk that is about to die: the program goes on, and the log has each record or
//! owns up to it.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use logwright::record::{Kind, json};

use crate::programs::{Obedient, scenario, tool};
use crate::support::{names, read};

const MODES: &[&str] = &["sync", "buffered", "queue", "mapped"];
const LOG: &str = "program.jsonl";
const RING: &str = "program.jsonl.*.ring";
const FOR_EVER: u32 = 1_000_000;

/// Which calls fail, for what files, and how: see `fixtures/failing_calls.c`.
#[derive(Clone, Copy, Debug)]
struct Fault {
    call: &'static str,
    files: &'static str,
    on: u32,
    times: u32,
    with: &'static str,
}

impl Fault {
    fn is_error(self) -> bool {
        self.with.starts_with('E')
    }

    /// A program to which this happens.
    fn program(self, mode: &'static str, dir: &Path) -> Obedient {
        let mut command: Command = scenario("obeys", dir, &[("LOGS_MODE", mode)]);
        command
            .env("LD_PRELOAD", library())
            .env("FAIL_CALL", self.call)
            .env("FAIL_FILES", dir.join(self.files))
            .env("FAIL_ON", self.on.to_string())
            .env("FAIL_TIMES", self.times.to_string())
            .env("FAIL_WITH", self.with);
        Obedient::run(&mut command)
    }
}

/// What makes calls fail, compiled by what links Rust's own programs.
fn library() -> &'static Path {
    static LIBRARY: OnceLock<PathBuf> = OnceLock::new();
    LIBRARY.get_or_init(|| {
        let source = concat!(env!("CARGO_MANIFEST_DIR"), "/it/fixtures/failing_calls.c");
        let library = Path::new(env!("CARGO_TARGET_TMPDIR")).join("failing_calls.so");
        tool("cc", &["-shared", "-fPIC", "-o", library.to_str().unwrap(), source, "-ldl"]);
        library
    })
}

/// How it went.
struct Found {
    lost: u64,
    torn: usize,
    said: String,
}

/// Waits until so many records are written or lost; what is said of them.
#[track_caller]
fn settled(program: &mut Obedient, records: u64) -> String {
    let since = Instant::now();
    loop {
        let stats = program.tell("stats");
        let counts = stats.split(" [").next().unwrap().to_owned();
        let numbers = counts.split(' ').filter_map(|word| word.parse::<u64>().ok());
        if numbers.sum::<u64>() >= records || since.elapsed() > Duration::from_secs(10) {
            return counts;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Ends the program when it has dealt with so many records, and holds what is there against what it says of it.
#[track_caller]
fn end(mut program: Obedient, dir: &Path, records: u64, case: &str) -> Found {
    let counted = settled(&mut program, records);
    let said = program.end();
    let (mut written, mut lost, mut torn, mut numbers) = (0, 0, 0, BTreeSet::new());
    for name in names(dir) {
        assert!(name.starts_with(LOG) && !name.ends_with(".ring"), "{case}: {name}");
        for line in read(dir.join(name)).lines() {
            let Ok(record) = json::read(line) else {
                torn += 1;
                continue;
            };
            let n = record.context.to_value()["n"].as_u64();
            assert!(n.is_none_or(|n| numbers.insert(n)), "{case}: {n:?} is there twice");
            written += u64::from(record.kind == Kind::Log);
            lost += record.lost.unwrap_or(0);
        }
    }
    assert_eq!(counted, format!("{written} written, {lost} lost"), "{case}: {said}");
    assert_eq!(written + lost, records, "{case}: {said}");
    assert!(said.lines().count() <= 2, "{case}: {said}");
    Found { lost, torn, said }
}

/// Does that with each, some of them at a time, as most of it is waiting.
fn each(cases: &[(&'static str, Fault)], act: fn(&'static str, Fault)) {
    std::thread::scope(|threads| {
        for cases in cases.chunks(cases.len().div_ceil(40)) {
            threads.spawn(|| cases.iter().for_each(|(mode, fault)| act(mode, *fault)));
        }
    });
}

/// Every mode with every one of these.
fn cases(faults: &[Fault]) -> Vec<(&'static str, Fault)> {
    MODES.iter().flat_map(|mode| faults.iter().map(|fault| (*mode, *fault))).collect()
}

/// Longer than it is waited until writing is tried again.
fn pause() {
    std::thread::sleep(Duration::from_millis(300));
}

/// Writes fail for a while.
fn write_on(mode: &'static str, fault: Fault) {
    let case = format!("{mode}, {fault:?}");
    let dir = tempfile::tempdir().unwrap();
    let mut program = fault.program(mode, dir.path());
    // Each time something is written, or it is tried.
    let rounds = fault.on + fault.times;
    for _ in 0..rounds {
        program.tell("log 4");
        program.tell("error");
        pause();
    }
    let found = end(program, dir.path(), 2 + 5 * u64::from(rounds), &case);
    if fault.with == "EINTR" {
        assert_eq!((found.lost, found.said.as_str()), (0, ""), "{case}");
    } else {
        assert!(found.said.lines().count() == 2, "{case}: {}", found.said);
        assert!(found.lost == 0 || mode == "sync", "{case}: there was room to wait, {} are lost", found.lost);
    }
    assert!(found.torn <= if fault.is_error() { 0 } else { fault.times as usize }, "{case}");
}

#[test]
fn a_write_that_fails_or_is_short_costs_no_record_that_is_not_owned_up_to() {
    let withs = ["EINTR", "EAGAIN", "EIO", "EDQUOT", "0", "1", "half"];
    let faults = withs.iter().flat_map(|with| {
        [(1, 1), (2, 1), (2, 3), (4, 1)].map(|(on, times)| Fault {
            call: "write",
            files: LOG,
            on,
            times,
            with,
        })
    });
    each(&cases(&faults.collect::<Vec<_>>()), write_on);
}

#[test]
fn a_record_behind_half_a_line_that_cannot_be_written_once_more_is_owned_up_to() {
    let mut lost = 0;
    for mode in MODES {
        // One of these is the second time that the record is written.
        for on in 2..=5 {
            let fault = Fault { call: "write", files: LOG, on, times: 1, with: "EIO" };
            let dir = tempfile::tempdir().unwrap();
            let mut program = fault.program(mode, dir.path());
            settled(&mut program, 2);
            let mut other = std::fs::File::options().append(true).open(dir.path().join(LOG)).unwrap();
            other.write_all(b"{\"schema\":\"logwright/1\",\"ki").unwrap();
            program.tell("log 1");
            settled(&mut program, 3);
            pause();
            program.tell("log 1");
            let found = end(program, dir.path(), 4, &format!("{mode}, {fault:?}"));
            assert!(found.torn == 1, "{}", found.torn);
            lost += found.lost;
        }
    }
    assert!(lost >= 3, "{lost}");
}

#[test]
fn a_write_that_failed_just_before_the_end_is_tried_once_more() {
    for mode in MODES {
        for with in ["EAGAIN", "EIO", "half"] {
            let dir = tempfile::tempdir().unwrap();
            let fault = Fault { call: "write", files: LOG, on: 3, times: 1, with };
            let mut program = fault.program(mode, dir.path());
            for round in 1..=3 {
                program.tell("log 4");
                program.tell("error");
                if round < 3 {
                    settled(&mut program, 2 + round * 5);
                }
            }
            // So that the thread has tried it.
            std::thread::sleep(Duration::from_millis(50));
            let said = program.end();
            let content = read(dir.path().join(LOG));
            let records: Vec<_> = content.lines().filter_map(|line| json::read(line).ok()).collect();
            let written = records.iter().filter(|record| record.kind == Kind::Log).count() as u64;
            let lost: u64 = records.iter().filter_map(|record| record.lost).sum();
            assert_eq!(written + lost, 2 + 3 * 5, "{mode}, {with}: {said}");
            assert!(lost == 0 || *mode == "sync", "{mode}, {with}: {said}");
            assert!(said.lines().last().unwrap().contains("is written again"), "{mode}, {with}: {said}");
        }
    }
}

#[test]
fn what_can_never_be_written_is_told_at_the_end() {
    for mode in MODES {
        let dir = tempfile::tempdir().unwrap();
        let fault = Fault { call: "write", files: LOG, on: 3, times: FOR_EVER, with: "EIO" };
        let mut program = fault.program(mode, dir.path());
        for _ in 0..3 {
            program.tell("log 4");
            program.tell("error");
            pause();
        }
        let said = program.end();
        let last = said.lines().last().unwrap();
        let told: u64 = last.split_whitespace().find_map(|word| word.parse().ok()).unwrap();
        // What waits in a mapped file is the next run's.
        let recovered: u64 =
            logwright::recover(dir.path()).unwrap().into_iter().map(|log| log.unwrap().records).sum();
        let content = read(dir.path().join(LOG));
        let records = content.lines().map(|line| json::read(line).unwrap());
        let written = records.filter(|record| record.kind == Kind::Log).count() as u64;
        assert_eq!(recovered, if *mode == "mapped" { told } else { 0 }, "{said}");
        assert_eq!(written + told - recovered, 2 + 3 * 5, "{mode}: {said}");
        // When it began, and at the end, for what waits first by the guard.
        assert_eq!(said.lines().count(), if *mode == "sync" { 2 } else { 3 }, "{mode}: {said}");
    }
}

/// The file cannot be opened for a while: at the start, when it was moved on, or when that was asked for.
fn open_anew(mode: &'static str, fault: Fault) {
    let case = format!("{mode}, {fault:?}");
    let dir = tempfile::tempdir().unwrap();
    let mut program = fault.program(mode, dir.path());
    for _ in 0..4 {
        for order in ["log 5", "rotate", "log 70", "reopen", "log 5"] {
            program.tell(order);
        }
        pause();
    }
    program.tell("error");
    pause();
    let found = end(program, dir.path(), 2 + 4 * 80 + 1, &case);
    assert_eq!(found.torn, 0, "{case}");
    if fault.with == "EINTR" {
        assert_eq!((found.lost, found.said.as_str()), (0, ""), "{case}");
    }
    // A file that is open is written on.
    assert!(found.lost == 0 || (fault.on == 1 && mode == "sync"), "{case}: {} are lost", found.lost);
}

#[test]
fn a_file_that_cannot_be_opened_costs_no_record_that_is_not_owned_up_to() {
    let faults = ["EIO", "EINTR", "EDQUOT"].iter().flat_map(|with| {
        [(1, 1), (1, 3), (2, 1), (2, 3), (3, 1), (4, 2)].map(|(on, times)| Fault {
            call: "open",
            files: LOG,
            on,
            times,
            with,
        })
    });
    each(&cases(&faults.collect::<Vec<_>>()), open_anew);
}

#[test]
fn where_the_file_to_be_mapped_cannot_be_made_records_are_written_at_once() {
    for (call, with, on) in
        [("open", "EIO", 1), ("write", "EIO", 1), ("write", "EDQUOT", 9), ("write", "half", 1)]
    {
        let case = format!("{call} {with}");
        let dir = tempfile::tempdir().unwrap();
        let mut program = Fault { call, files: RING, on, times: 1, with }.program("mapped", dir.path());
        program.tell("log 10");
        pause();
        let found = end(program, dir.path(), 2 + 10, &case);
        assert_eq!((found.lost, found.torn), (0, 0), "{case}");
        let is_told = found.said.contains("records are written at once");
        assert_eq!(
            (found.said.lines().count(), is_told),
            if with == "half" { (0, false) } else { (1, true) }
        );
    }
}
