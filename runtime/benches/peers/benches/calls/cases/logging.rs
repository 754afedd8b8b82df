//! What it costs that a function says how long it took, and that nobody listens.

use logwright::Level;

use super::Limit::{Allocations, Plus, Times};
use super::{Group, ours, peer};
use crate::measure::{Sample, measure};
use crate::setups;
use crate::subjects::{self, poll_once};

pub(super) const OFF: Group = Group {
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
};

pub(super) const OFF_ASYNC: Group = Group {
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
};

pub(super) const TEXT: Group = Group {
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
};

pub(super) const TEXT_FILE: Group = Group {
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
};

pub(super) const JSON_FILE: Group = Group {
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
};

/// Each call is given what the one before returned, as a program uses a value: without that the processor would
/// run several calls at once.
fn call(function: impl Fn(u64, u64) -> u64) -> Sample {
    let mut last = 0;
    measure(|n| last = function(last, n))
}
