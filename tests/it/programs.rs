//! Programs that tests steer while they run, and tools of the system that act on them.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Output, Stdio};

use crate::support::{program, records, text};

/// The program `logs` with a scenario, to be started in any way.
pub(crate) fn scenario(scenario: &str, dir: impl AsRef<OsStr>, environment: &[(&str, &str)]) -> Command {
    let mut command = program(env!("CARGO_BIN_EXE_logs"), environment);
    command.arg(scenario).arg(dir);
    command
}

/// The same command, started by another one: `sh -c '.. exec "$@"' sh`, `setpriv ..`.
pub(crate) fn through(wrapper: &[&str], command: &Command) -> Command {
    let mut outer = Command::new(wrapper[0]);
    outer.args(&wrapper[1..]).arg(command.get_program()).args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => outer.env(name, value),
            None => outer.env_remove(name),
        };
    }
    outer
}

/// Passes a test over that needs a tool which is not there; the gate has it.
#[track_caller]
pub(crate) fn skip(what: &str) {
    assert!(std::env::var_os("CI").is_none(), "{what}");
    eprintln!("SKIP: {what}");
}

/// Whether this is the superuser, who may mount and change users. Not everybody's gate is run by that.
pub(crate) fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout == b"0\n")
}

/// Runs a tool of the system that has nothing to say.
#[track_caller]
pub(crate) fn tool(name: &str, arguments: &[&str]) {
    let output = Command::new(name).args(arguments).output().unwrap();
    assert!(output.status.success(), "{name} {arguments:?}: {}", text(&output.stderr));
}

/// Sends a signal: `TERM`, `STOP`.
#[track_caller]
pub(crate) fn signal(name: &str, pid: u32) {
    tool("kill", &[&format!("-{name}"), &pid.to_string()]);
}

/// Sets a limit of a running process: `fsize`, `nofile`. Only the soft one, which can be lifted again.
#[track_caller]
pub(crate) fn limit(pid: u32, name: &str, most: &str) {
    tool("prlimit", &[&format!("--pid={pid}"), &format!("--{name}={most}:")]);
}

/// What a shell does first, so that a file over its limit is an error and no signal.
pub(crate) const NO_XFSZ: &[&str] = &["sh", "-c", "trap '' XFSZ; exec \"$@\"", "sh"];

/// A program that does what it is told, a line at a time.
pub(crate) struct Obedient {
    child: Child,
    orders: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Obedient {
    pub(crate) fn start(dir: impl AsRef<OsStr>, environment: &[(&str, &str)]) -> Self {
        Self::run(&mut scenario("obeys", dir, environment))
    }

    /// Starts it when it has been set up to run.
    #[track_caller]
    pub(crate) fn run(command: &mut Command) -> Self {
        let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let (orders, answers) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
        let mut obedient = Self { child, orders, answers };
        assert_eq!(obedient.answer(), "ready");
        obedient
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Tells it something and waits for the answer.
    #[track_caller]
    pub(crate) fn tell(&mut self, order: &str) -> String {
        writeln!(self.orders, "{order}").unwrap();
        self.answer()
    }

    fn answer(&mut self) -> String {
        let mut line = String::new();
        self.answers.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }

    /// Lets it come to its end; what it said on stderr.
    #[track_caller]
    pub(crate) fn end(self) -> String {
        let Self { mut child, orders, answers } = self;
        drop((orders, answers));
        let mut said = String::new();
        child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        let status = child.wait().unwrap();
        assert!(status.success(), "{status}: {said}");
        said
    }
}

/// Runs it for five seconds at most: a deadlock is a failure with status 124.
pub(crate) fn in_time(command: &Command) -> Output {
    through(&["timeout", "--signal=KILL", "5"], command).output().unwrap()
}

/// The numbers of the records in a file, all of which are whole.
#[track_caller]
pub(crate) fn numbers(path: impl AsRef<Path>) -> Vec<u64> {
    records(path).iter().filter_map(|record| record.context.to_value()["n"].as_u64()).collect()
}

/// The numbers in all files of a log, each of which is there once.
#[track_caller]
pub(crate) fn all_numbers(dir: &Path) -> BTreeSet<u64> {
    let mut all = BTreeSet::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        for n in numbers(entry.unwrap().path()) {
            assert!(all.insert(n), "{n} is there twice");
        }
    }
    all
}
