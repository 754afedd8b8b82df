//! For tests of code that retries: no waiting, fewer attempts, the same jitter each time.
//!
//! Each function gives a guard and counts on the thread that it was called on, until the guard is dropped; so tests
//! that run side by side do not disturb one another. Guards may be nested. Async code is reached where it is polled on
//! that thread, as by a `#[tokio::test]` or any other executor of one thread.
//!
//! ```
//! use std::time::Duration;
//! use logwright::retry;
//! use logwright::retry::testing;
//!
//! #[retry(max_attempts = 5, delay = "1m")]
//! fn download(answers: &mut Vec<Result<u32, String>>) -> Result<u32, String> {
//!     answers.remove(0)
//! }
//!
//! let _quick = testing::no_waiting();
//! let mut answers = vec![Err("busy".to_owned()), Ok(7)];
//! assert_eq!(download(&mut answers), Ok(7));
//! assert_eq!(testing::recorded_waits(), [Duration::from_secs(60)]);
//! ```

use std::cell::RefCell;
use std::marker::PhantomData;
use std::time::Duration;

use fastrand::Rng;

use crate::random::draw;

thread_local! {
    static STATE: RefCell<State> = const { RefCell::new(State::new()) };
}

struct State {
    /// How many guards want no waiting.
    not_waiting: usize,
    waits: Vec<Duration>,
    caps: Vec<u32>,
    /// With the number of the guard.
    seeded: Vec<(u64, Rng)>,
    seeds: u64,
}

impl State {
    const fn new() -> Self {
        Self { not_waiting: 0, waits: Vec::new(), caps: Vec::new(), seeded: Vec::new(), seeds: 0 }
    }
}

/// Looks at this thread's state; on a thread that is ending there is none.
fn state<R>(look: impl FnOnce(&mut State) -> R) -> Option<R> {
    STATE.try_with(|state| look(&mut state.borrow_mut())).ok()
}

/// Ends on this thread, when dropped, what it was given for.
#[derive(Debug)]
#[must_use = "it counts only until it is dropped; write `let _guard = ..`"]
pub struct Guard {
    what: What,
    of_this_thread: PhantomData<*const ()>,
}

#[derive(Debug)]
enum What {
    NoWaiting,
    Cap(u32),
    Seed(u64),
}

fn guard(what: What) -> Guard {
    Guard { what, of_this_thread: PhantomData }
}

/// Retries go on at once instead of waiting. Elapsed times count the waits nevertheless, so `max_elapsed` does what it
/// does otherwise; an `attempt_timeout` runs by the clock. The waits are [recorded](recorded_waits).
pub fn no_waiting() -> Guard {
    state(|state| {
        if state.not_waiting == 0 {
            state.waits.clear();
        }
        state.not_waiting += 1;
    });
    guard(What::NoWaiting)
}

/// The waits that were left out since [`no_waiting`] was called, the outermost one where they are nested; in their order.
#[must_use]
pub fn recorded_waits() -> Vec<Duration> {
    state(|state| state.waits.clone()).unwrap_or_default()
}

/// Calls that begin now have at most so many attempts, and at least one.
///
/// ```
/// use logwright::retry::{self, Delay, testing};
/// use std::time::Duration;
///
/// let _once = testing::cap_attempts(1);
/// let answer = retry::with(Delay::constant(Duration::MAX)).run(|attempt| Err::<(), _>(attempt.max()));
/// assert_eq!(answer, Err(1));
/// ```
pub fn cap_attempts(attempts: u32) -> Guard {
    let attempts = attempts.max(1);
    state(|state| state.caps.push(attempts));
    guard(What::Cap(attempts))
}

/// Jitter is drawn from a generator with that seed: the same waits each time.
///
/// ```
/// use logwright::retry::{self, Delay, testing};
/// use std::time::Duration;
///
/// let waits = |seed| {
///     let _guards = (testing::seed(seed), testing::no_waiting());
///     let _ = retry::with(Delay::linear(Duration::from_secs(1))).run(|_| Err::<(), _>("busy"));
///     testing::recorded_waits()
/// };
/// assert_eq!(waits(7), waits(7));
/// assert_ne!(waits(7), waits(8));
/// ```
pub fn seed(seed: u64) -> Guard {
    let number = state(|state| {
        state.seeds += 1;
        state.seeded.push((state.seeds, Rng::with_seed(seed)));
        state.seeds
    });
    guard(What::Seed(number.unwrap_or_default()))
}

impl Drop for Guard {
    fn drop(&mut self) {
        state(|state| match self.what {
            What::NoWaiting => state.not_waiting -= 1,
            What::Cap(cap) => {
                if let Some(at) = state.caps.iter().rposition(|other| *other == cap) {
                    state.caps.remove(at);
                }
            }
            What::Seed(number) => state.seeded.retain(|(other, _)| *other != number),
        });
    }
}

/// Whether waits are left out here.
pub(super) fn is_waiting_skipped() -> bool {
    state(|state| state.not_waiting > 0).unwrap_or(false)
}

/// Leaves a wait out, if that is wanted, and records it.
pub(super) fn skip(time: Duration) -> bool {
    let skipped = |state: &mut State| {
        let skipped = state.not_waiting > 0;
        if skipped {
            state.waits.push(time);
        }
        skipped
    };
    state(skipped).unwrap_or(false)
}

/// So many attempts, or what a test allows.
pub(super) fn capped(max_attempts: u32) -> u32 {
    state(|state| state.caps.iter().fold(max_attempts, |max, cap| max.min(*cap))).unwrap_or(max_attempts)
}

/// A number from 0 up to, but not including, 1.
pub(super) fn chance() -> f64 {
    let seeded = state(|state| state.seeded.last_mut().map(|(_, rng)| rng.f64())).flatten();
    seeded.unwrap_or_else(|| draw(Rng::f64))
}
