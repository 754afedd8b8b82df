//! Compresses older files in the background, `.2` and older: `.1` may still be written to by a process that has not
//! looked. A file is whole under one name or the other whenever the process is killed: `x.log.gz.tmp` is written,
//! becomes `x.log.2.gz`, and only then `x.log.2` goes. Until that it is what counts.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::directory;
use super::disk::{self, is_at, lock_dir};
use super::older::{self, Older};
use super::runs::Scope;
use crate::trap;

/// The thread that compresses the older files of one log; it ends with this.
pub(super) struct Packer(SyncSender<()>);

impl Packer {
    /// Starts it, and removes what a process left that was killed while it compressed.
    pub(super) fn start(path: PathBuf, scope: Scope) -> io::Result<Self> {
        clean(&scope.tmp(&path));
        // One call is enough: all that is there then will be compressed.
        let (bell, calls) = sync_channel(1);
        std::thread::Builder::new()
            .name("logwright-gzip".into())
            .spawn(move || serve(&path, scope, &calls))?;
        Ok(Self(bell))
    }

    /// Says that there may be something to do.
    pub(super) fn ring(&self) {
        let _ = self.0.try_send(());
    }
}

/// Answers calls until there can be no more. Trouble is told once, until all is well again.
fn serve(path: &Path, scope: Scope, calls: &Receiver<()>) {
    /// Longer than a process writes without looking whether its file has been moved.
    const PAUSE: Duration = Duration::from_millis(1200);
    let mut was_told = false;
    while calls.recv().is_ok() {
        let result = pack_all(path, scope, || std::thread::sleep(PAUSE));
        if let (Err(error), false) = (&result, was_told) {
            trap::report(format_args!("cannot compress older files of `{}`: {error}", path.display()));
        }
        was_told = result.is_err();
    }
}

/// Compresses all that is to be; `pause` is time for other processes to leave the files that were found.
fn pack_all(path: &Path, scope: Scope, pause: impl Fn()) -> io::Result<()> {
    /// How many are held open at a time.
    const FILES: usize = 64;
    loop {
        let all = match scope.list(path) {
            // Who opens the log says so.
            Err(error) if directory::is_wanting(&error) => return Ok(()),
            all => all?,
        };
        let plain = all.into_iter().filter(|older| older.number > 1 && is_plain(older));
        let found: Vec<_> = plain.take(FILES).filter_map(|older| File::open(older.path).ok()).collect();
        if found.is_empty() {
            return Ok(());
        }
        pause();
        let mut is_done = true;
        for source in found {
            is_done &= pack(path, scope, &source)?;
        }
        // What had to be left would be found again at once.
        if !is_done {
            return Ok(());
        }
    }
}

/// Compresses one older file; not if it has gone or grown meanwhile, or if another process is at it.
fn pack(path: &Path, scope: Scope, source: &File) -> io::Result<bool> {
    let tmp = scope.tmp(path);
    let Some(target) = claim(&tmp)? else { return Ok(false) };
    let result = encode(source, &target).and_then(|bytes| publish(path, scope, source, bytes));
    if !matches!(result, Ok(true)) {
        let _ = std::fs::remove_file(&tmp);
    }
    result
}

/// Opens the temporary file for this process alone; nothing when another one is at work.
fn claim(tmp: &Path) -> io::Result<Option<File>> {
    if tmp.symlink_metadata().is_ok_and(|there| !there.is_file()) {
        return Err(io::Error::other(format!("`{}` is no file", tmp.display())));
    }
    let file = disk::open(tmp)?;
    match file.try_lock() {
        Err(std::fs::TryLockError::WouldBlock) => Ok(None),
        Err(std::fs::TryLockError::Error(error)) => Err(error),
        // The other process may just have given it its final name.
        Ok(()) => Ok(is_at(&file, tmp).then_some(file)),
    }
}

/// Writes the compressed file down to the disk; how much was read.
fn encode(mut source: &File, target: &File) -> io::Result<u64> {
    target.set_len(0)?;
    let mut encoder = GzEncoder::new(target, Compression::default());
    let bytes = io::copy(&mut source, &mut encoder)?;
    encoder.finish()?;
    let metadata = source.metadata()?;
    target.set_permissions(metadata.permissions())?;
    target.set_modified(metadata.modified()?)?;
    target.sync_all()?;
    Ok(bytes)
}

/// Puts the compressed file in the place of the one that it was made from, wherever that is now. Not if that has
/// gone, or has grown: there is a process then that has not left it.
fn publish(path: &Path, scope: Scope, source: &File, bytes: u64) -> io::Result<bool> {
    let _lock = lock_dir(path)?.ok_or_else(|| io::Error::other("the directory cannot be locked"))?;
    let all = scope.list(path)?;
    let Some(here) = all.iter().find(|older| is_plain(older) && is_at(source, &older.path)) else {
        return Ok(false);
    };
    if source.metadata()?.len() != bytes {
        return Ok(false);
    }
    std::fs::rename(scope.tmp(path), older::with_suffix(&here.path, ".gz"))?;
    std::fs::remove_file(&here.path)?;
    Ok(true)
}

/// Removes the temporary file unless a process is at work on it.
fn clean(tmp: &Path) {
    if tmp.exists() && claim(tmp).is_ok_and(|claimed| claimed.is_some()) {
        let _ = std::fs::remove_file(tmp);
    }
}

fn is_plain(older: &Older) -> bool {
    older.path.extension().is_none_or(|extension| extension != "gz")
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::os::unix::fs::PermissionsExt;
    use std::time::SystemTime;

    use flate2::read::GzDecoder;

    use super::*;

    fn tmp(path: &Path) -> PathBuf {
        Scope::File.tmp(path)
    }

    /// A directory with these files beside `x.log`; each holds its name.
    fn logs(names: &[&str]) -> (tempfile::TempDir, PathBuf) {
        let dir = tempfile::tempdir().unwrap();
        names.iter().for_each(|name| std::fs::write(dir.path().join(name), name).unwrap());
        let path = dir.path().join("x.log");
        (dir, path)
    }

    /// What is in the directory, `name=content`; of a compressed file what was put into it.
    fn content(dir: &tempfile::TempDir) -> Vec<String> {
        let entries = dir.path().read_dir().unwrap().map(|entry| entry.unwrap().path());
        let mut all: Vec<_> =
            entries.map(|path| format!("{}={}", path.file_name().unwrap().display(), text(&path))).collect();
        all.sort();
        all
    }

    fn text(path: &Path) -> String {
        let mut text = String::new();
        let mut file = File::open(path).unwrap();
        if path.extension().unwrap() == "gz" {
            GzDecoder::new(file).read_to_string(&mut text).unwrap();
        } else {
            file.read_to_string(&mut text).unwrap();
        }
        text
    }

    #[test]
    fn all_but_the_newest_are_compressed_and_keep_their_times_and_rights() {
        let names: Vec<_> = (1..=150).map(|number| format!("x.log.{number}")).collect();
        let names: Vec<_> =
            names.iter().map(String::as_str).chain(["x.log", "x.log.bak", "x.log.02"]).collect();
        let (dir, path) = logs(&names);
        let then = SystemTime::UNIX_EPOCH + Duration::from_nanos(1_234_567_890_123_456_789);
        let second = File::options().write(true).open(dir.path().join("x.log.2")).unwrap();
        second.set_modified(then).unwrap();
        second.set_permissions(std::fs::Permissions::from_mode(0o604)).unwrap();
        pack_all(&path, Scope::File, || {}).unwrap();
        let mut expected: Vec<_> = names
            .iter()
            .map(|name| match name.strip_prefix("x.log.").and_then(|rest| rest.parse().ok()) {
                Some(2_u32..) if *name != "x.log.02" => format!("{name}.gz={name}"),
                _ => format!("{name}={name}"),
            })
            .collect();
        expected.sort();
        assert_eq!(content(&dir), expected);
        let metadata = dir.path().join("x.log.2.gz").metadata().unwrap();
        assert_eq!((metadata.modified().unwrap(), metadata.permissions().mode() & 0o777), (then, 0o604));
    }

    #[test]
    fn a_process_killed_between_any_two_steps_leaves_each_record_once() {
        // While it writes; when it has written; when both have a name.
        for names in [&["x.log.2", "x.log.gz.tmp"][..], &["x.log.2"], &["x.log.2", "x.log.2.gz"]] {
            let (dir, path) = logs(names);
            if names.len() == 1 {
                let target = claim(&tmp(&path)).unwrap().unwrap();
                encode(&File::open(dir.path().join("x.log.2")).unwrap(), &target).unwrap();
            }
            clean(&tmp(&path));
            assert!(!tmp(&path).exists());
            pack_all(&path, Scope::File, || {}).unwrap();
            assert_eq!(content(&dir), ["x.log.2.gz=x.log.2"]);
        }
    }

    #[test]
    fn files_of_earlier_runs_are_compressed_but_not_what_a_run_writes_to() {
        let names =
            ["20261122_000000.log", "20261121_000000.log", "20261120_000000.log", "20261119_000000.log.3"]
                .map(|name| format!("x_{name}"));
        let (dir, _) = logs(&names.each_ref().map(String::as_str));
        let held = disk::open_held(&dir.path().join(&names[2])).unwrap();
        let own = dir.path().join(&names[0]);
        pack_all(&own, Scope::Runs, || {}).unwrap();
        let [own_name, newest, written, oldest] = &names;
        let mut expected = [own_name, newest, written].map(|name| format!("{name}={name}")).to_vec();
        expected.push(format!("{oldest}.gz={oldest}"));
        expected.sort();
        assert_eq!(content(&dir), expected);
        drop(held);
        pack_all(&own, Scope::Runs, || {}).unwrap();
        assert!(content(&dir).contains(&format!("{written}.gz={written}")));
    }

    #[test]
    fn where_there_is_no_directory_there_is_nothing_to_compress() {
        let (dir, path) = logs(&[]);
        assert!(pack_all(&dir.path().join("none/x.log"), Scope::File, || {}).is_ok());
        std::fs::write(&path, "").unwrap();
        assert!(pack_all(&path.join("x.log"), Scope::File, || {}).is_ok());
    }

    #[test]
    fn what_another_process_compresses_is_left_to_it() {
        let (dir, path) = logs(&["x.log.2"]);
        let other = claim(&tmp(&path)).unwrap();
        clean(&tmp(&path));
        pack_all(&path, Scope::File, || {}).unwrap();
        assert_eq!(content(&dir), ["x.log.2=x.log.2", "x.log.gz.tmp="]);
        drop(other);
        pack_all(&path, Scope::File, || {}).unwrap();
        assert_eq!(content(&dir), ["x.log.2.gz=x.log.2"]);
    }

    #[test]
    fn a_rotation_meanwhile_is_followed() {
        let (dir, path) = logs(&["x.log.2", "x.log.5"]);
        let number = |number: u32| dir.path().join(format!("x.log.{number}"));
        pack_all(&path, Scope::File, || {
            if number(2).exists() {
                std::fs::rename(number(2), number(3)).unwrap();
                std::fs::remove_file(number(5)).unwrap();
            }
        })
        .unwrap();
        assert_eq!(content(&dir), ["x.log.3.gz=x.log.2"]);
    }

    #[test]
    fn a_file_that_is_still_written_to_stays() {
        let (dir, path) = logs(&["x.log.2"]);
        let source = File::open(dir.path().join("x.log.2")).unwrap();
        let target = claim(&tmp(&path)).unwrap().unwrap();
        let bytes = encode(&source, &target).unwrap();
        let mut late = File::options().append(true).open(dir.path().join("x.log.2")).unwrap();
        late.write_all(b", late").unwrap();
        assert!(!publish(&path, Scope::File, &source, bytes).unwrap());
        drop(target);
        pack_all(&path, Scope::File, || {}).unwrap();
        assert_eq!(content(&dir), ["x.log.2.gz=x.log.2, late"]);
    }

    #[test]
    fn a_link_in_the_place_of_the_temporary_file_is_not_followed() {
        let (dir, path) = logs(&["x.log.2", "precious"]);
        std::os::unix::fs::symlink(dir.path().join("precious"), tmp(&path)).unwrap();
        clean(&tmp(&path));
        let error = pack_all(&path, Scope::File, || {}).unwrap_err();
        assert!(error.to_string().ends_with("x.log.gz.tmp` is no file"), "{error}");
        assert_eq!(std::fs::read_to_string(dir.path().join("precious")).unwrap(), "precious");
        assert!(dir.path().join("x.log.2").exists() && tmp(&path).is_symlink());
    }
}
