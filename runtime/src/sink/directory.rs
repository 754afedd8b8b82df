//! The directory of log files, which is made where it is missing. Where it cannot be, that is the trouble of all files in
//! it at once, so it is told once.

use std::collections::BTreeSet;
use std::fmt;
use std::fs::DirBuilder;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::trap;

/// A directory that cannot be made, and why.
#[derive(Debug)]
struct Missing {
    dir: PathBuf,
    error: io::Error,
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot make the directory `{}` for the log files: {}", self.dir.display(), self.error)
    }
}

impl std::error::Error for Missing {}

/// Whether a file could not be opened for want of its directory.
pub(super) fn is_wanting(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
}

/// Makes it, and those that it is in; private to the user and the group, as logs may hold names and places.
pub(super) fn make(dir: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o750);
    builder.create(dir).map_err(|error| io::Error::new(error.kind(), Missing { dir: dir.to_owned(), error }))
}

/// Says on stderr that there is no directory, unless it was said for another file in it. Whether that is the trouble.
pub(super) fn is_told(error: &io::Error) -> bool {
    let Some(missing) = error.get_ref().and_then(|inner| inner.downcast_ref::<Missing>()) else {
        return false;
    };
    if told().insert(missing.dir.clone()) {
        trap::report(format_args!(
            "{missing}; choose another by `.dir(..)` or LOGWRIGHT_DIR; it is tried again"
        ));
    }
    true
}

/// Notes that a file in it is written again, so that it would be told if it went once more.
pub(super) fn is_there(dir: &Path) {
    told().remove(dir);
}

fn told() -> MutexGuard<'static, BTreeSet<PathBuf>> {
    static TOLD: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());
    TOLD.lock().unwrap_or_else(PoisonError::into_inner)
}
