//! One watched call: the guard that says how the call ended, and the future that carries the guard of an async one.

use std::panic::{RefUnwindSafe, UnwindSafe};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use pin_project_lite::pin_project;

use super::outcome::Failure;
use super::site::Site;
use crate::json::Fields;
use crate::level::Level;
use crate::record::Status;

/// How a call ended.
#[derive(Debug)]
pub enum Ending {
    /// It returned; what is known of the error, if it returned one.
    Returned(Option<Failure>),
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
}

impl Ending {
    /// At the level that the site gives to it, and to a call that took so long.
    pub(super) fn outcome(self, site: &Site, elapsed: Duration) -> Outcome {
        let (mut level, status, failure) = match self {
            Self::Returned(None) => (site.level, Status::Success, None),
            Self::Returned(failure) => (site.failure_level, Status::Failure, failure),
            Self::Cancelled => (Level::Warning, Status::Cancelled, None),
            Self::Panicked => (Level::Error, Status::Panicked, None),
        };
        if site.slow.is_some_and(|slow| elapsed >= slow) {
            level = level.max(Level::Warning);
        }
        Outcome { level, status, failure }
    }
}

/// The time that a call has spent inside `poll`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Busy {
    pub(super) total: Option<Duration>,
    since: Option<Instant>,
}

impl Busy {
    #[inline(never)]
    fn pause(&mut self) {
        if let Some(since) = self.since.take() {
            *self.total.get_or_insert_default() += since.elapsed();
        }
    }
}

/// What is known of a call while it runs.
pub trait Call {
    /// What keeps the call's operation the current one, where it has one.
    type Entered;

    /// Makes the call's operation the current one, where it has one.
    fn enter(&self) -> Self::Entered;

    /// The time spent inside `poll`.
    fn busy(&mut self) -> &mut Busy;

    /// Whether the thread was panicking when the call began.
    fn was_panicking(&self) -> bool;

    /// Takes the fields of the result, where the record has such.
    fn set_result(&mut self, _: Fields) {}

    /// Writes how the call ended.
    fn end(self: Box<Self>, ending: Ending);
}

/// The guard of a call: one word, and nothing at all where nobody wants its records.
#[derive(Debug)]
pub struct Watch<C: Call>(pub(super) Option<Box<C>>);

/// A panic leaves nothing of a guard half-done that is looked at again, so a watched future is as safe as its body.
impl<C: Call> UnwindSafe for Watch<C> {}
impl<C: Call> RefUnwindSafe for Watch<C> {}

impl<C: Call> Watch<C> {
    /// Whether it will write something at the end.
    #[inline]
    pub fn is_live(&self) -> bool {
        self.0.is_some()
    }

    /// Makes the call's operation the current one, where it has one.
    #[inline]
    pub fn enter(&self) -> Option<C::Entered> {
        self.0.as_ref().map(|call| call.enter())
    }

    /// Writes how a call that returned ended; `failure` is asked only if anything is written.
    #[inline]
    pub(super) fn close(self, failure: impl FnOnce() -> Option<Failure>) {
        if self.is_live() {
            self.closed(failure);
        } else {
            // Nothing is left to be dropped; where nobody listens, that saves looking.
            std::mem::forget(self);
        }
    }

    /// Writes that a call that cannot fail is over.
    #[inline]
    pub fn done(self) {
        self.close(|| None);
    }

    #[inline(never)]
    fn closed(mut self, failure: impl FnOnce() -> Option<Failure>) {
        self.end(Ending::Returned(failure()));
    }

    /// Takes the fields of the result.
    pub fn set_result(&mut self, fill: impl FnOnce(&mut Fields)) {
        if let Some(call) = &mut self.0 {
            let mut fields = Fields::default();
            fill(&mut fields);
            call.set_result(fields);
        }
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
            dropped(call);
        }
    }
}

/// Out of line, as a function may have many ways out.
#[cold]
#[inline(never)]
fn dropped<C: Call>(call: Box<C>) {
    let panicked = std::thread::panicking() && !call.was_panicking();
    call.end(if panicked { Ending::Panicked } else { Ending::Returned(None) });
}

pin_project! {
    /// The body of an async function, watched from its first poll to its end. Its output comes with the guard, which
    /// is then to be told how the call ended.
    ///
    /// A future that is dropped while it is being polled panicked; one dropped between polls was cancelled.
    #[derive(Debug)]
    pub struct Watched<F, C: Call> {
        #[pin]
        body: Option<F>,
        watch: Watch<C>,
        polling: bool,
    }

    impl<F, C: Call> PinnedDrop for Watched<F, C> {
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

impl<F: Future, C: Call> Watched<F, C> {
    /// Watches `body` with a guard that has just been started.
    #[inline]
    pub fn new(watch: Watch<C>, body: F) -> Self {
        Self { body: Some(body), watch, polling: false }
    }
}

impl<F: Future, C: Call> Future for Watched<F, C> {
    type Output = (Watch<C>, F::Output);

    /// The body is polled at one place, and all else is out of line: this is instantiated for each function.
    #[inline]
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let body = this.body.as_pin_mut().expect("a future is not polled after it is dropped");
        let entered = this.watch.0.as_deref_mut().map(resume);
        *this.polling = true;
        let polled = body.poll(context);
        *this.polling = false;
        drop(entered);
        if let Some(call) = &mut this.watch.0 {
            call.busy().pause();
        }
        polled.map(|output| (Watch(this.watch.0.take()), output))
    }
}

#[inline(never)]
fn resume<C: Call>(call: &mut C) -> C::Entered {
    call.busy().since = Some(Instant::now());
    call.enter()
}
