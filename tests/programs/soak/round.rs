//! One round: what happens to two writers and their files, by chance, and what must be there in the end.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::{JoinHandle, sleep};
use std::time::{Duration, Instant};

use fastrand::Rng;

use crate::checker::Found;

/// Names that are near to ours and nobody's business.
const FOREIGN: [&str; 5] = ["program.db", "program.log.1", "program.json.1", "program_jsonl.2", "other.log"];

/// A process that writes, and what it says of each record.
struct Writer {
    child: Child,
    said: JoinHandle<Vec<u8>>,
}

struct Round {
    path: PathBuf,
    rng: Rng,
    writers: Vec<Writer>,
    /// What those said that are no more.
    told: Vec<Vec<u8>>,
    /// How many times the file was moved aside or copied.
    aside: u32,
    /// How many things happened.
    deeds: u32,
}

/// Lets chance have its way for so long; what happened, or what is wrong with the files.
pub(crate) fn round(dir: &Path, time: Duration, seed: u64) -> Result<String, String> {
    std::fs::create_dir_all(dir).map_err(|error| error.to_string())?;
    FOREIGN.iter().for_each(|name| std::fs::write(dir.join(name), name).expect("there is room"));
    let path = dir.join("program.jsonl");
    let mut round =
        Round { path, rng: Rng::with_seed(seed), writers: Vec::new(), told: Vec::new(), aside: 0, deeds: 0 };
    (0..2).for_each(|_| round.start());
    let end = Instant::now() + time;
    while Instant::now() < end {
        sleep(Duration::from_millis(round.rng.u64(..30)));
        round.deeds += 1;
        match round.rng.u8(..10) {
            0..3 => round.kill(),
            3..6 => round.move_aside(),
            6..9 => round.copy_and_cut(),
            _ => round.fill(),
        }
    }
    while !round.writers.is_empty() {
        round.end(0);
    }
    round.verdict(dir)
}

impl Round {
    /// Starts the next writer: one that takes an error for an error when its file may not grow.
    fn start(&mut self) {
        let program = std::env::current_exe().expect("it is there");
        let number = (self.told.len() + self.writers.len()).to_string();
        let mut child = Command::new("sh")
            .args(["-c", "trap '' XFSZ; exec \"$@\"", "sh"])
            .arg(program)
            .arg("write")
            .arg(self.path.parent().expect("it has one"))
            .envs([("WRITER", &*number), ("MAX_BYTES", "50000"), ("PAUSE_US", "200")])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("it starts");
        let mut out = child.stdout.take().expect("it is piped");
        let said = std::thread::spawn(move || {
            let mut said = Vec::new();
            out.read_to_end(&mut said).map(|_| said).expect("it can be read")
        });
        self.writers.push(Writer { child, said });
    }

    /// Ends one by `kill -9`.
    fn end(&mut self, at: usize) {
        let mut writer = self.writers.remove(at);
        writer.child.kill().expect("it is ours");
        writer.child.wait().expect("it is ours");
        self.told.push(writer.said.join().expect("it does not panic"));
    }

    /// Ends the one that was started first, so that they end in the order of their numbers, and starts another.
    fn kill(&mut self) {
        self.end(0);
        self.start();
    }

    fn aside(&mut self) -> PathBuf {
        self.aside += 1;
        self.path.with_extension(format!("jsonl-{}", self.aside))
    }

    fn move_aside(&mut self) {
        let to = self.aside();
        // It may not be there yet again.
        let _ = std::fs::rename(&self.path, to);
    }

    /// What is written between the copy and the cut nobody could keep, so the writers wait meanwhile.
    fn copy_and_cut(&mut self) {
        let to = self.aside();
        self.each(|pid| run("kill", &["-STOP", pid]));
        for writer in &self.writers {
            while !has_stopped(writer.child.id()) {}
        }
        if std::fs::copy(&self.path, to).is_ok() {
            let file = std::fs::File::options().write(true).open(&self.path).expect("it is there");
            file.set_len(0).expect("it can be cut");
        }
        self.each(|pid| run("kill", &["-CONT", pid]));
    }

    /// For a while there is room for part of a record or for a few more alone.
    fn fill(&mut self) {
        let size = self.path.metadata().map_or(0, |metadata| metadata.len()) + self.rng.u64(..2000);
        self.each(|pid| run("prlimit", &[&format!("--pid={pid}"), &format!("--fsize={size}:")]));
        sleep(Duration::from_millis(self.rng.u64(..400)));
        self.each(|pid| run("prlimit", &[&format!("--pid={pid}"), "--fsize=unlimited:"]));
    }

    fn each(&self, act: impl Fn(&str)) {
        self.writers.iter().for_each(|writer| act(&writer.child.id().to_string()));
    }

    /// Holds what the files say against what the writers said.
    fn verdict(&self, dir: &Path) -> Result<String, String> {
        let found = Found::read(dir).map_err(|error| error.to_string())?;
        let lost: usize = self.told.iter().flatten().filter(|said| **said == b'-').count();
        let mut wrong = found.check_torn(lost + self.told.len()).err().unwrap_or_default();
        for (writer, told) in (0..).zip(&self.told) {
            wrong.extend(found.check(writer, told).err());
        }
        for name in FOREIGN {
            if std::fs::read(dir.join(name)).ok().as_deref() != Some(name.as_bytes()) {
                wrong.push_str(&format!("{name} was touched\n"));
            }
        }
        if !wrong.is_empty() {
            return Err(wrong);
        }
        let (records, writers, torn) = (found.records.len(), self.told.len(), found.torn.len());
        let deeds = self.deeds;
        Ok(format!(
            "{deeds} deeds, {writers} writers, {records} records, {lost} lost and owned up to, {torn} torn"
        ))
    }
}

/// Whether every thread of a process stands still, or it is no more: they stop one after the other.
fn has_stopped(pid: u32) -> bool {
    let Ok(threads) = std::fs::read_dir(format!("/proc/{pid}/task")) else { return true };
    threads.filter_map(Result::ok).all(|thread| {
        let stat = std::fs::read_to_string(thread.path().join("stat")).unwrap_or_default();
        let state = stat.rsplit(')').next().and_then(|rest| rest.trim_start().chars().next());
        state.is_none_or(|state| matches!(state, 'T' | 'Z' | 'X'))
    })
}

fn run(tool: &str, arguments: &[&str]) {
    let status = Command::new(tool).args(arguments).status();
    assert!(status.is_ok_and(|status| status.success()), "{tool} {arguments:?}");
}
