//! Somebody else moves, removes and cuts the files while programs write them.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::Duration;

use crate::checker::Found;
use crate::programs::{Obedient, numbers, scenario, signal};
use crate::support::names;

/// Does something to the file of a program again and again while that writes, then checks what it said of its records.
#[track_caller]
fn while_it_writes(act: impl Fn(&Path, &Child, u32)) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("program.jsonl");
    let mut command = scenario("writes", dir.path(), &[("KEEP", "0"), ("PAUSE_US", "20")]);
    let mut program = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut said = program.stdout.take().unwrap();
    said.read_exact(&mut [0]).unwrap();
    for time in 0..20 {
        std::thread::sleep(Duration::from_millis(10));
        act(&path, &program, time);
    }
    program.kill().unwrap();
    let mut told = vec![b'+'];
    said.read_to_end(&mut told).unwrap();
    program.wait().unwrap();
    let found = Found::read(dir.path()).unwrap();
    found.check_torn(0).unwrap();
    found.check(0, &told).unwrap();
    let files = names(dir.path()).len();
    assert!(told.len() > 100 && files > 5, "{} records in {files} files", told.len());
}

fn aside(path: &Path, time: u32) -> PathBuf {
    path.with_extension(format!("jsonl-{time}"))
}

#[test]
fn a_file_that_is_moved_under_load_loses_nothing() {
    while_it_writes(|path, _, time| {
        // It may not be there yet again.
        let _ = std::fs::rename(path, aside(path, time));
    });
}

#[test]
fn a_file_that_is_removed_under_load_takes_with_it_what_was_written_to_it_and_no_more() {
    while_it_writes(|path, _, time| {
        // By its other name it can still be read.
        if std::fs::hard_link(path, aside(path, time)).is_ok() {
            std::fs::remove_file(path).unwrap();
        }
    });
}

#[test]
fn a_file_that_is_copied_and_cut_goes_on_from_its_beginning() {
    while_it_writes(|path, program, time| {
        // What is written between the copy and the cut nobody could keep.
        signal("STOP", program.id());
        while !is_stopped(program.id()) {}
        std::fs::copy(path, aside(path, time)).unwrap();
        std::fs::File::options().write(true).open(path).unwrap().set_len(0).unwrap();
        signal("CONT", program.id());
    });
}

fn is_stopped(pid: u32) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    stat.rsplit(')').next().unwrap().trim_start().starts_with('T')
}

#[test]
fn a_file_that_was_moved_is_left_within_64_records_or_a_second() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("program.jsonl");
    let mut program = Obedient::start(dir.path(), &[]);
    program.tell("log 5");
    std::fs::rename(&path, dir.path().join("first")).unwrap();
    program.tell("log 100");
    let first = numbers(dir.path().join("first"));
    assert!(first.len() <= 5 + 64, "{}", first.len());
    assert_eq!([first, numbers(&path)].concat(), (0..105).collect::<Vec<_>>());
    std::fs::remove_file(&path).unwrap();
    std::thread::sleep(Duration::from_millis(1010));
    program.tell("log 1");
    assert_eq!(numbers(&path), [105]);
    assert_eq!(program.end(), "");
}

#[test]
fn what_logrotate_moved_and_made_anew_is_opened_on_demand() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("program.jsonl");
    let mut program = Obedient::start(dir.path(), &[]);
    program.tell("log 5");
    std::fs::rename(&path, dir.path().join("first")).unwrap();
    std::fs::write(&path, "").unwrap();
    assert_eq!(program.tell("reopen"), "Ok(())");
    program.tell("log 5");
    assert_eq!((numbers(dir.path().join("first")), numbers(&path)), ((0..5).collect(), (5..10).collect()));
    assert_eq!(program.end(), "");
}
