//! Which files the given paths mean, in reading order, and where records of one are those of others, so that none is
//! read twice. What a file holds is told by its name alone, but for one that was just being compressed.

use std::collections::{HashMap, HashSet};
use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};

use super::name::{Format, LogName};
use super::opened::{self, Source};
use super::{Coverage, ring};

/// Something to read, unless others have been read that hold its records.
#[derive(Debug)]
pub(super) struct Choice {
    pub(super) source: Source,
    /// Each by itself is enough, if it could be read. They come before this.
    pub(super) copies: Vec<Copy>,
}

/// Where the records of a file are found as well.
#[derive(Debug)]
pub(super) struct Copy {
    /// What to say of the file then.
    pub(super) why: &'static str,
    /// The places of all files of that log among the choices.
    pub(super) places: Vec<usize>,
}

/// Finds what to read; what is passed over or cannot be found is noted.
pub(super) fn find(paths: &[PathBuf], coverage: &mut Coverage) -> Vec<Choice> {
    let mut found = Found::default();
    for path in paths {
        if path.as_os_str() == "-" {
            let candidate = Candidate { source: Source::Stdin, folder: None, name: None, bytes: 0 };
            found.add(candidate, Source::Stdin, coverage);
            continue;
        }
        match fs::metadata(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => found.pattern(path, &error, coverage),
            metadata => found.path(path, metadata, coverage),
        }
    }
    found.choose()
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
    fn path(&mut self, path: &Path, metadata: io::Result<Metadata>, coverage: &mut Coverage) {
        match metadata {
            Ok(metadata) if metadata.is_dir() => self.directory(path, coverage),
            Ok(metadata) => self.file(path, &metadata, coverage),
            Err(error) => coverage.problem(&path.display().to_string(), &format!("cannot open it: {error}")),
        }
    }

    /// What a pattern means, where no shell has looked for it: it was quoted, or the shell is one of Windows.
    fn pattern(&mut self, pattern: &Path, missing: &io::Error, coverage: &mut Coverage) {
        let shown = pattern.display().to_string();
        let mut matched: Vec<_> = glob::glob(&shown).into_iter().flatten().filter_map(Result::ok).collect();
        matched.sort();
        if matched.is_empty() {
            return coverage.problem(&shown, &format!("cannot open it: {missing}"));
        }
        matched.iter().for_each(|path| self.path(path, fs::metadata(path), coverage));
    }

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
            Ok(metadata) => self.other(path, &metadata, coverage),
            Err(_) => coverage.skip(&shown, NO_LOG),
        }
    }

    /// What is no log, but may hold records of one.
    fn other(&mut self, path: &Path, metadata: &Metadata, coverage: &mut Coverage) {
        let shown = path.display().to_string();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if !metadata.is_file() {
            coverage.skip(&shown, "it is no file");
        } else if !ring::is_ring(&name) || metadata.len() == 0 {
            coverage.skip(&shown, NO_LOG);
        } else if ring::is_left_behind(path) {
            let dir = path.parent().unwrap_or(Path::new(".")).display();
            coverage.miss(&shown, &format!("records may wait in it: `logwright recover {dir}`"));
        } else {
            coverage.skip(&shown, "a program that runs writes what waits in it");
        }
    }

    fn file(&mut self, path: &Path, metadata: &Metadata, coverage: &mut Coverage) {
        let identity = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let candidate = Candidate {
            source: Source::File(path.to_owned()),
            folder: folder_of(path),
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

    /// Puts each rotated set in order, its oldest file first, and what others may stand for behind these.
    fn choose(&self) -> Vec<Choice> {
        let mut sets = HashMap::new();
        let mut order: Vec<_> = self
            .candidates
            .iter()
            .enumerate()
            .map(|(at, candidate)| {
                // What is no log by its name is a set of its own.
                let Some(name) = &candidate.name else { return (None, at, None, at) };
                // Files of one folder with the same base are one set, which stands where its first file does.
                let set = sets.entry((&candidate.folder, &name.base)).or_insert(at);
                let others = self.copies(candidate).next().map(|_| (name.errors_of().is_some(), name.format));
                (others, *set, Some(name.oldest_first()), at)
            })
            .collect();
        order.sort();
        let order: Vec<_> = order.into_iter().map(|(.., at)| at).collect();
        let place = |at: &usize| order.iter().position(|known| known == at);
        let choice = |candidate: &Candidate| Choice {
            source: candidate.source.clone(),
            copies: self
                .copies(candidate)
                .map(|(why, all)| Copy { why, places: all.iter().filter_map(place).collect() })
                .collect(),
        };
        order.iter().map(|at| choice(&self.candidates[*at])).collect()
    }

    /// The logs that hold a file's records as well: what to say then, and their files, as far as they are not empty.
    fn copies<'a>(
        &'a self,
        candidate: &'a Candidate,
    ) -> impl Iterator<Item = (&'static str, Vec<usize>)> + 'a {
        let name = candidate.name.as_ref();
        let whole = name.and_then(LogName::errors_of).into_iter();
        let errors = whole.flat_map(|base| [(base.clone(), Format::JsonLines), (base, Format::Text)]);
        let lines = name
            .filter(|name| name.format == Format::Text)
            .map(|name| (name.base.clone(), Format::JsonLines));
        let errors = errors.map(|log| ("the app's other log holds these errors", log));
        let lines = lines.map(|log| ("the JSON lines of that name hold these records", log));
        let found =
            errors.chain(lines).map(move |(why, (base, format))| (why, self.files(candidate, &base, format)));
        let original = self.original(candidate).map(|at| ("it is there uncompressed as well", vec![at]));
        found.filter(|(_, files)| !files.is_empty()).chain(original)
    }

    /// The files of such a log beside that one.
    fn files(&self, candidate: &Candidate, base: &str, format: Format) -> Vec<usize> {
        let is_one = |other: &Candidate| {
            let name = other.name.as_ref().filter(|_| other.bytes > 0 && other.folder == candidate.folder);
            name.is_some_and(|name| name.base == base && name.format == format)
        };
        self.candidates.iter().enumerate().filter(|(_, other)| is_one(other)).map(|(at, _)| at).collect()
    }

    /// The file that such a one was made of by compressing it, if that is still there.
    fn original(&self, candidate: &Candidate) -> Option<usize> {
        let name = candidate.name.as_ref().filter(|name| name.is_compressed)?;
        let plain = LogName { is_compressed: false, ..name.clone() };
        let is_it =
            |other: &Candidate| other.folder == candidate.folder && other.name.as_ref() == Some(&plain);
        let at = self.candidates.iter().position(is_it)?;
        // The number alone does not say so: files get new ones while they are rotated.
        let (original, copy) = (opened::head(&self.candidates[at].source), opened::head(&candidate.source));
        let (original, copy) = original.ok().zip(copy.ok())?;
        let is_same = !copy.is_empty() && (original.starts_with(&copy) || copy.starts_with(&original));
        is_same.then_some(at)
    }
}

const NO_LOG: &str = "its name is no log's";

/// However the path was spelled.
fn folder_of(path: &Path) -> Option<PathBuf> {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    parent.unwrap_or(Path::new(".")).canonicalize().ok()
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
        let mut found = Vec::new();
        for choice in find(paths, &mut coverage) {
            let name = choice.source.to_string();
            match choice.copies.first() {
                Some(copy) => coverage.skip(&name, copy.why),
                None => found.push(name),
            }
        }
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
    fn a_compressed_file_is_one_of_its_set() {
        check(
            &["a.log", "a.log.1", "a.log.10.zst", "a.log.2.gz", "b.log.gz"],
            &["a.log.10.zst", "a.log.2.gz", "a.log.1", "a.log", "b.log.gz"],
            &[],
        );
        let json = "skipped: the JSON lines of that name hold these records";
        check(
            &["a.jsonl", "a.jsonl.2.gz", "a.log", "a.log.2.gz"],
            &["a.jsonl.2.gz", "a.jsonl"],
            &[json, json],
        );
    }

    #[test]
    fn what_was_just_compressed_counts_once() {
        let note = "skipped: it is there uncompressed as well";
        check(&["a.log", "a.log.1=some text", "a.log.1.gz=some"], &["a.log.1", "a.log"], &[note]);
        check(&["a.log.1=some", "a.log.1.gz=some text"], &["a.log.1"], &[note]);
        check(&["a.log.1=other", "a.log.1.gz=some"], &["a.log.1", "a.log.1.gz"], &[]);
        check(&["a.log.1=some", "a.log.2.gz=some"], &["a.log.2.gz", "a.log.1"], &[]);
        check(&["a.log.1=x", "a.log.1.gz="], &["a.log.1", "a.log.1.gz"], &[]);
    }

    #[test]
    fn a_pattern_means_what_a_shell_would_make_of_it() {
        let dir = tempfile::tempdir().unwrap();
        for name in ["b.log", "a.log", "a.txt", "[x].log"] {
            fs::write(dir.path().join(name), "x").unwrap();
        }
        let paths =
            |patterns: &[&str]| patterns.iter().map(|pattern| dir.path().join(pattern)).collect::<Vec<_>>();
        check_paths(&paths(&["?.log"]), dir.path(), &["a.log", "b.log"], &[]);
        check_paths(&paths(&["[x].log"]), dir.path(), &["[x].log"], &[]);
        let mut coverage = Coverage::default();
        assert!(find(&paths(&["*.jsonl"]), &mut coverage).is_empty() && coverage.unreadable == 1);
    }

    #[test]
    fn an_error_log_counts_only_when_it_is_alone() {
        let note = "skipped: the app's other log holds these errors";
        check(&["a.log", "a_error.log", "a_error.log.1"], &["a.log"], &[note, note]);
        check(
            &["a_20261122_124513.log", "a_error_20261122_124513.log", "b_error.log"],
            &["a_20261122_124513.log", "b_error.log"],
            &[note],
        );
        // Those of another run are nowhere else.
        let runs = ["a_20261122_124513.log", "a_error_20261122_124515.log"];
        check(&runs, &runs, &[]);
        check(&["a_error.log", "a.jsonl"], &["a.jsonl"], &[note]);
        check(&["a_error.log", "ab.log"], &["a_error.log", "ab.log"], &[]);
    }

    #[test]
    fn what_is_no_log_is_noted() {
        check(
            &["a.log", "notes.txt", "notes.txt.gz"],
            &["a.log"],
            &["skipped: its name is no log's", "skipped: its name is no log's"],
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
