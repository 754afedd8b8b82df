//! Scenarios of log files: how they grow, move, go and fail.

use logwright::{Console, File, Level, Setup};

use crate::modes::with_mode;

pub(super) fn rotation(setup: Setup) {
    let file = || File::text().max_bytes(4096).keep(3);
    let _log = setup
        .console(Console::off())
        .file(file())
        .error_file(None)
        .json_file(File::json().max_bytes(1 << 20).keep(0))
        .install();
    std::thread::scope(|threads| {
        for thread in 0..4 {
            threads.spawn(move || {
                for n in 0..50 {
                    logwright::info!(thread, n, "{}", "x".repeat(60));
                }
            });
        }
    });
    logwright::info!("{}", "y".repeat(10_000));
}

/// Older files go by their age at the start, and by their size when there are new ones.
pub(super) fn retention(setup: Setup) {
    let hour = std::time::Duration::from_secs(60 * 60);
    let file = File::text().max_bytes(4096).keep(1000).max_age(hour).max_total_bytes(3 * 4096);
    let _log = setup.console(Console::off()).file(file).error_file(None).json_file(None).install();
    if std::env::var_os("ROTATE").is_some() {
        (0..200).for_each(|n| logwright::info!(n, "{}", "x".repeat(60)));
    }
}

/// Limits of nothing.
pub(super) fn zeros(setup: Setup) {
    let file = File::json().max_bytes(0).max_age(std::time::Duration::ZERO).max_total_bytes(0);
    let setup = setup.console(Console::off()).file(None).error_file(None).json_file(file);
    let _log = with_mode(setup).install();
    (0..10_u32).for_each(|n| logwright::info!(n, "record"));
}

/// A file for each day, and others where a day has many records.
pub(super) fn daily(setup: Setup) {
    let file = File::json().max_bytes(40_000).keep(60).daily();
    let unrotated = File::text().keep(0).daily();
    let _log = setup.console(Console::off()).file(unrotated).error_file(None).json_file(file).install();
    let records = std::env::var("RECORDS").ok().and_then(|records| records.parse().ok()).unwrap_or(0);
    (0..records).for_each(|n| logwright::info!("record {n}"));
}

/// Older files are compressed while the program goes on; it ends when they are.
pub(super) fn compressed(setup: Setup) {
    let dir = std::env::args().nth(2).expect("the directory is an argument");
    let file = File::json().max_bytes(20_000).keep(1000).compress();
    let _log = setup.console(Console::off()).file(None).error_file(None).json_file(file).install();
    let records = std::env::var("RECORDS").ok().and_then(|records| records.parse().ok()).unwrap_or(0);
    (0..records).for_each(|n| logwright::info!("record {n}"));
    let is_plain =
        |name: &str| name.starts_with("program.jsonl.") && !name.ends_with(".gz") && !name.ends_with(".1");
    let waits = || {
        let entries =
            std::fs::read_dir(&dir).expect("it is there").map(|entry| entry.expect("it can be read"));
        entries.map(|entry| entry.file_name().into_string().expect("it is text")).any(|name| is_plain(&name))
    };
    let give_up = std::time::Instant::now() + std::time::Duration::from_secs(60);
    while waits() && std::time::Instant::now() < give_up {
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
}

/// The directory comes and goes while the program logs.
pub(super) fn outage(setup: Setup) {
    let log = setup.console(Console::off()).file(None).error_file(None).install().expect("it is the first");
    let dir = std::env::args().nth(2).expect("the directory is an argument");
    for n in 0..30 {
        if n == 10 {
            std::fs::remove_file(&dir).expect("the obstacle is a file");
        }
        if n % 3 == 0 {
            logwright::error!("record {n}");
        } else {
            logwright::info!("record {n}");
        }
        std::thread::sleep(std::time::Duration::from_millis(30));
    }
    for file in log.stats() {
        let lost = [Level::Info, Level::Error].map(|level| file.lost_at(level));
        println!("{} {} {lost:?}", file.written(), file.lost());
    }
}

/// Files are rotated, moved away and opened anew, as an operator does it.
pub(super) fn control(setup: Setup) {
    let log = setup.console(Console::off()).error_file(None).json_file(None).install();
    let log = log.expect("it is the first");
    let path = std::path::PathBuf::from(log.stats()[0].name());
    logwright::info!("one");
    log.rotate().expect("nothing is in the way");
    logwright::info!("two");
    std::fs::rename(&path, path.with_file_name("aside")).expect("it is there");
    logwright::info!("three");
    log.reopen().expect("nothing is in the way");
    logwright::info!("four");
    std::fs::create_dir(path.with_file_name("program.log.1.away")).expect("it is free");
    std::fs::rename(path.with_file_name("program.log.1"), path.with_file_name("first")).expect("it is there");
    std::fs::rename(path.with_file_name("program.log.1.away"), path.with_file_name("program.log.1"))
        .expect("it is free");
    println!("{}", log.rotate().expect_err("a directory is in the way"));
    logwright::info!("five");
    println!("{}", log.stats()[0]);
}

/// The file is taken away, as `logrotate` does it, while the program logs.
pub(super) fn moved(setup: Setup) {
    let _log = setup.console(Console::off()).file(None).error_file(None).install();
    let dir = std::env::args().nth(2).expect("the directory is an argument");
    let path = std::path::Path::new(&dir).join("program.jsonl");
    for n in 0..300 {
        if n == 100 {
            std::fs::rename(&path, path.with_extension("moved")).expect("the file is there");
        }
        logwright::info!("record {n}");
    }
}

/// One of several processes that rotate the same file.
pub(super) fn shared(setup: Setup) {
    let file = File::json().max_bytes(40_000).keep(60);
    let _log = setup.console(Console::off()).file(None).error_file(None).json_file(file).install();
    for n in 0..2000 {
        logwright::info!("record {n}");
    }
}

/// A run with files of its own; ends when its input does.
pub(super) fn runs(setup: Setup) {
    let number = |name| std::env::var(name).ok().and_then(|number| number.parse().ok());
    let file = || File::text().max_bytes(4096).keep(number("KEEP").unwrap_or(3));
    let setup = setup.console(Console::off()).run_files(true).file(file()).error_file(file());
    let mapped = logwright::WriteMode::Mapped { bytes: 4 << 20 };
    let is_mapped = std::env::var_os("MODE").is_some_and(|mode| mode == "mapped");
    let setup = if is_mapped { setup.write_mode(mapped) } else { setup };
    let log = setup.install().expect("it is the first");
    (0..number("RECORDS").unwrap_or(1)).for_each(|n| logwright::error!(n, "{}", "x".repeat(60)));
    println!("{}", log.stats()[0].name());
    std::io::copy(&mut std::io::stdin(), &mut std::io::sink()).expect("it ends");
    logwright::info!("the end");
}

/// Logs each line of its input, and says when it is done.
pub(super) fn hangup(setup: Setup) {
    let _log = setup.console(Console::off()).file(None).error_file(None).install().expect("it is the first");
    println!("ready");
    for line in std::io::stdin().lines() {
        logwright::info!("{}", line.expect("it is text"));
        println!("done");
    }
}

/// Threads log and rotate until the input ends.
pub(super) fn hangup_storm(setup: Setup) {
    use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
    let file = File::json().max_bytes(20_000).keep(9999);
    let setup = setup.console(Console::off()).file(None).error_file(None).json_file(file).reopen_on_hangup();
    let log = setup.install().expect("it is the first");
    let is_over = AtomicBool::new(false);
    let work = &|thread: usize| {
        let mut records = 0;
        while !is_over.load(SeqCst) {
            logwright::info!(thread, "record {records}");
            records += 1;
            if records % 100 == 0 {
                log.rotate().expect("nothing is in the way");
            }
            std::thread::sleep(std::time::Duration::from_micros(100));
        }
        records
    };
    println!("ready");
    let records: u64 = std::thread::scope(|threads| {
        let all: Vec<_> = (0..4).map(|thread| threads.spawn(move || work(thread))).collect();
        std::io::copy(&mut std::io::stdin(), &mut std::io::sink()).expect("it ends");
        is_over.store(true, SeqCst);
        all.into_iter().map(|thread| thread.join().expect("it ends")).sum()
    });
    println!("{records}");
}

/// Ends when an older file has been compressed that was there before.
pub(super) fn compressed_as_configured(setup: Setup) {
    let dir = std::env::args().nth(2).expect("the directory is an argument");
    let packed = std::path::Path::new(&dir).join("program.log.2.gz");
    let _log = setup.console(Console::off()).install();
    let give_up = std::time::Instant::now() + std::time::Duration::from_secs(60);
    while !packed.exists() && std::time::Instant::now() < give_up {
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
}
