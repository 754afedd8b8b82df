//! Brings lines into the log that a process had no time to write before it was killed: each once.

use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use super::ring::{Goal, Ring};
use crate::record::Timestamp;
use crate::sink::block::{Block, Lines};
use crate::sink::deliver::behind::Store;
use crate::sink::disk::{Place, dir_of, is_at, lock_dir};
use crate::sink::journal::Journal;
use crate::sink::older;
use crate::sink::writer::Writer;
use crate::trap;

/// The rings beside the log, whoever they belong to.
pub(super) fn rings_of(log: &Path) -> io::Result<Vec<PathBuf>> {
    let own = log.file_name();
    let all = rings_in(dir_of(log))?;
    Ok(all.into_iter().filter(|(_, name)| name.file_name() == own).map(|(ring, _)| ring).collect())
}

/// All rings in a directory, each with the log that it belongs to: a name is `LOG.xxxxxxxx.ring`.
pub(super) fn rings_in(dir: &Path) -> io::Result<Vec<(PathBuf, PathBuf)>> {
    let mut found = Vec::new();
    for entry in dir.read_dir()?.filter_map(Result::ok) {
        let name = entry.file_name();
        let log = name.to_str().and_then(|name| name.strip_suffix(".ring")?.rsplit_once('.'));
        let is_hex = |digits: &str| {
            digits.len() == 8 && digits.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
        };
        if let Some((log, _)) = log.filter(|(log, digits)| is_hex(digits) && !log.is_empty())
            && entry.file_type().is_ok_and(|kind| kind.is_file())
        {
            found.push((entry.path(), dir.join(log)));
        }
    }
    found.sort();
    Ok(found)
}

/// Writes what waits in a ring whose process is no more, and removes it; how many lines were in it, if it was one.
/// Where the log cannot be written, it stays.
pub(super) fn recover(ring: &Path, log: &Path, writer: &mut Writer) -> io::Result<Option<u64>> {
    let Some(ring) = Ring::open(ring)? else { return Ok(None) };
    let mut block = Block::default();
    if let Some(goal) = ring.goal() {
        ring.take_up_to(goal.bytes, &mut block);
        let written = written(&goal, block.lines(), log)?;
        ring.end(block.lines().split_at(written).0);
    }
    let mut count = 0;
    while ring.done() < ring.pushed() {
        let mut block = Block::default();
        ring.take(&mut block);
        let done = writer.put(block.lines(), Timestamp::now(), &ring);
        count += done as u64;
        if done < block.lines().count() {
            return Err(io::Error::other(writer.cause().to_owned()));
        }
    }
    ring.remove();
    Ok(Some(count))
}

/// The same with every ring beside the log. Trouble is told; it is tried again at the next start.
pub(in crate::sink::deliver) fn recovered(log: &Path, mut writer: Writer) -> Writer {
    for ring in rings_of(log).unwrap_or_default() {
        if let Err(error) = recover(&ring, log, &mut writer) {
            trap::report(format_args!("cannot recover records from `{}`: {error}", ring.display()));
        }
    }
    writer
}

/// How many of the lines are in the log: they were about to be appended there when the process was killed, all by one
/// call, so the first of them follow each other. One of ours may be several of the file's.
fn written(goal: &Goal, lines: Lines<'_>, log: &Path) -> io::Result<usize> {
    // Nobody moves the file while it is looked for.
    let _lock = lock_dir(log)?;
    let Some(tail) = behind(goal.place, log)? else { return Ok(0) };
    let (there, wanted) = (physical(&tail), physical(lines.bytes()));
    let run =
        |at: usize| there[at..].iter().zip(&wanted).take_while(|(there, wanted)| there == wanted).count();
    let starts = (0..there.len()).filter(|at| wanted.first() == Some(&there[*at]));
    let most = starts.map(run).max().unwrap_or(0);
    Ok(lines.whole_within(wanted[..most].iter().map(|line| line.len()).sum()))
}

fn physical(bytes: &[u8]) -> Vec<&[u8]> {
    bytes.split_inclusive(|byte| *byte == b'\n').collect()
}

/// What is in the file behind that place, wherever it has been moved to; nothing if it has gone.
fn behind(place: Place, log: &Path) -> io::Result<Option<Vec<u8>>> {
    let older = older::list(log)?.into_iter().map(|older| older.path);
    for path in std::iter::once(log.to_owned()).chain(older) {
        let Ok(mut file) = std::fs::File::open(&path) else { continue };
        let found = Place::of(&file, place.size);
        if found == place && is_at(&file, &path) {
            // One that was cut since then begins anew.
            let start = if file.metadata()?.len() < place.size { 0 } else { place.size };
            file.seek(SeekFrom::Start(start))?;
            let mut tail = Vec::new();
            file.read_to_end(&mut tail)?;
            return Ok(Some(tail));
        }
    }
    Ok(None)
}
