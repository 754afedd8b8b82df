//! What the tests share: running the test programs, and reading what was logged.

use std::path::Path;
use std::process::{Command, Output};

use logwright::record::{Record, json};
use logwright::{Level, testing};

/// Calls `body` and returns the level and message of each record.
pub(crate) fn lines(body: impl FnOnce()) -> Vec<(Level, String)> {
    testing::capture(body).into_iter().map(|record| (record.level, record.message.into_owned())).collect()
}

/// The one record that `body` writes.
#[track_caller]
pub(crate) fn only(body: impl FnOnce()) -> Record<'static> {
    let mut records = testing::capture(body);
    assert_eq!(records.len(), 1, "{records:#?}");
    records.remove(0)
}

/// Runs `future` on a runtime of its own, on this thread.
pub(crate) fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

/// Runs a scenario of the program `logs` with its logs in `dir`.
pub(crate) fn logs(scenario: &str, dir: &Path, environment: &[(&str, &str)]) -> Output {
    program(env!("CARGO_BIN_EXE_logs"), environment).arg(scenario).arg(dir).output().unwrap()
}

/// A program that sees nothing of this process's own logging variables.
pub(crate) fn program(path: &str, environment: &[(&str, &str)]) -> Command {
    let mut command = Command::new(path);
    for name in
        ["LOGWRIGHT_LEVEL", "RUST_LOG", "LOGWRIGHT_DIR", "LOGWRIGHT_CONSOLE", "LOGWRIGHT_COLOR", "NO_COLOR"]
    {
        command.env_remove(name);
    }
    command.envs(environment.iter().copied());
    command
}

pub(crate) fn read(path: impl AsRef<Path>) -> String {
    let path = path.as_ref();
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The records of a file of JSON lines.
#[track_caller]
pub(crate) fn records(path: impl AsRef<Path>) -> Vec<Record<'static>> {
    let content = read(path);
    content.lines().map(|line| json::read(line).unwrap_or_else(|error| panic!("{error}: {line}")).into_owned()).collect()
}

/// The guide's pattern for a line; it reads what continues a record as no line at all.
pub(crate) fn guides_pattern() -> regex::Regex {
    regex::Regex::new(r"^(\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2},\d{3}) - ([\w\.]+) - (\w+) - (.+)").unwrap()
}
