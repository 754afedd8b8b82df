//! The subscriber that comes with `tracing`, as text.

use std::io::{BufWriter, Write as _};
use std::path::Path;
use std::sync::{Arc, Mutex};

use tracing_appender::non_blocking::NonBlockingBuilder;
use tracing_subscriber::fmt::MakeWriter;

use super::{Log, Page, open};

/// Each line written at once.
pub(super) fn file(dir: &Path) -> Log {
    subscribe(Mutex::new(open(dir)));
    Log::new(say, || ())
}

pub(super) fn buffered(dir: &Path) -> Log {
    let file = Arc::new(Mutex::new(BufWriter::with_capacity(64 * 1024, open(dir))));
    let shared = Shared(Arc::clone(&file));
    subscribe(move || shared.clone());
    Log::new(say, move || file.lock().expect("nothing panics").flush().expect("the disk has room"))
}

/// By another thread, which drops what does not fit into its queue where that may be.
pub(super) fn non_blocking(dir: &Path, is_lossy: bool) -> Log {
    let (writer, guard) = NonBlockingBuilder::default().lossy(is_lossy).finish(open(dir));
    subscribe(writer);
    Log::new(say, || drop(guard))
}

fn say(number: u64) {
    tracing::info!("{}", Page(number));
}

fn subscribe(writer: impl for<'w> MakeWriter<'w> + Send + Sync + 'static) {
    tracing_subscriber::fmt().with_ansi(false).with_writer(writer).init();
}

/// A `Mutex` cannot be written through where it is shared.
#[derive(Clone)]
struct Shared(Arc<Mutex<BufWriter<std::fs::File>>>);

impl std::io::Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("nothing panics").write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.0.lock().expect("nothing panics").flush()
    }
}
