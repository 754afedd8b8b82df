//! Text with `*` for whatever stands there: matched as a whole, or looked for in a text without regard to case.

use std::fmt;

use memchr::memchr2_iter;

/// The pieces of a text between its `*`; a pattern without one has a single piece.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pattern(Vec<String>);

impl Pattern {
    /// Reads a value as it is written: `\*`, `\"` and `\\` are the character behind the backslash.
    pub(super) fn read(written: &str) -> Self {
        let mut pieces = vec![String::new()];
        let mut chars = written.chars().peekable();
        while let Some(c) = chars.next() {
            let escaped = chars.next_if(|next| c == '\\' && matches!(next, '*' | '"' | '\\'));
            match (escaped, pieces.last_mut()) {
                (None, _) if c == '*' => pieces.push(String::new()),
                (escaped, Some(piece)) => piece.push(escaped.unwrap_or(c)),
                (_, None) => {}
            }
        }
        let last = pieces.len() - 1;
        let mut place = 0..;
        // Between two stars with nothing between them there is one star.
        pieces.retain(|piece| place.next().is_some_and(|at| at == 0 || at == last || !piece.is_empty()));
        Self(pieces)
    }

    /// Whether it is `*` and no more.
    pub(super) fn is_any(&self) -> bool {
        self.0.len() == 2 && self.0.iter().all(String::is_empty)
    }

    /// The text, where there is no `*` in it.
    pub(super) fn literal(&self) -> Option<&str> {
        match &*self.0 {
            [text] => Some(text),
            _ => None,
        }
    }

    /// Whether it is this text, from its first to its last character.
    pub(super) fn is(&self, text: &str) -> bool {
        let [first, middle @ .., last] = &*self.0 else { return self.literal() == Some(text) };
        let rest = text.strip_prefix(&**first).and_then(|rest| rest.strip_suffix(&**last));
        let found = middle.iter().try_fold(rest, |rest, piece| {
            let rest = rest?;
            Some(rest.find(&**piece).map(|at| &rest[at + piece.len()..]))
        });
        found.flatten().is_some()
    }
}

impl fmt::Display for Pattern {
    /// As it can be read again, in quotes where it needs them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_plain = |c: char| c.is_alphanumeric() || "_./:@+,%-".contains(c);
        let is_bare = self.0.iter().all(|piece| piece.chars().all(is_plain));
        let quote =
            if is_bare && self.literal() != Some("") && !self.0[0].starts_with('-') { "" } else { "\"" };
        f.write_str(quote)?;
        for (at, piece) in self.0.iter().enumerate() {
            f.write_str(if at > 0 { "*" } else { "" })?;
            for c in piece.chars() {
                f.write_str(if matches!(c, '*' | '"' | '\\') { "\\" } else { "" })?;
                fmt::Write::write_char(f, c)?;
            }
        }
        f.write_str(quote)
    }
}

/// A pattern that is looked for anywhere in a text, its pieces one behind the other, in any case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Search {
    pattern: Pattern,
    /// The pieces in lower case, without empty ones.
    needles: Vec<String>,
}

impl Search {
    /// `None` where there is nothing to look for.
    pub(super) fn new(pattern: Pattern) -> Option<Self> {
        let pieces = pattern.0.into_iter().filter(|piece| !piece.is_empty());
        let pattern = Pattern(pieces.collect());
        let needles: Vec<_> = pattern.0.iter().map(|piece| lower(piece)).collect();
        (!needles.is_empty()).then_some(Self { pattern, needles })
    }

    /// Whether it may be in a text that stands in this line. With a backslash there, characters may be written in other ways.
    #[cfg(feature = "serve")]
    pub(super) fn may_be_in(&self, line: &[u8]) -> bool {
        let mut rest = line;
        !self.needles.iter().all(|needle| needle.is_ascii())
            || self.needles.iter().all(|needle| behind(&mut rest, needle.as_bytes()))
            || memchr::memchr(b'\\', line).is_some()
    }

    pub(super) fn is_in(&self, text: &str) -> bool {
        if self.needles.iter().all(|needle| needle.is_ascii()) {
            let mut rest = text.as_bytes();
            return self.needles.iter().all(|needle| behind(&mut rest, needle.as_bytes()));
        }
        let text = lower(text);
        let mut rest = &*text;
        self.needles.iter().all(|needle| {
            let at = rest.find(&**needle);
            at.inspect(|at| rest = &rest[at + needle.len()..]).is_some()
        })
    }
}

impl fmt::Display for Search {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.pattern.fmt(f)
    }
}

/// Character by character, so that what becomes of one does not depend on its neighbours.
fn lower(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).collect()
}

/// Finds an ASCII needle in lower case, and moves behind it.
fn behind(text: &mut &[u8], needle: &[u8]) -> bool {
    let rare = rarest(needle);
    let byte = needle[rare];
    let ends = memchr2_iter(byte, byte.to_ascii_uppercase(), text).filter_map(|at| {
        let start = at.checked_sub(rare)?;
        let found = text.get(start..start + needle.len())?;
        found.eq_ignore_ascii_case(needle).then_some(start + needle.len())
    });
    let end = ends.take(1).next();
    end.inspect(|&end| *text = &text[end..]).is_some()
}

/// Where the byte stands that is the rarest in what people write.
fn rarest(needle: &[u8]) -> usize {
    const FREQUENT: &[u8] = b" etaoinsrhldcumfpgwybvk0123456789.-_/:";
    let rank = |byte: &u8| FREQUENT.iter().position(|frequent| frequent == byte).unwrap_or(FREQUENT.len());
    (0..needle.len()).max_by_key(|&at| rank(&needle[at])).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_text() {
        for (pattern, text, expected) in [
            ("fetch", "fetch", true),
            ("fetch", "fetch_page", false),
            ("fetch_*", "fetch_", true),
            ("*page", "fetch_page", true),
            ("f*_*e", "fetch_page", true),
            ("a*a", "a", false),
            ("a*b*c", "acb", false),
            ("**", "", true),
            ("a\\*", "a*", true),
            ("a\\*", "ab", false),
            ("Fetch", "fetch", false),
        ] {
            assert_eq!(Pattern::read(pattern).is(text), expected, "{pattern} {text}");
        }
    }

    #[test]
    fn a_search_heeds_no_case_in_any_script() {
        for (pattern, text, expected) in [
            ("TimeOut", "the TIMEOUT", true),
            ("503", "HTTP 50 503", true),
            ("zz", "z", false),
            ("éCOLE", "École", true),
            ("漫画*b", "X漫画a B", true),
            ("b*漫画", "X漫画a B", false),
            ("a*c", "abcABC", true),
            ("c*c*c", "abcABC", false),
        ] {
            assert_eq!(
                Search::new(Pattern::read(pattern)).unwrap().is_in(text),
                expected,
                "{pattern} {text}"
            );
        }
        assert_eq!(Search::new(Pattern::read("**")), None);
    }

    #[test]
    fn a_pattern_is_written_as_it_is_read() {
        for (written, shown) in [
            ("fetch_*", "fetch_*"),
            ("a b", "\"a b\""),
            ("", "\"\""),
            ("-a", "\"-a\""),
            ("a=b", "\"a=b\""),
            ("a***b", "a*b"),
            ("a\\*\\\\\\\"\\d", "\"a\\*\\\\\\\"\\\\d\""),
        ] {
            assert_eq!(Pattern::read(written).to_string(), shown);
        }
    }
}
