//! Reads several inputs at a time, and several blocks of each. What comes out is the same for any number of threads and
//! any size of blocks: only a record ends what may continue the one before, so a block is read from its first record on,
//! and what stands before that when it is known how the block before it ended.

use std::io;
use std::num::NonZero;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError, TryLockError};
use std::thread;

use super::blocks::{Block, Blocks, SIZES, Sizes};
use super::compressed::Bytes;
use super::lines::Lines;
use super::opened::{Source, open};
use super::scan::{Before, Scan, is_record};
use super::{Counts, Fold, Place};

/// What became of an input: what was read of it, and how that ended. An error is why it could not be opened.
pub(super) type Outcome = io::Result<(Counts, io::Result<()>)>;

/// Folds all that is in the sources, which stand among the files from that place on.
pub(super) fn fold<F: Fold>(
    sources: &[(u32, &Source)],
    empty: &(impl Fn() -> F + Sync),
) -> (F, Vec<Outcome>) {
    let inputs: Vec<_> =
        sources.iter().map(|&(file, source)| Input::new(file, Box::new(|| open(source)))).collect();
    let threads = thread::available_parallelism().map_or(1, NonZero::get);
    let fold = work(&inputs, threads, SIZES, empty);
    (fold, inputs.into_iter().map(Input::outcome).collect())
}

fn work<F: Fold>(inputs: &[Input<'_>], threads: usize, sizes: Sizes, empty: &(impl Fn() -> F + Sync)) -> F {
    thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(|| worker(inputs, sizes, empty()))).collect();
        let folds = workers
            .into_iter()
            .map(|worker| worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        folds.reduce(|mut fold: F, other| {
            fold.merge(other);
            fold
        })
    })
    .unwrap_or_else(empty)
}

fn worker<F: Fold>(inputs: &[Input<'_>], sizes: Sizes, mut fold: F) -> F {
    let mut block = Block::default();
    while let Some(input) = next(inputs, &mut block, sizes) {
        input.read(&block, sizes, &mut fold);
    }
    fold
}

/// Fills the block with one that nobody has read, and says of which input it is.
fn next<'a, 'o>(inputs: &'a [Input<'o>], block: &mut Block, sizes: Sizes) -> Option<&'a Input<'o>> {
    loop {
        let mut busy = None;
        for input in inputs {
            match input.bytes.try_lock() {
                Ok(mut bytes) => {
                    if bytes.next(block, sizes) {
                        return Some(input);
                    }
                }
                Err(TryLockError::WouldBlock) => busy = busy.or(Some(input)),
                // Who read from it panics.
                Err(TryLockError::Poisoned(_)) => {}
            }
        }
        // Nothing else is left but what others are reading from.
        drop(lock(&busy?.bytes));
    }
}

/// Opens a source.
type Opener<'o> = Box<dyn FnOnce() -> io::Result<Bytes> + Send + 'o>;

/// A source while it is read.
struct Input<'o> {
    file: u32,
    bytes: Mutex<State<'o>>,
    turn: Turn,
    counts: Mutex<Counts>,
}

enum State<'o> {
    Closed(Option<Opener<'o>>),
    Open(Blocks<Bytes>),
    Ended(io::Result<io::Result<()>>),
}

impl State<'_> {
    /// Fills the block; whether there is one.
    fn next(&mut self, block: &mut Block, sizes: Sizes) -> bool {
        if let Self::Closed(open) = self {
            // It is there until this is called.
            let Some(open) = open.take() else { return false };
            *self = open()
                .map_or_else(|error| Self::Ended(Err(error)), |bytes| Self::Open(Blocks::new(bytes, sizes)));
        }
        let Self::Open(blocks) = self else { return false };
        if blocks.next(block) {
            return true;
        }
        // Closes it as well: there may be more inputs than a process may have open.
        *self = Self::Ended(Ok(blocks.take_end()));
        false
    }
}

impl<'o> Input<'o> {
    fn new(file: u32, open: Opener<'o>) -> Self {
        let bytes = Mutex::new(State::Closed(Some(open)));
        Self { file, bytes, turn: Turn::default(), counts: Mutex::default() }
    }

    /// Reads one of its blocks.
    fn read<F: Fold>(&self, block: &Block, sizes: Sizes, fold: &mut F) {
        let turn = self.turn.of(block);
        let (head, body) = Lines::of(block, sizes.line).split(is_record);
        let mut scan = Scan::new(|record, offset| fold.add(record, Place { file: self.file, offset }));
        scan.lines(body);
        turn.wait(|before| {
            let after = std::mem::replace(&mut scan.before, *before);
            scan.lines(head);
            *before = if body.is_empty() { scan.before } else { after };
        });
        lock(&self.counts).add(&scan.counts);
    }

    fn outcome(self) -> Outcome {
        let counts = self.counts.into_inner().unwrap_or_else(PoisonError::into_inner);
        match self.bytes.into_inner().unwrap_or_else(PoisonError::into_inner) {
            State::Ended(end) => end.map(|end| (counts, end)),
            State::Open(_) | State::Closed(_) => Ok((counts, Ok(()))),
        }
    }
}

/// Whose block of an input is next, and what the one before it ended in.
#[derive(Default)]
struct Turn {
    next: Mutex<(u64, Before)>,
    passed: Condvar,
}

impl Turn {
    fn of(&self, block: &Block) -> Held<'_> {
        Held { turn: self, number: block.number }
    }
}

/// A turn that is not passed on yet.
struct Held<'a> {
    turn: &'a Turn,
    number: u64,
}

impl Held<'_> {
    /// Waits until it is that block's turn, and passes the turn on.
    fn wait(self, change: impl FnOnce(&mut Before)) {
        let next = lock(&self.turn.next);
        let waited = self.turn.passed.wait_while(next, |(next, _)| *next < self.number);
        let mut next = waited.unwrap_or_else(PoisonError::into_inner);
        change(&mut next.1);
        next.0 += 1;
        drop(next);
        self.turn.passed.notify_all();
    }
}

impl Drop for Held<'_> {
    /// Nobody waits for a thread that panics.
    fn drop(&mut self) {
        if thread::panicking() {
            lock(&self.turn.next).0 = u64::MAX / 2;
            self.turn.passed.notify_all();
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Read};

    use logwright::record::{Record, json};
    use proptest::prelude::*;

    use super::*;

    /// What a fold is given: each record's place and message, in no order.
    #[derive(Debug, Default)]
    struct Seen(Vec<(Place, String)>);

    impl Fold for Seen {
        fn add(&mut self, record: &Record<'_>, place: Place) {
            self.0.push((place, record.message.to_string()));
        }

        fn merge(&mut self, mut other: Self) {
            self.0.append(&mut other.0);
        }
    }

    /// The records in the order of their places, and the counts of each input.
    fn read(inputs: &[Vec<u8>], threads: usize, sizes: Sizes) -> (Vec<(Place, String)>, Vec<Counts>) {
        let open = |bytes: &Vec<u8>| -> Opener<'_> {
            let bytes = Cursor::new(bytes.clone());
            Box::new(move || Ok(Box::new(bytes)))
        };
        let inputs: Vec<_> = (0..).zip(inputs).map(|(file, bytes)| Input::new(file, open(bytes))).collect();
        let Seen(mut seen) = work(&inputs, threads, sizes, &Seen::default);
        // Stable, so that records of one line stay as they are.
        seen.sort_by_key(|(place, _)| *place);
        (seen, inputs.into_iter().map(|input| input.outcome().unwrap().0).collect())
    }

    fn json_line(message: &str) -> String {
        let mut line = String::new();
        json::write(&mut line, &Record { message: message.to_owned().into(), ..Record::default() });
        line.trim_end().to_owned()
    }

    /// Anything that a line may be.
    fn line() -> impl Strategy<Value = Vec<u8>> {
        let text = "2026-11-22 12:45:15,642 - a-b - ERROR - no - ERROR - page";
        let (a, b) = (json_line("a"), json_line("b"));
        let lines = [
            text.to_owned(),
            a.clone(),
            format!("{a}{b}"),
            format!("{}{b}", &a[..70]),
            format!("{{}}{b}"),
            a[..50].to_owned(),
            format!("\u{feff}{text}"),
            format!("{text}\r"),
            "Traceback (most recent call last):".to_owned(),
            "  File \"x.py\", line 1".to_owned(),
            "\tcaused by: x".to_owned(),
            String::new(),
            "{\"a\":1}".to_owned(),
            format!("{a}{}{b}", "\0".repeat(9)),
            format!("{text}\0é"),
            "é".repeat(150),
        ];
        let mut lines: Vec<_> = lines.into_iter().map(String::into_bytes).collect();
        lines.push([text.as_bytes(), b" \xe9"].concat());
        prop::sample::select(lines)
    }

    fn input() -> impl Strategy<Value = Vec<u8>> {
        (prop::collection::vec(line(), 0..30), any::<prop::sample::Index>()).prop_map(|(lines, end)| {
            let mut bytes = lines.join(&b'\n');
            // With a line feed at the end, without, or torn.
            bytes.push(b'\n');
            let cut = end.index(40).min(bytes.len());
            bytes.truncate(bytes.len() - cut / 2);
            bytes
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn neither_threads_nor_blocks_change_what_is_read(
            inputs in prop::collection::vec(input(), 1..4),
            threads in 1..4_usize,
            block in 1..200_usize,
            line in prop_oneof![Just(1000_usize), 60..400_usize],
        ) {
            let whole = read(&inputs, 1, Sizes { block: 1 << 20, line });
            let parts = read(&inputs, threads, Sizes { block, line });
            prop_assert_eq!(whole, parts);
        }
    }

    #[test]
    fn an_input_that_cannot_be_opened_or_read_stops_no_other() {
        let broken = || {
            let start = Cursor::new("2026-11-22 12:45:15,642 - a - INFO - x\nx");
            Ok(Box::new(start.chain(Fails)) as Bytes)
        };
        let inputs: Vec<Input<'_>> = vec![
            Input::new(0, Box::new(|| Err(io::Error::other("not there")))),
            Input::new(1, Box::new(broken)),
            Input::new(2, Box::new(|| Ok(Box::new(Cursor::new("2026-11-22 12:45:15,642 - a - INFO - y\n"))))),
        ];
        let Seen(seen) = work(&inputs, 2, SIZES, &Seen::default);
        assert_eq!(seen.len(), 2);
        let ends =
            inputs.into_iter().map(|input| input.outcome().map(|(counts, end)| (counts.bytes, end.is_ok())));
        let ends: Vec<_> = ends.map(|end| end.map_err(|error| error.to_string())).collect();
        assert_eq!(ends, [Err("not there".to_owned()), Ok((40, false)), Ok((39, true))]);
    }

    struct Fails;

    impl Read for Fails {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("gone"))
        }
    }

    #[test]
    fn a_fold_that_panics_keeps_nobody_waiting() {
        #[derive(Default)]
        struct Panics;

        impl Fold for Panics {
            fn add(&mut self, record: &Record<'_>, _: Place) {
                assert_ne!(record.message, "x", "this is what is tested");
            }

            fn merge(&mut self, _: Self) {}
        }

        let lines = "2026-11-22 12:45:15,642 - a - INFO - x\n".repeat(50);
        let inputs = [Input::new(0, Box::new(|| Ok(Box::new(Cursor::new(lines)) as Bytes)))];
        let sizes = Sizes { block: 10, line: 100 };
        let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            work(&inputs, 3, sizes, &Panics::default)
        }));
        assert!(panicked.is_err());
    }
}
