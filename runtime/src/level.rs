//! The six levels and how they map to tracing's five.

use std::fmt;
use std::str::FromStr;

use crate::error::Error;

/// How much a record matters. Ordered: `Level::Trace < Level::Critical`.
///
/// `tracing` has no level above ERROR, so a critical record is an ERROR event with a marker field.
///
/// ```
/// use logwright::Level;
/// assert_eq!("warn".parse::<Level>().unwrap(), Level::Warning);
/// assert!(Level::Critical > Level::Error);
/// assert_eq!(Level::Warning.to_string(), "WARNING");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Finer than debug; off unless asked for.
    Trace,
    /// Detail for finding a fault.
    Debug,
    /// What the program does, in general.
    #[default]
    Info,
    /// Something that may become a problem.
    Warning,
    /// Something failed; the program goes on.
    Error,
    /// Something failed that may end the program.
    Critical,
}

impl Level {
    /// All levels, the least important first.
    pub const ALL: [Self; 6] =
        [Self::Trace, Self::Debug, Self::Info, Self::Warning, Self::Error, Self::Critical];

    /// The name in a log line: `TRACE`, `DEBUG`, `INFO`, `WARNING`, `ERROR` or `CRITICAL`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Trace => "TRACE",
            Self::Debug => "DEBUG",
            Self::Info => "INFO",
            Self::Warning => "WARNING",
            Self::Error => "ERROR",
            Self::Critical => "CRITICAL",
        }
    }

    pub(crate) const fn to_tracing(self) -> tracing::Level {
        match self {
            Self::Trace => tracing::Level::TRACE,
            Self::Debug => tracing::Level::DEBUG,
            Self::Info => tracing::Level::INFO,
            Self::Warning => tracing::Level::WARN,
            Self::Error | Self::Critical => tracing::Level::ERROR,
        }
    }

    pub(crate) fn from_tracing(level: tracing::Level) -> Self {
        match level {
            tracing::Level::TRACE => Self::Trace,
            tracing::Level::DEBUG => Self::Debug,
            tracing::Level::INFO => Self::Info,
            tracing::Level::WARN => Self::Warning,
            _ => Self::Error,
        }
    }

    /// The word that a filter directive has for it.
    pub(crate) fn directive(self) -> &'static str {
        match self.to_tracing() {
            tracing::Level::TRACE => "trace",
            tracing::Level::DEBUG => "debug",
            tracing::Level::INFO => "info",
            tracing::Level::WARN => "warn",
            _ => "error",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Level {
    type Err = Error;

    /// Reads a level in any case, with the usual other names: `warn`, `fatal`.
    fn from_str(text: &str) -> Result<Self, Error> {
        let upper = text.trim().to_ascii_uppercase();
        Ok(match upper.as_str() {
            "TRACE" => Self::Trace,
            "DEBUG" => Self::Debug,
            "INFO" => Self::Info,
            "WARNING" | "WARN" => Self::Warning,
            "ERROR" => Self::Error,
            "CRITICAL" | "FATAL" => Self::Critical,
            _ => {
                return Err(Error::new(format!(
                    "unknown level `{}`; expected one of trace, debug, info, warning, error, critical",
                    text.escape_debug()
                )));
            }
        })
    }
}
