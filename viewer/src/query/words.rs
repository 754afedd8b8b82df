//! The words of a query: what stands between blanks, taken apart into `-`, key, operator and value. Knows nothing of
//! which keys there are.

use super::error::QueryError;

/// How a key and a value are put together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Equal,
    Unequal,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
    Contains,
}

impl Operator {
    /// Longer ones first, since they begin as shorter ones do.
    const ALL: [(&'static str, Self); 7] = [
        (">=", Self::GreaterOrEqual),
        ("<=", Self::LessOrEqual),
        ("!=", Self::Unequal),
        ("=", Self::Equal),
        (">", Self::Greater),
        ("<", Self::Less),
        ("~", Self::Contains),
    ];
}

/// One term as it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Word<'a> {
    pub(super) negated: bool,
    pub(super) key: Option<(&'a str, Operator)>,
    /// Where the key begins; the value, where there is none.
    pub(super) at: usize,
    /// What stands there, without the quotes around it and with its backslashes.
    pub(super) value: &'a str,
    pub(super) value_at: usize,
}

/// The words of a text.
pub(super) fn words(text: &str) -> Result<Vec<Word<'_>>, QueryError> {
    let mut words = Vec::new();
    let mut at = blanks(text, 0);
    while at < text.len() {
        let (word, end) = word(text, at)?;
        words.push(word);
        at = blanks(text, end);
    }
    Ok(words)
}

/// The first byte from there on that is no blank.
fn blanks(text: &str, at: usize) -> usize {
    text.len() - text[at..].trim_start().len()
}

/// The word that begins there, and where it ends.
fn word(text: &str, start: usize) -> Result<(Word<'_>, usize), QueryError> {
    let negated = text[start..].starts_with('-');
    let at = start + usize::from(negated);
    let head = head(&text[at..]);
    let value_at = at + head.map_or(0, |(length, _, _)| length);
    let key = head.map(|(_, key, operator)| (key, operator));
    let (value, end) = if text[value_at..].starts_with('"') {
        quoted(text, value_at)?
    } else {
        let rest = &text[value_at..];
        let length = rest.find(char::is_whitespace).unwrap_or(rest.len());
        (&rest[..length], value_at + length)
    };
    if end == value_at {
        let what = match key {
            Some((key, _)) => {
                format!("there is no value; `{key}=*` is any value, and `{key}=\"\"` an empty one")
            }
            None => "`-` leaves out what stands right behind it, and nothing does".to_owned(),
        };
        return Err(QueryError::new(text, value_at, what));
    }
    Ok((Word { negated, key, at, value, value_at }, end))
}

/// A key and an operator, and how long they are; `None` where the word is a mere text.
fn head(text: &str) -> Option<(usize, &str, Operator)> {
    let is_of_key = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '-');
    let (key, rest) = text.split_at(text.find(|c| !is_of_key(c)).unwrap_or(text.len()));
    if !key.starts_with(|c: char| c.is_alphabetic() || c == '_') {
        return None;
    }
    let (sign, operator) = Operator::ALL.into_iter().find(|(sign, _)| rest.starts_with(sign))?;
    Some((key.len() + sign.len(), key, operator))
}

/// What is in the quotes that open there, and where they end.
fn quoted(text: &str, open: usize) -> Result<(&str, usize), QueryError> {
    let inner = &text[open + 1..];
    let mut escaped = false;
    for (at, c) in inner.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => {
                let end = open + 1 + at + 1;
                if text[end..].starts_with(|next: char| !next.is_whitespace()) {
                    return Err(QueryError::new(
                        text,
                        end,
                        "there must be a blank behind a quote; write `\\\"` for one in the text",
                    ));
                }
                return Ok((&inner[..at], end));
            }
            _ => {}
        }
    }
    Err(QueryError::new(text, open, "this quote is never closed"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_taken_apart_at_blanks_and_operators() {
        let found = words(" op=fetch_* -\"two \\\" words\"\tctx.a-b>=-2 http://x?a=b -no").unwrap();
        let found: Vec<_> = found.iter().map(|word| (word.negated, word.key, word.value)).collect();
        assert_eq!(
            found,
            [
                (false, Some(("op", Operator::Equal)), "fetch_*"),
                (true, None, "two \\\" words"),
                (false, Some(("ctx.a-b", Operator::GreaterOrEqual)), "-2"),
                (false, None, "http://x?a=b"),
                (true, None, "no"),
            ]
        );
    }

    #[test]
    fn what_is_no_word_is_refused_where_it_stands() {
        for (text, column, start) in [
            ("a op=", 6, "there is no value"),
            ("a - b", 4, "`-` leaves out"),
            ("a \"b c", 3, "this quote is never closed"),
            ("\"b\\\"", 1, "this quote is never closed"),
            ("\"é\"c", 4, "there must be a blank"),
        ] {
            let error = words(text).unwrap_err();
            assert_eq!(error.column(), column, "{error}");
            assert!(error.to_string().starts_with(start), "{error}");
        }
    }
}
