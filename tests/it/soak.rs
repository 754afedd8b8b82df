//! Everything at once, by chance: as long as `SOAK_SECONDS` says, or for a few seconds.

use std::process::Command;

use crate::support::text;

#[track_caller]
fn soak(mode: &str) {
    let seconds = std::env::var("SOAK_SECONDS").unwrap_or_else(|_| "5".to_owned());
    let dir = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_soak"));
    let output = command.arg(seconds).arg(dir.path()).env("LOGS_MODE", mode).output().unwrap();
    assert!(output.status.success(), "{}{}", text(&output.stdout), text(&output.stderr));
    eprintln!("{}", text(&output.stdout));
}

#[test]
fn nothing_that_happens_to_writers_and_files_costs_a_record_that_is_not_owned_up_to() {
    soak("sync");
}

#[test]
#[cfg(unix)]
fn nor_does_it_where_records_wait_in_a_mapped_file() {
    soak("mapped");
}
