//! The writer of a fork. It has none of the threads of its parent, so a lock that one of these held stays locked for ever; and what
//! waits is its parent's. So it opens the file for itself, and so does a fork of a fork.

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::per_process::PerProcess;
use crate::process;
use crate::record::Timestamp;
use crate::sink::writer::Writer;

pub(super) struct InFork {
    /// The process that has opened the file already.
    generation: u32,
    open: Box<dyn Fn() -> Writer + Send + Sync>,
    writer: PerProcess<Mutex<Writer>>,
}

impl InFork {
    pub(super) fn new(open: impl Fn() -> Writer + Send + Sync + 'static) -> Self {
        process::watch_forks();
        // What reads time zones has a lock of its own for the first time, which must not be a thread's of ours.
        let _ = Timestamp::now().local_day();
        Self { generation: process::generation(), open: Box::new(open), writer: PerProcess::new() }
    }

    pub(super) fn is_here(&self) -> bool {
        self.generation != process::generation()
    }

    /// The writer, if this is a fork.
    pub(super) fn writer(&self) -> Option<MutexGuard<'_, Writer>> {
        if !self.is_here() {
            return None;
        }
        let writer = self.writer.get_or_init(|| Mutex::new((self.open)()));
        Some(writer.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
