//! The closed sets of words in a record: its kind and an operation's status.

use std::fmt;

/// What a record tells of; the word is that of the JSON line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Kind {
    /// `log`: a message.
    #[default]
    Log,
    /// `op.start`: an operation began.
    OpStart,
    /// `op.event`: something happened in an operation.
    OpEvent,
    /// `op.end`: an operation ended, one way or another.
    OpEnd,
    /// `panic`: a thread panicked.
    Panic,
    /// `log.loss`: a sink could not write some records.
    LogLoss,
    /// `log.open`: a program began to write to the file.
    LogOpen,
}

impl Kind {
    pub(crate) const ALL: [Self; 7] =
        [Self::Log, Self::OpStart, Self::OpEvent, Self::OpEnd, Self::Panic, Self::LogLoss, Self::LogOpen];

    /// The word in a line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Log => "log",
            Self::OpStart => "op.start",
            Self::OpEvent => "op.event",
            Self::OpEnd => "op.end",
            Self::Panic => "panic",
            Self::LogLoss => "log.loss",
            Self::LogOpen => "log.open",
        }
    }

    /// The kind with that word; a word from a later version is an ordinary log record.
    #[must_use]
    pub fn from_word(word: &str) -> Self {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word).unwrap_or_default()
    }
}

/// How an operation stands, or how it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// It has begun.
    Started,
    /// It returned a value that is no `Err`.
    Success,
    /// It returned `Err`.
    Failure,
    /// Its future was dropped before it was done.
    Cancelled,
    /// It panicked.
    Panicked,
}

impl Status {
    /// Every status.
    pub const ALL: [Self; 5] = [Self::Started, Self::Success, Self::Failure, Self::Cancelled, Self::Panicked];

    /// The word in a line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Started => "started",
            Self::Success => "success",
            Self::Failure => "failure",
            Self::Cancelled => "cancelled",
            Self::Panicked => "panicked",
        }
    }

    /// The status with that word, if there is one.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == word)
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
