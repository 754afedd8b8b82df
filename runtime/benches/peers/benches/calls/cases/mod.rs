//! What is measured and what it may cost. The first case of a group is the one that the others are compared with.

mod logging;
mod retries;

use crate::measure::Sample;

pub(crate) const GROUPS: &[Group] = &[
    logging::OFF,
    logging::OFF_ASYNC,
    logging::TEXT,
    logging::TEXT_FILE,
    logging::JSON_FILE,
    retries::AT_ONCE,
    retries::AT_ONCE_ASYNC,
    retries::ALL_FAIL,
    retries::ALL_FAIL_ASYNC,
    retries::NEXT_DELAY,
];

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
