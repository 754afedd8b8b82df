//! Where logging's own failures go: one line on stderr. Never into the log, never to the caller.

#[cfg(feature = "tokio")]
use std::cell::Cell;
use std::fmt;

use crate::record::Printable;
use crate::standard::Standard;

/// Tells the person at the terminal what logging could not do.
pub(crate) fn report(problem: fmt::Arguments<'_>) {
    let text = problem.to_string();
    Standard::Error.write(format!("logwright: {}\n", Printable(&text)).as_bytes());
}

#[cfg(feature = "tokio")]
thread_local! {
    static QUIET: Cell<bool> = const { Cell::new(false) };
}

/// Calls what can only be tried by risking a panic; whether there was none. It is not recorded.
#[cfg(feature = "tokio")]
pub(crate) fn quietly(risk: impl FnOnce() + std::panic::UnwindSafe) -> bool {
    QUIET.set(true);
    let is_fine = std::panic::catch_unwind(risk).is_ok();
    QUIET.set(false);
    is_fine
}

/// Whether a panic here is one of those.
#[cfg(feature = "tokio")]
pub(crate) fn is_quiet() -> bool {
    QUIET.get()
}
