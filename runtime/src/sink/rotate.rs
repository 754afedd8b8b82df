//! When a file is full and how it makes room: `x.log` becomes `x.log.1`, that `x.log.2`, and so on. Which older files
//! are kept. Touches only names that this scheme makes.

use std::io;
use std::path::Path;
use std::time::{Duration, SystemTime};

use super::disk::remove_free;
use super::older::{self, Older};
use super::runs::Scope;

/// How large a file may grow and which older ones are kept.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Rotation {
    pub(crate) max_bytes: u64,
    pub(crate) keep: u32,
    pub(crate) daily: bool,
    pub(crate) max_age: Option<Duration>,
    pub(crate) max_total_bytes: Option<u64>,
    pub(crate) compress: bool,
    /// Whose older files these limits are for.
    pub(crate) scope: Scope,
}

impl Rotation {
    /// Whether a file of `size` bytes has no room for `more`. An empty file takes a record of any length.
    pub(super) fn is_full(self, size: u64, more: u64) -> bool {
        size > 0 && size.saturating_add(more) > self.max_bytes
    }

    /// Moves the file and its older ones up by one, as far as there is no gap; the oldest goes. Nothing is touched
    /// when one of them is in the way of that: a directory or a link of such a name is not ours.
    pub(super) fn shift(self, path: &Path) -> io::Result<()> {
        if !path.symlink_metadata()?.is_file() {
            return Err(io::Error::other(format!("`{}` is a link, or no file", path.display())));
        }
        let keep = self.keep.min(older::MOST);
        let mut gap = 1;
        while is_taken(path, gap)? {
            if gap == keep {
                older::names(path, gap).iter().try_for_each(|name| found(std::fs::remove_file(name)))?;
                break;
            }
            gap += 1;
        }
        for number in (1..gap).rev() {
            let ([plain, packed], [to, packed_to]) =
                (older::names(path, number), older::names(path, number + 1));
            if plain.exists() {
                // Where there are both, a process was killed when it had compressed the one.
                found(std::fs::remove_file(packed))?;
                std::fs::rename(plain, to)?;
            } else {
                std::fs::rename(packed, packed_to)?;
            }
        }
        let [newest, _] = older::names(path, 1);
        std::fs::rename(path, newest)
    }

    /// Whether an opened file may have older ones that are over a limit, which need not wait for a rotation.
    pub(super) fn has_limits(self) -> bool {
        let is_limited = self.max_age.is_some() || self.max_total_bytes.is_some();
        self.keep > 0 && (is_limited || self.scope == Scope::Runs)
    }

    /// Removes the older files over a limit of age or size, and those with a number over `keep`. Those of earlier runs
    /// are not over a number that was larger once: each run makes them one more, so they are counted at once.
    pub(super) fn tidy(self, path: &Path, keep: u32) -> io::Result<()> {
        let (keep, remove): (_, fn(&Path) -> io::Result<()>) = match self.scope {
            Scope::File => (keep, |path| std::fs::remove_file(path)),
            Scope::Runs => (self.keep, remove_free),
        };
        let mut result = Ok(());
        for older in self.surplus(&self.scope.list(path)?, keep, SystemTime::now()) {
            result = result.and(found(remove(&older.path)));
        }
        result
    }

    /// Which of these, the newest first, are too many, too old or too large. What goes by size is the end of the
    /// list, whatever the clock says of it. The newest stays then: another process may be about to leave it.
    fn surplus(self, all: &[Older], keep: u32, now: SystemTime) -> impl Iterator<Item = &Older> {
        let is_old = move |older: &Older| {
            let age = older.modified.and_then(|modified| now.duration_since(modified).ok());
            age.is_some_and(|age| self.max_age.is_some_and(|max| age > max))
        };
        let mut total = 0_u64;
        all.iter().filter(move |older| {
            if older.number > keep || is_old(older) {
                return true;
            }
            total = total.saturating_add(older.bytes);
            older.number > 1 && self.max_total_bytes.is_some_and(|max| total > max)
        })
    }
}

/// Whether there is an older file of this number.
fn is_taken(path: &Path, number: u32) -> io::Result<bool> {
    let mut taken = false;
    for name in older::names(path, number) {
        match name.symlink_metadata() {
            Ok(there) if !there.is_file() => {
                return Err(io::Error::other(format!("`{}` is no file", name.display())));
            }
            there => taken |= there.is_ok(),
        }
    }
    Ok(taken)
}

/// What is not there needs neither moving nor removing.
fn found(result: io::Result<()>) -> io::Result<()> {
    result.or_else(|error| if error.kind() == io::ErrorKind::NotFound { Ok(()) } else { Err(error) })
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    const HOUR: Duration = Duration::from_secs(3600);

    /// A directory with a log and what is to be beside it; each holds its name.
    fn logs(others: &[&str]) -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        for name in [&["x.log"], others].concat() {
            std::fs::write(dir.path().join(name), name).unwrap();
        }
        dir
    }

    /// What is in the directory: `name=content`.
    fn content(dir: &tempfile::TempDir) -> Vec<String> {
        let entries = dir.path().read_dir().unwrap().map(|entry| entry.unwrap().path());
        let mut all: Vec<_> = entries
            .map(|path| {
                let name = path.file_name().unwrap().to_str().unwrap();
                format!("{name}={}", std::fs::read_to_string(&path).unwrap())
            })
            .collect();
        all.sort();
        all
    }

    /// Rotates once and says what is there then.
    fn rotated(keep: u32, others: &[&str]) -> Vec<String> {
        let dir = logs(others);
        let rotation = Rotation { keep, ..Rotation::default() };
        rotation.shift(&dir.path().join("x.log")).unwrap();
        rotation.tidy(&dir.path().join("x.log"), keep).unwrap();
        content(&dir)
    }

    fn older(number: u32, bytes: u64, modified: SystemTime) -> Older {
        Older { number, path: PathBuf::new(), bytes, modified: Some(modified) }
    }

    fn numbers(rotation: Rotation, all: &[Older], now: SystemTime) -> Vec<u32> {
        rotation.surplus(all, 5, now).map(|older| older.number).collect()
    }

    #[test]
    fn each_moves_up_by_one_and_the_oldest_goes() {
        assert_eq!(rotated(2, &["x.log.1", "x.log.2"]), ["x.log.1=x.log", "x.log.2=x.log.1"]);
        assert_eq!(rotated(1, &["x.log.1"]), ["x.log.1=x.log"]);
        assert_eq!(rotated(u32::MAX, &["x.log.1"]), ["x.log.1=x.log", "x.log.2=x.log.1"]);
    }

    #[test]
    fn compressed_files_move_with_the_others() {
        let there = ["x.log.1", "x.log.2.gz", "x.log.3.gz"];
        assert_eq!(rotated(3, &there), ["x.log.1=x.log", "x.log.2=x.log.1", "x.log.3.gz=x.log.2.gz"]);
    }

    #[test]
    fn what_is_there_twice_is_kept_once() {
        let there = ["x.log.1", "x.log.2", "x.log.2.gz"];
        assert_eq!(rotated(5, &there), ["x.log.1=x.log", "x.log.2=x.log.1", "x.log.3=x.log.2"]);
        assert_eq!(rotated(2, &there), ["x.log.1=x.log", "x.log.2=x.log.1"]);
    }

    #[test]
    fn a_gap_is_filled_and_what_is_beyond_stays() {
        let there = ["x.log.1", "x.log.3", "x.log.4.gz"];
        let expected = ["x.log.1=x.log", "x.log.2=x.log.1", "x.log.3=x.log.3", "x.log.4.gz=x.log.4.gz"];
        assert_eq!(rotated(5, &there), expected);
    }

    #[test]
    fn fewer_to_keep_removes_what_is_over_and_nothing_foreign() {
        let own = ["x.log.1", "x.log.2", "x.log.3", "x.log.4.gz", "x.log.5", "x.log.9999"];
        let foreign = ["x.log.01", "x.log.1x", "x.log.20261122", "x.log.bak", "y.log.7"];
        let kept = ["x.log.1=x.log", "x.log.2=x.log.1"].map(str::to_owned).into_iter();
        let mut expected: Vec<_> = kept.chain(foreign.iter().map(|name| format!("{name}={name}"))).collect();
        expected.sort();
        assert_eq!(rotated(2, &[&own[..], &foreign].concat()), expected);
    }

    #[test]
    fn what_is_in_the_way_of_a_compressed_file_is_not_removed() {
        let dir = logs(&["x.log.1"]);
        std::fs::create_dir(dir.path().join("x.log.2.gz")).unwrap();
        let error = Rotation { keep: 2, ..Rotation::default() }.shift(&dir.path().join("x.log")).unwrap_err();
        assert!(error.to_string().ends_with("x.log.2.gz` is no file"), "{error}");
        assert!(dir.path().join("x.log").exists() && dir.path().join("x.log.1").exists());
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_not_moved() {
        let dir = logs(&["target"]);
        let link = dir.path().join("y.log");
        std::os::unix::fs::symlink(dir.path().join("target"), &link).unwrap();
        let error = Rotation { keep: 2, ..Rotation::default() }.shift(&link).unwrap_err();
        assert!(error.to_string().ends_with("y.log` is a link, or no file"), "{error}");
        assert!(link.is_symlink() && !dir.path().join("y.log.1").exists());
    }

    #[test]
    fn the_files_that_are_too_old_go() {
        let now = SystemTime::now();
        let rotation = Rotation { keep: 5, max_age: Some(HOUR), ..Rotation::default() };
        let second = Duration::from_secs(1);
        let ages = [now + HOUR, now - HOUR, now - HOUR - second, now, SystemTime::UNIX_EPOCH];
        let all: Vec<_> =
            ages.into_iter().zip(1..).map(|(modified, number)| older(number, 1, modified)).collect();
        assert_eq!(numbers(rotation, &all, now), [3, 5]);
        assert_eq!(numbers(rotation, &[Older { modified: None, ..older(1, 1, now) }], now), [0; 0]);
    }

    #[test]
    fn the_oldest_go_when_all_are_too_large_whatever_their_times_say() {
        let now = SystemTime::now();
        let rotation = Rotation { keep: 5, max_total_bytes: Some(100), ..Rotation::default() };
        let all = |bytes: [u64; 4]| {
            bytes.into_iter().zip(1..).map(|(bytes, n)| older(n, bytes, now)).collect::<Vec<_>>()
        };
        assert_eq!(numbers(rotation, &all([40, 40, 20, 1]), now), [4]);
        assert_eq!(
            numbers(rotation, &all([40, 61, 1, 1]), now),
            [2, 3, 4],
            "no newer one goes before an older"
        );
        assert_eq!(numbers(rotation, &all([101, 0, u64::MAX, 1]), now), [2, 3, 4], "the newest stays");
    }

    #[test]
    fn the_older_files_of_all_runs_are_kept_by_number_age_and_size_together() {
        let own = "x_20261122_124513.log";
        let names = [
            "x_20261122_124513.log.1",
            "x_20261121_000000.log",
            "x_20261121_000000.log.1",
            "x_20261120_000000.log.3.gz",
            "x_20261119_000000.log",
        ];
        let left = |rotation: Rotation, keep| {
            let dir = logs(&[&[own], &names[..]].concat());
            let old = std::fs::File::options().append(true).open(dir.path().join(names[3])).unwrap();
            old.set_modified(SystemTime::now() - 2 * HOUR).unwrap();
            rotation.tidy(&dir.path().join(own), keep).unwrap();
            assert!(dir.path().join("x.log").exists() && dir.path().join(own).exists());
            names.map(|name| dir.path().join(name).exists())
        };
        let rotation = Rotation { keep: 9, scope: Scope::Runs, ..Rotation::default() };
        // At the start nothing waits for a rotation.
        assert_eq!(left(Rotation { keep: 2, ..rotation }, older::MOST), [true, true, false, false, false]);
        assert_eq!(left(Rotation { max_age: Some(HOUR), ..rotation }, 9), [true, true, true, false, true]);
        let bytes = (names[0].len() + names[1].len() + names[2].len()) as u64;
        let limited = Rotation { max_total_bytes: Some(bytes), ..rotation };
        assert_eq!(left(limited, 9), [true, true, true, false, false]);
        let of_the_file = Rotation { scope: Scope::File, ..rotation };
        assert_eq!(left(of_the_file, 0), [false, true, true, true, true]);
    }

    #[test]
    fn a_file_without_older_ones_to_keep_has_no_limits() {
        for (keep, limits) in [(0, false), (1, true)] {
            let rotation =
                Rotation { keep, max_age: Some(HOUR), max_total_bytes: Some(1), ..Rotation::default() };
            assert_eq!(rotation.has_limits(), limits);
        }
    }

    #[test]
    fn a_file_that_is_too_old_does_not_count_for_the_size() {
        let now = SystemTime::now();
        let rotation =
            Rotation { keep: 5, max_age: Some(HOUR), max_total_bytes: Some(100), ..Rotation::default() };
        let all = [older(1, 1, now), older(2, 100, now - 2 * HOUR), older(3, 99, now)];
        assert_eq!(numbers(rotation, &all, now), [2]);
    }
}
