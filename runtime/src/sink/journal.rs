//! Who must know what is about to be written, and what was: lines that outlive the process are written again when it is
//! not known that they were.

use std::io;

use super::block::Lines;
use super::disk::Place;

pub(super) trait Journal {
    /// These lines are about to be appended there, or behind what others append meanwhile. They are not if that cannot be noted.
    fn begin(&self, _lines: Lines<'_>, _place: &mut dyn FnMut() -> Place) -> io::Result<()> {
        Ok(())
    }

    /// These of them are in the file.
    fn end(&self, _lines: Lines<'_>) {}
}

/// Nobody.
impl Journal for () {}
