//! The logs of a directory, or some of them: which files are theirs, and what became of them since the last look.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use super::entry::Entry;
use super::follow::{Id, Look};
use super::log::{Found, Log};
use super::names::{List, age, doubles, log_of, may_be_double};

/// A directory is looked at again for so long after it changed, since the times of files are not exact.
const FRESH: Duration = Duration::from_secs(2);

/// And this often if it seems not to change: files that rest may have grown, and on some file systems nothing is told.
const SELDOM: Duration = Duration::from_secs(2);

/// Files may be moved while they are listed. Two lists that are the same are right.
const MAX_LISTS: usize = 10;

/// So much of a log is read before others have their turn.
const BLOCKS: usize = 16;

#[derive(Debug)]
pub(super) struct Set {
    dir: PathBuf,
    /// Whether all logs in it are followed.
    all: bool,
    /// Those that are followed in any case, by the names of their files.
    names: BTreeSet<String>,
    logs: BTreeMap<String, Log>,
    /// The logs that were there at the last look.
    seen: BTreeSet<String>,
    listed: Option<Listed>,
}

/// When the directory was looked at, and when it had changed by then.
#[derive(Debug)]
struct Listed {
    at: Instant,
    clock: SystemTime,
    modified: Option<SystemTime>,
}

/// Hands on a line, with the log it is of.
pub(super) type Each<'a> = dyn FnMut(&str, Entry) + 'a;

impl Set {
    pub(super) fn new(dir: &Path) -> Self {
        Self {
            dir: dir.to_owned(),
            all: false,
            names: BTreeSet::new(),
            logs: BTreeMap::new(),
            seen: BTreeSet::new(),
            listed: None,
        }
    }

    /// Follows the logs of a directory that is given, or the file of that name.
    pub(super) fn add(&mut self, name: Option<String>) {
        match name {
            Some(name) => self.names.extend([name]),
            None => self.all = true,
        }
        // An older file of one that is given is read with that.
        let names = self.names.clone();
        self.names.retain(|name| !names.iter().any(|own| own != name && age(name, own).is_some()));
        self.listed = None;
    }

    pub(super) fn dir(&self) -> &Path {
        &self.dir
    }

    /// Leaves out all but the last records of each log that is there at the start.
    pub(super) fn skip(
        &mut self,
        now: Instant,
        records: usize,
        wanted: &dyn Fn(&[u8]) -> bool,
    ) -> io::Result<()> {
        // Twice, so that each log was seen before.
        self.find(now)?;
        self.find(now)?;
        self.logs.values_mut().try_for_each(|log| log.skip(records, wanted))
    }

    /// Hands on what is new. Whether there is more already.
    pub(super) fn read(&mut self, now: Instant, each: &mut Each<'_>) -> io::Result<bool> {
        let mut result = if self.is_due(now) { self.find(now) } else { Ok(()) };
        self.logs.values_mut().for_each(Log::look);
        let cut = self.logs.values().any(Log::is_cut);
        if cut {
            // The copy of what was cut is there by now, and whole.
            result = result.and(self.find(now));
        }
        let mut has_more = cut;
        for log in self.logs.values_mut() {
            let label = log.label.clone();
            let mut each = |entry| each(&label, entry);
            log.part(&mut each);
            has_more |= log.read(BLOCKS, now, &mut each);
            log.tidy(now, &mut each);
        }
        self.logs.retain(|_, log| !log.is_gone());
        result.map(|()| has_more)
    }

    /// Gives up on the lines that have not ended.
    pub(super) fn end(&mut self, each: &mut Each<'_>) {
        for log in self.logs.values_mut() {
            let label = log.label.clone();
            log.end(&mut |entry| each(&label, entry));
        }
    }

    pub(super) fn logs(&self) -> usize {
        self.logs.len()
    }

    fn modified(&self) -> Option<SystemTime> {
        fs::metadata(&self.dir).and_then(|dir| dir.modified()).ok()
    }

    fn is_due(&self, now: Instant) -> bool {
        let Some(listed) = &self.listed else { return true };
        let settled = listed.modified.and_then(|modified| listed.clock.duration_since(modified).ok());
        listed.modified != self.modified()
            || listed.modified.is_some() && settled.is_none_or(|settled| settled < FRESH)
            || now.saturating_duration_since(listed.at) > SELDOM
    }

    /// Takes up what is in the directory now.
    fn find(&mut self, now: Instant) -> io::Result<()> {
        // What is in a file by now is newer than all that is found beside it. If it is cut before it is read, that shows.
        self.logs.values_mut().for_each(Log::look);
        self.listed = Some(Listed { at: now, clock: SystemTime::now(), modified: self.modified() });
        let mut list = self.list()?;
        let mut result = self.take_up(&list, now);
        for _ in 0..MAX_LISTS {
            let before = std::mem::replace(&mut list, self.list()?);
            if ids(&before) == ids(&list) {
                break;
            }
            result = result.and(self.take_up(&list, now));
        }
        self.seen = list.keys().cloned().collect();
        self.logs.values_mut().for_each(Log::settle);
        result
    }

    fn take_up(&mut self, list: &List, now: Instant) -> io::Result<()> {
        let passed = doubles(list);
        self.logs.retain(|name, _| !passed.contains(name));
        // A program makes its files one after the other: what has the others' records may come later.
        let is_sure =
            |name: &String| self.names.contains(name) || self.seen.contains(name) || !may_be_double(name);
        for name in list.keys().filter(|name| !passed.contains(*name) && is_sure(name)) {
            let label = || self.dir.join(name).display().to_string();
            self.logs.entry(name.clone()).or_insert_with(|| Log::new(label()));
        }
        let none = Vec::new();
        let mut result = Ok(());
        for (name, log) in &mut self.logs {
            result = result.and(log.take_up(list.get(name).unwrap_or(&none), now));
        }
        result
    }

    /// The log that a file is of, where that is to be followed.
    fn log_of<'a>(&'a self, name: &'a str) -> Option<(&'a str, u64)> {
        let given = self.names.iter().find_map(|own| Some((&**own, age(name, own)?)));
        given.or_else(|| log_of(name).filter(|_| self.all))
    }

    /// The files of each log that is to be followed.
    fn list(&self) -> io::Result<List> {
        let entries = match fs::read_dir(&self.dir) {
            Ok(entries) => entries,
            // It may come back.
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(List::new()),
            Err(error) => return Err(error),
        };
        let mut links = Vec::new();
        let (mut list, mut ids) = (List::new(), HashSet::new());
        for entry in entries {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let Some((log, age)) = self.log_of(&name) else { continue };
            let found = (log.to_owned(), entry.path(), age, name == log);
            if entry.file_type().is_ok_and(|kind| kind.is_symlink()) {
                links.push(found);
            } else {
                add(&mut list, &mut ids, found);
            }
        }
        // A link to what is in the list is no other log.
        links.into_iter().for_each(|link| add(&mut list, &mut ids, link));
        Ok(list)
    }
}

fn add(list: &mut List, ids: &mut HashSet<Id>, (log, path, age, is_own): (String, PathBuf, u64, bool)) {
    // It is gone, or has another name, when that fails.
    let Some(metadata) = fs::metadata(&path).ok().filter(fs::Metadata::is_file) else { return };
    let (id, look) = (Id::of(&metadata), Look::of(&metadata));
    if ids.insert(id) {
        list.entry(log).or_default().push(Found { path, id, look, is_own, age });
    }
}

/// What two lists must have in common: the files that are taken up. Sizes change all the time.
fn ids(list: &List) -> BTreeSet<(&Path, Id)> {
    let taken = list.values().flatten().filter(|found| found.can_be_told());
    taken.map(|found| (&*found.path, found.id)).collect()
}
