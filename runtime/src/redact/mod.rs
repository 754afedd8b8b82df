//! What must not be seen in a record: values whose key says so, secrets inside texts, and whatever is wrapped in
//! [`Redacted`]. Knows nothing of JSON or records.

mod key;
mod scan;
mod text;
#[cfg(test)]
mod tests;

use std::fmt;

pub(crate) use key::{Secrecy, secrecy};
pub(crate) use scan::may_hold_secrets;
pub(crate) use text::without_secrets;

/// What stands in the place of a secret.
pub(crate) const HIDDEN: &str = "***";

/// A value that no record shows: `Debug` and `Display` print `***`, whatever is inside.
///
/// ```
/// use logwright::{Redacted, structured_op, testing};
///
/// #[derive(Debug)]
/// struct Account {
///     name: &'static str,
///     pin: Redacted<u32>,
/// }
///
/// #[structured_op(context(?account, key))]
/// fn log_in(account: &Account, key: Redacted<&str>) -> bool {
///     key.expose().len() == 3 && *account.pin.expose() == 1234
/// }
///
/// let account = Account { name: "ann", pin: Redacted::new(1234) };
/// let records = testing::capture(|| assert!(log_in(&account, "k-1".into())));
/// let context = records[0].context.as_str();
/// assert_eq!(context, r#"{"account":"Account { name: \"ann\", pin: *** }","key":"***"}"#);
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Redacted<T>(T);

impl<T> Redacted<T> {
    /// Wraps a value.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// The value, for those who need it.
    pub const fn expose(&self) -> &T {
        &self.0
    }

    /// The value, without its wrapper.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> From<T> for Redacted<T> {
    fn from(value: T) -> Self {
        Self(value)
    }
}

impl<T> fmt::Debug for Redacted<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(HIDDEN)
    }
}

impl<T> fmt::Display for Redacted<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(HIDDEN)
    }
}
