//! What programs write while the pages are open: the files that are known are read on, whatever they are called by now, and new
//! ones are looked for. A file is known by its identity, so that a rotation by renaming makes only the new one new.

use std::collections::HashSet;
use std::fs::File;
use std::path::PathBuf;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, PoisonError, RwLock, RwLockWriteGuard, TryLockError};
use std::time::{Duration, Instant};

use super::App;
use super::files::Files;
use super::live::Fresh;
use super::store::{Kept, Store};
use crate::input::{self, Counts, Fold as _, InputFile, Place};

/// How often is looked.
const PERIOD: Duration = Duration::from_millis(200);
/// How much is read of one file at a time, so that the others have their turn.
const BLOCK: usize = 4 << 20;
/// How many new records are shown at a time; all are counted.
const MAX_SHOWN: usize = 200;
/// By so many bytes at its beginning a file is known when it was copied.
const HEAD: usize = 256;

#[derive(Debug)]
pub(super) struct Follow {
    paths: Vec<PathBuf>,
    files: Vec<Followed>,
    /// Files that are not read, since others hold their records.
    passed: HashSet<PathBuf>,
    /// Since when pages have been made whenever it was looked.
    kept_out_since: Option<Instant>,
}

#[derive(Debug)]
struct Followed {
    /// Its number among all files.
    number: u32,
    path: PathBuf,
    file: File,
    identity: Option<(u64, u64)>,
    head: Vec<u8>,
    /// Up to here it was read.
    read: u64,
}

impl Follow {
    /// Files as they are before they are read for the first time.
    pub(super) fn new(paths: &[PathBuf], known: &[InputFile]) -> Self {
        let mut follow =
            Self { paths: paths.to_vec(), files: Vec::new(), passed: HashSet::new(), kept_out_since: None };
        for (number, InputFile { path, is_copy }) in known.iter().enumerate() {
            let Some(path) = path.as_ref().filter(|path| !input::is_compressed(path)) else { continue };
            if *is_copy {
                follow.passed.insert(path.clone());
            } else if let Some(followed) = Followed::open(number as u32, path) {
                follow.files.push(followed);
            }
        }
        follow
    }

    /// Goes on behind the last record of each file that was read.
    pub(super) fn skip(&mut self, last: &[(u32, u64)]) {
        for followed in &mut self.files {
            let last = last.iter().find(|(file, _)| *file == followed.number);
            let behind = |&(file, offset): &(u32, u64)| line_end(&followed.file, Place { file, offset });
            followed.read = last.map_or(0, behind);
        }
    }

    /// Looks again and again, on a thread of its own, until what is returned is dropped.
    pub(super) fn start(mut self, app: Arc<App>) -> Sender<()> {
        let (running, ended) = channel();
        std::thread::spawn(move || {
            while ended.recv_timeout(PERIOD) == Err(RecvTimeoutError::Timeout) {
                self.look(&app);
            }
        });
        running
    }

    fn look(&mut self, app: &App) {
        let Some((mut store, mut files)) = self.both(app) else { return };
        self.find(&mut files);
        let (mut kept, mut fresh, mut left_out) = (Kept::default(), Vec::new(), 0);
        let mut counts = Counts::default();
        let is_watched = app.live.is_watched();
        for followed in &mut self.files {
            let read = followed.read_on(&mut files, &mut |record, place| {
                kept.add(record, place);
                if fresh.len() < MAX_SHOWN && is_watched {
                    fresh.push(Fresh { place, record: record.clone().into_owned() });
                } else {
                    left_out += 1;
                }
            });
            counts.add(&read);
        }
        if kept.is_empty() {
            return;
        }
        store.append(kept, &counts);
        drop((store, files));
        app.live.tell(fresh, left_out);
    }

    /// What the pages are made of, if none is being made. Who waits for a lock makes the next page wait as well, so one that takes long
    /// is waited for only when there has been one all the time.
    fn both<'a>(
        &mut self,
        app: &'a App,
    ) -> Option<(RwLockWriteGuard<'a, Store>, RwLockWriteGuard<'a, Files>)> {
        const PATIENCE: Duration = Duration::from_secs(5);
        if self.kept_out_since.is_some_and(|since| since.elapsed() >= PATIENCE) {
            self.kept_out_since = None;
            let store = app.store.write().unwrap_or_else(PoisonError::into_inner);
            return Some((store, app.files.write().unwrap_or_else(PoisonError::into_inner)));
        }
        let both = free(&app.store).and_then(|store| Some((store, free(&app.files)?)));
        self.kept_out_since = match both {
            Some(_) => None,
            None => self.kept_out_since.or_else(|| Some(Instant::now())),
        };
        both
    }

    /// Files that were not there before. One that begins as a known one does is a copy of it.
    fn find(&mut self, files: &mut Files) {
        for InputFile { path, is_copy } in input::files(&self.paths) {
            let Some(path) = path.filter(|path| !is_copy && !input::is_compressed(path)) else { continue };
            let identity = std::fs::metadata(&path).ok().as_ref().and_then(identity);
            let is_known = |known: &Followed| match (identity, known.identity) {
                (Some(one), Some(other)) => one == other,
                _ => known.path == path,
            };
            if self.passed.contains(&path) || self.files.iter().any(is_known) {
                continue;
            }
            let Some(mut followed) = Followed::open(0, &path) else { continue };
            if followed.head.is_empty() {
                continue;
            }
            if self.files.iter().any(|known| known.is_copied_by(&followed)) {
                self.passed.insert(path);
                continue;
            }
            followed.number = files.add(Some(path));
            self.files.push(followed);
        }
    }
}

impl Followed {
    fn open(number: u32, path: &PathBuf) -> Option<Self> {
        let file = File::open(path).ok()?;
        let identity = file.metadata().ok().as_ref().and_then(identity);
        let head = super::files::read_at(&file, 0, HEAD).ok()?;
        Some(Self { number, path: path.clone(), file, identity, head, read: 0 })
    }

    fn is_copied_by(&self, other: &Self) -> bool {
        let both = self.head.len().min(other.head.len());
        both > 64 && self.head[..both] == other.head[..both]
    }

    /// Hands on the records of the whole lines that were added, and says what was read.
    fn read_on(
        &mut self,
        files: &mut Files,
        each: &mut dyn FnMut(&logwright::record::Record<'_>, Place),
    ) -> Counts {
        let Ok(length) = self.file.metadata().map(|metadata| metadata.len()) else {
            return Counts::default();
        };
        if length < self.read {
            self.begin_again(files);
        }
        if length == self.read {
            return Counts::default();
        }
        let Ok(mut block) = super::files::read_at(&self.file, self.read, BLOCK) else {
            return Counts::default();
        };
        // What has no end yet is read when it has, unless it never will.
        let whole = memchr::memrchr(b'\n', &block).map_or(0, |end| end + 1);
        block.truncate(if whole == 0 && block.len() == BLOCK { BLOCK } else { whole });
        if self.head.len() < HEAD {
            self.head = super::files::read_at(&self.file, 0, HEAD).unwrap_or_default();
        }
        let (file, begins) = (self.number, self.read);
        let counts = input::read_block(&block, &mut |record, offset| {
            each(record, Place { file, offset: begins + offset });
        });
        self.read += block.len() as u64;
        counts
    }

    /// It was cut, so what stands where is another thing from now on: it has another number.
    fn begin_again(&mut self, files: &mut Files) {
        self.number = files.add(Some(self.path.clone()));
        (self.read, self.head) = (0, Vec::new());
    }
}

/// What is locked, unless somebody else has it.
fn free<T>(lock: &RwLock<T>) -> Option<RwLockWriteGuard<'_, T>> {
    match lock.try_write() {
        Ok(guard) => Some(guard),
        Err(TryLockError::Poisoned(poisoned)) => Some(poisoned.into_inner()),
        Err(TryLockError::WouldBlock) => None,
    }
}

/// Behind the line at a place.
fn line_end(file: &File, place: Place) -> u64 {
    let mut offset = place.offset;
    while let Ok(block) = super::files::read_at(file, offset, BLOCK) {
        if let Some(end) = memchr::memchr(b'\n', &block) {
            return offset + end as u64 + 1;
        }
        offset += block.len() as u64;
        if block.len() < BLOCK {
            break;
        }
    }
    offset
}

/// What stays the same when a file is renamed.
#[cfg(unix)]
fn identity(metadata: &std::fs::Metadata) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt as _;
    Some((metadata.dev(), metadata.ino()))
}

#[cfg(not(unix))]
fn identity(_: &std::fs::Metadata) -> Option<(u64, u64)> {
    None
}
