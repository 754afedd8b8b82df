//! How many instructions a call takes that nobody listens to, as valgrind counts them.

use std::hint::black_box;
use std::process::Command;
use std::sync::atomic::Ordering;

use crate::subjects::SUBJECTS;
use crate::support::{self, Error};

/// Followed by the numbers of a subject and of calls: what this program calls itself with.
pub(crate) const CALLS: &str = "--calls";

type Function = fn(u64) -> Result<u64, Error>;

const FUNCTIONS: [Function; SUBJECTS.len()] =
    [plain, guarded, instrumented, traced, timed, operation, retried];

#[inline(never)]
fn plain(number: u64) -> Result<u64, Error> {
    Ok(black_box(number))
}

#[inline(never)]
fn guarded(number: u64) -> Result<u64, Error> {
    let _guard = support::Guard::new("guarded");
    Ok(black_box(number))
}

#[inline(never)]
#[tracing::instrument(skip_all)]
fn instrumented(number: u64) -> Result<u64, Error> {
    Ok(black_box(number))
}

#[inline(never)]
#[fastrace::trace]
fn traced(number: u64) -> Result<u64, Error> {
    Ok(black_box(number))
}

#[inline(never)]
#[logwright::log_time]
fn timed(number: u64) -> Result<u64, Error> {
    Ok(black_box(number))
}

#[inline(never)]
#[logwright::structured_op]
fn operation(number: u64) -> Result<u64, Error> {
    Ok(black_box(number))
}

#[inline(never)]
#[logwright::retry(max_attempts = 3, delay = "2s")]
fn retried(number: u64) -> Result<u64, Error> {
    Ok(black_box(number))
}

/// Calls a subject's function; this is what runs inside valgrind.
pub(crate) fn call(subject: &str, calls: &str) {
    let number = |text: &str| text.parse::<u64>().expect("a number, as this program passes it");
    // A switch that nothing ever turns would be optimised away.
    support::LISTENING.store(black_box(false), Ordering::Relaxed);
    counted_by_valgrind(FUNCTIONS[number(subject) as usize], number(calls));
}

/// Only what happens in here is counted: fastrace measures the processor's clock before `main`.
#[inline(never)]
fn counted_by_valgrind(function: Function, calls: u64) {
    for number in 0..calls {
        black_box(black_box(function)(number)).expect("no function here fails");
    }
}

/// The instructions of a call of each subject, with those of the loop around it; nothing without valgrind.
pub(crate) fn instructions() -> [Option<f64>; SUBJECTS.len()] {
    const FEW: u64 = 100;
    const MANY: u64 = 10_100;
    // What only the first call does is in both numbers.
    std::array::from_fn(|subject| {
        Some((counted(subject, MANY)? - counted(subject, FEW)?) / (MANY - FEW) as f64)
    })
}

fn counted(subject: usize, calls: u64) -> Option<f64> {
    let program = std::env::current_exe().expect("a program knows where it is");
    let output = Command::new("valgrind")
        .args([
            "--tool=callgrind",
            "--callgrind-out-file=/dev/null",
            "--toggle-collect=*counted_by_valgrind*",
        ])
        .arg(program)
        .args([CALLS, &subject.to_string(), &calls.to_string()])
        .output()
        .ok()?;
    let said = String::from_utf8_lossy(&output.stderr);
    let count = said.lines().find_map(|line| line.split_once("Collected :"));
    Some(count.and_then(|(_, count)| count.trim().parse().ok()).unwrap_or_else(|| panic!("valgrind: {said}")))
}
