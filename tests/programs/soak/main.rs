//! Two processes write the same files, which rotate, while chance kills them, moves, copies and cuts their files and takes
//! their room away. Then the files alone must show that nothing else happened to a single record:
//! `soak SECONDS DIR [SEED]`; `LOGS_MODE` says how they write.

#[path = "../logs/modes.rs"]
mod modes;
#[path = "../logs/writes.rs"]
mod writes;
mod checker;
mod round;

use std::path::Path;
use std::time::{Duration, Instant};

fn main() {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["write", dir] => writes::writes(logwright::setup("program").dir(dir)),
        [seconds, dir] => soak(seconds, dir, fastrand::u64(..)),
        [seconds, dir, seed] => soak(seconds, dir, seed.parse().expect("the seed is a number")),
        _ => panic!("soak SECONDS DIR [SEED]"),
    }
}

/// Rounds of a few seconds each, so that no files have to be kept but those of a round that went wrong.
fn soak(seconds: &str, dir: &str, seed: u64) {
    const ROUND: Duration = Duration::from_secs(5);
    let end = Instant::now() + Duration::from_secs(seconds.parse().expect("a number of seconds"));
    let mut rng = fastrand::Rng::with_seed(seed);
    for number in 1.. {
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return;
        }
        let (seed, dir) = (rng.u64(..), Path::new(dir).join(format!("round-{number}")));
        match round::round(&dir, left.min(ROUND), seed) {
            Ok(report) => println!("round {number}: {report}"),
            Err(wrong) => {
                println!("round {number}, seed {seed}, files in {}:\n{wrong}", dir.display());
                std::process::exit(1);
            }
        }
        std::fs::remove_dir_all(dir).expect("it is ours");
    }
}
