//! Which records are wanted: the language of `--filter` and of the times around it, and the conditions of `--fail-on`.
//! Knows records, but not where they come from nor what is made of them.
//!
//! `level>=warning op=fetch_* dur>2s attempts>=2 ctx.site=a "two words" -noise`: a record must meet all of it. A term is a
//! key, an operator (`=`, `!=`, `>`, `>=`, `<`, `<=`, `~` for "contains") and a value, or a mere text, which the message or the
//! error must contain in any case; `-` before it turns it around. `*` stands for any text, `key=*` for any value.
//! What a record does not have is in no order to anything and equal to nothing.

mod error;
mod words;
mod duration;
mod pattern;
mod key;
mod term;
mod record;
mod time;
mod wanted;
mod metric;
mod condition;

use std::fmt;
use std::str::FromStr;

pub(crate) use condition::{Condition, Finding};
pub(crate) use error::QueryError;
pub(crate) use key::{Key, Value};
pub(crate) use metric::{Calls, Numbers, Total};
use term::Term;
pub(crate) use time::{Moment, TimeRange, Zone};
pub(crate) use wanted::Wanted;

/// Each is asked of each record, so there must be an end.
const MOST_TERMS: usize = 100;

/// Terms that a record must meet, all of them; without any, every record does.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Query(Vec<Term>);

/// What can be asked: a record, or a part of one.
pub(crate) trait Fields {
    /// What it has there; `None` where only the whole record can tell.
    fn value(&self, key: &Key) -> Option<Value<'_>>;
}

impl Query {
    pub(crate) fn parse(text: &str) -> Result<Self, QueryError> {
        let words = words::words(text)?;
        if let Some(word) = words.get(MOST_TERMS) {
            return Err(QueryError::new(text, word.at, "a query has no more than 100 terms"));
        }
        words.iter().map(|word| Term::read(text, word)).collect::<Result<_, _>>().map(Self)
    }

    /// Whether it is wanted; `None` where only the whole record can tell.
    pub(crate) fn matches(&self, fields: &impl Fields) -> Option<bool> {
        self.all(|term| term.matches(fields))
    }

    /// The same for a record of which the line is there as well; `None` where that must be parsed.
    #[cfg(feature = "serve")]
    pub(crate) fn matches_line(&self, fields: &impl Fields, line: &[u8]) -> Option<bool> {
        self.all(|term| term.matches(fields).or_else(|| term.on_line(line)))
    }

    fn all(&self, is_met: impl Fn(&Term) -> Option<bool>) -> Option<bool> {
        let mut all = Some(true);
        for term in &self.0 {
            match is_met(term) {
                Some(true) => {}
                Some(false) => return Some(false),
                None => all = None,
            }
        }
        all
    }

    /// Whether every record matches.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromStr for Query {
    type Err = QueryError;

    fn from_str(text: &str) -> Result<Self, QueryError> {
        Self::parse(text)
    }
}

impl fmt::Display for Query {
    /// As it can be parsed again, the same for all ways to write the same terms.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, term) in self.0.iter().enumerate() {
            write!(f, "{}{term}", if at > 0 { " " } else { "" })?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
