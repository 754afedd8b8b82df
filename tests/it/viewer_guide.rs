//! The guide's script and `logwright analyze` on the same log, which the guide's own code wrote: what both count, they count alike.
//!
//! The log and the script's report on it are recorded in `fixtures/guide.log` and `guide.txt`; the guide's code is not. Where the guide
//! and `python3` are at hand, a log of this minute is written and compared as well, and the recording is held against the script.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::support::{read, text};
use crate::viewer::run;

/// Has the guide's code write a log into the folder, or take that one, and report on it; whether it is at hand.
fn python(folder: &Path, log: Option<&Path>) -> bool {
    let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/guide/logging-guide.md");
    if !guide.exists() {
        eprintln!("the guide is not at {}: only the recording is looked at", guide.display());
        return false;
    }
    let mut command = Command::new("python3");
    command.arg(fixture("guide_report.py")).arg(guide).arg(folder).args(log).env("TZ", "UTC");
    let Ok(output) = command.output() else {
        assert!(std::env::var_os("CI").is_none(), "there is no python3 to compare with");
        eprintln!("there is no python3: only the recording is looked at");
        return false;
    };
    assert!(output.status.success(), "{}", text(&output.stderr));
    true
}

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("it/fixtures").join(name)
}

/// What the script counted, read from its report.
#[derive(Debug, Default)]
struct Counted {
    levels: Vec<(String, u64)>,
    loggers: Vec<(String, u64)>,
    /// Name, count, average, minimum, maximum.
    operations: Vec<(String, u64, [f64; 3])>,
    errors: u64,
    first_errors: Vec<String>,
}

fn counted(report: &str) -> Counted {
    let mut counted = Counted::default();
    let mut section = "";
    for line in report.lines() {
        let pair = line.trim().split_once(": ");
        let number = || pair.unwrap().1.parse::<u64>().unwrap();
        let name = || pair.unwrap().0.to_owned();
        let seconds = || pair.unwrap().1.trim_end_matches('s').parse::<f64>().unwrap();
        match (section, line) {
            (_, line) if !line.is_empty() && !line.starts_with(' ') => {
                section = line.split(['(', ':']).next().unwrap_or_default().trim();
                if section == "Errors" {
                    counted.errors = line.trim_matches(|c: char| !c.is_ascii_digit()).parse().unwrap();
                }
            }
            ("Log Level Distribution", line) if line.starts_with("  ") => {
                counted.levels.push((name(), number()))
            }
            ("Logger Distribution", line) if line.starts_with("  ") => {
                counted.loggers.push((name(), number()))
            }
            ("Operation Performance", line) if line.starts_with("    ") => {
                let (_, count, times) = counted.operations.last_mut().unwrap();
                match pair.unwrap().0 {
                    "Count" => *count = number(),
                    "Avg" => times[0] = seconds(),
                    "Min" => times[1] = seconds(),
                    "Max" => times[2] = seconds(),
                    other => panic!("{other}"),
                }
            }
            ("Operation Performance", line) if line.starts_with("  ") => {
                let name = line.trim().trim_end_matches(':').to_owned();
                counted.operations.push((name, 0, [0.0; 3]));
            }
            ("Errors", line) if line.contains(". [") => {
                counted.first_errors.push(line.split_once("] ").unwrap().1.to_owned());
            }
            _ => {}
        }
    }
    counted
}

/// Holds our report on `guide.log` in the folder against the script's, `guide.txt`.
#[track_caller]
fn compare(folder: &Path) {
    let expected = counted(&read(folder.join("guide.txt")));
    assert!(
        expected.levels.len() == 5 && expected.operations.len() == 2 && expected.errors > 10,
        "{expected:?}"
    );
    let report = run(folder, &["analyze", "--format", "json", "guide.log"], b"").report();
    let levels = |level: &(String, u64)| (level.0.clone(), Value::from(level.1));
    assert_eq!(report["levels"], Value::Object(expected.levels.iter().map(levels).collect()));
    let mut loggers = expected.loggers.clone();
    loggers.sort_by(|a, b| (b.1, &a.0).cmp(&(a.1, &b.0)));
    let ours = report["loggers"].as_array().unwrap().iter();
    let ours: Vec<_> = ours
        .map(|entry| (entry["logger"].as_str().unwrap().to_owned(), entry["count"].as_u64().unwrap()))
        .collect();
    assert_eq!(ours, loggers);
    for (name, count, times) in &expected.operations {
        let all = report["operations"].as_array().unwrap();
        let ours = all.iter().find(|operation| operation["operation"] == name.as_str()).unwrap();
        assert_eq!(ours["count"], *count, "{name}");
        for (key, expected) in ["avg", "min", "max"].into_iter().zip(times) {
            let found = ours[key].as_f64().unwrap();
            assert!((found - expected).abs() <= 0.0051, "{key} of {name}: {found}, not {expected}");
        }
    }
    assert_eq!(report["errors"]["count"], expected.errors);
    let first = report["errors"]["first"].as_array().unwrap().iter();
    let first: Vec<_> = first.map(|error| error["message"].as_str().unwrap()).collect();
    assert_eq!(first, expected.first_errors);
}

#[test]
fn what_the_guides_script_counts_is_counted_alike() {
    let folder = tempfile::tempdir().unwrap();
    if python(folder.path(), None) {
        compare(folder.path());
        if std::env::var_os("UPDATE_EXPECT").is_some() {
            // In tracebacks stands where the script is.
            let here = fixture("").display().to_string();
            for name in ["guide.log", "guide.txt"] {
                fs::write(fixture(name), read(folder.path().join(name)).replace(&here, "")).unwrap();
            }
        }
    }
}

#[test]
fn so_is_it_in_the_recording() {
    let folder = tempfile::tempdir().unwrap();
    fs::copy(fixture("guide.log"), folder.path().join("guide.log")).unwrap();
    fs::copy(fixture("guide.txt"), folder.path().join("guide.txt")).unwrap();
    compare(folder.path());
    let again = tempfile::tempdir().unwrap();
    if python(again.path(), Some(&fixture("guide.log"))) {
        let (recorded, now) = (read(fixture("guide.txt")), read(again.path().join("guide.txt")));
        assert_eq!(recorded, now, "`UPDATE_EXPECT=1` makes the recording anew");
    }
}
