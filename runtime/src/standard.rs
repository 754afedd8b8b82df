//! The standard streams, a line at a time. Being unable to write one is no reason to stop, and there is no other place to say so.

use std::io::{IsTerminal, Write};

use crate::process;

#[derive(Clone, Copy)]
pub(crate) enum Standard {
    Error,
    Output,
}

impl Standard {
    pub(crate) fn is_terminal(self) -> bool {
        match self {
            Self::Error => std::io::stderr().is_terminal(),
            Self::Output => std::io::stdout().is_terminal(),
        }
    }

    pub(crate) fn write(self, line: &[u8]) {
        #[cfg(unix)]
        if process::is_fork() {
            return in_fork::write(self, line);
        }
        let _ = match self {
            Self::Error => std::io::stderr().write_all(line),
            Self::Output => std::io::stdout().write_all(line),
        };
    }
}

/// Past the locks of the standard library, which a thread may have held that the fork has not.
#[cfg(unix)]
mod in_fork {
    use std::fs::File;
    use std::io::Write;
    use std::os::fd::AsFd;
    use std::sync::{Mutex, PoisonError};

    use super::Standard;
    use crate::per_process::PerProcess;

    pub(super) fn write(stream: Standard, line: &[u8]) {
        /// Who writes: lines too long for one write are not to be mixed.
        static TURN: PerProcess<Mutex<()>> = PerProcess::new();
        // For a line alone, since the process may yet put another file in the stream's place, as a daemon does.
        let stream = match stream {
            Standard::Error => std::io::stderr().as_fd().try_clone_to_owned(),
            Standard::Output => std::io::stdout().as_fd().try_clone_to_owned(),
        };
        if let Ok(stream) = stream {
            let _turn = TURN.get_or_init(Mutex::default).lock().unwrap_or_else(PoisonError::into_inner);
            let _ = File::from(stream).write_all(line);
        }
    }
}
