//! Brings lines into the log that a process had no time to write before it was killed: each once.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use super::left::{Goal, Left};
use crate::record::Timestamp;
use crate::sink::block::Lines;
use crate::sink::disk::{Place, dir_of, lock_dir};
use crate::sink::journal::Journal;
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

/// Writes what waits in a ring, and removes it; how many lines that were. Where the log cannot be written, it stays.
pub(super) fn recover(ring: &Left, log: &Path, writer: &mut Writer) -> io::Result<u64> {
    if let Some(goal) = ring.goal() {
        let block = ring.take_up_to(goal.bytes)?;
        let written = written(&goal, block.lines(), log)?;
        // Noted only when it is done: one that is killed before looks for it once more.
        if written.is_spoiled && writer.put(block.lines().split_at(1).0, Timestamp::now(), &()) == 0 {
            return Err(io::Error::other(writer.cause().to_owned()));
        }
        ring.end(block.lines().split_at(written.lines).0);
    }
    let mut count = 0;
    while !ring.is_empty() {
        let block = ring.take()?;
        let done = writer.put(block.lines(), Timestamp::now(), ring);
        count += done as u64;
        if done < block.lines().count() {
            return Err(io::Error::other(writer.cause().to_owned()));
        }
    }
    ring.remove();
    Ok(count)
}

/// The same with every ring beside the log. Trouble is told; it is tried again at the next start.
pub(in crate::sink::deliver) fn recovered(log: &Path, mut writer: Writer) -> Writer {
    for ring in rings_of(log).unwrap_or_default() {
        let recovered =
            Left::open(&ring).and_then(|left| left.map_or(Ok(0), |left| recover(&left, log, &mut writer)));
        if let Err(error) = recovered {
            trap::report(format_args!("cannot recover records from `{}`: {error}", ring.display()));
        }
    }
    writer
}

/// What was written of the lines that were about to be.
struct Written {
    /// How many of them, from the first on.
    lines: usize,
    /// Whether the first stands behind half a line of another process, and was not yet written once more.
    is_spoiled: bool,
}

/// Looks for the lines in the log: they were about to be appended there when the process was killed, all by one call, so
/// the first of them follow each other. One of ours may be several of the file's.
fn written(goal: &Goal, lines: Lines<'_>, log: &Path) -> io::Result<Written> {
    // Nobody moves the file while it is looked for.
    let _lock = lock_dir(log)?;
    let (wanted, first) = (physical(lines.bytes()), physical(lines.split_at(1).0.bytes()));
    let (mut most, mut is_readable) = (0, false);
    for (path, start) in places(goal.place, log)? {
        if most > 0 {
            break;
        }
        let mut tail = Vec::new();
        let mut file = File::open(path)?;
        file.seek(SeekFrom::Start(start))?;
        file.read_to_end(&mut tail)?;
        (most, is_readable) = run(&physical(&tail), &wanted, first.len());
    }
    let lines = lines.whole_within(wanted[..most].iter().map(|line| line.len()).sum());
    Ok(Written { lines, is_spoiled: lines > 0 && !is_readable })
}

/// How many of the wanted lines, from the first on, follow each other somewhere, and whether the first of ours, which is so many
/// of them, can be read: there, or once more behind them.
fn run(there: &[&[u8]], wanted: &[&[u8]], first: usize) -> (usize, bool) {
    let run = |at: usize| {
        let begins = is_line(there[at], wanted[0]) || there[at].ends_with(wanted[0]);
        let more = there[at + 1..].iter().zip(&wanted[1..]);
        let count = 1 + more.take_while(|(there, wanted)| is_line(there, wanted)).count();
        let mut behind = there[at + count..].windows(first);
        let is_first =
            |lines: &[&[u8]]| lines.iter().zip(wanted).all(|(there, wanted)| is_line(there, wanted));
        let is_readable = is_line(there[at], wanted[0]) || behind.any(is_first);
        begins.then_some((count, is_readable))
    };
    let starts = if wanted.is_empty() { 0..0 } else { 0..there.len() };
    starts.filter_map(run).max().unwrap_or_default()
}

/// Whether that is the line. The last of a file may lack its end alone, as what comes next begins with that.
fn is_line(there: &[u8], line: &[u8]) -> bool {
    there == line || line.strip_suffix(b"\n") == Some(there)
}

fn physical(bytes: &[u8]) -> Vec<&[u8]> {
    bytes.split_inclusive(|byte| *byte == b'\n').collect()
}

/// Where to look, one after the other: behind that place, whatever the file is called now. If it has been cut or is not there any
/// more, in all files whose names begin as the log's, as one of them may be a copy that was made before; a file
/// that was empty cannot be seen to have been cut.
fn places(place: Place, log: &Path) -> io::Result<Vec<(PathBuf, u64)>> {
    let own = log.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let mut all = Vec::new();
    for entry in dir_of(log).read_dir()?.filter_map(Result::ok) {
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_text = name.starts_with(&own) && ![".ring", ".gz"].iter().any(|end| name.ends_with(end));
        if !entry.file_type().is_ok_and(|kind| kind.is_file()) {
            continue;
        }
        let Ok(file) = File::open(entry.path()) else { continue };
        if Place::of(&file, place.size) == place && file.metadata()?.len() >= place.size {
            if place.size > 0 {
                return Ok(vec![(entry.path(), place.size)]);
            }
            all.insert(0, (entry.path(), 0));
        } else if is_text {
            all.push((entry.path(), 0));
        }
    }
    Ok(all)
}
