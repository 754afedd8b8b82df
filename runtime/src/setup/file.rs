//! What a log file is to be like.

use std::time::Duration;

use crate::sink::{Line, MOST, Rotation};

/// One mebibyte, for [`File::max_bytes`].
pub const MIB: u64 = 1024 * 1024;

/// The formats of lines, by their names.
pub(super) const FORMATS: [(&str, Line); 3] =
    [("text", Line::Text), ("json", Line::Json), ("ecs", Line::Ecs)];

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
        Self { line: Line::Text, rotation: Rotation { max_bytes: 10 * MIB, keep: 5, ..Rotation::default() } }
    }

    /// JSON lines, schema `logwright/1`.
    #[must_use]
    pub fn json() -> Self {
        Self { line: Line::Json, ..Self::text() }
    }

    /// JSON lines in Elastic Common Schema, for Elasticsearch and what speaks its language: the same records under other
    /// names, see [`record::ecs`](crate::record::ecs). The name of the set-up is the service's. The command
    /// `logwright` does not read them.
    ///
    /// ```
    /// let setup = logwright::setup("chaptrix").json_file(logwright::File::ecs());
    /// ```
    #[must_use]
    pub fn ecs() -> Self {
        Self { line: Line::Ecs, ..Self::text() }
    }

    /// The size at which the file is moved to `.1` and a new one begun. No record is ever split: one that is
    /// longer than that has a file of its own. Default: 10 MiB, and for 0, which a line on stderr says.
    #[must_use]
    pub fn max_bytes(mut self, bytes: u64) -> Self {
        self.rotation.max_bytes = bytes;
        self
    }

    /// A new file also at the first record of a new day, in local time. A file that was begun before the program was is
    /// of the day when it was last written. No day without records has a file; a clock that is set back or runs far
    /// ahead makes one new file at most. [`keep`](Self::keep) counts files, not days, and with 0 there is one alone.
    /// Default: by size alone.
    ///
    /// ```
    /// logwright::File::text().daily().keep(30);
    /// ```
    #[must_use]
    pub fn daily(mut self) -> Self {
        self.rotation.daily = true;
        self
    }

    /// How many older files are kept, `.1` the newest; at most 9999. With 0 the file grows without end, and no older
    /// file is touched. Those over a number that was larger once go at the next rotation. Those of all runs count where
    /// each has [files of its own](crate::Setup::run_files). Default: 5.
    #[must_use]
    pub fn keep(mut self, files: u32) -> Self {
        self.rotation.keep = files.min(MOST);
        self
    }

    /// Older files are compressed by gzip, to `.2.gz` and so on; the newest, `.1`, stays as it is. That is done by a
    /// thread in the background, a second or more after a rotation. What it has not done when the program ends, or is
    /// killed, the next run does. [`max_total_bytes`](Self::max_total_bytes) counts what the files take then. With
    /// feature `gzip`, on Unix; elsewhere the files stay as they are. Default: not compressed.
    ///
    /// ```
    /// logwright::File::json().daily().keep(365).compress();
    /// ```
    #[cfg(feature = "gzip")]
    #[must_use]
    pub fn compress(mut self) -> Self {
        self.rotation.compress = true;
        self
    }

    /// Older files last written longer ago than this are removed: when the file is opened, and after each rotation.
    /// One that seems to be from the future stays. Default: none, they stay however old they are; the same for
    /// [`Duration::ZERO`], which a line on stderr says.
    ///
    /// ```
    /// # use std::time::Duration;
    /// let month = Duration::from_secs(30 * 24 * 60 * 60);
    /// logwright::File::text().keep(100).max_age(month);
    /// ```
    #[must_use]
    pub fn max_age(mut self, age: Duration) -> Self {
        self.rotation.max_age = Some(age);
        self
    }

    /// How much the older files take together, in bytes: the oldest over it are removed, when the file is opened and
    /// after each rotation. The newest, `.1`, stays in any case, so it should be no less than
    /// [`max_bytes`](Self::max_bytes); all of the log is then no larger than both together. Default: no limit but that
    /// of their number; the same for 0, which a line on stderr says.
    ///
    /// ```
    /// use logwright::{File, MIB};
    ///
    /// File::text().max_bytes(10 * MIB).keep(1000).max_total_bytes(500 * MIB);
    /// ```
    #[must_use]
    pub fn max_total_bytes(mut self, bytes: u64) -> Self {
        self.rotation.max_total_bytes = Some(bytes);
        self
    }
}
