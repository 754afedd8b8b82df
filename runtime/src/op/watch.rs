//! One watched call: the guard that says how the call ended, and the future that carries the guard of an async one.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use pin_project_lite::pin_project;

use super::outcome::Failure;
use super::site::Site;
use crate::json::Fields;
use crate::level::Level;
use crate::record::Status;
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

/// The same as its record has it.
pub(super) struct Outcome {
    pub(super) level: Level,
    pub(super) status: Status,
    pub(super) failure: Option<Failure>,
    pub(super) result: String,
}

impl Ending {
    /// At the level that the site gives to it, and to a call that took so long.
    pub(super) fn outcome(self, site: &Site, elapsed: Duration) -> Outcome {
        let (mut level, status, failure, result) = match self {
            Self::Returned(None, result) => (site.level, Status::Success, None, result),
            Self::Returned(failure, _) => (site.failure_level, Status::Failure, failure, String::new()),
            Self::Cancelled => (Level::Warning, Status::Cancelled, None, String::new()),
            Self::Panicked => (Level::Error, Status::Panicked, None, String::new()),
        };
        if site.slow.is_some_and(|slow| elapsed >= slow) {
            level = level.max(Level::Warning);
        }
        Outcome { level, status, failure, result }
    }
}

/// What is known of a call while it runs.
pub trait Call {
    /// Makes the call's operation the current one, where it has one.
    fn enter(&self) -> Option<Entered>;

    /// The time spent inside `poll` so far.
    fn busy(&mut self) -> &mut Option<Duration>;

    /// Whether the thread was panicking when the call began.
    fn was_panicking(&self) -> bool;

    /// Writes how the call ended.
    fn end(self: Box<Self>, ending: Ending);
}

/// The guard of a call: one word, and nothing at all where nobody wants its records.
#[derive(Debug)]
pub struct Watch<C: Call>(pub(super) Option<Box<C>>);

impl<C: Call> Watch<C> {
    /// Whether it will write something at the end.
    #[inline]
    pub fn is_live(&self) -> bool {
        self.0.is_some()
    }

    /// Makes the call's operation the current one, where it has one.
    #[inline]
    pub fn enter(&self) -> Option<Entered> {
        self.0.as_ref().and_then(|call| call.enter())
    }

    /// Writes how a call that returned ended; `describe` is asked only if anything is written.
    #[inline]
    pub fn finish<R: ?Sized>(
        mut self,
        returned: &R,
        describe: impl FnOnce(&R, &mut Fields) -> Option<Failure>,
    ) {
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

    /// Only the first end counts.
    fn end(&mut self, ending: Ending) {
        if let Some(call) = self.0.take() {
            call.end(ending);
        }
    }
}

/// The guard's own scope is left: by a panic, or at the end of a body whose value nobody asked for.
impl<C: Call> Drop for Watch<C> {
    #[inline]
    fn drop(&mut self) {
        if let Some(call) = self.0.take() {
            let panicked = std::thread::panicking() && !call.was_panicking();
            call.end(if panicked { Ending::Panicked } else { Ending::Returned(None, String::new()) });
        }
    }
}

pin_project! {
    /// The body of an async function, watched from its first poll to its end.
    ///
    /// A future that is dropped while it is being polled panicked; one dropped between polls was cancelled.
    #[derive(Debug)]
    pub struct Watched<F, C: Call, D> {
        #[pin]
        body: Option<F>,
        watch: Watch<C>,
        describe: Option<D>,
        polling: bool,
    }

    impl<F, C: Call, D> PinnedDrop for Watched<F, C, D> {
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

impl<F, C, D> Watched<F, C, D>
where
    F: Future,
    C: Call,
    D: FnOnce(&F::Output, &mut Fields) -> Option<Failure>,
{
    /// Watches `body` with a guard that has just been started.
    #[inline]
    pub fn new(watch: Watch<C>, body: F, describe: D) -> Self {
        Self { body: Some(body), watch, describe: Some(describe), polling: false }
    }
}

impl<F, C, D> Future for Watched<F, C, D>
where
    F: Future,
    C: Call,
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
        if let Some(call) = &mut this.watch.0 {
            *call.busy().get_or_insert_default() += began.elapsed();
        }
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
