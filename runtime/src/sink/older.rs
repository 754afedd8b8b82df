//! The older files of a log: what they are called and which there are. A name is ours only if this scheme makes it:
//! `x.log.7` or `x.log.7.gz`, and a regular file.

use std::fs::DirEntry;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::disk::dir_of;

/// The most older files that a log can have; names with more digits are somebody else's, such as dates.
pub(crate) const MOST: u32 = 9999;

/// One older file.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Older {
    /// 1 is the newest, of this file or of all runs.
    pub(super) number: u32,
    pub(super) path: PathBuf,
    pub(super) bytes: u64,
    pub(super) modified: Option<SystemTime>,
}

/// What the older file of this number is called, and what it is called when it is compressed.
pub(super) fn names(path: &Path, number: u32) -> [PathBuf; 2] {
    [with_suffix(path, &format!(".{number}")), with_suffix(path, &format!(".{number}.gz"))]
}

/// The file's name, if it is text.
pub(super) fn name_of(path: &Path) -> &str {
    path.file_name().and_then(|name| name.to_str()).unwrap_or_default()
}

/// The path with something at its end.
pub(super) fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// All older files of the log at `path`, the newest first.
pub(super) fn list(path: &Path) -> io::Result<Vec<Older>> {
    let own = name_of(path);
    let mut found = Vec::new();
    for entry in dir_of(path).read_dir()? {
        found.extend(entry.ok().and_then(|entry| own_file(own, &entry)));
    }
    found.sort();
    Ok(found)
}

/// The entry, if it is an older file of the log called `own`. One that has just gone is not.
fn own_file(own: &str, entry: &DirEntry) -> Option<Older> {
    let number = number_in(own, entry.file_name().to_str()?)?;
    // Of a link this is the link's own.
    let metadata = entry.metadata().ok().filter(std::fs::Metadata::is_file)?;
    Some(Older { number, path: entry.path(), bytes: metadata.len(), modified: metadata.modified().ok() })
}

/// The number in `own.NUMBER` or `own.NUMBER.gz`, written as this scheme writes it.
pub(super) fn number_in(own: &str, name: &str) -> Option<u32> {
    let digits = name.strip_prefix(own)?.strip_prefix('.')?;
    let digits = digits.strip_suffix(".gz").unwrap_or(digits);
    let number = digits.parse().ok().filter(|number| (1..=MOST).contains(number))?;
    (digits == number.to_string()).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_that_the_scheme_makes_have_a_number() {
        for (name, number) in [("x.log.1", 1), ("x.log.12", 12), ("x.log.9999", 9999), ("x.log.2.gz", 2)] {
            assert_eq!(number_in("x.log", name), Some(number), "{name}");
        }
        for name in [
            "x.log",
            "x.log.",
            "x.log.0",
            "x.log.01",
            "x.log.+1",
            "x.log.1x",
            "x.log.x",
            "x.log.bak",
            "x.log.1.bak",
            "x.log.1.gz.tmp",
            "x.log.gz",
            "x.log.1.gz.gz",
            "x.log.10000",
            "x.log.20261122",
            "x_log.1",
            "y.log.1",
            "x.log1",
            "x.log.-1",
            "x.log. 1",
            "x.log.1.GZ",
            "x.log.١",
        ] {
            assert_eq!(number_in("x.log", name), None, "{name}");
        }
    }

    #[test]
    fn links_and_directories_are_not_listed() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("x.log");
        for name in ["x.log", "x.log.2.gz", "x.log.10", "x.log.1", "x.log.bak"] {
            std::fs::write(dir.path().join(name), name).unwrap();
        }
        std::fs::create_dir(dir.path().join("x.log.3")).unwrap();
        #[cfg(unix)]
        std::os::unix::fs::symlink(dir.path().join("x.log.1"), dir.path().join("x.log.4")).unwrap();
        let found: Vec<_> = list(&path).unwrap().into_iter().map(|one| (one.number, one.bytes)).collect();
        assert_eq!(found, [(1, 7), (2, 10), (10, 8)]);
    }
}
