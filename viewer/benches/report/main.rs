//! What `logwright analyze` costs, beside DuckDB and the guide's script on the same files in the same run, since a machine is never
//! the same twice: `cargo bench -p logwright-viewer --bench report -- [MEGABYTES] [GUIDE]`. The files are kept in `target/`.
//!
//! `python3` measures; DuckDB takes part where that one can import it (`pip install duckdb`), and the script where GUIDE is the
//! guide that it stands in.
#![allow(clippy::unwrap_used, reason = "a bench may panic")]

mod generate;
mod peers;

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// GB per second of CPU time that have to be reached, and the most MB of memory.
const BUDGETS: [(&str, f64); 2] = [("report.log", 1.3), ("report.jsonl", 1.0)];
const MEMORY: f64 = 100.0;

fn main() {
    let words: Vec<_> = std::env::args().skip(1).filter(|word| !word.starts_with("--")).collect();
    let megabytes = words.first().map_or(1000, |word| word.parse().unwrap());
    let guide = words.get(1).map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/guide/logging-guide.md"),
        PathBuf::from,
    );
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/bench-report");
    std::fs::create_dir_all(&folder).unwrap();
    generate::files(&folder, megabytes * 1_000_000);
    println!("{:<14} {:<12} {:>12} {:>10} {:>8}", "file", "by", "GB per CPU s", "GB per s", "MB");
    for (name, budget) in BUDGETS {
        let file = folder.join(name);
        let mut ours = Command::new(env!("CARGO_BIN_EXE_logwright"));
        let cost = measure(ours.args(["analyze", "--format=json"]).arg(&file), &folder, name, "logwright");
        let report = cost.output(&folder);
        if let Some(answers) = peers::duckdb(&file, &folder) {
            peers::compare(&report, &answers);
        }
        if name.ends_with(".log") {
            peers::guides_script(&guide, &file, &folder);
        }
        let verdict =
            if cost.per_cpu_second >= budget && cost.megabytes <= MEMORY { "kept" } else { "MISSED" };
        println!("{name:<14} budget of {budget} GB per CPU second in {MEMORY} MB: {verdict}");
    }
}

/// What a command cost; its output is in a file.
struct Cost {
    per_cpu_second: f64,
    megabytes: f64,
}

impl Cost {
    fn output(&self, folder: &Path) -> Value {
        serde_json::from_str(&std::fs::read_to_string(folder.join("output")).unwrap()).unwrap()
    }
}

/// Runs a command on a file, and prints what that cost. The standard library does not tell how much time a child took.
fn measure(command: &Command, folder: &Path, file: &str, by: &str) -> Cost {
    const SCRIPT: &str = "
import os, sys, time
output = os.open(sys.argv[1], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
start = time.monotonic()
child = os.posix_spawnp(sys.argv[2], sys.argv[2:], os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, output, 1)])
_, status, usage = os.wait4(child, 0)
print(status, usage.ru_utime + usage.ru_stime, time.monotonic() - start, usage.ru_maxrss)
";
    let output = Command::new("python3")
        .args(["-c", SCRIPT])
        .arg(folder.join("output"))
        .arg(command.get_program())
        .args(command.get_args())
        .output()
        .unwrap();
    let numbers = String::from_utf8(output.stdout).unwrap();
    let numbers: Vec<f64> = numbers.split_whitespace().map(|number| number.parse().unwrap()).collect();
    let [status, cpu, wall, kilobytes] = numbers[..] else {
        panic!("{}", String::from_utf8_lossy(&output.stderr))
    };
    assert_eq!(status, 0.0, "{by} failed: {}", String::from_utf8_lossy(&output.stderr));
    let gigabytes = std::fs::metadata(folder.join(file)).unwrap().len() as f64 / 1e9;
    let cost = Cost { per_cpu_second: gigabytes / cpu, megabytes: kilobytes / 1024.0 };
    println!(
        "{file:<14} {by:<12} {:>12.3} {:>10.3} {:>8.0}",
        cost.per_cpu_second,
        gigabytes / wall,
        cost.megabytes
    );
    cost
}
