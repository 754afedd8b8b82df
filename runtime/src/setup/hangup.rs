//! Opens the log files anew when the program is told to by SIGHUP, as logrotate does when it has moved them.

use std::io::{self, Read as _};
use std::os::unix::net::UnixStream;
use std::sync::Arc;

use signal_hook::consts::SIGHUP;
use signal_hook::low_level::pipe;

use crate::sink::Fanout;
use crate::trap;

/// Does so from now on, as long as the program runs.
pub(super) fn watch(sinks: &Arc<Fanout>) {
    if let Err(error) = start(Arc::clone(sinks)) {
        trap::report(format_args!("cannot listen to SIGHUP: {error}"));
    }
}

/// A signal may come at any moment, so its handler does no more than write a byte, which a thread waits for.
fn start(sinks: Arc<Fanout>) -> io::Result<()> {
    let (bell, handler) = UnixStream::pair()?;
    std::thread::Builder::new().name("logwright-hup".into()).spawn(move || serve(bell, &sinks))?;
    pipe::register(SIGHUP, handler)?;
    Ok(())
}

/// Signals that come while files are opened are one.
fn serve(mut bell: UnixStream, sinks: &Fanout) {
    loop {
        match bell.read(&mut [0; 1024]) {
            Ok(0) => return,
            Ok(_) => {
                if let Err(error) = sinks.each(|sink| sink.reopen()) {
                    trap::report(format_args!("{error:?}; the old file is kept"));
                }
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(_) => return,
        }
    }
}
