//! The one error of this crate: what could not be done, to what, and why.

use std::borrow::Cow;
use std::{fmt, io};

/// Why logging could not be set up or a record could not be read.
///
/// Its text names the thing and, where there is one, the way out; what the system said is its
/// [`source`](std::error::Error::source).
pub struct Error {
    text: Cow<'static, str>,
    source: Option<io::Error>,
}

impl Error {
    pub(crate) fn new(text: impl Into<Cow<'static, str>>) -> Self {
        Self { text: text.into(), source: None }
    }

    pub(crate) fn io(text: String, source: io::Error) -> Self {
        Self { text: text.into(), source: Some(source) }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)?;
        self.source.as_ref().map_or(Ok(()), |source| write!(f, ": {source}"))
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_ref().map(|source| source as _)
    }
}
