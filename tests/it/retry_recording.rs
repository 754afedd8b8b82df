//! What the guide's decorator does on many scripts of failures: the scripts, the recording, and Python, which made it.
//!
//! The recording is `fixtures/retry_guide.jsonl`. Where the guide and `python3` are at hand it is held against them, and
//! `UPDATE_EXPECT=1` makes it anew.

use std::io::Write;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use fastrand::Rng;
use logwright::Level;
use serde_json::{Value, json};

use crate::support::{read, text};

const ATTEMPTS: RangeInclusive<u32> = 1..=6;
/// In seconds, as Python writes them.
const DELAYS: [&str; 10] = ["0", "1", "2", "5", "10", "0.25", "0.5", "1.5", "0.1", "30"];
/// For each number of attempts with each delay.
const SCRIPTS: u32 = 10;

/// What texts of errors are made of: what an f-string, a format or a log line might trip over.
const PIECES: &[&str] = &[
    "",
    " ",
    "timeout",
    "503 Service Unavailable",
    "[Errno 104] Connection reset by peer",
    "größer als 10 €",
    "連線逾時",
    "🙂🏳️‍🌈",
    "e\u{301}",
    "\u{202e}thgir\u{2066}",
    "\u{2028}",
    "it's",
    "\"quoted\" 'twice'",
    "`this`",
    "{}",
    "{e}",
    "{{max_attempts}}",
    "{0:?}",
    "%s",
    "100 %",
    "%(message)s",
    "%%d",
    "first line\nsecond line",
    "\r\n",
    "\ttab",
    "ends\n",
    "\u{1b}[31mred\u{1b}[0m",
    "nul\0",
    "\\n \\u0041 C:\\temp",
    "Attempt 1 failed: ",
    ". Retrying in 2 seconds...",
    "Failed after 3 attempts: ",
    "None",
    "'''",
];

/// What Python did with one script.
pub(crate) struct Recorded {
    pub(crate) max_attempts: u32,
    /// In seconds, as it is written.
    pub(crate) delay: String,
    /// Of the calls that fail; the one after them succeeds and returns its number.
    pub(crate) errors: Vec<String>,
    pub(crate) did: Did,
}

/// What can be seen of a call.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Did {
    pub(crate) stream: Vec<(Level, String)>,
    /// In seconds.
    pub(crate) slept: Vec<f64>,
    pub(crate) outcome: Result<usize, String>,
    pub(crate) calls: usize,
}

fn scripts() -> Vec<Value> {
    let mut rng = Rng::with_seed(7);
    let cells = ATTEMPTS.flat_map(|attempts| DELAYS.map(|delay| (attempts, delay)));
    cells
        .flat_map(|cell| (0..SCRIPTS).map(move |n| (cell, n)))
        .map(|(cell, n)| script(cell, n, &mut rng))
        .collect()
}

fn script((max_attempts, delay): (u32, &str), n: u32, rng: &mut Rng) -> Value {
    // Some go on failing after the last attempt, so that one too many is seen.
    let failures = n % (max_attempts + 2);
    let errors: Vec<_> = (0..failures).map(|_| error(rng)).collect();
    let delay: Value = serde_json::from_str(delay).unwrap();
    json!({ "max_attempts": max_attempts, "delay": delay, "errors": errors })
}

fn error(rng: &mut Rng) -> String {
    let pieces = if rng.u32(..300) == 0 { 200 } else { rng.usize(1..=3) };
    (0..pieces).map(|_| PIECES[rng.usize(..PIECES.len())]).collect()
}

/// What the guide's decorator does, a line for each script; `None` where the guide or `python3` is missing.
fn python() -> Option<String> {
    let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/guide/logging-guide.md");
    if !guide.exists() {
        eprintln!("the guide is not at {}: only the recording is looked at", guide.display());
        return None;
    }
    let mut command = Command::new("python3");
    command.arg(fixture("retry_guide.py")).arg(guide).stdin(Stdio::piped()).stdout(Stdio::piped());
    let Ok(mut python) = command.spawn() else {
        assert!(std::env::var_os("CI").is_none(), "there is no python3 to compare with");
        eprintln!("there is no python3: only the recording is looked at");
        return None;
    };
    let mut input = python.stdin.take().unwrap();
    let scripts: String = scripts().iter().map(|script| format!("{script}\n")).collect();
    let writer = std::thread::spawn(move || input.write_all(scripts.as_bytes()).unwrap());
    let output = python.wait_with_output().unwrap();
    assert!(output.status.success(), "python3 failed; its message is above");
    writer.join().unwrap();
    Some(text(&output.stdout))
}

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("it/fixtures").join(name)
}

/// The recording; made anew if that is asked for.
pub(crate) fn recording() -> &'static [Recorded] {
    static RECORDING: OnceLock<Vec<Recorded>> = OnceLock::new();
    RECORDING.get_or_init(|| {
        let path = fixture("retry_guide.jsonl");
        if std::env::var_os("UPDATE_EXPECT").is_some()
            && let Some(recording) = python()
        {
            std::fs::write(&path, recording).unwrap();
        }
        read(path).lines().map(|line| recorded(&serde_json::from_str(line).unwrap())).collect()
    })
}

fn recorded(line: &Value) -> Recorded {
    let string = |value: &Value| value.as_str().unwrap().to_owned();
    let list = |key: &str| line[key].as_array().unwrap();
    let outcome = &line["outcome"];
    Recorded {
        max_attempts: u32::try_from(line["max_attempts"].as_u64().unwrap()).unwrap(),
        delay: line["delay"].to_string(),
        errors: list("errors").iter().map(string).collect(),
        did: Did {
            stream: list("stream")
                .iter()
                .map(|said| (string(&said[0]).parse().unwrap(), string(&said[1])))
                .collect(),
            slept: list("slept").iter().map(|time| time.as_f64().unwrap()).collect(),
            outcome: outcome["ok"]
                .as_u64()
                .map(|number| number as usize)
                .ok_or_else(|| string(&outcome["error"])),
            calls: line["calls"].as_u64().unwrap() as usize,
        },
    }
}

#[test]
fn the_recording_is_what_the_guides_decorator_does() {
    let recording = recording();
    for (attempts, delay) in ATTEMPTS.flat_map(|attempts| DELAYS.map(|delay| (attempts, delay))) {
        let is_it = |recorded: &&Recorded| recorded.max_attempts == attempts && recorded.delay == delay;
        let cell: Vec<_> = recording.iter().filter(is_it).map(|recorded| &recorded.did).collect();
        assert!(cell.len() >= SCRIPTS as usize, "{attempts} attempts, delay {delay}");
        for calls in 1..=attempts as usize {
            let is_there =
                |outcome: fn(&Did) -> bool| cell.iter().any(|did| outcome(did) && did.calls == calls);
            assert!(is_there(|did| did.outcome.is_ok()), "{attempts} attempts, delay {delay}, {calls} calls");
            assert_eq!(is_there(|did| did.outcome.is_err()), calls == attempts as usize);
        }
    }
    let Some(python) = python() else { return };
    let recorded = read(fixture("retry_guide.jsonl"));
    assert_eq!(python.lines().count(), recorded.lines().count());
    for (python, recorded) in python.lines().zip(recorded.lines()) {
        assert_eq!(python, recorded, "`UPDATE_EXPECT=1` makes the recording anew");
    }
}
