//! What is measured and what it may cost. The first case of a group is the one that the others are compared with.

use logwright::Level;

use Limit::{Allocations, Plus, Times, TimesOf};

use crate::measure::{Sample, measure};
use crate::subjects::{self, Odd, poll_once};
use crate::{retries, setups};

pub(crate) struct Group {
    pub(crate) title: &'static str,
    pub(crate) cases: &'static [Case],
}

pub(crate) struct Case {
    pub(crate) name: &'static str,
    /// What it may cost; nothing for a peer.
    pub(crate) limits: &'static [Limit],
    /// Sets up what the case needs and measures it; called in a process of its own.
    pub(crate) run: fn() -> Sample,
}

/// What a case may cost.
pub(crate) enum Limit {
    /// So many nanoseconds more than the first of its group.
    Plus(f64),
    /// So many times as much time as the first of its group.
    Times(f64),
    /// So many times as much time as the case of that name.
    TimesOf(&'static str, f64),
    /// So many allocations.
    Allocations(u32),
}

const fn peer(name: &'static str, run: fn() -> Sample) -> Case {
    Case { name, limits: &[], run }
}

const fn ours(name: &'static str, limits: &'static [Limit], run: fn() -> Sample) -> Case {
    Case { name, limits, run }
}

/// Each call is given what the one before returned, as a program uses a value: without that the processor would
/// run several calls at once.
fn call(function: impl Fn(u64, u64) -> u64) -> Sample {
    let mut last = 0;
    measure(|n| last = function(last, n))
}

fn attempt(function: impl Fn(u64) -> Result<u64, Odd>) -> Sample {
    let mut last = 0;
    measure(|n| last = function(last ^ n).unwrap_or_default())
}

pub(crate) const GROUPS: &[Group] = &[
    Group {
        title: "switched off, plain function",
        cases: &[
            peer("plain call", || call(subjects::plain)),
            ours("#[log_time], no subscriber", &[Plus(0.5), Allocations(0)], || call(subjects::timed)),
            ours("#[log_time], filter `info`", &[Plus(0.5), Allocations(0)], || {
                setups::filter("info");
                call(subjects::timed)
            }),
            ours("#[log_time], logwright at INFO", &[Plus(0.5), Allocations(0)], || {
                setups::logwright_text(Level::Info);
                call(subjects::timed)
            }),
            peer("#[structured_op], filter `off`", || {
                setups::filter("off");
                call(subjects::operation)
            }),
            peer("#[instrument], no subscriber", || call(subjects::instrumented)),
            peer("#[instrument], filter `info`", || {
                setups::filter("info");
                call(subjects::instrumented)
            }),
        ],
    },
    Group {
        title: "switched off, async function, one ready poll",
        cases: &[
            peer("plain call", || call(|a, b| poll_once(|| subjects::plain_async(a, b)))),
            ours("#[log_time], no subscriber", &[Plus(1.0), Allocations(0)], || {
                call(|a, b| poll_once(|| subjects::timed_async(a, b)))
            }),
            ours("#[log_time], filter `info`", &[Plus(1.0), Allocations(0)], || {
                setups::filter("info");
                call(|a, b| poll_once(|| subjects::timed_async(a, b)))
            }),
            peer("#[instrument], no subscriber", || {
                call(|a, b| poll_once(|| subjects::instrumented_async(a, b)))
            }),
            peer("#[instrument], filter `info`", || {
                setups::filter("info");
                call(|a, b| poll_once(|| subjects::instrumented_async(a, b)))
            }),
        ],
    },
    Group {
        title: "duration as text, into nowhere",
        cases: &[
            peer("tracing event, timed by hand", || {
                setups::tracing_text();
                call(subjects::timed_by_hand)
            }),
            ours("#[log_time]", &[Times(0.33), Allocations(0)], || {
                setups::logwright_text(Level::Debug);
                call(subjects::timed)
            }),
            peer("#[instrument] + CLOSE", || {
                setups::tracing_text();
                call(subjects::instrumented)
            }),
        ],
    },
    Group {
        title: "duration as a line of text in a file",
        cases: &[
            peer("#[instrument] + CLOSE", || {
                let _dir = setups::tracing_file();
                call(subjects::instrumented)
            }),
            ours("#[log_time]", &[Times(0.55)], || {
                let _dir = setups::logwright_file();
                call(subjects::timed)
            }),
            peer("tracing event, timed by hand", || {
                let _dir = setups::tracing_file();
                call(subjects::timed_by_hand)
            }),
        ],
    },
    Group {
        title: "start and end of an operation as JSON lines in a file",
        cases: &[
            peer("emit_file, end only, other thread", || setups::with_emit_file(|| call(subjects::emitted))),
            ours("#[structured_op]", &[Times(1.5), Allocations(0)], || {
                let _dir = setups::logwright_json();
                call(subjects::operation)
            }),
            peer("#[instrument] + NEW, CLOSE", || {
                let _dir = setups::tracing_json();
                call(subjects::instrumented_with_arguments)
            }),
        ],
    },
    Group {
        title: "retry, success at once",
        cases: &[
            peer("loop by hand", || attempt(retries::by_hand)),
            ours("#[retry]", RETRY, || attempt(retries::logwright)),
            peer("backon", || attempt(retries::backon)),
            peer("backoff", || attempt(retries::backoff)),
            peer("the work alone", || attempt(retries::once)),
        ],
    },
    Group {
        title: "async retry, success at once",
        cases: &[
            peer("loop by hand", || attempt(|n| poll_once(|| retries::by_hand_async(n)))),
            ours("#[retry]", RETRY, || attempt(|n| poll_once(|| retries::logwright_async(n)))),
            peer("backon", || attempt(|n| poll_once(|| retries::backon_async(n)))),
            peer("backoff", || attempt(|n| poll_once(|| retries::backoff_async(n)))),
            peer("the work alone", || attempt(|n| poll_once(|| retries::once_async(n)))),
        ],
    },
];

/// A retry that is not needed.
const RETRY: &[Limit] = &[Plus(0.6), TimesOf("backon", 0.76), Allocations(0)];
