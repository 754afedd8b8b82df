//! When a file is full and how it makes room: `x.log` becomes `x.log.1`, that `x.log.2`, and so on. Touches only
//! names that this scheme makes.

use std::io;
use std::path::{Path, PathBuf};

/// How large a file may grow and how many older ones are kept.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rotation {
    pub(crate) max_bytes: u64,
    pub(crate) keep: u32,
}

impl Rotation {
    /// Whether a file of `size` bytes has no room for `more`. An empty file takes a record of any length; without
    /// older files to keep, a file is never rotated.
    pub(super) fn is_due(self, size: u64, more: u64) -> bool {
        self.keep > 0 && size > 0 && size.saturating_add(more) > self.max_bytes
    }

    /// Moves the file and its older ones up by one, as far as there is no gap; the oldest goes. Nothing is touched
    /// when one of them is in the way of that: a directory or a link of such a name is not ours.
    pub(super) fn shift(self, path: &Path) -> io::Result<()> {
        path.metadata()?;
        let mut gap = 1;
        while let Ok(found) = numbered(path, gap).symlink_metadata() {
            if !found.is_file() {
                let name = numbered(path, gap);
                return Err(io::Error::other(format!("`{}` is no file", name.display())));
            }
            if gap == self.keep {
                break;
            }
            gap += 1;
        }
        for older in (1..gap).rev() {
            std::fs::rename(numbered(path, older), numbered(path, older + 1))?;
        }
        std::fs::rename(path, numbered(path, 1))
    }
}

fn numbered(path: &Path, number: u32) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{number}"));
    name.into()
}
