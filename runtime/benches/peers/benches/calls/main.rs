//! What a call of an annotated function costs, beside the same call annotated or written out for other crates.
//!
//! Each case runs in a process of its own, as a process has one subscriber. A round runs every case once; what
//! slows the machine down for a while slows all of them down.

mod alloc;
mod cases;
mod delays;
mod measure;
#[path = "../retries/mod.rs"]
mod retries;
mod setups;
mod subjects;
mod table;

use std::process::Command;

use cases::{Case, GROUPS, Group};
use measure::Sample;

const ROUNDS: usize = 15;
const QUICK_ROUNDS: usize = 3;
/// Followed by the numbers of a group and of a case in it: what this program calls itself with.
const CASE: &str = "--case";

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.as_slice() {
        [flag, group, case] if flag == CASE => println!("{}", (find(group, case).run)()),
        _ => compare(&arguments),
    }
}

/// Runs all cases, or those of the groups with one of the words in their title.
fn compare(arguments: &[String]) {
    let rounds = if arguments.iter().any(|word| word == "--quick") { QUICK_ROUNDS } else { ROUNDS };
    let words: Vec<_> = arguments.iter().filter(|word| !word.starts_with("--")).collect();
    let chosen =
        |group: &Group| words.is_empty() || words.iter().any(|word| group.title.contains(word.as_str()));
    let mut results: Vec<_> = GROUPS.iter().map(|group| vec![Vec::new(); group.cases.len()]).collect();
    for round in 1..=rounds {
        eprintln!("round {round} of {rounds}");
        for (g, samples) in results.iter_mut().enumerate().filter(|(g, _)| chosen(&GROUPS[*g])) {
            for (c, samples) in samples.iter_mut().enumerate() {
                samples.push(in_process_of_its_own(g, c));
            }
        }
    }
    for (group, samples) in GROUPS.iter().zip(&results).filter(|(group, _)| chosen(group)) {
        table::print(group, samples);
    }
}

fn in_process_of_its_own(group: usize, case: usize) -> Sample {
    let program = std::env::current_exe().expect("a program knows where it is");
    let output = Command::new(program)
        .args([CASE, &group.to_string(), &case.to_string()])
        // The crates under test read variables that change what they do.
        .env_clear()
        .output()
        .expect("this program can be started again");
    let said = String::from_utf8_lossy(&output.stdout);
    said.parse().unwrap_or_else(|problem| panic!("{problem}{}", String::from_utf8_lossy(&output.stderr)))
}

fn find(group: &str, case: &str) -> &'static Case {
    let number = |text: &str| text.parse::<usize>().expect("a number, as this program passes it");
    &GROUPS[number(group)].cases[number(case)]
}
