//! Reads records back, one file for each format of lines; all that needs a JSON parser is here, behind feature `read`.
//! Public are the functions where the writers are: `record::json::read` and `record::text::read`.

mod bytes;
mod values;
mod scanner;
mod local;
mod referee;
pub(super) mod json;
pub(super) mod text;

use super::Json;

/// What a fast reader finds that it does not expect; a general one has to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Surprise;

impl Json<'_> {
    /// The value, parsed; `Null` when there is none. With feature `read` only.
    ///
    /// ```
    /// let records = logwright::testing::capture(|| logwright::info!(pages = 2, "saved"));
    /// assert_eq!(records[0].context.to_value()["pages"], 2);
    /// ```
    #[must_use]
    pub fn to_value(&self) -> serde_json::Value {
        serde_json::from_str(self.as_str()).unwrap_or_default()
    }
}
