//! What a ring's file looks like: a page about it, and then lines. Each is a word about it, its number of bytes, level and
//! place, and then its bytes, in whole words.
//!
//! Places count from the ring's beginning and never go back: what is between `HEAD` and `TAIL` waits.

use std::path::Path;

use crate::level::Level;
use crate::sink::block::Lines;
use crate::trap;

/// Words of the header. What one side stores often has a cache line of its own.
pub(super) const MAGIC: usize = 0;
pub(super) const HEAD: usize = 8;
pub(super) const TAIL: usize = 16;
/// Where the lines are being written: up to which place, and into what.
pub(super) const GOAL: usize = 24;
pub(super) const DEVICE: usize = 25;
pub(super) const INODE: usize = 26;
pub(super) const SIZE: usize = 27;
/// Where the lines begin: a page.
pub(super) const DATA: usize = 512;

pub(super) const WORD: u64 = size_of::<u64>() as u64;
pub(super) const KNOWN: u64 = u64::from_le_bytes(*b"lwring01");

/// How many bytes there are for lines. Less would not hold the longest.
pub(super) const LEAST: u64 = 256 * 1024;
pub(super) const MOST: u64 = 1024 * 1024 * 1024;

/// How much of the ring a line of so many bytes takes.
pub(super) fn space(length: usize) -> u64 {
    WORD + (length as u64).next_multiple_of(WORD)
}

pub(super) fn space_of(lines: Lines<'_>) -> u64 {
    lines.each().map(|line| space(line.len())).sum()
}

/// The word about a line: how long it is, its level, and a part of its place, which older lines do not have.
pub(super) fn write_about(length: usize, level: Level, place: u64) -> u64 {
    (length as u64 & 0xffff_ffff) | (level as u64) << 32 | (place / WORD) << 40
}

pub(super) fn read_about(word: u64, place: u64) -> Option<(usize, Level)> {
    let level = Level::ALL.into_iter().find(|level| *level as u64 == word >> 32 & 0xff)?;
    let length = usize::try_from(word & 0xffff_ffff).ok()?;
    (word >> 40 == (place / WORD) & 0xff_ffff).then_some((length, level))
}

pub(super) fn remove(path: &Path) {
    if let Err(error) = std::fs::remove_file(path) {
        trap::report(format_args!("cannot remove `{}`: {error}", path.display()));
    }
}
