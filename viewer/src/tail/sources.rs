//! Everything that is followed: files, directories, streams, and paths where nothing is yet.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::Instant;

use logwright::record::Printable;

use super::set::{Each, Set};
use super::stream::Stream;

#[derive(Debug, Default)]
pub(super) struct Sources {
    /// Where nothing was so far.
    awaited: Vec<PathBuf>,
    sets: Vec<Set>,
    streams: Vec<Stream>,
    /// What went wrong is told once, not ten times a second.
    told: HashSet<String>,
}

impl Sources {
    pub(super) fn new(paths: &[PathBuf]) -> Self {
        let mut sources = Self { awaited: paths.to_vec(), ..Self::default() };
        sources.find();
        for path in std::mem::take(&mut sources.awaited) {
            sources.tell(&format!("{}: nothing is there yet; waiting for it", path.display()));
            sources.awaited.push(path);
        }
        sources
    }

    /// Follows what has come to be there.
    fn find(&mut self) {
        for path in std::mem::take(&mut self.awaited) {
            let name = path.display().to_string();
            if path.as_os_str() == "-" {
                self.streams.push(Stream::new("standard input", || Ok(io::stdin())));
                continue;
            }
            match fs::metadata(&path) {
                Ok(metadata) if metadata.is_dir() => self.set(&path).add(None),
                Ok(metadata) if metadata.is_file() => self.file(&path),
                Ok(_) => self.streams.push(Stream::new(&name, move || File::open(path))),
                Err(_) => self.awaited.push(path),
            }
        }
    }

    fn file(&mut self, path: &Path) {
        let dir = path.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        self.set(dir).add(Some(name));
    }

    /// What is followed in that directory, however its path is spelled.
    fn set(&mut self, dir: &Path) -> &mut Set {
        let place = |dir: &Path| dir.canonicalize().unwrap_or_else(|_| dir.to_owned());
        let known = self.sets.iter().position(|set| place(set.dir()) == place(dir));
        let at = known.unwrap_or_else(|| {
            self.sets.push(Set::new(dir));
            self.sets.len() - 1
        });
        &mut self.sets[at]
    }

    /// Leaves out all but the last records of what is there.
    pub(super) fn skip(&mut self, records: usize, wanted: &dyn Fn(&[u8]) -> bool) {
        let now = Instant::now();
        let told: Vec<_> =
            self.sets.iter_mut().map(|set| (set.skip(now, records, wanted), set.dir().to_owned())).collect();
        told.into_iter().for_each(|(result, dir)| self.check(&dir, result));
    }

    /// Hands on what is new in files. Whether there is more already.
    pub(super) fn read_files(&mut self, now: Instant, each: &mut Each<'_>) -> bool {
        let mut has_more = false;
        for at in 0..self.sets.len() {
            let result = self.sets[at].read(now, each);
            has_more |= *result.as_ref().unwrap_or(&false);
            let dir = self.sets[at].dir().to_owned();
            self.check(&dir, result.map(|_| ()));
        }
        has_more
    }

    /// Hands on what is new. Whether there is more already.
    pub(super) fn read(&mut self, now: Instant, each: &mut Each<'_>) -> bool {
        if !self.awaited.is_empty() {
            self.find();
        }
        let mut has_more = self.read_files(now, each);
        for stream in &mut self.streams {
            let name = stream.name.clone();
            has_more |= stream.read(&mut |entry| each(&name, entry));
        }
        self.streams.retain(|stream| !stream.is_over);
        has_more
    }

    /// Gives up on the lines that have not ended.
    pub(super) fn end(&mut self, each: &mut Each<'_>) {
        self.sets.iter_mut().for_each(|set| set.end(each));
        for stream in &mut self.streams {
            let name = stream.name.clone();
            stream.end(&mut |entry| each(&name, entry));
        }
    }

    /// How many logs there are to be merged.
    pub(super) fn count(&self) -> usize {
        self.streams.len() + self.sets.iter().map(Set::logs).sum::<usize>()
    }

    /// Whether nothing will come any more.
    pub(super) fn are_over(&self) -> bool {
        self.awaited.is_empty() && self.sets.is_empty() && self.streams.is_empty()
    }

    fn check(&mut self, dir: &Path, result: io::Result<()>) {
        if let Err(error) = result {
            self.tell(&format!("{}: {error}", dir.display()));
        }
    }

    /// Says it, unless that was done; that stderr is closed is no reason to stop.
    fn tell(&mut self, text: &str) {
        if self.told.insert(text.to_owned()) {
            let _ = writeln!(io::stderr(), "{}", Printable(text));
        }
    }
}
