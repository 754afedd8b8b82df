//! What can go wrong between the site and the disk. Texts from the site are made printable before they come
//! here.

use std::error::Error;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

use logwright::retry::{Classify, Verdict};
use reqwest::StatusCode;

use crate::names::printable;

/// Why one address could not be fetched.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FetchError {
    #[error("{url} answered {status}")]
    Status { url: String, status: StatusCode, retry_after: Option<Duration> },
    #[error("{url} does not exist")]
    Missing { url: String },
    #[error("{url} did not answer in time")]
    Timeout { url: String, source: reqwest::Error },
    #[error("{url} broke off its answer")]
    Truncated { url: String, source: reqwest::Error },
    #[error("{url} is not a whole image")]
    BadImage { url: String, source: image::ImageError },
    #[error("{url} is larger than {limit} bytes")]
    TooLarge { url: String, limit: usize },
    #[error("cannot reach {url}")]
    Transport { url: String, source: reqwest::Error },
    #[error("not an http address: `{url}`")]
    BadAddress { url: String },
}

impl FetchError {
    pub(crate) fn is_missing(&self) -> bool {
        matches!(self, Self::Missing { .. })
    }
}

/// Whether another attempt may succeed, and when the site wants it.
impl Classify for FetchError {
    fn classify(&self) -> Verdict {
        match self {
            Self::Status { retry_after: Some(time), .. } => Verdict::After(*time),
            Self::Status { status, .. } if status.is_server_error() => Verdict::Retry,
            Self::Status { status, .. } if matches!(status.as_u16(), 408 | 425 | 429) => Verdict::Retry,
            Self::Timeout { .. }
            | Self::Truncated { .. }
            | Self::BadImage { .. }
            | Self::Transport { .. } => Verdict::Retry,
            Self::Status { .. } | Self::Missing { .. } | Self::TooLarge { .. } | Self::BadAddress { .. } => {
                Verdict::Permanent
            }
        }
    }
}

/// Why a whole comic or chapter could not be had.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ComicError {
    #[error(transparent)]
    Fetch(#[from] FetchError),
    #[error("{url} has no {expected}; has the site changed its layout?")]
    Layout { url: String, expected: &'static str },
    #[error("no adapter for {url}; known are /webtoon/ and /baozimh/")]
    UnknownSite { url: String },
    #[error("cannot write `{}`", path.display())]
    Disk { path: PathBuf, source: io::Error },
    #[error("cannot write `{}`", path.display())]
    Encode { path: PathBuf, source: image::ImageError },
}

/// The error and all its causes in one line.
pub(crate) fn chain(error: &dyn Error) -> String {
    let mut line = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        line.push_str(": ");
        line.push_str(&error.to_string());
        cause = error.source();
    }
    printable(&line)
}
