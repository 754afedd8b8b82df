//! A log file: formats each record and has the line delivered to the file.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

#[cfg(all(feature = "mapped", unix))]
use super::Scope;
use super::deliver::{self, Deliver};
use super::format::{Format, Line};
use super::stats::{Counts, SinkStats};
use super::writer::Writer;
use super::{Rotation, Sink, WriteMode, with_buffer};
use crate::error::Error;
use crate::level::Level;
use crate::record::Record;

/// What a file is to be like.
pub(crate) struct Plan<'a> {
    pub(crate) app: &'a str,
    pub(crate) path: PathBuf,
    pub(crate) line: Line,
    pub(crate) level: Level,
    pub(crate) rotation: Rotation,
    pub(crate) mode: WriteMode,
}

pub(crate) struct FileSink {
    name: String,
    level: Level,
    format: Arc<Format>,
    counts: Arc<Counts>,
    delivery: Box<dyn Deliver>,
}

impl FileSink {
    /// Opens the file at once, so that trouble is told at the start; it is tried again with later records.
    pub(crate) fn open(plan: Plan<'_>) -> Self {
        let format = Arc::new(Format::new(plan.line, plan.app));
        let counts = Arc::<Counts>::default();
        let name = plan.path.display().to_string();
        #[cfg(all(feature = "mapped", unix))]
        if plan.rotation.scope == Scope::Runs {
            deliver::recover_runs(&plan.path);
        }
        let open = {
            let (path, format, counts) = (plan.path.clone(), Arc::clone(&format), Arc::clone(&counts));
            move || Writer::open(path.clone(), plan.rotation, Arc::clone(&format), Arc::clone(&counts))
        };
        let delivery = deliver::by(plan.mode, &plan.path, open, &counts);
        Self { name, level: plan.level, format, counts, delivery }
    }
}

impl Sink for FileSink {
    fn level(&self) -> Level {
        self.level
    }

    fn put(&self, record: &Record<'_>) {
        if self.format.wants(record.kind) {
            with_buffer(|line| {
                self.format.push(line, record);
                self.delivery.put(line.as_bytes(), record.level, record.timestamp);
            });
        }
    }

    fn flush(&self, until: Instant) -> u64 {
        self.delivery.flush(until)
    }

    fn close(&self, until: Instant) {
        self.delivery.close(until);
    }

    fn reopen(&self) -> Result<(), Error> {
        self.delivery.with_writer(&mut Writer::reopen)
    }

    fn rotate(&self) -> Result<(), Error> {
        self.delivery.with_writer(&mut Writer::rotate)
    }

    fn stats(&self) -> Option<SinkStats> {
        Some(self.counts.stats(self.name.clone()))
    }
}
