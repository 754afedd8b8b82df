//! Does what it is told on standard input, a line at a time, and answers each by a line: a test says what happens when.

use logwright::{Guard, Setup};

use crate::writes::only_json;

pub(super) fn obeys(setup: Setup) {
    let log = only_json(setup);
    println!("ready");
    obey(&log, &mut 0);
}

/// To the end of the input, or of the operation that is told to end. `next` is the number of the next record.
fn obey(log: &Guard, next: &mut u64) {
    // Not for longer than a line takes: an operation reads on.
    let read = || std::io::stdin().lines().next();
    loop {
        let Some(line) = read() else { return };
        let line = line.expect("it can be read");
        let (word, rest) = line.split_once(' ').unwrap_or((&line, ""));
        match word {
            "log" => {
                for _ in 0..rest.parse().expect("a number") {
                    logwright::info!(n = *next, "record");
                    *next += 1;
                }
                println!("done");
            }
            "error" => {
                logwright::error!(n = *next, "record");
                *next += 1;
                println!("done");
            }
            "stats" => {
                let stats = &log.stats()[0];
                let lost =
                    [logwright::Level::Info, logwright::Level::Error].map(|level| stats.lost_at(level));
                println!("{} written, {} lost {lost:?}", stats.written(), stats.lost());
            }
            "rotate" => println!("{:?}", log.rotate()),
            "reopen" => println!("{:?}", log.reopen()),
            "begin" => operation(log, next),
            "end" => return println!("done"),
            other => println!("cannot `{other}`"),
        }
    }
}

/// Takes as long as it is told to.
#[logwright::structured_op]
fn operation(log: &Guard, next: &mut u64) {
    println!("begun");
    obey(log, next);
}
