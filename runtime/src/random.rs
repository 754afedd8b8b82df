//! Random numbers of our own: seeded by the operating system, since processes that start at one moment must not draw
//! the same ids; and apart from `fastrand`'s global generator, which a program may have seeded for itself.

use std::cell::RefCell;
use std::hash::{BuildHasher, RandomState};
use std::sync::OnceLock;

use fastrand::Rng;

thread_local! {
    static RNG: RefCell<Rng> = RefCell::new(seeded());
}

/// Draws from this thread's generator.
pub(crate) fn draw<T>(number: impl Fn(&mut Rng) -> T) -> T {
    // On a thread that is ending, the generator is gone.
    RNG.try_with(|rng| number(&mut rng.borrow_mut())).unwrap_or_else(|_| number(&mut seeded()))
}

/// The number of this run of the program.
pub(crate) fn run() -> u32 {
    static RUN: OnceLock<u32> = OnceLock::new();
    *RUN.get_or_init(|| draw(|rng| rng.u32(1..)))
}

fn seeded() -> Rng {
    Rng::with_seed(RandomState::new().hash_one("logwright"))
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
