//! Cuts texts to a number of bytes in a line, and writes a JSON text anew with other strings in it.

use super::parts::{elements, members, string};
use super::{escaped_len, push_str};

/// What stands where something was cut off or left out.
pub(crate) const CUT: &str = "…";

/// The text, cut so that it takes no more than `bytes` between the quotes of a JSON string; `None` if it need not be.
/// What lies behind the cut is not looked at.
pub(crate) fn shortened(text: &str, bytes: usize) -> Option<String> {
    let whole = start(text, bytes).len() == text.len();
    (!whole).then(|| [start(text, bytes.saturating_sub(CUT.len())), CUT].concat())
}

/// As much of the text as takes no more than `bytes`.
fn start(text: &str, bytes: usize) -> &str {
    let mut left = bytes;
    for (at, c) in text.char_indices() {
        match left.checked_sub(escaped_len(c)) {
            Some(rest) => left = rest,
            None => return &text[..at],
        }
    }
    text
}

/// Whether one of the strings in a JSON text takes more than `bytes` between its quotes.
pub(crate) fn has_string_over(bytes: usize, json: &str) -> bool {
    let (mut start, mut escaped) = (None, false);
    for (at, byte) in json.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => match start.take() {
                Some(start) if at - start - 1 > bytes => return true,
                Some(_) => {}
                None => start = Some(at),
            },
            _ => {}
        }
    }
    false
}

/// Writes a JSON text of ours anew. `edit` is given each string that is a value: the JSON pointer to it, which goes
/// on from `pointer`, and the string as it stands there. It may give another text for it.
pub(crate) fn edit_strings(
    json: &str,
    pointer: String,
    edit: &mut dyn FnMut(&str, &str) -> Option<String>,
) -> String {
    let mut editor = Editor { out: String::new(), pointer, edit };
    editor.value(json);
    editor.out
}

struct Editor<'a> {
    out: String,
    pointer: String,
    edit: &'a mut dyn FnMut(&str, &str) -> Option<String>,
}

impl Editor<'_> {
    fn value(&mut self, json: &str) {
        match json.as_bytes().first() {
            Some(b'{') => {
                self.out.push('{');
                for (n, (key, value)) in members(json).enumerate() {
                    self.out.push_str(if n > 0 { "," } else { "" });
                    self.out.push_str(key);
                    self.out.push(':');
                    // In a pointer these two characters have a meaning of their own.
                    let name = string(key).unwrap_or_default().replace('~', "~0").replace('/', "~1");
                    self.below(&name, value);
                }
                self.out.push('}');
            }
            Some(b'[') => {
                self.out.push('[');
                for (n, value) in elements(json).enumerate() {
                    self.out.push_str(if n > 0 { "," } else { "" });
                    self.below(&n.to_string(), value);
                }
                self.out.push(']');
            }
            Some(b'"') => match (self.edit)(&self.pointer, json) {
                Some(text) => push_str(&mut self.out, &text),
                None => self.out.push_str(json),
            },
            _ => self.out.push_str(json),
        }
    }

    fn below(&mut self, name: &str, value: &str) {
        let above = self.pointer.len();
        self.pointer.push('/');
        self.pointer.push_str(name);
        self.value(value);
        self.pointer.truncate(above);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_text_is_cut_between_characters_and_only_if_it_must_be() {
        for (text, bytes, expected) in [
            ("abcdef", 6, None),
            ("abcdef", 5, Some("ab…")),
            ("ééé", 6, None),
            ("éééé", 6, Some("é…")),
            ("\n\n\n", 6, None),
            ("\n\n\n\n", 6, Some("\n…")),
            ("\u{1b}a", 6, Some("…")),
            ("a", 0, Some("…")),
            ("", 0, None),
        ] {
            assert_eq!(shortened(text, bytes).as_deref(), expected, "{text:?} in {bytes}");
        }
    }

    #[test]
    fn strings_are_replaced_where_they_are() {
        let json = r#"{"a/b":"1","n":2,"l":["3",{"~":"4"},[]],"o":{}}"#;
        let mut seen = Vec::new();
        let edited = edit_strings(json, "/context".to_owned(), &mut |pointer, value| {
            seen.push(format!("{pointer}={value}"));
            (value == "\"4\"").then(|| "\n".to_owned())
        });
        assert_eq!(edited, json.replace("\"4\"", r#""\n""#));
        assert_eq!(seen, [r#"/context/a~1b="1""#, r#"/context/l/0="3""#, r#"/context/l/1/~0="4""#]);
    }

    proptest! {
        #[test]
        fn a_cut_text_fills_what_it_may_take_and_no_more(
            text in r#"(\PC|["\\\x00-\x1f\u{7f}-\u{9f}\u{2028}]){0,60}"#,
            bytes in 3..80_usize,
        ) {
            let mut whole = String::new();
            push_str(&mut whole, &text);
            let cut = shortened(&text, bytes);
            prop_assert_eq!(cut.is_some(), whole.len() - 2 > bytes);
            prop_assert_eq!(has_string_over(bytes, &whole), cut.is_some());
            if let Some(cut) = cut {
                let mut written = String::new();
                push_str(&mut written, &cut);
                let taken = written.len() - 2;
                prop_assert!(taken <= bytes && taken + 6 > bytes, "{} of {}", written, bytes);
                prop_assert!(text.starts_with(cut.strip_suffix(CUT).unwrap()));
            }
        }
    }
}
