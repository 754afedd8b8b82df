//! One watched call: a guard that says how the call ended, and the future that carries the guard of an async one.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use pin_project_lite::pin_project;

use super::outcome::Failure;
use crate::json::Fields;
use crate::scope::Entered;

/// How a call ended.
#[derive(Debug)]
pub enum Ending {
    /// It returned; the error, if that was one, and the fields of its result as a JSON object.
    Returned(Option<Failure>, String),
    /// Its future was dropped before it was done.
    Cancelled,
    /// It panicked.
    Panicked,
}

/// The guard of a watched call. It does nothing where nobody wants its records.
pub trait Watch {
    /// Whether it will write something at the end.
    fn is_live(&self) -> bool;

    /// Makes the call's operation the current one, where it has one.
    fn enter(&self) -> Option<Entered>;

    /// Adds time spent inside `poll`.
    fn add_busy(&mut self, time: Duration);

    /// Writes how the call ended; only the first call of this has a meaning.
    fn end(&mut self, ending: Ending);

    /// The same for a call that returned; `describe` is asked only if anything is written.
    #[inline]
    fn finish<R: ?Sized>(mut self, returned: &R, describe: impl FnOnce(&R, &mut Fields) -> Option<Failure>)
    where
        Self: Sized,
    {
        if self.is_live() {
            self.conclude(returned, describe);
        }
        // Nothing is left to be dropped; where nobody listens, that saves looking.
        std::mem::forget(self);
    }

    /// The same, where the guard cannot be had by value.
    fn conclude<R: ?Sized>(
        &mut self,
        returned: &R,
        describe: impl FnOnce(&R, &mut Fields) -> Option<Failure>,
    ) {
        let mut result = Fields::default();
        let failure = describe(returned, &mut result);
        self.end(Ending::Returned(failure, result.finish()));
    }
}

/// How a guard's own scope is being left: by a panic, or by the end of a body whose value nobody asked for.
pub(super) fn left(was_panicking: bool) -> Ending {
    if std::thread::panicking() && !was_panicking {
        Ending::Panicked
    } else {
        Ending::Returned(None, String::new())
    }
}

pin_project! {
    /// The body of an async function, watched from its first poll to its end.
    ///
    /// A future that is dropped while it is being polled panicked; one dropped between polls was cancelled.
    #[derive(Debug)]
    pub struct Watched<F, W: Watch, D> {
        #[pin]
        body: Option<F>,
        watch: W,
        describe: Option<D>,
        polling: bool,
    }

    impl<F, W: Watch, D> PinnedDrop for Watched<F, W, D> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            if this.watch.is_live() {
                // What the body holds is dropped inside its operation, and ends before it.
                let _entered = this.watch.enter();
                this.body.set(None);
                this.watch.end(if *this.polling { Ending::Panicked } else { Ending::Cancelled });
            }
        }
    }
}

impl<F, W, D> Watched<F, W, D>
where
    F: Future,
    W: Watch,
    D: FnOnce(&F::Output, &mut Fields) -> Option<Failure>,
{
    /// Watches `body` with a guard that has just been started.
    #[inline]
    pub fn new(watch: W, body: F, describe: D) -> Self {
        Self { body: Some(body), watch, describe: Some(describe), polling: false }
    }
}

impl<F, W, D> Future for Watched<F, W, D>
where
    F: Future,
    W: Watch,
    D: FnOnce(&F::Output, &mut Fields) -> Option<Failure>,
{
    type Output = F::Output;

    #[inline]
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let mut this = self.project();
        let body = this.body.as_mut().as_pin_mut().expect("a future is not polled after it is ready");
        if !this.watch.is_live() {
            return body.poll(context);
        }
        let entered = this.watch.enter();
        let began = Instant::now();
        *this.polling = true;
        let polled = body.poll(context);
        *this.polling = false;
        this.watch.add_busy(began.elapsed());
        if let Poll::Ready(output) = &polled {
            this.body.set(None);
            drop(entered);
            if let Some(describe) = this.describe.take() {
                this.watch.conclude(output, describe);
            }
        }
        polled
    }
}
