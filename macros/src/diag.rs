//! Collects mistakes, so that all of them are shown at once, and finds the word that was probably meant.

use proc_macro2::Span;
use syn::Error;

/// The mistakes found so far.
#[derive(Default)]
pub(crate) struct Mistakes(Option<Error>);

impl Mistakes {
    pub(crate) fn add(&mut self, span: Span, message: impl std::fmt::Display) {
        self.push(Error::new(span, message));
    }

    pub(crate) fn push(&mut self, error: Error) {
        match &mut self.0 {
            Some(all) => all.combine(error),
            None => self.0 = Some(error),
        }
    }

    /// The value, or `None` with the mistake noted.
    pub(crate) fn keep<T>(&mut self, result: syn::Result<T>) -> Option<T> {
        result.map_err(|error| self.push(error)).ok()
    }

    /// The value if nothing at all went wrong.
    pub(crate) fn finish<T>(self, value: T) -> syn::Result<T> {
        self.0.map_or(Ok(value), Err)
    }
}

/// A message, and the way out.
pub(crate) fn with_help(problem: &str, cure: &str) -> String {
    format!("{problem}\n  = help: {cure}")
}

/// A message about an unknown word: what it is, what was probably meant, what there is.
pub(crate) fn unknown(problem: &str, word: &str, known: &[&str], list: &str) -> String {
    let meant = nearest(word, known)
        .map_or_else(|| problem.to_owned(), |near| with_help(problem, &format!("did you mean `{near}`?")));
    format!("{meant}\n  = note: {list}: {}", quoted(known))
}

/// `` `a`, `b`, `c` ``
pub(crate) fn quoted(words: &[&str]) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}

/// The known word that `word` is a part of or is short for it, or else the one with the fewest edits to it, if these are at most a quarter
/// of its length.
fn nearest<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    let is_part = |known: &str| word.len() > 3 && known.split('_').any(|part| part == word);
    // `skip_all` is something else than `skip`.
    let is_short = |known: &str| word.strip_prefix(known).is_some_and(|rest| !rest.starts_with('_'));
    let whole = known.iter().find(|candidate| is_part(candidate) || is_short(candidate));
    if let Some(whole) = whole {
        return Some(whole);
    }
    let near = known.iter().map(|candidate| (distance(word, candidate), *candidate)).min()?;
    (near.0 <= 1 + word.chars().count() / 4).then_some(near.1)
}

/// Levenshtein's distance, by the method of Wagner and Fischer (1974), row by row.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, to) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(from != *to);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_near_word_is_suggested() {
        let known = ["level", "name", "fields", "max_attempts", "app"];
        for (word, expected) in [
            ("levl", Some("level")),
            ("nmae", Some("name")),
            ("field", Some("fields")),
            ("colour", None),
            ("attempts", Some("max_attempts")),
            ("application", Some("app")),
            ("level_all", None),
        ] {
            assert_eq!(nearest(word, &known), expected, "{word}");
        }
    }

    #[test]
    fn distances_are_levenshteins() {
        for (a, b, expected) in [("", "abc", 3), ("kitten", "sitting", 3), ("same", "same", 0)] {
            assert_eq!(distance(a, b), expected);
        }
    }
}
