//! Random numbers of our own: seeded by the operating system, since processes that start at one moment must not draw
//! the same ids; and apart from `fastrand`'s global generator, which a program may have seeded for itself.

use std::cell::RefCell;
use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use fastrand::Rng;

use crate::process;

thread_local! {
    static RNG: RefCell<Seeded> = RefCell::new(Seeded::new());
}

/// A generator, and which process it was seeded in: a fork would draw what its parent draws.
struct Seeded {
    generation: u32,
    rng: Rng,
}

impl Seeded {
    fn new() -> Self {
        process::watch_forks();
        // What the system gives to seed with is copied by a fork, too.
        let seed = RandomState::new().hash_one(("logwright", std::process::id()));
        Self { generation: process::generation(), rng: Rng::with_seed(seed) }
    }
}

/// Draws from this thread's generator.
pub(crate) fn draw<T>(number: impl Fn(&mut Rng) -> T) -> T {
    let drawn = RNG.try_with(|seeded| {
        let mut seeded = seeded.borrow_mut();
        if seeded.generation != process::generation() {
            *seeded = Seeded::new();
        }
        number(&mut seeded.rng)
    });
    // On a thread that is ending, the generator is gone.
    drawn.unwrap_or_else(|_| number(&mut Seeded::new().rng))
}

/// The number of this run of the program; a fork is another one.
pub(crate) fn run() -> u32 {
    /// The number, and above it the generation that it is of.
    static RUN: AtomicU64 = AtomicU64::new(0);
    let (generation, known) = (process::generation(), RUN.load(Relaxed));
    let (of, run) = ((known >> 32) as u32, known as u32);
    if run > 0 && of == generation {
        return run;
    }
    let new = u64::from(generation) << 32 | u64::from(draw(|rng| rng.u32(1..)));
    match RUN.compare_exchange(known, new, Relaxed, Relaxed) {
        Ok(_) => new as u32,
        // Another thread was first.
        Err(first) => first as u32,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_generator_that_the_program_seeded_is_left_alone() {
        let sequence = |between: fn()| {
            fastrand::seed(7);
            between();
            fastrand::u64(..)
        };
        let untouched = sequence(|| {});
        assert_eq!(sequence(|| assert_ne!(draw(|rng| rng.u64(..)), draw(|rng| rng.u64(..)))), untouched);
    }

    #[test]
    fn each_thread_draws_numbers_of_its_own() {
        let draws: std::collections::BTreeSet<u64> =
            (0..64).map(|_| std::thread::spawn(|| draw(|rng| rng.u64(..))).join().unwrap()).collect();
        assert_eq!(draws.len(), 64);
    }
}
