//! Consoles that are in nobody's hands at the worst moment: in a fork, in a panic.

use std::io::Write;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

#[cfg(unix)]
use fork::{Fork, fork, waitpid};
use logwright::{Console, File, Setup};

fn only_console_and_json(setup: Setup) -> logwright::Guard {
    setup.file(None).error_file(None).json_file(File::json()).install().expect("it is the first")
}

/// Threads write to the console that the environment names, while forks do the same.
#[cfg(unix)]
pub(super) fn forks(setup: Setup) {
    let _log = setup.file(None).error_file(None).json_file(None).install();
    super::forks::while_threads_write(|n| logwright::info!("record {n}."));
    std::process::exit(0);
}

/// A writer that never comes back from a line that says so.
#[cfg(unix)]
struct Hangs;

#[cfg(unix)]
/// How often it was called.
static WRITTEN: AtomicU32 = AtomicU32::new(0);

#[cfg(unix)]
impl Write for Hangs {
    fn write(&mut self, line: &[u8]) -> std::io::Result<usize> {
        WRITTEN.fetch_add(1, Relaxed);
        if String::from_utf8_lossy(line).contains("for ever") {
            std::thread::sleep(Duration::from_secs(60));
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// A fork while a thread is inside of the writer: it says how long its records took.
#[cfg(unix)]
pub(super) fn hangs(setup: Setup) {
    let _log = only_console_and_json(setup.console(Console::writer(Hangs)));
    let before = WRITTEN.load(Relaxed);
    std::thread::spawn(|| logwright::info!("for ever"));
    while WRITTEN.load(Relaxed) == before {
        std::thread::yield_now();
    }
    if let Fork::Parent(child) = fork().expect("there is room for another process") {
        waitpid(child).expect("it is ours");
        // Its end waits for the thread, a while.
        std::process::exit(0);
    }
    for n in 0..3 {
        let start = Instant::now();
        logwright::info!(n, "in the fork");
        println!("{}", start.elapsed().as_millis());
    }
    std::process::exit(0);
}

/// A writer that panics, or takes a lock that the thread holds which panics.
struct Breaks;

static HELD: Mutex<()> = Mutex::new(());

impl Write for Breaks {
    fn write(&mut self, line: &[u8]) -> std::io::Result<usize> {
        let text = String::from_utf8_lossy(line);
        assert!(!text.contains("panicked at") || !text.contains("while it breaks"), "the console is broken");
        let _held = HELD.lock().unwrap_or_else(PoisonError::into_inner);
        std::io::stdout().write_all(line).map(|()| line.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

pub(super) fn panics(setup: Setup) {
    let _log = only_console_and_json(setup.console(Console::writer(Breaks)));
    std::panic::catch_unwind(|| panic!("while it breaks")).expect_err("it panics");
    std::panic::catch_unwind(|| panic!("while it is well")).expect_err("it panics");
    let held = || {
        let _held = HELD.lock();
        panic!("while it is held");
    };
    std::panic::catch_unwind(held).expect_err("it panics");
    logwright::info!("done");
}
