//! What a line in a file costs, what is lost of many, and how much memory they take, beside other crates.
//!
//! Each measurement runs in a process of its own, as a process has one subscriber: this program starts itself again.
//! A round runs every contender once; what slows the machine down for a while slows all of them down.

#[path = "../calls/alloc.rs"]
mod alloc;
mod contenders;
mod lines;
mod table;
mod tasks;

use std::process::Command;

use contenders::{CONTENDERS, Contender};
use lines::Lines;
use table::Row;
use tasks::{Plan, Task};

/// Followed by a contender's name, a task, a number of records and a directory: what this program calls itself with.
const CHILD: &str = "--child";

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [CHILD, contender, task, count, dir] => {
            let count = count.parse().expect("a number, as this program passes it");
            tasks::run(find(contender), Task::of(task), count, dir.as_ref());
        }
        _ => compare(&arguments),
    }
}

/// Measures all contenders, or those with one of the words in their names, and the one that others are held against.
fn compare(arguments: &[String]) {
    let is_quick = arguments.iter().any(|word| word == "--quick");
    let plan = if is_quick { Plan::QUICK } else { Plan::FULL };
    let words: Vec<_> = arguments.iter().filter(|word| !word.starts_with("--")).collect();
    let mut rows: Vec<_> = CONTENDERS
        .iter()
        .filter(|one| words.is_empty() || words.iter().any(|word| one.name.contains(word.as_str())))
        .map(Row::new)
        .collect();
    for round in 1..=plan.rounds {
        eprintln!("round {round} of {}", plan.rounds);
        for row in &mut rows {
            row.burst(in_process_of_its_own(row.contender, Task::Burst, plan.burst));
            row.paced(in_process_of_its_own(row.contender, Task::Paced, plan.paced));
        }
    }
    eprintln!("many records, and an end without warning");
    for row in &mut rows {
        row.killed(in_process_of_its_own(row.contender, Task::Killed, plan.killed));
        row.many(in_process_of_its_own(row.contender, Task::Many, plan.many));
    }
    table::print(&rows);
}

/// What a child said, and what it left behind.
struct Outcome {
    numbers: Vec<f64>,
    sent: u64,
    lines: Lines,
}

fn in_process_of_its_own(contender: &Contender, task: Task, count: u64) -> Outcome {
    // Beside the build, on a disk: where temporary files usually are may be memory.
    let dir =
        tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("the build's directory can be written to");
    let program = std::env::current_exe().expect("a program knows where it is");
    let output = Command::new(program)
        .args([CHILD, contender.name, task.name(), &count.to_string()])
        .arg(dir.path())
        // The crates under test read variables that change what they do.
        .env_clear()
        .output()
        .expect("this program can be started again");
    let said = String::from_utf8_lossy(&output.stdout);
    let numbers = said.split_whitespace().map_while(|word| word.parse().ok()).collect();
    assert!(
        output.status.success() || task == Task::Killed,
        "{}: {}",
        contender.name,
        String::from_utf8_lossy(&output.stderr)
    );
    (contender.recover)(dir.path());
    Outcome { numbers, sent: count, lines: Lines::of(dir.path()) }
}

fn find(name: &str) -> &'static Contender {
    CONTENDERS.iter().find(|one| one.name == name).expect("a contender, as this program passes it")
}
