//! Which files the given paths mean, in reading order, so that no record is read twice. Opens no file; what a
//! file holds is told by its name alone.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};

use super::Coverage;
use super::name::{Format, LogName};

/// Something to read.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Source {
    Stdin,
    File(PathBuf),
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stdin => f.write_str("standard input"),
            Self::File(path) => write!(f, "{}", path.display()),
        }
    }
}

/// Finds what to read; what is passed over or cannot be found is noted.
pub(super) fn find(paths: &[PathBuf], coverage: &mut Coverage) -> Vec<Source> {
    let mut found = Found::default();
    for path in paths {
        if path.as_os_str() == "-" {
            let candidate = Candidate { source: Source::Stdin, folder: None, name: None, bytes: 0 };
            found.add(candidate, Source::Stdin, coverage);
            continue;
        }
        match fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => found.directory(path, coverage),
            Ok(metadata) => found.file(path, &metadata, coverage),
            Err(error) => coverage.problem(&path.display().to_string(), &format!("cannot open it: {error}")),
        }
    }
    choose(found.candidates, coverage)
}

/// A file that may be read.
#[derive(Debug)]
struct Candidate {
    source: Source,
    /// Its folder, however the path was spelled.
    folder: Option<PathBuf>,
    /// The parts of its name, where that is a log's.
    name: Option<LogName>,
    bytes: u64,
}

#[derive(Default)]
struct Found {
    candidates: Vec<Candidate>,
    seen: HashSet<Source>,
}

impl Found {
    /// All logs in a directory, not in those below it.
    fn directory(&mut self, path: &Path, coverage: &mut Coverage) {
        let shown = path.display().to_string();
        let files = match entries(path) {
            Ok(files) => files,
            Err(error) => return coverage.problem(&shown, &format!("cannot read the directory: {error}")),
        };
        files.iter().for_each(|file| self.entry(file, coverage));
        if !files.iter().any(|file| log_name(file).is_some()) {
            coverage.problem(&shown, "no log in this directory (`*.jsonl`, `*.log`, `*.log.1`, ..)");
        }
    }

    fn entry(&mut self, path: &Path, coverage: &mut Coverage) {
        let shown = path.display().to_string();
        match fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => {}
            Ok(metadata) if log_name(path).is_some() && metadata.is_file() => {
                self.file(path, &metadata, coverage);
            }
            Err(error) if log_name(path).is_some() => {
                coverage.problem(&shown, &format!("cannot open it: {error}"));
            }
            _ if shown.ends_with(".gz") || shown.ends_with(".zst") => {
                coverage.skip(&shown, "it is compressed");
            }
            _ => coverage.skip(&shown, "its name is no log's"),
        }
    }

    fn file(&mut self, path: &Path, metadata: &Metadata, coverage: &mut Coverage) {
        let identity = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
        let candidate = Candidate {
            source: Source::File(path.to_owned()),
            folder: parent.unwrap_or(Path::new(".")).canonicalize().ok(),
            name: log_name(path),
            bytes: metadata.len(),
        };
        self.add(candidate, Source::File(identity), coverage);
    }

    fn add(&mut self, candidate: Candidate, identity: Source, coverage: &mut Coverage) {
        if self.seen.insert(identity) {
            self.candidates.push(candidate);
        } else {
            coverage.skip(&candidate.source.to_string(), "it is among the input already");
        }
    }
}

fn entries(path: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = fs::read_dir(path)?.map(|entry| Ok(entry?.path()));
    let mut entries = entries.collect::<io::Result<Vec<_>>>()?;
    entries.sort();
    Ok(entries)
}

fn log_name(path: &Path) -> Option<LogName> {
    LogName::parse(&path.file_name()?.to_string_lossy())
}

/// Leaves out what would count twice and puts each rotated set in order, its oldest file first.
fn choose(candidates: Vec<Candidate>, coverage: &mut Coverage) -> Vec<Source> {
    let copies: Vec<_> = candidates.iter().map(|candidate| copy_of(candidate, &candidates)).collect();
    let mut places = HashMap::new();
    let mut order: Vec<_> = candidates
        .iter()
        .enumerate()
        .map(|(at, candidate)| {
            // What is no log by its name is a set of its own.
            let Some(name) = &candidate.name else { return (at, None, at) };
            // Files of one folder with the same base are one set, which stands where its first file does.
            let set = places.entry((&candidate.folder, &name.base)).or_insert(at);
            (*set, Some(name.oldest_first()), at)
        })
        .collect();
    order.sort();
    let mut chosen = Vec::new();
    for (_, _, at) in order {
        match &copies[at] {
            Some(why) => coverage.skip(&candidates[at].source.to_string(), why),
            None => chosen.push(candidates[at].source.clone()),
        }
    }
    chosen
}

/// Where a file's records are found as well, if that is among the candidates and not empty.
fn copy_of(candidate: &Candidate, all: &[Candidate]) -> Option<&'static str> {
    let name = candidate.name.as_ref()?;
    let errors_of = name.errors_of();
    let others = all.iter().filter(|other| other.bytes > 0 && other.folder == candidate.folder);
    for other in others.filter_map(|other| other.name.as_ref()) {
        if errors_of.is_some_and(|app| other.is_whole_log_of(app)) {
            return Some("the app's other log holds these errors");
        }
        if name.format == Format::Text && other.format == Format::JsonLines && other.base == name.base {
            return Some("the JSON lines of that name hold these records");
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is read of a directory with these files, and what is noted of the others.
    #[track_caller]
    fn check(files: &[&str], chosen: &[&str], notes: &[&str]) {
        let dir = tempfile::tempdir().unwrap();
        for file in files {
            let (name, text) = file.split_once('=').unwrap_or((file, "x"));
            fs::write(dir.path().join(name), text).unwrap();
        }
        check_paths(&[dir.path().to_owned()], dir.path(), chosen, notes);
    }

    #[track_caller]
    fn check_paths(paths: &[PathBuf], dir: &Path, chosen: &[&str], notes: &[&str]) {
        let mut coverage = Coverage::default();
        let found: Vec<_> = find(paths, &mut coverage).iter().map(ToString::to_string).collect();
        let chosen: Vec<_> = chosen.iter().map(|name| dir.join(name).display().to_string()).collect();
        assert_eq!(found, chosen);
        let found: Vec<_> = coverage.notes.iter().map(|note| note.text.as_str()).collect();
        assert_eq!(found, notes);
    }

    #[test]
    fn a_rotated_set_is_read_oldest_first() {
        check(
            &["a.log", "a.log.1", "a.log.10", "a.log.2", "b.log"],
            &["a.log.10", "a.log.2", "a.log.1", "a.log", "b.log"],
            &[],
        );
    }

    #[test]
    fn json_lines_stand_for_the_text_log_of_the_same_name() {
        let note = "skipped: the JSON lines of that name hold these records";
        check(&["a.jsonl", "a.jsonl.1", "a.log", "b.log"], &["a.jsonl.1", "a.jsonl", "b.log"], &[note]);
        check(&["a.jsonl=", "a.log"], &["a.jsonl", "a.log"], &[]);
    }

    #[test]
    fn an_error_log_counts_only_when_it_is_alone() {
        let note = "skipped: the app's other log holds these errors";
        check(&["a.log", "a_error.log", "a_error.log.1"], &["a.log"], &[note, note]);
        check(
            &["a_20261122_124513.log", "a_error_20261122_124515.log", "b_error.log"],
            &["a_20261122_124513.log", "b_error.log"],
            &[note],
        );
        check(&["a_error.log", "a.jsonl"], &["a.jsonl"], &[note]);
        check(&["a_error.log", "ab.log"], &["a_error.log", "ab.log"], &[]);
    }

    #[test]
    fn what_is_no_log_is_noted() {
        check(
            &["a.log", "a.log.1.gz", "notes.txt"],
            &["a.log"],
            &["skipped: it is compressed", "skipped: its name is no log's"],
        );
        let none = "no log in this directory (`*.jsonl`, `*.log`, `*.log.1`, ..)";
        check(&[], &[], &[none]);
    }

    #[test]
    fn a_file_given_by_name_is_read_whatever_its_name_but_once() {
        let dir = tempfile::tempdir().unwrap();
        let paths = ["notes.txt", "a.log", "a.log", "a_error.log"].map(|name| dir.path().join(name));
        paths.iter().for_each(|path| fs::write(path, "x").unwrap());
        let notes =
            ["skipped: it is among the input already", "skipped: the app's other log holds these errors"];
        check_paths(&paths, dir.path(), &["notes.txt", "a.log"], &notes);
        check_paths(&paths[3..], dir.path(), &["a_error.log"], &[]);
    }
}
