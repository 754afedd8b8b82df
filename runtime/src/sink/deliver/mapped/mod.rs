//! Lines wait in a file beside the log that is mapped into memory: a call costs a copy, and a record whose call has
//! returned survives the end of the process, `kill -9` included.

mod map;
mod layout;
mod ring;
mod left;
mod recover;
#[cfg(test)]
mod tests;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::error::Error;
use crate::sink::Rotation;
use crate::sink::disk::dir_of;
use crate::sink::format::{Format, Line};
use crate::sink::runs;
use crate::sink::stats::Counts;
use crate::sink::writer::Writer;
use crate::trap;

use left::Left;
pub(super) use recover::recovered;
pub(super) use ring::Ring;

/// Records that were brought into a log; see [`recover`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Recovered {
    /// The log.
    pub log: PathBuf,
    /// How many records were brought into it.
    pub records: u64,
}

/// Brings records into the logs of a directory that programs in mode [`WriteMode::Mapped`](crate::WriteMode::Mapped) had no
/// time to write before they were killed. A program does that for its own logs when it starts; this is for who wants to
/// read the logs before it does. Logs of programs that still run are left alone. No log is rotated by it, so one may be larger
/// than its `max_bytes` then, until its program next writes to it.
///
/// ```
/// for recovered in logwright::recover("logs")? {
///     let recovered = recovered?;
///     println!("{}: {} records", recovered.log.display(), recovered.records);
/// }
/// # Ok::<(), logwright::Error>(())
/// ```
///
/// # Errors
/// When the directory cannot be read. What holds records and cannot be read or written is an error in its place: it is kept, and
/// the others are recovered nevertheless. A directory that is not there has nothing to recover.
pub fn recover(dir: impl AsRef<Path>) -> Result<Vec<Result<Recovered, Error>>, Error> {
    let dir = dir.as_ref();
    let cannot = |path: &Path, error| Error::io(format!("cannot recover from `{}`", path.display()), error);
    let rings = match recover::rings_in(dir) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
        rings => rings.map_err(|error| cannot(dir, error))?,
    };
    let one = |(ring, log): (PathBuf, PathBuf)| match recover_into(&ring, &log) {
        Ok(records) => records.map(|records| Ok(Recovered { log, records })),
        Err(error) => Some(Err(cannot(&ring, error))),
    };
    Ok(rings.into_iter().filter_map(one).collect())
}

/// Brings one ring into its log, if its process is no more; how many records.
fn recover_into(ring: &Path, log: &Path) -> io::Result<Option<u64>> {
    let Some(left) = Left::open(ring)? else { return Ok(None) };
    // A log that is not there is not made for nothing.
    if left.is_empty() {
        left.remove();
        return Ok(Some(0));
    }
    // Nobody is to have lines written to another place by a link.
    if log.symlink_metadata().is_ok_and(|there| !there.is_file()) {
        return Err(io::Error::other(format!("`{}` is no file", log.display())));
    }
    // Only lines that are there already are written, as they are.
    let format = Arc::new(Format::new(Line::Text, ""));
    let mut writer = Writer::open(log.to_owned(), Rotation::default(), format, Arc::<Counts>::default());
    recover::recover(&left, log, &mut writer).map(Some)
}

/// Does that for the files of earlier runs, which no run opens again. Trouble is told; the next run tries again.
pub(in crate::sink) fn recover_runs(own: &Path) {
    let rings = recover::rings_in(dir_of(own)).unwrap_or_default();
    for (ring, log) in rings.into_iter().filter(|(_, log)| runs::is_of_other_run(log, own)) {
        if let Err(error) = recover_into(&ring, &log) {
            trap::report(format_args!("cannot recover records from `{}`: {error}", ring.display()));
        }
    }
}
