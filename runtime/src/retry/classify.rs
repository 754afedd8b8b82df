//! Whether a failed attempt is worth another: said by the error's type, by functions that the user gives, or by
//! nobody, and then it is.

use std::convert::Infallible;
use std::time::Duration;

/// What becomes of a call when an attempt has failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is tried again.
    Retry,
    /// It is given up: another attempt would fail as well.
    Permanent,
    /// It is tried again, but not before that time: what a server asked for by `Retry-After`. A wait is never shorter than
    /// the delay that would have been anyway. One that is longer than `max_delay`, or than what is left of
    /// `max_elapsed`, gives up: to ask earlier than the server wishes would do no good.
    After(Duration),
}

/// An error type that knows what is to be done, for `#[retry(classify)]`.
///
/// ```
/// use std::time::Duration;
/// use logwright::retry;
/// use logwright::retry::{Classify, Verdict, testing};
///
/// #[derive(Debug)]
/// enum SiteError {
///     NotFound,
///     Busy { retry_after: u64 },
/// }
///
/// impl Classify for SiteError {
///     fn classify(&self) -> Verdict {
///         match self {
///             Self::NotFound => Verdict::Permanent,
///             Self::Busy { retry_after } => Verdict::After(Duration::from_secs(*retry_after)),
///         }
///     }
/// }
///
/// #[retry(classify, delay = "1s")]
/// fn fetch(url: &str) -> Result<(), SiteError> {
///     Err(if url.is_empty() { SiteError::NotFound } else { SiteError::Busy { retry_after: 7 } })
/// }
///
/// let _quick = testing::no_waiting();
/// assert!(fetch("").is_err());
/// assert!(fetch("https://example.org").is_err());
/// assert_eq!(testing::recorded_waits(), [7, 7].map(Duration::from_secs));
/// ```
#[diagnostic::on_unimplemented(
    message = "`#[retry(classify)]` asks the error what to do, and `{Self}` does not say",
    label = "not `logwright::retry::Classify`",
    note = "implement that trait for it, or use `when = ..` and `retry_after = ..` instead"
)]
pub trait Classify {
    /// What to do after this error.
    fn classify(&self) -> Verdict;
}

impl Verdict {
    /// What another says, if this one lets the call go on.
    #[doc(hidden)]
    #[must_use]
    pub fn or_else(self, other: impl FnOnce() -> Self) -> Self {
        if self == Self::Permanent { self } else { other() }
    }
}

/// A type that says whether an attempt failed.
#[diagnostic::on_unimplemented(
    message = "`#[retry]` needs a function that returns `Result`; this one returns `{Self}`",
    label = "not a `Result`"
)]
pub trait Attempted {
    /// What it fails with.
    type Error;

    /// The error of a failed attempt.
    fn error(&self) -> Option<&Self::Error>;
}

impl<T, E> Attempted for Result<T, E> {
    type Error = E;

    #[inline]
    fn error(&self) -> Option<&E> {
        self.as_ref().err()
    }
}

/// By what the error itself says.
pub fn classified<E: Classify + ?Sized>(error: &E) -> Verdict {
    error.classify()
}

/// By the function given as `when`.
pub fn wanted<E: ?Sized>(error: &E, when: impl FnOnce(&E) -> bool) -> Verdict {
    if when(error) { Verdict::Retry } else { Verdict::Permanent }
}

/// By the function given as `retry_after`.
pub fn hinted<E: ?Sized>(error: &E, retry_after: impl FnOnce(&E) -> Option<Duration>) -> Verdict {
    retry_after(error).map_or(Verdict::Retry, Verdict::After)
}

/// The value of an attempt, which may be one that `when_ok` does not accept. It takes the value in `Ok`, and what is no
/// `Result` as it is; as in `op::outcome`, method resolution chooses.
#[derive(Debug)]
pub struct Judged<'a, R>(Whole<'a, R>);

/// See [`Judged`].
#[derive(Debug)]
pub struct Whole<'a, R>(&'a R);

/// Of an attempt that returned that.
pub const fn judged<R>(returned: &R) -> Judged<'_, R> {
    Judged(Whole(returned))
}

impl<'a, R> std::ops::Deref for Judged<'a, R> {
    type Target = Whole<'a, R>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl<T, E> Judged<'_, Result<T, E>> {
    /// The verdict on a failure or on a value to be tried again; `None` is a success.
    pub fn __verdict(
        &self,
        when_ok: impl FnOnce(&T) -> bool,
        failed: impl FnOnce(&E) -> Verdict,
    ) -> Option<Verdict> {
        match self.0.0 {
            Ok(value) => when_ok(value).then_some(Verdict::Retry),
            Err(error) => Some(failed(error)),
        }
    }
}

impl<R> Whole<'_, R> {
    /// The same for a value that is no `Result`.
    pub fn __verdict(
        &self,
        when_ok: impl FnOnce(&R) -> bool,
        _: impl FnOnce(&Infallible) -> Verdict,
    ) -> Option<Verdict> {
        when_ok(self.0).then_some(Verdict::Retry)
    }
}
