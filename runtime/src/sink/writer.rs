//! Writes lines into a file or counts them as lost. A full or missing disk costs records, which are counted and told,
//! never the program.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::Rotation;
use super::block::Lines;
use super::current::{Batch, Current};
use super::format::Format;
use super::journal::Journal;
use super::loss::Loss;
use super::stats::Counts;
use super::{directory, disk};
use crate::error::Error;
use crate::record::Timestamp;
use crate::trap;

/// A file and how it fares.
pub(super) struct Writer {
    current: Current,
    format: Arc<Format>,
    counts: Arc<Counts>,
    loss: Loss,
    /// How many of the lost were told on stderr.
    told: u64,
    /// Whether it was said that something is wrong.
    is_out: bool,
    /// While something is wrong: when to try again.
    retry_at: Option<Instant>,
}

impl Writer {
    /// Opens the file at once, so that trouble is told at the start; it is tried again with later records.
    pub(super) fn open(path: PathBuf, rotation: Rotation, format: Arc<Format>, counts: Arc<Counts>) -> Self {
        let current = Current::new(path, rotation);
        let mut writer =
            Self { current, format, counts, loss: Loss::default(), told: 0, is_out: false, retry_at: None };
        if let Err(error) = writer.current.start() {
            writer.fail(&error);
        }
        writer
    }

    /// Writes the lines, the first first, as far as they can be; how many of them are.
    pub(super) fn put(&mut self, lines: Lines<'_>, now: Timestamp, journal: &dyn Journal) -> usize {
        let mut rest = lines;
        while rest.count() > 0 && self.retry_at.is_none_or(|at| Instant::now() >= at) {
            let done = self.append(rest, now, journal);
            rest = rest.split_at(done).1;
            if done == 0 {
                break;
            }
        }
        lines.count() - rest.count()
    }

    /// Writes the lines or counts them as lost.
    pub(super) fn put_or_lose(&mut self, lines: Lines<'_>, now: Timestamp) {
        let done = self.put(lines, now, &());
        self.lose(lines.split_at(done).1, now);
    }

    /// Counts lines as lost.
    pub(super) fn lose(&mut self, lines: Lines<'_>, now: Timestamp) {
        if lines.count() == 0 {
            return;
        }
        self.loss.add(lines.levels(), now);
        self.counts.lost(lines.levels());
    }

    /// Why records are lost.
    pub(super) fn cause(&self) -> &str {
        &self.loss.cause
    }

    /// Whether something is wrong.
    pub(super) fn is_out(&self) -> bool {
        self.is_out
    }

    /// Lets what failed be tried again at once.
    pub(super) fn forget_pause(&mut self) {
        self.retry_at = None;
    }

    /// Takes over what was lost before it came here.
    pub(super) fn absorb(&mut self, loss: Loss) {
        self.loss.absorb(loss);
    }

    /// Writes the record of what was lost, unless something is wrong still.
    pub(super) fn own_up(&mut self) {
        if !self.is_out && self.loss.total() > 0 {
            self.append(Lines::new(&[], &[]), Timestamp::now(), &());
        }
    }

    /// The same at the end, when it may be the last time: what cannot be written is said on stderr, once.
    pub(super) fn settle(&mut self) {
        if self.loss.total() > self.told {
            self.append(Lines::new(&[], &[]), Timestamp::now(), &());
        }
        if self.loss.total() > self.told {
            let (path, lost, cause) = (self.current.path().display(), self.loss.total(), &self.loss.cause);
            trap::report(format_args!("{lost} records could not be written to `{path}`: {cause}"));
            self.told = lost;
        }
    }

    /// Opens the file that is at the path now.
    pub(super) fn reopen(&mut self) -> Result<(), Error> {
        let result = self.current.reopen();
        if result.is_ok() {
            self.retry_at = None;
        }
        result.map_err(|error| self.error("open", error))
    }

    /// Moves the file on.
    pub(super) fn rotate(&mut self) -> Result<(), Error> {
        self.current.rotate_now().map_err(|error| self.error("rotate", error))
    }

    fn error(&self, verb: &str, error: io::Error) -> Error {
        Error::io(format!("cannot {verb} `{}`", self.current.path().display()), error)
    }

    /// Appends lines, with what is to be said before them; how many of them are done with.
    fn append(&mut self, lines: Lines<'_>, now: Timestamp, journal: &dyn Journal) -> usize {
        let (mut loss, mut opening) = (String::new(), String::new());
        if self.loss.total() > 0 {
            self.format.push_loss(&mut loss, &mut self.loss);
        }
        if self.current.is_fresh() {
            self.format.push_opening(&mut opening);
        }
        let batch = Batch { lines, loss: &loss, opening: &opening };
        let written = self.current.append(&batch, now, journal);
        self.counts.wrote((written.lines - usize::from(written.is_first_lost)) as u64);
        let told = if written.head { std::mem::take(&mut self.loss).total() } else { 0 };
        if written.is_first_lost {
            self.lose(lines.split_at(1).0, now);
        }
        match written.result {
            Ok(()) => self.recover(told),
            Err(error) => self.fail(&error),
        }
        written.lines
    }

    /// Notes that writing failed; says so on stderr once for each outage.
    fn fail(&mut self, error: &io::Error) {
        const PAUSE: Duration = Duration::from_millis(250);
        if !self.is_out && !directory::is_told(error) {
            let path = self.current.path().display();
            trap::report(format_args!("cannot write `{path}`: {error}; it is tried again"));
        }
        self.loss.cause = error.to_string();
        self.is_out = true;
        self.retry_at = Some(Instant::now() + PAUSE);
        self.current.close();
    }

    /// Notes that all is well, and says so where it was not.
    fn recover(&mut self, lost: u64) {
        if std::mem::take(&mut self.is_out) {
            let path = self.current.path();
            directory::is_there(disk::dir_of(path));
            let lost =
                if lost == 0 { "none was lost".to_owned() } else { format!("{lost} records were lost") };
            trap::report(format_args!("`{}` is written again; {lost}", path.display()));
        }
        self.told = 0;
        self.retry_at = None;
    }
}
