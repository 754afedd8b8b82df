//! What a log needs of the file system: files that are opened, made and told apart, and locks.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;
use std::time::{Duration, Instant};

use super::directory;

/// Opens the file to append to it, and makes it and its directory where they are missing.
pub(super) fn open(path: &Path) -> io::Result<File> {
    options().open(path).or_else(|error| {
        let Some(dir) = path.parent().filter(|_| directory::is_wanting(&error)) else {
            return Err(error);
        };
        directory::make(dir)?;
        options().open(path)
    })
}

/// The same; until it is closed other runs of the program know that it is written to.
pub(super) fn open_held(path: &Path) -> io::Result<File> {
    for _ in 0..5 {
        let file = open(path)?;
        // A lock on Windows would keep the writer itself from writing.
        if !cfg!(unix) || (file.try_lock_shared().is_ok() && is_at(&file, path)) {
            return Ok(file);
        }
        // One that looks whether it is free, or removes it, is about to be done with that.
        std::thread::sleep(Duration::from_millis(1));
    }
    open(path)
}

/// Whether a program holds the file open to write to it, as far as that can be known.
pub(super) fn is_held(path: &Path) -> bool {
    cfg!(unix) && File::open(path).is_ok_and(|file| is_locked(&file))
}

/// Removes the file, unless a program has begun to hold it.
pub(super) fn remove_free(path: &Path) -> io::Result<()> {
    // Locked until it is gone, so that nobody begins in between.
    let file = File::open(path)?;
    if cfg!(unix) && is_locked(&file) { Ok(()) } else { std::fs::remove_file(path) }
}

/// Whether somebody else has locked the file; else it is locked now.
fn is_locked(file: &File) -> bool {
    matches!(file.try_lock(), Err(std::fs::TryLockError::WouldBlock))
}

/// Makes a file to read and write, as private as a log; there must be none.
#[cfg(all(feature = "mapped", unix))]
pub(super) fn create_new(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o640);
    options.read(true).write(true).create_new(true).open(path)
}

/// Whether the open file is the one that the path leads to.
#[cfg(unix)]
pub(super) fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let id = |found: std::fs::Metadata| (found.dev(), found.ino());
    let there = std::fs::metadata(path).map(id).ok();
    there.is_some() && there == file.metadata().map(id).ok()
}

/// Elsewhere an open file can be neither moved nor removed.
#[cfg(not(unix))]
pub(super) fn is_at(_: &File, path: &Path) -> bool {
    path.exists()
}

/// Whether the open file can be found by some name.
#[cfg(unix)]
pub(super) fn has_name(file: &File) -> bool {
    use std::os::unix::fs::MetadataExt;
    file.metadata().is_ok_and(|found| found.nlink() > 0)
}

/// Whether the open file was written to when it had no name any more: its removal changed the file, but not its content.
#[cfg(unix)]
pub(super) fn is_written_in_vain(file: &File) -> bool {
    use std::os::unix::fs::MetadataExt;
    file.metadata().is_ok_and(|found| {
        let (written, changed) = ((found.mtime(), found.mtime_nsec()), (found.ctime(), found.ctime_nsec()));
        found.nlink() == 0 && written >= changed
    })
}

/// Elsewhere an open file keeps its name.
#[cfg(not(unix))]
pub(super) fn is_written_in_vain(_: &File) -> bool {
    false
}

/// Elsewhere an open file keeps its name.
#[cfg(not(unix))]
pub(super) fn has_name(_: &File) -> bool {
    true
}

/// Where in the file system something is appended: behind that many bytes of that file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) device: u64,
    pub(super) inode: u64,
    pub(super) size: u64,
}

impl Place {
    #[cfg(unix)]
    pub(super) fn of(file: &File, size: u64) -> Self {
        use std::os::unix::fs::MetadataExt;
        file.metadata().map_or_else(
            |_| Self { size, ..Self::default() },
            |found| Self { device: found.dev(), inode: found.ino(), size },
        )
    }

    #[cfg(not(unix))]
    pub(super) fn of(_: &File, size: u64) -> Self {
        Self { size, ..Self::default() }
    }
}

/// The directory that the file is in.
pub(super) fn dir_of(path: &Path) -> &Path {
    path.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// A lock on a directory, until it is dropped. It is given back by name: a process that was forked meanwhile has the file open, too.
#[derive(Debug)]
pub(super) struct DirLock(File);

impl Drop for DirLock {
    fn drop(&mut self) {
        let _ = self.0.unlock();
    }
}

/// Keeps other processes from rotating in the same directory until the lock is dropped. Where there are no locks,
/// rotating is still right for one process. Somebody who never lets go must not stop the program.
pub(super) fn lock_dir(path: &Path) -> io::Result<Option<DirLock>> {
    lock_dir_within(path, Duration::from_secs(1))
}

/// The same with as much patience as is given.
pub(super) fn lock_dir_within(path: &Path, patience: Duration) -> io::Result<Option<DirLock>> {
    let dir = match File::open(dir_of(path)) {
        Err(_) if cfg!(not(unix)) => return Ok(None),
        dir => dir?,
    };
    let until = Instant::now() + patience;
    loop {
        match dir.try_lock() {
            Ok(()) => return Ok(Some(DirLock(dir))),
            Err(TryLockError::Error(_)) => return Ok(None),
            Err(TryLockError::WouldBlock) if Instant::now() >= until => {
                return Err(io::Error::other("somebody else holds the lock of the directory"));
            }
            Err(TryLockError::WouldBlock) => std::thread::sleep(Duration::from_micros(200)),
        }
    }
}

/// Whether the file ends in the middle of a line: a process died while it wrote. One that is about to finish its
/// line is given the time to, as it may write many at once; one that never does must not stop the program.
pub(super) fn is_torn(file: &mut File) -> io::Result<bool> {
    const LOOKS: u32 = 20;
    const PATIENCE: Duration = Duration::from_millis(100);
    let until = Instant::now() + PATIENCE;
    let (mut last, mut size, mut looks) = ([0], 0, 0);
    while looks < LOOKS && Instant::now() < until {
        let end = file.seek(SeekFrom::End(-1))?;
        file.read_exact(&mut last)?;
        if last == *b"\n" {
            return Ok(false);
        }
        // Nobody has gone on with it.
        looks = if end == size { looks + 1 } else { 0 };
        size = end;
        std::thread::sleep(Duration::from_millis(1));
    }
    Ok(true)
}

/// Whether the line, which was just written and begins there, stands behind half a line of another process. A position that
/// two processes share, as after a fork, tells nothing: then it is another line that begins there.
#[cfg(unix)]
pub(super) fn is_glued(file: &File, start: u64, line: &[u8]) -> bool {
    let mut there = vec![0; line.len() + 1];
    start.checked_sub(1).is_some_and(|before| {
        std::os::unix::fs::FileExt::read_exact_at(file, &mut there, before).is_ok()
            && there[0] != b'\n'
            && there[1..] == *line
    })
}

/// Puts a line's end over the byte before that place, the end of the open file, if that is still at the path. One that is open to
/// append cannot be written to elsewhere.
#[cfg(unix)]
pub(super) fn end_before(file: &File, path: &Path, place: u64) -> bool {
    let Ok(there) = OpenOptions::new().write(true).open(path) else { return false };
    let is_end = there.metadata().is_ok_and(|found| found.len() == place);
    is_end
        && is_at(&there, path)
        && is_at(file, path)
        && std::os::unix::fs::FileExt::write_all_at(&there, b"\n", place.saturating_sub(1)).is_ok()
}

/// Elsewhere it stays without.
#[cfg(not(unix))]
pub(super) fn end_before(_: &File, _: &Path, _: u64) -> bool {
    false
}

/// Elsewhere that is not looked at.
#[cfg(not(unix))]
pub(super) fn is_glued(_: &File, _: u64, _: &[u8]) -> bool {
    false
}

/// Readable, to look at how the file ends; private to the user and the group, as logs may hold names and places.
fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.append(true).create(true).read(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o640);
    options
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::Ordering::Relaxed;

    use super::*;

    #[test]
    fn a_line_that_somebody_never_ends_is_not_waited_for() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("x.log");
        let mut file = open(&path).unwrap();
        let is_over = std::sync::atomic::AtomicBool::new(false);
        std::thread::scope(|threads| {
            let writer = threads.spawn(|| {
                let mut file = open(&path).unwrap();
                let start = Instant::now();
                while !is_over.load(Relaxed) && start.elapsed() < Duration::from_secs(10) {
                    io::Write::write_all(&mut file, b"\r 12%").unwrap();
                }
            });
            while file.metadata().unwrap().len() == 0 {
                std::thread::yield_now();
            }
            let start = Instant::now();
            assert!(is_torn(&mut file).unwrap());
            assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
            is_over.store(true, Relaxed);
            writer.join().unwrap();
        });
    }

    #[test]
    fn a_file_in_the_working_directory_has_one() {
        assert_eq!(dir_of(Path::new("x.log")), Path::new("."));
        assert_eq!(dir_of(Path::new("logs/x.log")), Path::new("logs"));
    }
}
