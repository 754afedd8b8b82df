//! Standard input, which cannot be read twice: it is put into a file first, so that records can be shown again.

use std::fs::{self, OpenOptions};
use std::hash::{BuildHasher as _, RandomState};
use std::io;
use std::ops::Deref;
use std::path::PathBuf;

use anyhow::Context as _;

/// Paths that can be read more than once. The file made for that has no name any more once this is dropped; who has it open
/// keeps it.
#[derive(Debug)]
pub(super) struct Seekable {
    paths: Vec<PathBuf>,
    spooled: Option<PathBuf>,
}

pub(super) fn seekable(paths: &[PathBuf]) -> anyhow::Result<Seekable> {
    let mut paths = paths.to_vec();
    let Some(stdin) = paths.iter().position(|path| path.as_os_str() == "-") else {
        return Ok(Seekable { paths, spooled: None });
    };
    let path = std::env::temp_dir().join(format!("logwright-{:016x}", RandomState::new().hash_one(0_u64)));
    let mut spooled = Seekable { paths: Vec::new(), spooled: Some(path.clone()) };
    spool(&path).with_context(|| format!("cannot keep standard input in {}", path.display()))?;
    paths[stdin] = path;
    spooled.paths = paths;
    Ok(spooled)
}

fn spool(path: &PathBuf) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    // What others log is none of everybody's business.
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    io::copy(&mut io::stdin().lock(), &mut options.open(path)?)?;
    Ok(())
}

impl Deref for Seekable {
    type Target = [PathBuf];

    fn deref(&self) -> &[PathBuf] {
        &self.paths
    }
}

impl Drop for Seekable {
    fn drop(&mut self) {
        self.spooled.iter().for_each(|path| drop(fs::remove_file(path)));
    }
}
