//! Directories that are missing, forbidden, taken away or have strange names cost the program nothing.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::Duration;

use crate::programs::{Obedient, is_root, numbers, scenario, through};
use crate::support::{names, text};

/// Longer than it is waited until writing is tried again.
const PAUSE: Duration = Duration::from_millis(300);

fn allow(dir: &Path, mode: u32) {
    std::fs::set_permissions(dir, std::fs::Permissions::from_mode(mode)).unwrap();
}

/// A program without any rights but those that its user has: the superuser's is nobody's.
fn powerless(dir: &Path) -> Obedient {
    let command = scenario("obeys", dir, &[]);
    if !is_root() {
        return Obedient::run(&mut { command });
    }
    // Where it is built it may be that nobody else gets to.
    let copy = dir.parent().unwrap().join("program");
    std::fs::copy(command.get_program(), &copy).unwrap();
    allow(&copy, 0o755);
    let mut command = std::process::Command::new(&copy);
    command.args([OsStr::new("obeys"), dir.as_os_str()]);
    let nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];
    Obedient::run(&mut through(&nobody, &command))
}

#[test]
fn a_directory_that_may_not_be_written_to_is_used_when_it_may() {
    let dir = tempfile::tempdir().unwrap();
    let logs = dir.path().join("logs");
    std::fs::create_dir(&logs).unwrap();
    allow(dir.path(), 0o755);
    allow(&logs, 0o555);
    let mut program = powerless(&logs);
    program.tell("log 10");
    allow(&logs, 0o777);
    std::thread::sleep(PAUSE);
    program.tell("log 10");
    assert_eq!(program.tell("stats"), "10 written, 12 lost [12, 0]");
    assert_eq!(numbers(logs.join("program.jsonl")), (10..20).collect::<Vec<_>>());
    let said = program.end();
    assert!(said.contains("Permission denied") && said.lines().count() == 2, "{said}");
}

#[test]
fn a_directory_that_goes_twice_is_told_of_twice() {
    let dir = tempfile::tempdir().unwrap();
    let (logs, away) = (dir.path().join("logs"), dir.path().join("away"));
    let mut program = Obedient::start(logs.join("of/today"), &[]);
    for _ in 0..2 {
        std::fs::rename(&logs, &away).unwrap();
        std::fs::remove_dir_all(&away).unwrap();
        std::fs::write(&logs, "").unwrap();
        program.tell("log 100");
        std::fs::remove_file(&logs).unwrap();
        std::thread::sleep(PAUSE);
        program.tell("log 1");
    }
    let said = program.end();
    assert_eq!(said.matches("cannot make the directory `").count(), 2, "{said}");
    assert_eq!(said.matches("` is written again; ").count(), 2, "{said}");
}

#[test]
fn a_directory_that_is_removed_is_made_again() {
    let dir = tempfile::tempdir().unwrap();
    let logs = dir.path().join("logs/of/today");
    let mut program = Obedient::start(&logs, &[]);
    program.tell("log 10");
    std::fs::remove_dir_all(dir.path().join("logs")).unwrap();
    program.tell("log 100");
    let there = numbers(logs.join("program.jsonl"));
    assert!(there.len() >= 100 - 64 && there.ends_with(&[109]), "{there:?}");
    assert_eq!(program.end(), "");
}

#[test]
fn a_directory_need_not_have_a_name_that_is_text() {
    let dir = tempfile::tempdir().unwrap();
    let strange = dir.path().join(OsStr::from_bytes(b"l\xffgs\n"));
    // An argument of the program would have to be text.
    let run = || scenario("every-level", "", &[]).env("LOGWRIGHT_DIR", &strange).output().unwrap();
    let output = run();
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert_eq!(names(&strange).len(), 3);
    // What of it is said is one line.
    std::fs::remove_file(strange.join("program.jsonl")).unwrap();
    std::fs::create_dir(strange.join("program.jsonl")).unwrap();
    let said = text(&run().stderr);
    let told: Vec<_> = said.lines().filter(|line| line.starts_with("logwright: ")).collect();
    assert!(told.len() == 2 && told.iter().all(|line| line.contains(r"gs\n/program.jsonl`")), "{said}");
}
