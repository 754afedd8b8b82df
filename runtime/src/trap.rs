//! Where logging's own failures go: one line on stderr. Never into the log, never to the caller.

use std::fmt;
use std::io::Write as _;

use crate::record::Printable;

/// Tells the person at the terminal what logging could not do. Being unable to tell is no reason to stop.
pub(crate) fn report(problem: fmt::Arguments<'_>) {
    let text = problem.to_string();
    let _ = writeln!(std::io::stderr(), "logwright: {}", Printable(&text));
}
