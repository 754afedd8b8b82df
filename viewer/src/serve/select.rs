//! Which facts a view is of. What a fact cannot tell, the record's line does: such lines are read block by block, and parsed
//! only where the text that is looked for is in them.

use std::borrow::Cow;
use std::cell::Cell;
use std::collections::{HashMap, VecDeque};
use std::ops::Range;
use std::sync::{Arc, Mutex, OnceLock};

use foldhash::fast::RandomState;
use logwright::Level;
use logwright::record::{Kind, Status};

use crate::facts::{Fact, Name, Names, Problem, Table};
use crate::input::Place;
use crate::query::{Fields, Key, Query, Value};
use crate::summary::Summary;

use super::files::{Files, record_in};
use super::store::Store;
use super::view::View;

/// Fewer facts than this are not worth another thread.
const PART: usize = 100_000;
/// How many selections are kept for the next request, which often is for the next page or the same as JSON.
const KEPT: usize = 4;
/// How much is read at a time of a file whose lines are looked into.
const BLOCK: usize = 1 << 20;

/// Facts of a store, by time.
#[derive(Debug)]
pub(super) struct Selection {
    facts: Which,
    /// Records that could not be asked, since their lines are not there any more.
    pub(super) unread: u64,
    summary: OnceLock<Summary>,
}

#[derive(Debug)]
enum Which {
    All(Range<usize>),
    Some(Vec<u32>),
}

/// The selections that were made last.
#[derive(Debug, Default)]
pub(super) struct Cache(Mutex<VecDeque<(u64, String, Arc<Selection>)>>);

impl Cache {
    pub(super) fn of(&self, store: &Store, files: &Files, view: &View) -> Arc<Selection> {
        let key = view.key();
        let lock = || self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let is_it =
            |(generation, known, _): &&(u64, String, _)| (*generation, known) == (store.generation, &key);
        if let Some((.., found)) = lock().iter().find(is_it) {
            return Arc::clone(found);
        }
        let made = Arc::new(Selection::of(store, files, view));
        let mut cache = lock();
        cache.push_front((store.generation, key, Arc::clone(&made)));
        cache.truncate(KEPT);
        made
    }
}

impl Selection {
    fn of(store: &Store, files: &Files, view: &View) -> Self {
        let (since, until) = (view.range.since, view.range.until);
        let from = since.map_or(0, |since| store.facts.partition_point(|fact| fact.timestamp < since));
        let to = until
            .map_or(store.facts.len(), |until| store.facts.partition_point(|fact| fact.timestamp < until));
        let range = from..to.max(from);
        let wanted = Wanted::of(view, &store.whole.names);
        if wanted.is_all() {
            return Self::new(Which::All(range), 0);
        }
        let parts = parts(range);
        let found: Vec<_> = std::thread::scope(|scope| {
            let part = |part: Range<usize>| scope.spawn(|| wanted.among(store, files, part));
            let threads: Vec<_> = parts.into_iter().map(part).collect();
            threads.into_iter().filter_map(|thread| thread.join().ok()).collect()
        });
        let unread = found.iter().map(|(_, unread)| unread).sum();
        Self::new(Which::Some(found.into_iter().flat_map(|(found, _)| found).collect()), unread)
    }

    fn new(facts: Which, unread: u64) -> Self {
        Self { facts, unread, summary: OnceLock::new() }
    }

    pub(super) fn len(&self) -> usize {
        match &self.facts {
            Which::All(range) => range.len(),
            Which::Some(found) => found.len(),
        }
    }

    /// The number, among all facts of the store, of the one at that place of the selection.
    pub(super) fn index(&self, at: usize) -> usize {
        match &self.facts {
            Which::All(range) => range.start + at,
            Which::Some(found) => found[at] as usize,
        }
    }

    pub(super) fn facts<'a>(
        &'a self,
        store: &'a Store,
    ) -> impl DoubleEndedIterator<Item = &'a Fact> + ExactSizeIterator {
        (0..self.len()).map(|at| &store.facts[self.index(at)])
    }

    /// The numbers of these facts, counted when they are first asked for.
    pub(super) fn summary<'a>(&'a self, store: &'a Store) -> &'a Summary {
        // Those of all records are there.
        let is_whole = matches!(&self.facts, Which::All(range) if *range == (0..store.facts.len()));
        if is_whole && store.dropped == 0 {
            return &store.whole.summary;
        }
        self.summary.get_or_init(|| {
            let part = |part: Range<usize>| part.map(|at| &store.facts[self.index(at)]);
            store.summary(parts(0..self.len()).into_iter().map(part).collect())
        })
    }
}

/// A part for each thread that the machine has for it.
fn parts(range: Range<usize>) -> Vec<Range<usize>> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(16);
    let each = range.len().div_ceil(threads).max(PART);
    let end = range.end;
    let starts = range.step_by(each);
    starts.map(|from| from..(from + each).min(end)).collect()
}

/// What is asked of each fact.
struct Wanted<'a> {
    query: &'a Query,
    /// The problems with the id that is asked for, by their numbers; there is none of it where the list is empty.
    problems: Option<Vec<Name>>,
    run: Option<Option<u32>>,
}

impl<'a> Wanted<'a> {
    fn of(view: &'a View, names: &Names) -> Self {
        let id = Some(view.get("problem")).filter(|id| !id.is_empty());
        let problems = id.map(|id| {
            let all = names.problems.iter();
            all.filter(|(_, key)| Problem::id(key).eq_ignore_ascii_case(id)).map(|(name, _)| name).collect()
        });
        let run = Some(view.get("run")).filter(|run| !run.is_empty());
        let run = run.map(|run| u32::from_str_radix(run, 16).ok());
        Self { query: &view.query, problems, run }
    }

    fn is_all(&self) -> bool {
        self.query.is_empty() && self.problems.is_none() && self.run.is_none()
    }

    /// Those of a part that are wanted, and how many could not be asked.
    fn among(&self, store: &Store, files: &Files, part: Range<usize>) -> (Vec<u32>, u64) {
        let names = &store.whole.names;
        let (mut found, mut unsure) = (Vec::new(), Vec::new());
        let mut answers = Answers::default();
        for at in part {
            let fact = &store.facts[at];
            let is_met = self.is_among(fact).then(|| answers.of(fact, || self.ask(fact, names)));
            match is_met {
                Some(Some(true)) => found.push(at as u32),
                Some(None) => unsure.push(at as u32),
                Some(Some(false)) | None => {}
            }
        }
        let mut unread = 0;
        unsure.sort_unstable_by_key(|&at| store.facts[at as usize].place);
        let mut lines = Block::default();
        for at in unsure {
            match self.read(&store.facts[at as usize], names, files, &mut lines) {
                Some(true) => found.push(at),
                Some(false) => {}
                None => unread += 1,
            }
        }
        found.sort_unstable();
        (found, unread)
    }

    fn is_among(&self, fact: &Fact) -> bool {
        let is_problem = |problems: &Vec<Name>| fact.problem.is_some_and(|name| problems.contains(&name));
        self.problems.as_ref().is_none_or(is_problem) && self.run.is_none_or(|run| run == fact.run)
    }

    /// What the fact tells, and whether each with the same names and words tells the same.
    fn ask(&self, fact: &Fact, names: &Names) -> (Option<bool>, bool) {
        let known = Known { fact, names, is_special: Cell::new(false) };
        (self.query.matches(&known), !known.is_special.get())
    }

    /// What the record's line tells; `None` where it is not there any more.
    fn read(&self, fact: &Fact, names: &Names, files: &Files, lines: &mut Block) -> Option<bool> {
        let line = lines.line(files, fact.place)?;
        let known = Known { fact, names, is_special: Cell::new(false) };
        let told = self.query.matches_line(&known, line);
        told.or_else(|| Some(self.query.matches(&record_in(line, fact)?) == Some(true)))
    }
}

/// What was found of facts with the same names and words: there are few such kinds among many facts.
#[derive(Default)]
struct Answers(HashMap<Alike, Option<bool>, RandomState>);

/// All that most questions are about.
type Alike = (Name, Option<Name>, Kind, Level, Option<Status>, [bool; 2]);

impl Answers {
    fn of(&mut self, fact: &Fact, ask: impl FnOnce() -> (Option<bool>, bool)) -> Option<bool> {
        let has = [fact.problem.is_some(), fact.trace.is_some()];
        let alike = (fact.logger, fact.operation, fact.kind, fact.level, fact.status, has);
        if let Some(known) = self.0.get(&alike) {
            return *known;
        }
        let (answer, is_for_all) = ask();
        if is_for_all {
            self.0.insert(alike, answer);
        }
        answer
    }
}

/// A part of a file that lines are taken from, one behind the other.
#[derive(Default)]
struct Block {
    begins: Place,
    bytes: Vec<u8>,
    long: Vec<u8>,
}

impl Block {
    fn line<'a>(&'a mut self, files: &Files, place: Place) -> Option<&'a [u8]> {
        let end = self.end_of(place);
        let end = match end {
            Some(end) => Some(end),
            None => {
                self.bytes = files.read(place, BLOCK).ok()?;
                self.begins = place;
                self.end_of(place)
            }
        };
        let start = (place.offset - self.begins.offset) as usize;
        match end {
            Some(end) => self.bytes.get(start..end),
            None => {
                // The last line, or one that is longer than a block.
                self.long = files.line(place).ok()?;
                Some(&self.long)
            }
        }
    }

    fn end_of(&self, place: Place) -> Option<usize> {
        let start =
            place.offset.checked_sub(self.begins.offset).filter(|_| place.file == self.begins.file)?;
        let start = usize::try_from(start).ok()?;
        Some(start + memchr::memchr(b'\n', self.bytes.get(start..)?)?)
    }
}

/// A fact as a query sees it.
struct Known<'a> {
    fact: &'a Fact,
    names: &'a Names,
    /// Whether something was asked that facts with the same names and words may differ in.
    is_special: Cell<bool>,
}

impl Fields for Known<'_> {
    fn value(&self, key: &Key) -> Option<Value<'_>> {
        let fact = self.fact;
        let number = |number: Option<u128>| {
            self.is_special.set(true);
            Some(number.map_or(Value::Missing, Value::Number))
        };
        match key {
            Key::Level => Some(Value::Level(fact.level)),
            Key::Logger => name(&self.names.loggers, Some(fact.logger)),
            Key::Operation => name(&self.names.operations, fact.operation),
            Key::Kind => Some(Value::Text(Cow::Borrowed(fact.kind.as_str()))),
            Key::Status => {
                Some(fact.status.map_or(Value::Missing, |status| Value::Text(Cow::Borrowed(status.as_str()))))
            }
            Key::Duration => number(fact.duration_ns.map(u128::from)),
            Key::Run => number(fact.run.map(u128::from)),
            Key::OpId => number(fact.op_id.map(|id| id.0.get().into())),
            Key::ParentId => number(fact.parent_id.map(|id| id.0.get().into())),
            Key::TraceId if fact.trace.is_none() => Some(Value::Missing),
            // Whatever has an error is a problem.
            Key::Error if fact.problem.is_none() => Some(Value::Missing),
            _ => None,
        }
    }
}

/// The name; not known where it was cut, or is one of too many.
fn name(table: &Table, name: Option<Name>) -> Option<Value<'_>> {
    let Some(name) = name else { return Some(Value::Missing) };
    let text = table.name(name);
    (text.len() < 253 && text != "(other)").then_some(Value::Text(Cow::Borrowed(text)))
}
