//! Where each run of a program has files of its own: what they are called, and which of them are older ones. A name is
//! ours only if this scheme makes it: `x_20261122_124513.log`, and with `.7`, `.gz` or `.7.gz` behind it.

use std::cmp::Reverse;
use std::io;
use std::path::Path;

use super::disk::{dir_of, is_held};
use super::older::{self, Older};

/// Whose older files are meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Scope {
    /// Those of this file.
    #[default]
    File,
    /// Those of all runs, each of which has a file of its own.
    Runs,
}

impl Scope {
    /// All older files of the log at `path`, the newest first.
    pub(super) fn list(self, path: &Path) -> io::Result<Vec<Older>> {
        match self {
            Self::File => older::list(path),
            Self::Runs => list(path),
        }
    }

    /// What a file is called while it is being compressed. For all runs it is one name: a later one removes what an
    /// earlier one left.
    #[cfg(all(feature = "gzip", unix))]
    pub(super) fn tmp(self, path: &Path) -> std::path::PathBuf {
        let run = Run::parse(older::name_of(path)).filter(|_| self == Self::Runs);
        let log =
            run.map_or_else(|| path.to_owned(), |run| path.with_file_name([run.app, run.suffix].concat()));
        older::with_suffix(&log, ".gz.tmp")
    }
}

/// The older files of all runs: those of this run first, then by the time when each began. A file that another run writes to
/// is no older one, whatever its time.
fn list(path: &Path) -> io::Result<Vec<Older>> {
    let own = older::name_of(path);
    let Some(own) = Run::parse(own) else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    for entry in dir_of(path).read_dir()?.filter_map(Result::ok) {
        let name = entry.file_name();
        let Some(run) = name.to_str().and_then(Run::parse).filter(|run| run.is_older_for(&own)) else {
            continue;
        };
        if entry.file_type().is_ok_and(|kind| kind.is_file()) && (run.number > 0 || !is_held(&entry.path())) {
            found.push((run.age(&own), entry));
        }
    }
    found.sort_by(|a, b| a.0.cmp(&b.0));
    let mut all = Vec::<Older>::new();
    let (mut number, mut last) = (0, None);
    for (age, entry) in found {
        // One that is there twice, compressed and not, counts once.
        number += u32::from(last.as_ref() != Some(&age));
        let Ok(metadata) = entry.metadata() else { continue };
        let modified = metadata.modified().ok();
        all.push(Older { number, path: entry.path(), bytes: metadata.len(), modified });
        last = Some(age);
    }
    Ok(all)
}

/// Whether this is the file that another run of the log `own` writes to, or wrote to last.
#[cfg(all(feature = "mapped", unix))]
pub(super) fn is_of_other_run(log: &Path, own: &Path) -> bool {
    let (log, own) = (older::name_of(log), older::name_of(own));
    let (log, own) = (Run::parse(log), Run::parse(own));
    log.zip(own).is_some_and(|(log, own)| log.is_older_for(&own) && log.number == 0)
}

/// The parts of the name of a run's file: `chaptrix` `_20261122_124513` `.log` and `.2` or nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Run<'a> {
    app: &'a str,
    stamp: &'a str,
    suffix: &'a str,
    /// 0 for the file that the run wrote to last.
    number: u32,
}

impl<'a> Run<'a> {
    fn parse(name: &'a str) -> Option<Self> {
        const STAMP: usize = "_20261122_124513".len();
        let plain = name.strip_suffix(".gz").unwrap_or(name);
        let (plain, number) = match plain.rsplit_once('.') {
            Some((log, digits)) if digits.starts_with(|c: char| c.is_ascii_digit()) => {
                (log, older::number_in(log, plain)?)
            }
            _ => (plain, 0),
        };
        let (base, suffix) = plain.split_at(plain.rfind('.')?);
        let (app, stamp) = base.split_at_checked(base.len().checked_sub(STAMP)?)?;
        let is_stamp = stamp.bytes().enumerate().all(|(at, byte)| match at {
            0 | 9 => byte == b'_',
            _ => byte.is_ascii_digit(),
        });
        let is_log = [".log", ".jsonl"].contains(&suffix);
        (is_stamp && is_log && !app.is_empty()).then_some(Self { app, stamp, suffix, number })
    }

    /// Whether it is of the same log as `own`, and not what that run writes to.
    fn is_older_for(&self, own: &Run<'_>) -> bool {
        (self.app, self.suffix) == (own.app, own.suffix) && (self.stamp != own.stamp || self.number > 0)
    }

    /// Sorts by age, the newest first. This run is the newest, though clocks are set back.
    fn age(&self, own: &Run<'_>) -> (bool, Reverse<String>, u32) {
        (self.stamp != own.stamp, Reverse(self.stamp.to_owned()), self.number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The names that are listed of a directory with these files, each with its number.
    fn listed(own: &str, names: &[&str]) -> Vec<String> {
        let dir = tempfile::tempdir().unwrap();
        names.iter().for_each(|name| std::fs::write(dir.path().join(name), name).unwrap());
        let all = Scope::Runs.list(&dir.path().join(own)).unwrap();
        all.iter().map(|older| format!("{} {}", older.number, older::name_of(&older.path))).collect()
    }

    #[test]
    fn only_names_that_the_scheme_makes_are_a_runs() {
        let run = |stamp, number| Some(Run { app: "x", stamp, suffix: ".log", number });
        for (name, expected) in [
            ("x_20261122_124513.log", run("_20261122_124513", 0)),
            ("x_20261122_124513.log.1", run("_20261122_124513", 1)),
            ("x_20261122_124513.log.9999", run("_20261122_124513", 9999)),
            ("x_20261122_124513.log.gz", run("_20261122_124513", 0)),
            ("x_20261122_124513.log.12.gz", run("_20261122_124513", 12)),
        ] {
            assert_eq!(Run::parse(name), expected, "{name}");
        }
        for name in [
            "",
            "x.log",
            "x.log.1",
            "x_notes.log",
            "_20261122_124513.log",
            "x_20261122_124513",
            "x_20261122-124513.log",
            "x_20261122_12451.log",
            "x20261122_124513.log",
            "x_2026112a_124513.log",
            "x_20261122_124513.log.0",
            "x_20261122_124513.log.01",
            "x_20261122_124513.log.10000",
            "x_20261122_124513.log.1x",
            "x_20261122_124513.log.bak",
            "x_20261122_124513.log.gz.tmp",
            "x_20261122_124513.log.gz.gz",
            "x_20261122_124513.log.0a1b2c3d.ring",
            "x_\u{662}0261122_124513.log",
        ] {
            assert_eq!(Run::parse(name), None, "{name}");
        }
    }

    #[test]
    fn older_files_are_those_of_all_runs_of_this_log_alone() {
        let own = "x_20261122_124513.log";
        let foreign = [
            "x.log",
            "x.log.1",
            "x_notes.log",
            "x_error_20261120_000000.log",
            "x_20261120_000000.jsonl",
            "y_20261120_000000.log",
            "xx_20261120_000000.log",
        ];
        let names = [
            own,
            "x_20261122_124513.log.2",
            "x_20261122_124513.log.1",
            "x_20261121_235959.log.1.gz",
            "x_20261121_235959.log",
            "x_20261121_080000.log",
            "x_20261121_080000.log.gz",
            "x_20301231_000000.log",
        ];
        let expected = [
            "1 x_20261122_124513.log.1",
            "2 x_20261122_124513.log.2",
            "3 x_20301231_000000.log",
            "4 x_20261121_235959.log",
            "5 x_20261121_235959.log.1.gz",
            "6 x_20261121_080000.log",
            "6 x_20261121_080000.log.gz",
        ];
        let mut found = listed(own, &[&names[..], &foreign].concat());
        // The two of one number have no order.
        found.sort();
        assert_eq!(found, expected);
    }

    #[test]
    fn links_and_directories_are_not_listed() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir(dir.path().join("x_20261121_000000.log")).unwrap();
        std::fs::write(dir.path().join("precious"), "").unwrap();
        #[cfg(unix)]
        std::os::unix::fs::symlink("precious", dir.path().join("x_20261120_000000.log")).unwrap();
        let all = Scope::Runs.list(&dir.path().join("x_20261122_124513.log")).unwrap();
        assert_eq!(all, []);
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_is_written_to_is_no_older_one() {
        use crate::sink::disk::{open_held, remove_free};
        let dir = tempfile::tempdir().unwrap();
        let [own, other] =
            ["x_20261122_124513.log", "x_20261121_000000.log"].map(|name| dir.path().join(name));
        let held = open_held(&other).unwrap();
        assert_eq!(Scope::Runs.list(&own).unwrap(), []);
        remove_free(&other).unwrap();
        assert!(other.exists());
        drop(held);
        assert_eq!(Scope::Runs.list(&own).unwrap().len(), 1);
        remove_free(&other).unwrap();
        assert!(!other.exists());
    }

    #[cfg(all(feature = "gzip", unix))]
    #[test]
    fn all_runs_have_one_name_for_a_file_that_is_being_compressed() {
        let path = Path::new("logs/x_20261122_124513.log");
        assert_eq!(Scope::Runs.tmp(path), Path::new("logs/x.log.gz.tmp"));
        assert_eq!(Scope::File.tmp(path), Path::new("logs/x_20261122_124513.log.gz.tmp"));
    }
}
