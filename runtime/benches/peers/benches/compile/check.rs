//! How much CPU time `cargo check` takes for a function.

use std::time::Duration;

use crate::crates::Crates;
use crate::source::{KINDS, Kind};
use crate::subjects::{SUBJECTS, Subject};

/// The milliseconds for one function of each crate, plain and async: the least of the rounds, as whatever else the
/// machine does can only add to it. A round checks every crate once.
pub(crate) fn milliseconds(crates: &Crates, rounds: usize) -> [[f64; 2]; SUBJECTS.len()] {
    // What they depend on is compiled outside of the measurement.
    crates.cargo("check", &SUBJECTS[0], Kind::Sync, &[]);
    let mut least = [[Duration::MAX; 2]; SUBJECTS.len()];
    for round in 1..=rounds {
        eprintln!("check, round {round} of {rounds}");
        for (subject, least) in SUBJECTS.iter().zip(&mut least) {
            for (kind, least) in KINDS.into_iter().zip(least) {
                *least = (*least).min(check(crates, subject, kind));
            }
        }
    }
    least.map(|kinds| kinds.map(|time| time.as_secs_f64() * 1e3 / crates.functions as f64))
}

fn check(crates: &Crates, subject: &Subject, kind: Kind) -> Duration {
    crates.touch(subject, kind);
    let before = time_of_children();
    crates.cargo("check", subject, kind, &[]);
    time_of_children() - before
}

/// The CPU time, in user and in system mode, of all processes started from here that have ended.
fn time_of_children() -> Duration {
    let mut usage = std::mem::MaybeUninit::uninit();
    // SAFETY: a pointer to memory for a `rusage`, which the call fills when it returns 0.
    let usage: libc::rusage = unsafe {
        assert_eq!(libc::getrusage(libc::RUSAGE_CHILDREN, usage.as_mut_ptr()), 0, "getrusage is refused");
        usage.assume_init()
    };
    let duration = |time: libc::timeval| {
        Duration::from_secs(time.tv_sec as u64) + Duration::from_micros(time.tv_usec as u64)
    };
    duration(usage.ru_utime) + duration(usage.ru_stime)
}
