//! What a child does with its contender, and says of it: numbers, in one line.

use std::hint::{black_box, spin_loop};
use std::path::Path;
use std::time::{Duration, Instant};

use rustix::process::{Signal, getpid, kill_process};
use rustix::time::{ClockId, clock_gettime};

use crate::alloc;
use crate::contenders::{Contender, Log};

/// How many records of each kind.
pub(crate) struct Plan {
    pub(crate) rounds: u32,
    pub(crate) burst: u64,
    pub(crate) paced: u64,
    pub(crate) killed: u64,
    pub(crate) many: u64,
}

impl Plan {
    pub(crate) const FULL: Self =
        Self { rounds: 5, burst: 300_000, paced: 100_000, killed: 10_000, many: 2_000_000 };
    pub(crate) const QUICK: Self =
        Self { rounds: 1, burst: 30_000, paced: 20_000, killed: 10_000, many: 200_000 };
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Task {
    /// As fast as it goes; says wall time, CPU time and allocations of the calling thread, each for one record.
    Burst,
    /// One call every 10 µs; says how many nanoseconds a call took: p50, p99 and p99.9.
    Paced,
    /// Kills itself as soon as the last call has returned.
    Killed,
    /// As fast as it goes; says how much memory the process had at most, in MiB.
    Many,
}

impl Task {
    const ALL: [Self; 4] = [Self::Burst, Self::Paced, Self::Killed, Self::Many];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Burst => "burst",
            Self::Paced => "paced",
            Self::Killed => "killed",
            Self::Many => "many",
        }
    }

    pub(crate) fn of(name: &str) -> Self {
        Self::ALL.into_iter().find(|task| task.name() == name).expect("a task, as this program passes it")
    }
}

/// Does the task in `dir`, the contender set up.
pub(crate) fn run(contender: &Contender, task: Task, count: u64, dir: &Path) {
    let log = (contender.set_up)(dir);
    match task {
        Task::Burst => println!("{}", burst(log, count)),
        Task::Paced => println!("{}", paced(log, count)),
        Task::Killed => {
            (0..count).for_each(|number| (log.write)(number));
            kill_process(getpid(), Signal::KILL).expect("a process may end itself");
        }
        Task::Many => {
            (0..count).for_each(|number| (log.write)(number));
            log.finish();
            println!("{}", peak_mib());
        }
    }
}

fn burst(log: Log, count: u64) -> String {
    let (allocated, cpu, started) = (alloc::count(), cpu_ns(), Instant::now());
    (0..count).for_each(|number| (log.write)(black_box(number)));
    let allocated = alloc::count() - allocated;
    log.finish();
    let (wall, cpu) = (started.elapsed().as_nanos(), cpu_ns() - cpu);
    let each = |sum: f64| sum / count as f64;
    format!("{} {} {}", each(wall as f64), each(cpu as f64), each(allocated as f64))
}

fn paced(log: Log, count: u64) -> String {
    const PAUSE: Duration = Duration::from_micros(10);
    let mut times = Vec::with_capacity(count as usize);
    let mut next = Instant::now();
    for number in 0..count {
        while Instant::now() < next {
            spin_loop();
        }
        next += PAUSE;
        let called = Instant::now();
        (log.write)(black_box(number));
        times.push(called.elapsed().as_nanos());
    }
    log.finish();
    times.sort_unstable();
    let at = |part: f64| times[((times.len() - 1) as f64 * part) as usize];
    format!("{} {} {}", at(0.5), at(0.99), at(0.999))
}

/// The CPU time that this process has had so far, whatever the thread.
fn cpu_ns() -> u64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    time.tv_sec as u64 * 1_000_000_000 + time.tv_nsec as u64
}

/// The most memory that the process had at a time, pages of mapped files included; known on Linux alone.
fn peak_mib() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib =
        peak.and_then(|text| text.split_whitespace().next()).and_then(|number| number.parse::<f64>().ok());
    kib.map_or(f64::NAN, |kib| kib / 1024.0)
}
