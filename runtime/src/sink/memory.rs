//! Keeps records in memory, for tests.

use std::sync::{Arc, Mutex, PoisonError};

use super::Sink;
use crate::level::Level;
use crate::record::Record;

#[derive(Clone, Default)]
pub(crate) struct MemorySink(Arc<Mutex<Vec<Record<'static>>>>);

impl MemorySink {
    pub(crate) fn take(&self) -> Vec<Record<'static>> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Sink for MemorySink {
    fn level(&self) -> Level {
        Level::Trace
    }

    fn put(&self, record: &Record<'_>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(record.clone().into_owned());
    }
}
