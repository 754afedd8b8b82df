//! The subscribers under which calls are measured. A process has one, set up once; files go with their directory.

use std::fs::File;
use std::io;
use std::sync::Mutex;
use std::time::Duration;

use logwright::{Console, Level, Setup};
use tempfile::TempDir;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::format::FmtSpan;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

/// A subscriber that wants what the directives say.
pub(crate) fn filter(directives: &str) {
    tracing_subscriber::registry().with(EnvFilter::new(directives)).init();
}

/// Logwright with a console that goes nowhere.
pub(crate) fn logwright_text(level: Level) {
    install(nothing().level(level).console(Console::writer(io::sink()).color(logwright::Color::Never)));
}

/// Logwright with its text file alone, at level DEBUG.
pub(crate) fn logwright_file() -> TempDir {
    let dir = temporary();
    install(nothing().level(Level::Debug).dir(dir.path()).file(logwright::File::text().keep(0)));
    dir
}

/// Logwright with its JSON file alone.
pub(crate) fn logwright_json() -> TempDir {
    let dir = temporary();
    install(nothing().dir(dir.path()).json_file(logwright::File::json().keep(0)));
    dir
}

fn nothing() -> Setup {
    logwright::setup("peers").console(Console::off()).file(None).error_file(None).json_file(None)
}

fn install(setup: Setup) {
    // Dropped at once: logging goes on.
    drop(setup.install().expect("the first subscriber of this process"));
}

/// Tracing's text, a line when a span is closed, into nowhere.
pub(crate) fn tracing_text() {
    tracing_subscriber::fmt()
        .with_max_level(tracing::Level::DEBUG)
        .with_ansi(false)
        .with_span_events(FmtSpan::CLOSE)
        .with_writer(io::sink)
        .init();
}

/// The same into a file, each line written at once.
pub(crate) fn tracing_file() -> TempDir {
    let (dir, file) = temporary_file();
    tracing_subscriber::fmt()
        .with_max_level(tracing::Level::DEBUG)
        .with_ansi(false)
        .with_span_events(FmtSpan::CLOSE)
        .with_writer(Mutex::new(file))
        .init();
    dir
}

/// Tracing's JSON into a file, a line when a span is made and one when it is closed.
pub(crate) fn tracing_json() -> TempDir {
    let (dir, file) = temporary_file();
    tracing_subscriber::fmt()
        .json()
        .with_span_events(FmtSpan::NEW | FmtSpan::CLOSE)
        .with_writer(Mutex::new(file))
        .init();
    dir
}

/// Calls `body` with `emit_file` set up, and waits for its thread before the files go.
pub(crate) fn with_emit_file<T>(body: impl FnOnce() -> T) -> T {
    let dir = temporary();
    let emit = emit::setup().emit_to(emit_file::set(dir.path().join("peers.txt")).spawn()).init();
    let result = body();
    emit.blocking_flush(Duration::from_secs(5));
    result
}

fn temporary_file() -> (TempDir, File) {
    let dir = temporary();
    let file = File::options().append(true).create(true).open(dir.path().join("peers.log"));
    (dir, file.expect("a directory of our own can be written to"))
}

/// Beside the build, on a disk: where temporary files usually are may be memory.
fn temporary() -> TempDir {
    TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).expect("the build's directory can be written to")
}
