//! What is wrong with a query, and where: the message, the text and a caret below the place.

use std::error::Error;
use std::fmt;

use logwright::record::Printable;

/// A query that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct QueryError {
    text: String,
    /// A byte of the text, or its end.
    at: usize,
    what: String,
}

impl QueryError {
    pub(super) fn new(text: &str, at: usize, what: impl Into<String>) -> Self {
        Self { text: text.to_owned(), at, what: what.into() }
    }

    /// The place, counted in characters from 1.
    pub(crate) fn column(&self) -> usize {
        self.before().chars().count() + 1
    }

    fn before(&self) -> &str {
        self.text.get(..self.at).unwrap_or(&self.text)
    }
}

impl fmt::Display for QueryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let indent = Printable(self.before()).to_string().chars().count();
        writeln!(f, "{} (column {})", Printable(&self.what), self.column())?;
        writeln!(f, "  {}", Printable(&self.text))?;
        write!(f, "  {:indent$}^", "")
    }
}

impl Error for QueryError {}

/// The way out for a word that is none of the known ones: the nearest of them, or all.
pub(super) fn instead<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let word = word.to_lowercase();
    let known: Vec<_> = known.into_iter().collect();
    let distances = known.iter().map(|name| (strsim::osa_distance(&word, &name.to_lowercase()), *name));
    let nearest = distances.min().filter(|(distance, name)| *distance <= name.chars().count().div_ceil(3));
    match nearest {
        Some((_, name)) => format!("did you mean `{name}`?"),
        None => format!("known are {}", known.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_caret_stands_below_the_place() {
        let error = QueryError::new("op=\u{1b} é levl>1", 7, "unknown key `levl`");
        let expected = "unknown key `levl` (column 8)\n  op=\\u{1b} é levl>1\n              ^";
        let error = QueryError { at: error.text.find("levl").unwrap(), ..error };
        assert_eq!(error.to_string(), expected);
    }

    #[test]
    fn a_word_is_led_to_the_nearest_or_to_all() {
        assert_eq!(instead("levl", ["logger", "level"]), "did you mean `level`?");
        assert_eq!(instead("xyz", ["logger", "level"]), "known are logger, level");
    }
}
