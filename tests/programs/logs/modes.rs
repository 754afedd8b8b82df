//! How the programs write: the tests run the same scenario in each mode.

use logwright::{Full, MIB, Setup, WriteMode};

/// The set-up with the mode that `LOGS_MODE` names.
pub(crate) fn with_mode(setup: Setup) -> Setup {
    let mode = match std::env::var("LOGS_MODE").as_deref() {
        Err(_) => return setup,
        Ok("sync") => WriteMode::Sync,
        Ok("buffered") => WriteMode::Buffered,
        Ok("queue") => WriteMode::Queue { bytes: MIB, full: Full::Block },
        Ok("queue-of-nothing") => WriteMode::Queue { bytes: 0, full: Full::DropNewest },
        Ok("queue-drops") => WriteMode::Queue { bytes: 2000, full: Full::DropNewest },
        #[cfg(unix)]
        Ok("mapped") => WriteMode::Mapped { bytes: MIB },
        #[cfg(unix)]
        Ok("mapped-of-nothing") => WriteMode::Mapped { bytes: 0 },
        Ok(other) => panic!("no mode `{other}`"),
    };
    setup.write_mode(mode)
}
