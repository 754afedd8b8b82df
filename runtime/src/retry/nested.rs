//! Whether a retry runs inside a further attempt of another: then their attempts multiply, which the records of the
//! inner one say. The mark is set from an outer call's second attempt on, where it matters; a call that
//! succeeds at once does not pay for it.

use std::cell::Cell;
use std::pin::Pin;
use std::task::{Context, Poll};

thread_local! {
    static AGAIN: Cell<bool> = const { Cell::new(false) };
}

/// Whether this code runs inside a further attempt.
pub(super) fn is_nested() -> bool {
    AGAIN.get()
}

/// Marks the thread until dropped, there.
#[derive(Debug)]
pub(super) struct Again {
    outer: bool,
}

impl Again {
    pub(super) fn enter() -> Self {
        Self { outer: AGAIN.replace(true) }
    }
}

impl Drop for Again {
    fn drop(&mut self) {
        AGAIN.set(self.outer);
    }
}

pin_project_lite::pin_project! {
    /// An async attempt: the thread is marked while it is polled, as tasks take turns on it.
    #[derive(Debug)]
    pub struct Running<F> {
        is_further: bool,
        #[pin]
        attempt: F,
    }
}

impl<F> Running<F> {
    #[inline]
    pub(super) fn new(is_further: bool, attempt: F) -> Self {
        Self { is_further, attempt }
    }
}

impl<F: Future> Future for Running<F> {
    type Output = F::Output;

    #[inline]
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        let _again = this.is_further.then(Again::enter);
        this.attempt.poll(context)
    }
}
