//! Writes numbered records until it is ended. Of each it says on standard output, by one byte, what became of it when
//! its call had returned: `-` it is lost, `+` it is not. So whoever ends it knows what must be in the files.

use std::io::Write;

use logwright::{Console, File, Guard, Setup};

use crate::modes::with_mode;

/// A number from the environment.
pub(crate) fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().expect("a number"))
}

/// JSON lines alone, as large and as many files as the environment says.
pub(crate) fn only_json(setup: Setup) -> Guard {
    let mut file = File::json().keep(9999);
    if let Some(bytes) = number("MAX_BYTES") {
        file = file.max_bytes(bytes);
    }
    if let Some(files) = number("KEEP") {
        file = file.keep(files.try_into().expect("not so many"));
    }
    if std::env::var_os("DAILY").is_some() {
        file = file.daily();
    }
    let setup = setup.console(Console::off()).file(None).error_file(None).json_file(file);
    with_mode(setup).install().expect("it is the first")
}

/// Up to `RECORDS` of them, each with a text of `BYTES`, named by the number of this `WRITER`.
pub(crate) fn writes(setup: Setup) {
    let log = only_json(setup);
    let (writer, most) = (number("WRITER").unwrap_or(0), number("RECORDS").unwrap_or(u64::MAX));
    let text = "x".repeat(number("BYTES").unwrap_or(0).try_into().expect("a size"));
    let pause = number("PAUSE_US").map(std::time::Duration::from_micros);
    let mut lost = log.stats()[0].lost();
    for n in 0..most {
        logwright::info!(writer, n, text, "record");
        let before = std::mem::replace(&mut lost, log.stats()[0].lost());
        // Nobody to tell is the end.
        if std::io::stdout().write_all(if lost > before { b"-" } else { b"+" }).is_err() {
            return;
        }
        let _ = std::io::stdout().flush();
        pause.into_iter().for_each(std::thread::sleep);
    }
}
