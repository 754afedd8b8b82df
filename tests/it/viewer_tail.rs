//! `logwright tail` beside programs that write, whatever happens to them and to their files: each record once, in order.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use logwright::Level;
use logwright::record::{Kind, Printable, Record, json};

use crate::checker::Found;
use crate::programs::{Obedient, scenario, signal};
use crate::support::{built, names, program, text};
use crate::viewer::{PYTHON, folder, json_line, log, run};

/// How long a line may take to come. It is never waited for that long where all is well.
const PATIENCE: Duration = Duration::from_secs(60);

/// The command, running in a directory.
struct Tail {
    child: Child,
    lines: Receiver<String>,
}

impl Tail {
    fn start(dir: &Path, args: &[&str]) -> Self {
        let mut command = program(built("logwright").to_str().unwrap(), &[("TZ", "UTC")]);
        command.arg("tail").args(args).current_dir(dir);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            output.lines().map_while(Result::ok).try_for_each(|line| sender.send(line))
        });
        Self { child, lines }
    }

    /// One that follows the logs in a directory, and has begun to.
    fn following(dir: &Path) -> Self {
        std::fs::write(dir.join("begun.jsonl"), json_line(&log(Level::Info, "begun"))).unwrap();
        let mut tail = Self::start(dir, &["--format", "ndjson", "."]);
        assert!(tail.line().contains("begun"));
        tail
    }

    #[track_caller]
    fn line(&mut self) -> String {
        self.lines.recv_timeout(PATIENCE).expect("another line")
    }

    /// The records up to the one that a last writer leaves in the log of the others.
    #[track_caller]
    fn records(&mut self, dir: &Path) -> Vec<Record<'static>> {
        let environment = [("RECORDS", "1"), ("WRITER", "999999")];
        let last = scenario("writes", dir, &environment).stdout(Stdio::null()).status().unwrap();
        assert!(last.success());
        let mut records = Vec::new();
        loop {
            let line = self.line();
            let record = json::read(&line).unwrap_or_else(|error| panic!("{error}: {line}")).into_owned();
            if record.context.to_value()["writer"] == 999_999 {
                // What that one said of itself is no record of the others.
                records.retain(|other: &Record<'_>| other.run != record.run);
                return records;
            }
            records.push(record);
        }
    }

    /// Interrupts it: what it still has to say, on both streams.
    #[track_caller]
    fn end(mut self) -> (Vec<String>, String) {
        signal("INT", self.child.id());
        let rest = self.lines.iter().collect();
        let mut errors = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut errors).unwrap();
        assert!(self.child.wait().unwrap().success());
        (rest, errors)
    }
}

/// The numbers of the writer's records, which are in its order.
fn numbers(records: &[Record<'_>]) -> Vec<u64> {
    records.iter().filter_map(|record| record.context.to_value()["n"].as_u64()).collect()
}

/// That each record with a number in the log came once and in order.
#[track_caller]
fn check_sequence(records: &[Record<'_>], most: u64) {
    let found: Vec<_> = records
        .iter()
        .filter(|record| record.kind != Kind::LogOpen)
        .filter_map(|record| record.seq)
        .collect();
    assert!(
        found.iter().copied().eq(0..found.len() as u64),
        "{:?}",
        found.iter().enumerate().find(|(n, seq)| *n as u64 != **seq)
    );
    assert!(numbers(records).iter().copied().eq(0..most), "{} records", numbers(records).len());
}

/// Writes 20,000 records while something is done to their file each time that it has grown.
#[track_caller]
fn while_it_writes(
    environment: &[(&str, &str)],
    act: impl Fn(&Path, u32),
) -> (tempfile::TempDir, Vec<Record<'static>>, Tail) {
    let dir = tempfile::tempdir().unwrap();
    let mut tail = Tail::following(dir.path());
    let environment = [&[("RECORDS", "20000")], environment].concat();
    let mut writer = scenario("writes", dir.path(), &environment).stdout(Stdio::null()).spawn().unwrap();
    let path = dir.path().join("program.jsonl");
    let mut time = 0;
    while writer.try_wait().unwrap().is_none() {
        if std::fs::metadata(&path).is_ok_and(|file| file.len() > 50_000) {
            act(&path, time);
            time += 1;
        }
        std::thread::sleep(Duration::from_micros(100));
    }
    let records = tail.records(dir.path());
    (dir, records, tail)
}

fn aside(path: &Path, time: u32) -> PathBuf {
    path.with_extension(format!("jsonl-{time}"))
}

#[test]
fn each_record_of_a_hundred_rotations_is_shown_once_in_order() {
    let (dir, records, tail) = while_it_writes(&[("MAX_BYTES", "50000")], |_, _| {});
    check_sequence(&records, 20_000);
    assert!(names(dir.path()).len() > 100, "{}", names(dir.path()).len());
    assert_eq!(tail.end(), (vec![], String::new()));
}

#[test]
fn each_record_is_shown_once_in_order_when_the_file_is_moved() {
    let (dir, records, tail) = while_it_writes(&[], |path, time| {
        // It may not be there yet again.
        let _ = std::fs::rename(path, aside(path, time));
    });
    check_sequence(&records, 20_000);
    assert!(names(dir.path()).len() > 20, "{}", names(dir.path()).len());
    assert_eq!(tail.end(), (vec![], String::new()));
}

#[test]
fn each_record_is_shown_once_when_the_file_is_copied_and_cut() {
    let (dir, records, tail) = while_it_writes(&[("PAUSE_US", "20")], |path, time| {
        std::fs::copy(path, aside(path, time)).unwrap();
        std::fs::File::options().write(true).open(path).unwrap().set_len(0).unwrap();
    });
    // What was written between the copy and the cut nobody could keep, but perhaps it was seen.
    let mut shown = numbers(&records);
    let steps_back = shown.windows(2).filter(|pair| pair[0] > pair[1]).count();
    // What was written, copied and cut between two looks comes late.
    assert!(steps_back <= names(dir.path()).len() / 4, "{steps_back} steps back");
    shown.sort_unstable();
    let twice: Vec<_> = shown.windows(2).filter(|pair| pair[0] == pair[1]).collect();
    assert!(twice.is_empty(), "more than once: {twice:?}");
    let found = Found::read(dir.path()).unwrap();
    let missing: Vec<_> =
        found.records.keys().filter(|(writer, n)| *writer == 0 && shown.binary_search(n).is_err()).collect();
    assert!(missing.is_empty(), "{missing:?}");
    assert!(
        names(dir.path()).len() > 20 && shown.len() > 10_000,
        "{} of {}",
        shown.len(),
        found.records.len()
    );
    assert_eq!(tail.end(), (vec![], String::new()));
}

#[test]
fn each_record_of_writers_that_are_killed_is_shown_once_in_order() {
    let dir = tempfile::tempdir().unwrap();
    let mut tail = Tail::following(dir.path());
    for writer in 0..20 {
        let environment = [("WRITER", &*writer.to_string()), ("MAX_BYTES", "50000"), ("BYTES", "1000")];
        let mut program =
            scenario("writes", dir.path(), &environment).stdout(Stdio::piped()).spawn().unwrap();
        let mut said = [0; 50];
        program.stdout.take().unwrap().read_exact(&mut said).unwrap();
        program.kill().unwrap();
        program.wait().unwrap();
    }
    let records = tail.records(dir.path());
    let shown: Vec<_> = records
        .iter()
        .filter_map(|record| {
            let context = record.context.to_value();
            Some((context["writer"].as_u64()?, context["n"].as_u64()?))
        })
        .collect();
    let found = Found::read(dir.path()).unwrap();
    let expected: Vec<_> = found.records.keys().filter(|(writer, _)| *writer != 999_999).copied().collect();
    assert!(expected.len() >= 20 * 50);
    assert_eq!(shown, expected);
    assert_eq!(tail.end(), (vec![], String::new()));
}

#[test]
fn the_last_records_come_first_as_on_the_console() {
    let mut json = String::new();
    for message in ["one", "two", "three"] {
        json += &json_line(&log(Level::Error, message));
    }
    let folder = folder(&[("a.jsonl", json.as_bytes())]);
    let mut tail = Tail::start(folder.path(), &["-n", "2", "a.jsonl"]);
    assert_eq!(tail.line(), "00:00:00 ERROR    chaptrix.stitch: two");
    assert_eq!(tail.line(), "00:00:00 ERROR    chaptrix.stitch: three");
    let mut file = std::fs::File::options().append(true).open(folder.path().join("a.jsonl")).unwrap();
    file.write_all(json_line(&log(Level::Info, "four")).as_bytes()).unwrap();
    assert_eq!(tail.line(), "00:00:00 INFO     chaptrix.stitch: four");
    file.write_all(b"2026-11-22 12:45:15,642 - a - ERROR - half").unwrap();
    let mut other = Tail::start(folder.path(), &["-n0", "--color=always", "a.jsonl", "later.log"]);
    let mut told = String::new();
    BufReader::new(other.child.stderr.as_mut().unwrap()).read_line(&mut told).unwrap();
    assert_eq!(told, "later.log: nothing is there yet; waiting for it\n");
    std::fs::write(folder.path().join("later.log"), PYTHON).unwrap();
    let shown: Vec<_> = (0..8).map(|_| other.line()).collect();
    assert_eq!(
        shown[2],
        "12:45:15 \u{1b}[31mERROR    \u{1b}[0m\u{1b}[2madapter.baozimh\u{1b}[0m: Error downloading chapter http://x/1: timed out"
    );
    assert_eq!(
        shown[3..6],
        [
            "Traceback (most recent call last):",
            "  File \"adapter.py\", line 12, in download",
            "TimeoutError: timed out"
        ]
    );
    for tail in [tail, other] {
        let (rest, errors) = tail.end();
        assert!(rest.len() == 1 && rest[0].ends_with(": half [cut]"), "{rest:?}{errors}");
    }
}

#[test]
fn logs_are_merged_by_time() {
    let folder = folder(&[]);
    let mut tail = Tail::start(folder.path(), &["logs"]);
    let mut told = String::new();
    BufReader::new(tail.child.stderr.as_mut().unwrap()).read_line(&mut told).unwrap();
    let line =
        |name: &str, second: u32| format!("2026-11-22 12:45:{second:02},000 - {name} - INFO - {second}\n");
    let made = folder.path().join("made");
    std::fs::create_dir(&made).unwrap();
    for (name, seconds) in [("a", [1, 5]), ("b", [2, 8]), ("c", [3, 9])] {
        std::fs::write(
            made.join(name).with_extension("log"),
            seconds.map(|second| line(name, second)).concat(),
        )
        .unwrap();
    }
    // All are there at once.
    std::fs::rename(&made, folder.path().join("logs")).unwrap();
    let shown: Vec<_> = (0..6).map(|_| tail.line()[18..].to_owned()).collect();
    assert_eq!(shown, ["a: 1", "b: 2", "c: 3", "a: 5", "b: 8", "c: 9"]);
    tail.end();
}

#[test]
fn standard_input_is_shown_until_it_ends() {
    let shown = run(Path::new("."), &["tail", "-"], (PYTHON.to_owned() + "half").as_bytes());
    assert_eq!((shown.code, shown.stdout.lines().count()), (Some(0), 9), "{}", shown.stdout);
    assert!(shown.stdout.ends_with("half [cut]\n"), "{}", shown.stdout);
    let shown = run(Path::new("."), &["tail", "--format=ndjson", "-"], PYTHON.as_bytes());
    let messages: Vec<_> =
        shown.stdout.lines().map(|line| json::read(line).unwrap().message.into_owned()).collect();
    assert_eq!((messages.len(), &*messages[0]), (5, "Logging initialized"));
}

#[test]
fn a_line_of_json_is_shown_as_it_is() {
    let line = json_line(&log(Level::Info, "page")).replace("}\n", r#","unknown":[1.50,"漫"]}"#) + "\n";
    let shown = run(Path::new("."), &["tail", "--format=ndjson", "-"], line.as_bytes());
    assert_eq!(shown.stdout, line);
}

#[test]
fn hostile_text_never_reaches_the_terminal_of_who_follows() {
    let hostile = "\u{1b}[2J\n2026-11-22 12:45:15,642 - a - CRITICAL - forged\u{202e}\u{9b}0m\r\u{7f}";
    let record = Record { logger: hostile.into(), message: hostile.into(), ..Record::default() };
    let raw = "{\"schema\":\"logwright/1\",\"kind\":\"log\",\"timestamp\":\"2026-11-22T12:45:13Z\",\"level\":\"INFO\",\
        \"logger\":\"a\",\t\"message\":\"\u{9b}31m\u{202e}\u{7f}\"}\n\u{1b}]0;title\u{7}\tx\u{202e}\n";
    let input = json_line(&record) + raw;
    for format in ["text", "ndjson"] {
        let shown = run(Path::new("."), &["tail", "--format", format, "-"], input.as_bytes()).stdout;
        assert!(shown.lines().all(|line| Printable(line).to_string() == line), "{shown}");
        assert_eq!(shown.lines().count(), if format == "text" { 3 } else { 2 });
        if format == "ndjson" {
            let last = json::read(shown.lines().last().unwrap()).unwrap();
            assert_eq!(last.message, "\u{9b}31m\u{202e}\u{7f}");
        }
    }
}

#[test]
fn each_start_and_end_of_an_operation_is_a_line() {
    let dir = tempfile::tempdir().unwrap();
    let mut program = Obedient::start(dir.path(), &[]);
    let mut tail = Tail::start(dir.path(), &["--ops", "."]);
    program.tell("log 1");
    program.tell("begin");
    assert!(tail.line().ends_with(": operation started"));
    program.tell("log 1");
    program.tell("end");
    let end = tail.line();
    assert!(end.contains(": operation completed"), "{end}");
    assert_eq!(program.end(), "");
    assert_eq!(tail.end(), (vec![], String::new()));
}

#[test]
fn a_reader_that_has_enough_ends_it_quietly() {
    let folder = folder(&[("a.log", PYTHON.as_bytes())]);
    let mut child = Command::new(built("logwright"))
        .args(["tail", "a.log"])
        .current_dir(folder.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    output.read_line(&mut String::new()).unwrap();
    drop(output);
    let mut file = std::fs::File::options().append(true).open(folder.path().join("a.log")).unwrap();
    while child.try_wait().unwrap().is_none() {
        file.write_all(PYTHON.as_bytes()).unwrap();
        std::thread::sleep(Duration::from_millis(5));
    }
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), text(&output.stderr)), (Some(0), String::new()));
}
