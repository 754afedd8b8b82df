//! The functions that are measured. All do the same work; what is written above them differs.

use std::hint::black_box;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::Instant;

use logwright::{log_time, structured_op};
use tracing::instrument;

#[inline(never)]
pub(crate) fn plain(a: u64, b: u64) -> u64 {
    black_box(black_box(a).wrapping_add(black_box(b)))
}

#[inline(never)]
#[log_time]
pub(crate) fn timed(a: u64, b: u64) -> u64 {
    black_box(black_box(a).wrapping_add(black_box(b)))
}

#[inline(never)]
#[instrument(level = "debug", skip_all)]
pub(crate) fn instrumented(a: u64, b: u64) -> u64 {
    black_box(black_box(a).wrapping_add(black_box(b)))
}

#[inline(never)]
pub(crate) fn timed_by_hand(a: u64, b: u64) -> u64 {
    let started = Instant::now();
    let sum = black_box(black_box(a).wrapping_add(black_box(b)));
    tracing::debug!("add executed in {:.2} seconds", started.elapsed().as_secs_f64());
    sum
}

#[inline(never)]
#[structured_op(context(a, b))]
pub(crate) fn operation(a: u64, b: u64) -> u64 {
    black_box(black_box(a).wrapping_add(black_box(b)))
}

#[inline(never)]
#[instrument]
pub(crate) fn instrumented_with_arguments(a: u64, b: u64) -> u64 {
    black_box(black_box(a).wrapping_add(black_box(b)))
}

#[inline(never)]
#[emit::span("add", a, b)]
pub(crate) fn emitted(a: u64, b: u64) -> u64 {
    let sum = black_box(a).wrapping_add(black_box(b));
    black_box(sum)
}

pub(crate) async fn plain_async(a: u64, b: u64) -> u64 {
    black_box(black_box(a).wrapping_add(black_box(b)))
}

#[log_time]
pub(crate) async fn timed_async(a: u64, b: u64) -> u64 {
    black_box(black_box(a).wrapping_add(black_box(b)))
}

#[instrument(level = "debug", skip_all)]
pub(crate) async fn instrumented_async(a: u64, b: u64) -> u64 {
    black_box(black_box(a).wrapping_add(black_box(b)))
}

/// Makes the future and polls it once, behind a call that is not inlined like those of the plain functions.
#[inline(never)]
pub(crate) fn poll_once<F: Future>(make: impl FnOnce() -> F) -> F::Output {
    match pin!(make()).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => unreachable!("nothing here waits"),
    }
}
