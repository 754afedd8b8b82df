//! Many threads, and many processes, that write at once.

use logwright::{Console, File, Setup};

use crate::writes::{number, only_json};

/// Eight threads with `RECORDS` each.
pub(super) fn crowd(setup: Setup) {
    let _log = only_json(setup);
    let records = number("RECORDS").expect("a number");
    std::thread::scope(|threads| {
        for writer in 0..8 {
            threads.spawn(move || (0..records).for_each(|n| logwright::info!(writer, n, "record")));
        }
    });
}

/// The filter is replaced again and again while threads write.
pub(super) fn reloads(setup: Setup) {
    let json = File::json().keep(0);
    let log = setup.console(Console::off()).file(None).error_file(None).json_file(json).install();
    let log = log.expect("it is the first");
    std::thread::scope(|threads| {
        let writers = [0, 1, 2, 3].map(|writer| {
            threads.spawn(move || {
                for n in 0..1000 {
                    logwright::info!(writer, n, "record");
                    logwright::debug!(writer, n, "detail");
                }
            })
        });
        let mut reloads = 0_u32;
        while writers.iter().any(|writer| !writer.is_finished()) {
            reloads += 1;
            log.set_filter(if reloads.is_multiple_of(2) { "info" } else { "debug" }).expect("it can be read");
        }
        println!("{reloads}");
    });
}
