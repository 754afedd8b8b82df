//! Who is measured, each as its documentation shows it, and what of ours it may cost.
//!
//! To add one: a line in the list, and how it is set up beside the others of its kind.

mod logwright;
mod on_log;
mod on_tracing;
mod own;

use std::fmt;
use std::fs::File;
use std::path::Path;

use ::logwright::{Full, MIB, WriteMode};

pub(crate) struct Contender {
    pub(crate) name: &'static str,
    /// What it may cost; nothing for a peer.
    pub(crate) limits: &'static [Limit],
    /// Sets it up to write into the directory; called in a process of its own.
    pub(crate) set_up: fn(&Path) -> Log,
    /// Does what the program's next run would, before the files are looked at.
    pub(crate) recover: fn(&Path),
}

/// What a contender may cost.
pub(crate) enum Limit {
    /// So many nanoseconds of CPU time for a record, whatever the thread.
    Cpu(f64),
    /// So many times as much as the contender of that name.
    CpuOf(&'static str, f64),
    /// A call with a pause before it may take so many nanoseconds: p50, p99 and p99.9.
    Paced([f64; 3]),
    /// So many MiB, however many records come.
    Peak(f64),
    /// No record may be missing after an orderly end.
    Whole,
    /// Nor after an end without warning.
    WholeWhenKilled,
}

use Limit::{Cpu, CpuOf, Paced, Peak, Whole, WholeWhenKilled};

const TRACING_FILE: &str = "tracing fmt, file";

pub(crate) const CONTENDERS: &[Contender] = &[
    ours("logwright Sync", &[CpuOf(TRACING_FILE, 0.8), Peak(64.0), Whole, WholeWhenKilled], |dir| {
        logwright::log(dir, WriteMode::Sync)
    }),
    ours("logwright Buffered", &[Cpu(220.0), Peak(64.0), Whole], |dir| {
        logwright::log(dir, WriteMode::Buffered)
    }),
    ours("logwright Queue", &[Peak(64.0), Whole], |dir| {
        logwright::log(dir, WriteMode::Queue { bytes: 8 * MIB, full: Full::Block })
    }),
    Contender {
        recover: logwright::recover,
        ..ours(
            "logwright Mapped",
            &[Cpu(220.0), Paced([100.0, 300.0, 2000.0]), Peak(64.0), Whole, WholeWhenKilled],
            |dir| logwright::log(dir, WriteMode::Mapped { bytes: 4 * MIB }),
        )
    },
    peer(TRACING_FILE, on_tracing::file),
    peer("tracing fmt, BufWriter", on_tracing::buffered),
    peer("tracing-appender non_blocking", |dir| on_tracing::non_blocking(dir, true)),
    peer("tracing-appender, lossless", |dir| on_tracing::non_blocking(dir, false)),
    peer("env_logger, file", on_log::env_logger),
    peer("flexi_logger Direct", |dir| on_log::flexi_logger(dir, flexi_logger::WriteMode::Direct)),
    peer("flexi_logger BufferAndFlush", |dir| {
        on_log::flexi_logger(dir, flexi_logger::WriteMode::BufferAndFlush)
    }),
    peer("spdlog-rs FileSink", own::spdlog),
    peer("spdlog-rs AsyncPoolSink", own::spdlog_async),
    peer("slog-json, BufWriter", own::slog_buffered),
    peer("slog-json, slog-async", own::slog_async),
    peer("emit_file", own::emit_file),
];

const fn ours(name: &'static str, limits: &'static [Limit], set_up: fn(&Path) -> Log) -> Contender {
    Contender { name, limits, set_up, recover: |_| () }
}

const fn peer(name: &'static str, set_up: fn(&Path) -> Log) -> Contender {
    ours(name, &[], set_up)
}

/// A logger that is ready.
pub(crate) struct Log {
    /// Writes the record of that number.
    pub(crate) write: Box<dyn Fn(u64)>,
    end: Box<dyn FnOnce()>,
}

impl Log {
    fn new(write: impl Fn(u64) + 'static, end: impl FnOnce() + 'static) -> Self {
        Self { write: Box::new(write), end: Box::new(end) }
    }

    /// Returns when all that can be written is in the file.
    pub(crate) fn finish(self) {
        drop(self.write);
        (self.end)();
    }
}

/// What each record says: a hundred bytes, as a downloader would.
struct Page(u64);

impl fmt::Display for Page {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (chapter, page) = (self.0 / 100, self.0 % 100);
        write!(
            f,
            "downloaded page {page} of chapter {chapter} \
             from https://images.example/tower-of-dust/chapter-{chapter}/{page}.jpg"
        )
    }
}

fn open(dir: &Path) -> File {
    let file = File::options().append(true).create(true).open(dir.join("peers.log"));
    file.expect("a directory of our own can be written to")
}
