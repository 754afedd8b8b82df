//! What a retry costs.

use logwright::Level;

use super::Limit::{Allocations, Plus, TimesOf};
use super::{Group, Limit, ours, peer};
use crate::measure::{Sample, measure};
use crate::retries::{FAILING, Odd, Zero, asynchronous, blocking};
use crate::subjects::poll_once;
use crate::{delays, setups};

/// Of a retry that is not needed.
const NOT_NEEDED: &[Limit] = &[Plus(0.6), TimesOf("backon", 0.76), Allocations(0)];

pub(super) const AT_ONCE: Group = Group {
    title: "retry, success at once",
    cases: &[
        peer("loop by hand", || succeed(blocking::by_hand::<1>)),
        ours("#[retry]", NOT_NEEDED, || succeed(blocking::logwright)),
        peer("backon", || succeed(blocking::backon::<1>)),
        peer("backoff", || succeed(blocking::backoff::<backoff::ExponentialBackoff>)),
        peer("retrying", || succeed(blocking::retrying)),
        peer("the work alone", || succeed(blocking::once)),
    ],
};

pub(super) const AT_ONCE_ASYNC: Group = Group {
    title: "async retry, success at once",
    cases: &[
        peer("loop by hand", || succeed_async(asynchronous::by_hand::<1>)),
        ours("#[retry]", NOT_NEEDED, || succeed_async(asynchronous::logwright)),
        peer("backon", || succeed_async(asynchronous::backon::<1>)),
        peer("backoff", || succeed_async(asynchronous::backoff::<backoff::ExponentialBackoff>)),
        peer("tokio-retry2", || succeed_async(asynchronous::tokio_retry2::<1>)),
        peer("tryhard", || succeed_async(asynchronous::tryhard::<1>)),
        peer("retrying", || succeed_async(asynchronous::retrying)),
        peer("the work alone", || succeed_async(asynchronous::once)),
    ],
};

/// Of three attempts that fail, with nobody who listens: one box for the call, when the first has failed.
const FAILED: &[Limit] = &[Allocations(1)];
/// And where each of them is told: two for each.
const FAILED_AND_TOLD: &[Limit] = &[Allocations(6)];

pub(super) const ALL_FAIL: Group = Group {
    title: "retry, three attempts fail, no delay",
    cases: &[
        peer("loop by hand", || fail(blocking::by_hand::<0>)),
        ours("#[retry], no subscriber", FAILED, || fail(blocking::logwright_without_delay)),
        ours("#[retry], text into nowhere", FAILED_AND_TOLD, || {
            setups::logwright_text(Level::Info);
            fail(blocking::logwright_without_delay)
        }),
        peer("events by hand, tracing's text", || {
            setups::tracing_text();
            fail(blocking::told_by_hand)
        }),
        peer("backon", || fail(blocking::backon::<0>)),
        peer("backoff", || fail(blocking::backoff::<Zero>)),
        peer("retrying", || fail(blocking::retrying_without_delay)),
    ],
};

pub(super) const ALL_FAIL_ASYNC: Group = Group {
    title: "async retry, three attempts fail, no delay",
    cases: &[
        peer("loop by hand", || fail_async(asynchronous::by_hand::<0>)),
        ours("#[retry], no subscriber", FAILED, || fail_async(asynchronous::logwright_without_delay)),
        ours("#[retry], text into nowhere", FAILED_AND_TOLD, || {
            setups::logwright_text(Level::Info);
            fail_async(asynchronous::logwright_without_delay)
        }),
        peer("backon", || fail_async(asynchronous::backon::<0>)),
        peer("backoff", || fail_async(asynchronous::backoff::<Zero>)),
        peer("tokio-retry2", || fail_async(asynchronous::tokio_retry2::<0>)),
        peer("tryhard", || fail_async(asynchronous::tryhard::<0>)),
        peer("retrying", || fail_async(asynchronous::retrying_without_delay)),
    ],
};

pub(super) const NEXT_DELAY: Group = Group {
    title: "the next delay of a retry, exponential with jitter",
    cases: &[
        peer("backon", delays::backon),
        ours("retry::Delay", &[Allocations(0)], delays::logwright),
        peer("backoff", delays::backoff),
        peer("tokio-retry2", delays::tokio_retry2),
    ],
};

/// Each call is given what the one before returned, as where nothing fails at all.
fn succeed(function: impl Fn(u64) -> Result<u64, Odd>) -> Sample {
    let mut last = 0;
    measure(|n| last = function(last ^ n).unwrap_or_default())
}

fn succeed_async<F: Future<Output = Result<u64, Odd>>>(function: impl Fn(u64) -> F) -> Sample {
    succeed(|n| poll_once(|| function(n)))
}

fn fail(function: impl Fn(u64) -> Result<u64, Odd>) -> Sample {
    let mut last = 0;
    measure(|_| last = function(FAILING ^ last).unwrap_or_default())
}

/// By a clock that stands still, a timer of no time has run out when it is first looked at; by one that goes, tokio
/// rounds up to the next millisecond.
fn fail_async<F: Future<Output = Result<u64, Odd>>>(function: impl Fn(u64) -> F) -> Sample {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
    let runtime = runtime.expect("a runtime of this thread alone");
    let _inside = runtime.enter();
    fail(|n| poll_once(|| function(n)))
}
