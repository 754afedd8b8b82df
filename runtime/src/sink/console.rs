//! The terminal: short lines for people.

use std::time::Instant;

use super::foreign::Foreign;
use super::{Sink, with_buffer};
use crate::level::Level;
use crate::record::text::{Style, write_short};
use crate::record::{Kind, Record};
use crate::standard::Standard;

pub(crate) struct ConsoleSink {
    pub(crate) style: Style,
    pub(crate) out: Out,
}

pub(crate) enum Out {
    Standard(Standard),
    Foreign(Foreign),
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
            match &self.out {
                Out::Standard(stream) => stream.write(line.as_bytes()),
                Out::Foreign(out) => out.write(line.as_bytes()),
            }
        });
    }

    fn flush(&self, until: Instant) -> u64 {
        if let Out::Foreign(out) = &self.out {
            out.flush(until);
        }
        0
    }
}
