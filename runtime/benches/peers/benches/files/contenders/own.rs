//! Loggers with macros of their own.

use std::io::BufWriter;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use slog::Drain as _;
use slog_json::Json;
use spdlog::sink::{AsyncPoolSink, FileSink, Sink};
use spdlog::{Logger, ThreadPool};

use super::{Log, Page, open};

/// Buffers of 8 KiB, which are not written before they are full.
pub(super) fn spdlog(dir: &Path) -> Log {
    spdlog_into(file_sink(dir), || ())
}

/// By another thread, which makes callers wait where its queue is full.
pub(super) fn spdlog_async(dir: &Path) -> Log {
    let pool = ThreadPool::builder().build_arc().expect("a thread can be started");
    let sink = AsyncPoolSink::builder().sink(file_sink(dir)).thread_pool(Arc::clone(&pool)).build_arc();
    // Where it is dropped it waits for its thread.
    spdlog_into(sink.expect("a sink of a file"), || drop(pool))
}

fn file_sink(dir: &Path) -> Arc<dyn Sink> {
    FileSink::builder()
        .path(dir.join("peers.log"))
        .build_arc()
        .expect("a directory of our own can be written to")
}

fn spdlog_into(sink: Arc<dyn Sink>, end: impl FnOnce() + 'static) -> Log {
    let logger = Arc::new(Logger::builder().sink(sink).build().expect("a logger without a name"));
    let kept = Arc::clone(&logger);
    let end = move || {
        kept.flush();
        drop(kept);
        end();
    };
    Log::new(move |number| spdlog::info!(logger: logger, "{}", Page(number)), end)
}

pub(super) fn slog_buffered(dir: &Path) -> Log {
    let file = BufWriter::with_capacity(64 * 1024, open(dir));
    slog_by(slog::Logger::root(Mutex::new(Json::default(file)).fuse(), slog::o!()))
}

/// By another thread, which drops what does not fit into its queue.
pub(super) fn slog_async(dir: &Path) -> Log {
    let json = Json::default(BufWriter::with_capacity(64 * 1024, open(dir)));
    let sender = slog_async::Async::new(json.fuse()).build();
    slog_by(slog::Logger::root(sender.fuse(), slog::o!()))
}

/// What is written is in the file when the logger is dropped.
fn slog_by(logger: slog::Logger) -> Log {
    Log::new(move |number| slog::info!(logger, "{}", Page(number)), || ())
}

/// By another thread, which drops all that waits where its queue is full.
pub(super) fn emit_file(dir: &Path) -> Log {
    let emitter = emit_file::set(dir.join("peers.txt")).spawn();
    let emit = emit::setup().emit_to(emitter).init();
    let say = |number| {
        let page = Page(number);
        emit::info!("{page}");
    };
    Log::new(say, move || {
        emit.blocking_flush(Duration::from_secs(30));
    })
}
