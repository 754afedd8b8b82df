//! A record whose call has returned outlives any end of the process.

use std::io::{Read, Write};
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use logwright::record::json;

use crate::checker::Found;
use crate::programs::{Obedient, scenario, signal};
use crate::support::{Package, names, read, records, text};

/// The modes in which a record whose call has returned survives.
const MODES: &[&str] = if cfg!(unix) { &["sync", "mapped"] } else { &["sync"] };
/// Those in which what waits is lost when the process is killed.
const WAITING: &[&str] = &["buffered", "queue"];

/// Starts a writer, kills it within some milliseconds of its first record, and gives what it said of its records.
#[track_caller]
fn kill_one(dir: &Path, environment: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = scenario("writes", dir, environment).stdout(Stdio::piped()).spawn().unwrap();
    let mut said = writer.stdout.take().unwrap();
    let mut told = vec![0];
    said.read_exact(&mut told).unwrap();
    std::thread::sleep(Duration::from_micros(fastrand::u64(..4000)));
    writer.kill().unwrap();
    said.read_to_end(&mut told).unwrap();
    writer.wait().unwrap();
    assert!(told.iter().all(|said| *said == b'+'), "{}", text(&told));
    told
}

/// Kills `at_once` writers of the same files so many times, one generation after the other.
#[track_caller]
fn kill_again_and_again(
    times: u64,
    at_once: u64,
    environment: &[(&str, &str)],
    check: fn(&Found, u64, &[u8]) -> Result<(), String>,
) {
    let dir = tempfile::tempdir().unwrap();
    let mut told = Vec::new();
    for first in (0..times).step_by(at_once.try_into().unwrap()) {
        std::thread::scope(|threads| {
            let kill = |writer: u64| {
                let number = writer.to_string();
                let environment = [environment, &[("WRITER", &number)]].concat();
                (writer, kill_one(dir.path(), &environment))
            };
            let threads: Vec<_> =
                (first..first + at_once).map(|writer| threads.spawn(move || kill(writer))).collect();
            told.extend(threads.into_iter().map(|thread| thread.join().unwrap()));
        });
    }
    let found = Found::read(dir.path()).unwrap();
    found.check_torn(times.try_into().unwrap()).unwrap();
    for (writer, told) in told {
        check(&found, writer, &told).unwrap();
    }
    assert!(names(dir.path()).iter().all(|name| !name.ends_with(".ring")), "{:?}", names(dir.path()));
}

#[test]
fn a_record_whose_call_returned_is_there_whenever_the_program_is_killed() {
    for mode in MODES {
        // Two at a time, each in a directory of its own.
        std::thread::scope(|threads| {
            for bytes in ["0", "15000"] {
                let environment = [("LOGS_MODE", *mode), ("BYTES", bytes), ("KEEP", "0")];
                threads.spawn(move || kill_again_and_again(100, 1, &environment, Found::check));
            }
        });
    }
}

#[test]
fn a_record_behind_half_a_line_of_a_process_that_was_killed_is_there_once_more() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("program.jsonl");
    let mut program = Obedient::start(dir.path(), &[]);
    for half in ["{\"schema\":\"logwright/1\",\"ki", "{", "", "{\"schema\":\"logwright/1\",\"mess"] {
        let mut other = std::fs::File::options().append(true).open(&path).unwrap();
        other.write_all(half.as_bytes()).unwrap();
        program.tell("log 2");
    }
    assert_eq!(program.end(), "");
    let content = read(&path);
    let whole: Vec<_> = content.lines().filter_map(|line| json::read(line).ok()).skip(3).collect();
    let numbers: Vec<_> =
        whole.iter().map(|record| record.context.to_value()["n"].as_u64().unwrap()).collect();
    assert_eq!(numbers, (0..8).collect::<Vec<_>>(), "{content}");
    assert_eq!(content.lines().count(), 3 + 8 + 3, "{content}");
}

#[test]
fn processes_that_are_killed_while_they_rotate_lose_and_double_nothing() {
    // Where a call costs less there are more records, and a rotation renames all older files.
    for (mode, bytes) in MODES.iter().zip(["2000", "100000"]) {
        kill_again_and_again(100, 2, &[("LOGS_MODE", mode), ("MAX_BYTES", bytes)], Found::check);
    }
}

#[test]
fn what_waits_when_the_program_is_killed_is_the_end_of_its_records_and_no_more_than_may_wait() {
    for mode in WAITING {
        std::thread::scope(|threads| {
            for bytes in ["0", "15000"] {
                let environment = [("LOGS_MODE", *mode), ("BYTES", bytes), ("KEEP", "0")];
                threads.spawn(move || kill_again_and_again(100, 1, &environment, Found::check_beginning));
            }
        });
    }
}

#[test]
fn what_is_written_outlives_any_end_of_the_process() {
    let ends = [
        ("return", Some(0)),
        ("let-go", Some(0)),
        ("forgotten", Some(0)),
        ("exit", Some(7)),
        ("abort", None),
        ("panic", Some(101)),
        ("wait", None),
    ];
    for mode in [MODES, WAITING].concat() {
        for (how, code) in ends {
            // Those are killed.
            if WAITING.contains(&mode) && code.is_none() {
                continue;
            }
            let dir = tempfile::tempdir().unwrap();
            let mut command = scenario("ends", dir.path(), &[("LOGS_MODE", mode), ("HOW", how)]);
            let mut program = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
            if how == "wait" {
                program.stdout.take().unwrap().read_exact(&mut [0]).unwrap();
                signal("TERM", program.id());
            }
            assert_eq!(program.wait().unwrap().code(), code, "{mode}: {how}");
            #[cfg(unix)]
            assert_eq!(logwright::recover(dir.path()).unwrap().is_empty(), code.is_some() || mode == "sync");
            let more = usize::from(how == "panic");
            assert_eq!(records(dir.path().join("program.jsonl")).len(), 2 + 1000 + more, "{mode}: {how}");
        }
    }
}

#[test]
fn a_program_that_aborts_when_it_panics_has_its_last_words_recorded() {
    let package = Package::new(
        "[[bin]]\nname = \"aborts\"\npath = \"src/main.rs\"\n\
         [dependencies]\nlogwright = { path = \"TESTS/../runtime\" }\n",
    );
    let main = "fn main() {\n    let _log = logwright::init(\"aborts\");\n    panic!(\"in the end\");\n}\n";
    package.add("src/main.rs", main);
    let output = package.build("aborts", &["-C", "panic=abort"]);
    let dir = tempfile::tempdir().unwrap();
    let status = std::process::Command::new(output).current_dir(dir.path()).output().unwrap().status;
    assert_eq!(status.code(), None, "it did not abort");
    let records = records(dir.path().join("logs/aborts.jsonl"));
    assert!(records.last().unwrap().message.ends_with(": in the end"), "{records:?}");
}
