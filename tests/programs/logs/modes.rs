//! How the programs write: the tests run the same scenario in each mode.

use logwright::Setup;

/// The set-up with the mode that `LOGS_MODE` names.
pub(crate) fn with_mode(setup: Setup) -> Setup {
    match std::env::var("LOGS_MODE").as_deref() {
        Err(_) | Ok("sync") => setup,
        Ok(other) => panic!("no mode `{other}`"),
    }
}
