//! What one call costs its own thread: CPU time, which other programs hardly disturb, and allocations.

use std::fmt;
use std::str::FromStr;

use rustix::time::{ClockId, clock_gettime};

use crate::alloc;

/// The cost of one call, as the median of the batches.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sample {
    pub(crate) ns: f64,
    pub(crate) allocations: f64,
}

/// Measures `call`, which is given a number that changes from call to call.
#[inline(never)]
pub(crate) fn measure(mut call: impl FnMut(u64)) -> Sample {
    const BATCHES: usize = 21;
    let calls = calls_per_batch(&mut call);
    let mut times = Vec::with_capacity(BATCHES);
    let allocated = alloc::count();
    for _ in 0..BATCHES {
        times.push(batch(&mut call, calls) as f64 / calls as f64);
    }
    let allocations = (alloc::count() - allocated) as f64 / (calls * BATCHES as u64) as f64;
    Sample { ns: quantile(&mut times, 0.5), allocations }
}

/// How many calls take about a millisecond. Finding out is the warm-up as well; the first calls, which set things
/// up, must not decide.
fn calls_per_batch(call: &mut impl FnMut(u64)) -> u64 {
    const BATCH_NS: u64 = 1_000_000;
    let mut calls = 64;
    while batch(call, calls) < BATCH_NS {
        calls *= 2;
    }
    calls
}

#[inline(never)]
fn batch(call: &mut impl FnMut(u64), calls: u64) -> u64 {
    let began = cpu_ns();
    for number in 0..calls {
        call(number);
    }
    cpu_ns() - began
}

/// The CPU time that this thread has had so far.
fn cpu_ns() -> u64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    time.tv_sec as u64 * 1_000_000_000 + time.tv_nsec as u64
}

/// The value below which `part` of the values are.
pub(crate) fn quantile(values: &mut [f64], part: f64) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    values[((values.len() - 1) as f64 * part).round() as usize]
}

impl fmt::Display for Sample {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.ns, self.allocations)
    }
}

impl FromStr for Sample {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut numbers = text.split_whitespace().map_while(|word| word.parse().ok());
        match (numbers.next(), numbers.next()) {
            (Some(ns), Some(allocations)) => Ok(Self { ns, allocations }),
            _ => Err(format!("no sample: {text}")),
        }
    }
}
