//! A console of the program's own, which is code that is not ours. Where it can do harm, another thread calls it.

use std::io::Write;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::{enter_sink, lock_until};
use crate::per_process::PerProcess;
use crate::trap;

type Locked = Mutex<Box<dyn Write + Send>>;

pub(crate) struct Foreign {
    out: Arc<Locked>,
    /// Whether it is of use to this process. In a fork its locks may be held by threads that are not there.
    answers: PerProcess<bool>,
}

impl Foreign {
    pub(crate) fn new(out: impl Write + Send + 'static) -> Self {
        let answers = PerProcess::new();
        answers.get_or_init(|| true);
        Self { out: Arc::new(Mutex::new(Box::new(out))), answers }
    }

    pub(super) fn write(&self, line: &[u8]) {
        let mut is_done = false;
        let answers = *self.answers.get_or_init(|| {
            is_done = true;
            self.write_aside(line)
        });
        if is_done || !answers {
            return;
        }
        // A panic inside of a panic hook would end the program, and the thread may hold a lock that is needed here.
        if thread::panicking() {
            self.write_aside(line);
        } else {
            write(&self.out, line);
        }
    }

    pub(super) fn flush(&self, until: Instant) {
        // What a fork has not written is its parent's.
        if self.answers.get() != Some(&true) {
            return;
        }
        // Somebody may be waiting for who reads it, and does not.
        let flush = move |out: &Locked| _ = lock_until(out, until).map(|mut out| out.flush());
        if thread::panicking() {
            self.aside(flush);
        } else {
            flush(&self.out);
        }
    }

    fn write_aside(&self, line: &[u8]) -> bool {
        let line = line.to_owned();
        self.aside(move |out| write(out, &line))
    }

    /// Has another thread do it, and waits a moment for that; whether it came to an end.
    fn aside(&self, act: impl FnOnce(&Locked) + Send + 'static) -> bool {
        const PATIENCE: Duration = Duration::from_secs(1);
        let ((done, end), out) = (channel(), Arc::clone(&self.out));
        let act = move || {
            enter_sink();
            act(&out);
            let _ = done.send(());
        };
        if let Err(error) = thread::Builder::new().name("logwright-console".into()).spawn(act) {
            trap::report(format_args!("cannot start a thread, so a line is missing on the console: {error}"));
            return true;
        }
        match end.recv_timeout(PATIENCE) {
            Ok(()) => true,
            Err(RecvTimeoutError::Disconnected) => {
                trap::report(format_args!("the console panicked; the record is lost there"));
                true
            }
            Err(RecvTimeoutError::Timeout) => {
                trap::report(format_args!(
                    "the console does not take a line; it is not waited for any longer"
                ));
                false
            }
        }
    }
}

fn write(out: &Locked, line: &[u8]) {
    // A closed terminal is no reason to stop, and there is no other place to say so.
    let _ = out.lock().unwrap_or_else(PoisonError::into_inner).write_all(line);
}
