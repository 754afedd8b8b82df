//! What every record has from the moment, the thread and the place at which it is made.

use std::borrow::Cow;
use std::cell::Cell;

use tracing_core::Metadata;

use crate::digits::push_u64;
use crate::record::{Record, Timestamp, limits};
use crate::{process, random, scope};

thread_local! {
    static HERE: Cell<Here> = const { Cell::new(Here { thread: String::new(), src: String::new() }) };
}

/// The texts of it, which a thread keeps: its name, and a buffer.
#[derive(Default)]
pub(crate) struct Here {
    thread: String,
    src: String,
}

impl Here {
    fn go_to(&mut self, metadata: &Metadata<'_>) {
        self.src.clear();
        if let Some((file, line)) = metadata.file().zip(metadata.line()) {
            self.src.push_str(file);
            self.src.push(':');
            push_u64(&mut self.src, line.into());
        }
        if self.thread.is_empty() {
            self.thread = thread_name();
        }
    }

    /// Completes a record and keeps it within the limits.
    #[inline]
    pub(crate) fn complete<'a>(&'a self, record: &mut Record<'a>, metadata: &Metadata<'a>) {
        // One that carries no ids of its own belongs to the operation that it is written in.
        if record.op_id.is_none()
            && let Some(ids) = scope::ids()
        {
            record.op_id = Some(ids.op);
            record.parent_id = ids.parent;
            record.trace_id = Some(ids.trace);
            record.depth = Some(ids.depth);
        }
        record.logger = Cow::Borrowed(metadata.target());
        record.run = Some(random::run());
        record.pid = Some(process::id());
        record.thread = Some(Cow::Borrowed(&self.thread));
        record.src = some(&self.src);
        record.timestamp = Timestamp::now();
        limits::apply(record);
    }
}

/// Lends what completes a record that is made at that place.
pub(crate) fn lend(metadata: &Metadata<'_>, make: impl FnOnce(&Here)) {
    // Taken, not borrowed: a sink may log.
    let mut here = HERE.try_with(Cell::take).unwrap_or_default();
    here.go_to(metadata);
    make(&here);
    let _ = HERE.try_with(|kept| kept.set(here));
}

/// A record of this moment and this thread, for what no site has made.
pub(crate) fn record() -> Record<'static> {
    Record {
        timestamp: Timestamp::now(),
        run: Some(random::run()),
        pid: Some(process::id()),
        thread: Some(thread_name().into()),
        ..Record::default()
    }
}

/// A text of a record. One that is missing is empty elsewhere.
pub(crate) fn some(text: &str) -> Option<Cow<'_, str>> {
    (!text.is_empty()).then_some(Cow::Borrowed(text))
}

/// The name of this thread, or its number where it has none.
fn thread_name() -> String {
    let thread = std::thread::current();
    thread.name().map_or_else(|| format!("{:?}", thread.id()), str::to_owned)
}
