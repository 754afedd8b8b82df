//! What a log file is to be like.

use crate::sink::{Line, Rotation};

/// One mebibyte, for [`File::max_bytes`].
pub const MIB: u64 = 1024 * 1024;

/// A log file: its format, how large it grows and how many older ones are kept.
#[derive(Clone, Debug)]
pub struct File {
    pub(super) line: Line,
    pub(super) rotation: Rotation,
}

impl File {
    /// Lines for people, in the format `time - logger - LEVEL - [pid:thread] message key=value`.
    #[must_use]
    pub fn text() -> Self {
        Self { line: Line::Text, rotation: Rotation { max_bytes: 10 * MIB, keep: 5 } }
    }

    /// JSON lines, schema `logwright/1`.
    #[must_use]
    pub fn json() -> Self {
        Self { line: Line::Json, ..Self::text() }
    }

    /// The size at which the file is moved to `.1` and a new one begun. No record is ever split: one that is
    /// longer than that has a file of its own. Default: 10 MiB.
    #[must_use]
    pub fn max_bytes(mut self, bytes: u64) -> Self {
        self.rotation.max_bytes = bytes;
        self
    }

    /// How many older files are kept, `.1` the newest. With 0 the file grows without end. Default: 5.
    #[must_use]
    pub fn keep(mut self, files: u32) -> Self {
        self.rotation.keep = files;
        self
    }
}
