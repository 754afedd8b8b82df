//! What an annotated function costs to compile, and what is left of it in the program: beside the same function
//! without an attribute, with a guard by hand, and with the attributes of other crates.

mod subjects;
mod futures;
mod off;
mod source;
mod crates;
mod check;
mod code;
mod table;
#[path = "generated/support.rs"]
#[allow(dead_code, unreachable_pub, reason = "most of it is for the generated crates")]
mod support;
#[path = "../retries/mod.rs"]
#[allow(dead_code, reason = "most of it is for the other bench")]
mod retries;
mod retry_futures;

use std::process::ExitCode;

use crates::Crates;
use subjects::SUBJECTS;
use table::Figures;

/// How many functions each crate has, and how often it is checked.
const FULL: (usize, usize) = (500, 7);
const QUICK: (usize, usize) = (100, 3);
/// Asks for the sizes of retries alone, which need no crates.
const FUTURES: &str = "futures";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.as_slice() {
        [flag, subject, calls] if flag == off::CALLS => {
            off::call(subject, calls);
            ExitCode::SUCCESS
        }
        [word, ..] if word == FUTURES => exit_code(retry_futures::print()),
        _ => compare(if arguments.iter().any(|word| word == "--quick") { QUICK } else { FULL }),
    }
}

fn compare((functions, rounds): (usize, usize)) -> ExitCode {
    let crates = Crates::generate(functions);
    let checks = check::milliseconds(&crates, rounds);
    let code = code::bytes(&crates);
    let (futures, off) = (futures::bytes(), off::instructions());
    let figures: [Figures; SUBJECTS.len()] = std::array::from_fn(|at| {
        let [sync, asynchronous] = checks[at];
        let [code, async_code] = code[at];
        [Some(sync), Some(asynchronous), Some(code), Some(async_code), Some(futures[at]), off[at]]
    });
    println!(
        "\nper function, of {functions} in a crate: the first line as it is, the others beside it\n\
         check: CPU time of `cargo check`, least of {rounds} runs, not incremental; attributes are compiled as cargo \
         does\n  by default, without optimisation\n\
         code: machine code in a release build, opt-level 3\n\
         future: with an argument of {} bytes\n\
         off: instructions of a call that nobody listens to, counted by valgrind",
        futures::ARGUMENT
    );
    let (kept, kept_by_retries) = (table::print(&figures), retry_futures::print());
    exit_code(kept && kept_by_retries)
}

fn exit_code(kept: bool) -> ExitCode {
    if kept { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
