//! Logging from where nobody should: out of a sink, a panic hook, the end of a thread.

use std::cell::Cell;
use std::fmt::{self, Display, Formatter};
use std::io::Write;
use std::sync::atomic::{AtomicU32, Ordering};

use logwright::{Console, Guard, Setup};

/// A console that logs while it is written to, and panics once while it is locked.
struct Talks(u32);

impl Write for Talks {
    fn write(&mut self, line: &[u8]) -> std::io::Result<usize> {
        logwright::error!("out of a sink");
        self.0 += 1;
        assert!(self.0 != 3, "the console is broken");
        std::io::stdout().write_all(line).map(|()| line.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Logs when its thread ends.
struct Late;

impl Drop for Late {
    fn drop(&mut self) {
        logwright::info!("at the end of a thread");
    }
}

thread_local! {
    static LATE: Cell<Option<Late>> = const { Cell::new(None) };
}

pub(super) fn reentry(setup: Setup) {
    let _log = setup.console(Console::writer(Talks(0))).install();
    let previous = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        logwright::info!("in the panic hook");
        previous(info);
    }));
    logwright::info!("while the console panics");
    logwright::info!("after it");
    let thread = || {
        LATE.set(Some(Late));
        logwright::info!("in a thread");
    };
    std::thread::spawn(thread).join().expect("it ends well");
    std::thread::spawn(|| panic!("in a thread")).join().expect_err("it panics");
    logwright::info!("done");
}

/// A value and a message that are counted while three sinks take the record.
pub(super) fn shown_once(setup: Setup) {
    static SHOWN: AtomicU32 = AtomicU32::new(0);
    struct Counts;
    impl Display for Counts {
        fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
            write!(f, "shown {}", SHOWN.fetch_add(1, Ordering::Relaxed))
        }
    }
    /// Can be shown a single time, as what joins the items of an iterator.
    struct Once(Cell<Option<std::vec::IntoIter<u8>>>);
    impl Display for Once {
        fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
            self.0.take().ok_or(fmt::Error)?.try_for_each(|item| write!(f, "{item};"))
        }
    }
    let _log = setup.install();
    logwright::error!(field = %Counts, "{}", Counts);
    tracing::error!(field = %Once(Cell::new(Some(vec![1, 2].into_iter()))), "once");
}

/// The value of a span's field, for which the filter asks, has another thread replace the filter and then logs.
pub(super) fn filter_changes(setup: Setup) {
    struct Changes<'a>(&'a Guard);
    impl fmt::Debug for Changes<'_> {
        fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
            let change = || self.0.set_filter("debug,[span{field=other}]=trace").expect("it can be read");
            std::thread::scope(|threads| _ = threads.spawn(change).join());
            logwright::debug!("while it is shown");
            f.write_str("value")
        }
    }
    let log = setup.filter("info,[span{field=value}]=debug").install().expect("it is the first");
    let span = tracing::info_span!("span", field = ?Changes(&log), later = tracing::field::Empty);
    span.record("later", tracing::field::debug(Changes(&log)));
    logwright::info!("done");
}
