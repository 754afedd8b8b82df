//! The terminal: short lines for people.

use std::io::Write;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use super::{Sink, lock_until, with_buffer};
use crate::level::Level;
use crate::record::text::{Style, write_short};
use crate::record::{Kind, Record};

pub(crate) struct ConsoleSink {
    pub(crate) style: Style,
    pub(crate) out: Mutex<Box<dyn Write + Send>>,
}

impl Sink for ConsoleSink {
    fn level(&self) -> Level {
        Level::Trace
    }

    fn put(&self, record: &Record<'_>) {
        // Its end says all that its start does.
        if record.kind == Kind::OpStart {
            return;
        }
        with_buffer(|line| {
            write_short(line, record, self.style);
            let mut out = self.out.lock().unwrap_or_else(PoisonError::into_inner);
            // A closed terminal is no reason to stop, and there is no other place to say so.
            let _ = out.write_all(line.as_bytes());
        });
    }

    fn flush(&self, until: Instant) -> u64 {
        // Somebody may be waiting for who reads it, and does not.
        if let Some(mut out) = lock_until(&self.out, until) {
            let _ = out.flush();
        }
        0
    }
}
