//! Keeps what one watched call needed for the next one on the same thread, so that a call allocates nothing once
//! its thread is warm.

use std::cell::RefCell;

/// Boxes that are free. Boxed, so that a guard that watches nothing is one word.
pub(super) struct Pool<T>(RefCell<Vec<Box<T>>>);

/// A thread keeps this many: more than calls are nested, fewer than tasks may be finished at once.
const KEPT: usize = 64;

impl<T> Pool<T> {
    pub(super) const fn new() -> Self {
        Self(RefCell::new(Vec::new()))
    }

    pub(super) fn take(&self) -> Option<Box<T>> {
        self.0.borrow_mut().pop()
    }

    pub(super) fn give(&self, item: Box<T>) {
        let mut free = self.0.borrow_mut();
        if free.len() < KEPT {
            free.push(item);
        }
    }
}
