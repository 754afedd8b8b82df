//! The `logwright` command: reads logs back and reports on them.
//!
//! Query → arguments → input → facts → summary → report; each knows those before it only. Nothing here writes to a log
//! directory, except that `recover` finishes what a program began to write, and nothing that a log holds reaches a
//! terminal unescaped.
#![cfg_attr(
    not(feature = "serve"),
    allow(
        dead_code,
        unused_imports,
        reason = "the dashboard asks more of what is counted than a report does"
    )
)]
#![cfg_attr(test, allow(clippy::unwrap_used, reason = "a test may panic"))]

mod step;
mod query;
mod args;
mod input;
mod facts;
mod summary;
mod runs;
mod analysis;
mod compare;
mod catalogue;
mod traces;
mod report;
mod analyze;
mod tree;
mod export;
mod tail;
mod check;
mod complete;
#[cfg(feature = "serve")]
mod serve;
#[cfg(unix)]
mod recover;

use std::io::{self, Write as _};
use std::process::ExitCode;

use clap::Parser as _;
use logwright::record::Printable;

use args::{Args, Command};
use input::Coverage;

/// Everything there was has been read and reported. A reader that stops reading (`| head`) changes nothing.
const DONE: u8 = 0;
/// A condition of `--fail-on` is met.
const MET: u8 = 1;
/// The command could not do its work: wrong usage (clap's code as well) or an output that cannot be written.
const FAILED: u8 = 2;
/// The report is there but lacks something: a path could not be opened or read to its end, a directory holds no
/// log, no record could be read from a file that is not empty, a file waits to be recovered or could not be, or a record is
/// cut short.
const INCOMPLETE: u8 = 3;

fn main() -> ExitCode {
    let done = match Args::parse().command {
        Command::Analyze(args) => analyze::analyze(&args),
        Command::Tail(args) => tail::tail(&args).map(|()| DONE),
        Command::Tree(args) => tree::tree(&args).map(|coverage| code(&coverage)),
        Command::Export(args) => export::export(&args).map(|coverage| code(&coverage)),
        Command::Check(args) => check::check(&args),
        #[cfg(feature = "serve")]
        Command::Serve(args) => serve::serve(&args).map(|()| DONE),
        #[cfg(unix)]
        Command::Recover(args) => {
            recover::recover(&args).map(|is_complete| if is_complete { DONE } else { INCOMPLETE })
        }
        Command::Completions(args) => complete::completions(&args).map(|()| DONE),
        Command::Man(args) => complete::man(&args).map(|()| DONE),
    };
    match done {
        Ok(code) => ExitCode::from(code),
        Err(error) if is_broken_pipe(&error) => ExitCode::from(DONE),
        Err(error) => {
            complain(&format!("{error:#}"));
            ExitCode::from(FAILED)
        }
    }
}

/// Says what could not be read.
fn code(coverage: &Coverage) -> u8 {
    if coverage.is_complete() {
        return DONE;
    }
    complain(&coverage.complaint());
    INCOMPLETE
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let kind = error.downcast_ref::<io::Error>().map(io::Error::kind);
    kind == Some(io::ErrorKind::BrokenPipe)
}

/// Says what went wrong; that stderr is closed is no reason to fail.
fn complain(text: &str) {
    say("error", text);
}

fn say(what: &str, text: &str) {
    let _ = writeln!(io::stderr(), "{what}: {}", Printable(text));
}
