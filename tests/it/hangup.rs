//! SIGHUP: log files are opened anew, as logrotate wants it.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use logwright::record::Record;

use crate::support::{names, program, records};

/// A program that runs, and what one says to it and hears of it.
struct Running {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
    errors: BufReader<ChildStderr>,
}

impl Running {
    /// Starts it, and waits until logging is set up.
    fn start(scenario: &str, dir: &Path) -> Self {
        let config = dir.with_extension("toml");
        std::fs::write(&config, "reopen_on_hangup = true\n").unwrap();
        let configured = [("LOGWRIGHT_CONFIG", config.to_str().unwrap())];
        let environment = if scenario.ends_with("configured") { &configured[..] } else { &[] };
        let mut child = program(env!("CARGO_BIN_EXE_logs"), environment)
            .args([scenario.as_ref(), dir.as_os_str()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let input = child.stdin.take();
        let output = BufReader::new(child.stdout.take().unwrap());
        let errors = BufReader::new(child.stderr.take().unwrap());
        let mut running = Self { child, input, output, errors };
        assert_eq!(running.hear(), "ready\n");
        running
    }

    fn hear(&mut self) -> String {
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        line
    }

    /// Has it log that.
    fn log(&mut self, message: &str) {
        writeln!(self.input.as_mut().unwrap(), "{message}").unwrap();
        assert_eq!(self.hear(), "done\n");
    }

    /// Runs a line of shell, in which `$0` is the program's number.
    fn shell(&self, line: &str) {
        let status = Command::new("sh").args(["-c", line, &self.child.id().to_string()]).status().unwrap();
        assert!(status.success());
    }

    /// Closes its input; it ends by itself.
    fn end(mut self) {
        drop(self.input.take());
        assert!(self.child.wait().unwrap().success());
        let mut said = String::new();
        self.errors.read_line(&mut said).unwrap();
        assert_eq!(said, "");
    }
}

fn messages(path: &Path) -> Vec<String> {
    let own = |record: &Record<'_>| record.logger != "logwright";
    records(path).into_iter().filter(own).map(|record| record.message.into_owned()).collect()
}

#[track_caller]
fn wait_until(what: &str, is_so: impl Fn() -> bool) {
    let patience = Instant::now() + Duration::from_secs(30);
    while !is_so() {
        assert!(Instant::now() < patience, "waited in vain until {what}");
        std::thread::sleep(Duration::from_millis(2));
    }
}

#[test]
fn records_go_to_the_new_file_at_once() {
    for scenario in ["hangup", "hangup-as-configured"] {
        let dir = tempfile::tempdir().unwrap();
        let (path, moved) = (dir.path().join("logs/program.jsonl"), dir.path().join("moved"));
        let mut program = Running::start(scenario, &dir.path().join("logs"));
        program.log("one");
        std::fs::rename(&path, &moved).unwrap();
        program.log("two");
        program.shell("kill -HUP $0");
        wait_until("there is a new file", || path.exists());
        program.log("three");
        assert_eq!(messages(&moved), ["one", "two"]);
        assert_eq!(messages(&path), ["three"]);
        program.end();
    }
}

#[test]
fn the_old_file_is_kept_where_a_new_one_cannot_be_opened() {
    let dir = tempfile::tempdir().unwrap();
    let (path, moved) = (dir.path().join("logs/program.jsonl"), dir.path().join("moved"));
    let mut program = Running::start("hangup", &dir.path().join("logs"));
    std::fs::rename(&path, &moved).unwrap();
    std::fs::create_dir(&path).unwrap();
    program.shell("kill -HUP $0");
    let mut said = String::new();
    program.errors.read_line(&mut said).unwrap();
    let expected = format!("logwright: cannot open `{}`: Is a directory", path.display());
    assert!(said.starts_with(&expected) && said.ends_with("; the old file is kept\n"), "{said}");
    // More than are written without looking.
    let lines: Vec<_> = (0..150).map(|n| format!("line {n}")).collect();
    lines.iter().for_each(|line| program.log(line));
    assert_eq!(messages(&moved), lines);
    said.clear();
    program.errors.read_line(&mut said).unwrap();
    assert!(said.contains("writing on to the file that was there: Is a directory"), "{said}");
    std::fs::remove_dir(&path).unwrap();
    (0..70).for_each(|_| program.log("later"));
    assert!(messages(&path).iter().all(|message| message == "later"));
    program.end();
}

#[test]
fn a_storm_of_signals_loses_nothing_and_stops_nobody() {
    let dir = tempfile::tempdir().unwrap();
    let logs = dir.path().join("logs");
    let mut program = Running::start("hangup-storm", &logs);
    program.shell(
        "i=0; while [ $i -lt 1000 ]; do kill -HUP $0; i=$((i+1)); [ $((i%50)) -ne 0 ] || sleep 0.02; done",
    );
    drop(program.input.take());
    let (told, hears) = std::sync::mpsc::channel();
    std::thread::scope(|threads| {
        threads.spawn(|| told.send(program.hear()).unwrap());
        let told: usize =
            hears.recv_timeout(Duration::from_secs(60)).expect("it goes on").trim().parse().unwrap();
        let files = names(&logs);
        assert!(told > 400 && files.len() > 4, "{told} records in {files:?}");
        let all: Vec<_> = files.iter().flat_map(|name| records(logs.join(name))).collect();
        assert_eq!(all.len(), 2 + told);
        let distinct: std::collections::HashSet<_> = all.iter().map(|record| record.seq).collect();
        assert_eq!(distinct.len(), all.len());
    });
    program.end();
}
