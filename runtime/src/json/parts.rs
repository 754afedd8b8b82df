//! Takes JSON apart without a parser: what was written here is known to be well-formed, and a program that only
//! logs should bring none along.

use std::borrow::Cow;
use std::iter;

/// Splits the text of a JSON object that this crate wrote into its members: raw key and raw value.
pub(crate) fn members(object: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = object.strip_prefix('{').unwrap_or_default();
    iter::from_fn(move || {
        let (key, after) = split_value(rest.trim_start_matches([',', ' ']), |b| b == b':')?;
        let (value, after) = split_value(after.strip_prefix(':')?, |b| b == b',' || b == b'}')?;
        rest = after;
        Some((key, value))
    })
}

/// The strings in the text of a JSON array; other values are passed over.
pub(crate) fn strings(array: &str) -> impl Iterator<Item = Cow<'_, str>> {
    elements(array).filter_map(string)
}

/// Splits the text of a JSON array into its values; of an empty one there is an empty one.
pub(crate) fn elements(array: &str) -> impl Iterator<Item = &str> {
    let mut rest = array.strip_prefix('[').unwrap_or_default();
    iter::from_fn(move || {
        let (value, after) = split_value(rest, |b| b == b',' || b == b']')?;
        rest = after.strip_prefix(',').unwrap_or_default();
        Some(value)
    })
}

/// The text in a JSON string; `None` for what is none.
pub(crate) fn string(json: &str) -> Option<Cow<'_, str>> {
    let quoted = json.trim().strip_prefix('"')?.strip_suffix('"')?;
    if quoted.contains('\\') { unescaped(quoted).map(Cow::Owned) } else { Some(Cow::Borrowed(quoted)) }
}

/// By units of UTF-16, which are what JSON's escapes stand for: another writer than ours may have put a character
/// into two of them.
fn unescaped(text: &str) -> Option<String> {
    let (mut units, mut rest) = (Vec::with_capacity(text.len()), text);
    while let Some((plain, escape)) = rest.split_once('\\') {
        let (unit, after) = unit(escape)?;
        units.extend(plain.encode_utf16());
        units.push(unit);
        rest = after;
    }
    units.extend(rest.encode_utf16());
    Some(String::from_utf16_lossy(&units))
}

/// What the escape stands for that `text` starts with, after its backslash, and the text behind it.
fn unit(text: &str) -> Option<(u16, &str)> {
    let (letter, rest) = text.split_at_checked(1)?;
    let byte = match letter.as_bytes()[0] {
        b'u' => {
            let (digits, rest) = rest.split_at_checked(4)?;
            return Some((u16::from_str_radix(digits, 16).ok()?, rest));
        }
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'b' => 0x08,
        b'f' => 0x0c,
        same => same,
    };
    Some((byte.into(), rest))
}

/// Cuts one value off the front: up to the first byte outside strings and nesting that ends it.
fn split_value(text: &str, ends: impl Fn(u8) -> bool) -> Option<(&str, &str)> {
    let (bytes, mut depth, mut at) = (text.as_bytes(), 0_u32, 0);
    loop {
        match *bytes.get(at)? {
            b'"' => at += string_len(&bytes[at + 1..])?,
            byte if depth == 0 && ends(byte) => return Some(text.split_at(at)),
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.checked_sub(1)?,
            _ => {}
        }
        at += 1;
    }
}

/// How many bytes a string has after its first quote, the last one included.
fn string_len(bytes: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        at += bytes.get(at..)?.iter().position(|&byte| byte == b'"' || byte == b'\\')?;
        if bytes[at] == b'"' {
            return Some(at + 1);
        }
        // The byte after a backslash ends nothing.
        at += 2;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::json::{Fields, push_str};

    #[test]
    fn members_are_split_outside_strings_and_nesting() {
        let mut fields = Fields::default();
        fields.add_display("url", &"http://x/{a},\"b\"");
        fields.add("list", |out| out.push_str("[1,{\"k\":2}]"));
        fields.add("n", |out| out.push('3'));
        let text = fields.finish();
        let parts: Vec<_> = members(&text).collect();
        assert_eq!(
            parts,
            [("\"url\"", "\"http://x/{a},\\\"b\\\"\""), ("\"list\"", "[1,{\"k\":2}]"), ("\"n\"", "3")]
        );
        assert_eq!(members("").count() + members("{}").count(), 0);
    }

    #[test]
    fn strings_of_any_writer_are_read_and_nothing_else() {
        for (array, expected) in [
            (r#"["disk\nfull",  "\u00e9\"\\" ]"#, &["disk\nfull", "é\"\\"][..]),
            (r#"[1,"a",["b"],{"c":"d"},null,"",","]"#, &["a", "", ","]),
            (r#"["\/\b\f\t\r","\ud83e\udd80"]"#, &["/\u{8}\u{c}\t\r", "🦀"]),
            (r#"["\ud83e","\u12","\é","a]"#, &["\u{fffd}"]),
            ("[]", &[]),
            ("", &[]),
            ("{}", &[]),
            ("[\"", &[]),
        ] {
            assert_eq!(strings(array).collect::<Vec<_>>(), expected, "{array}");
        }
    }

    proptest! {
        #[test]
        fn strings_come_back_as_they_were_written(
            texts in prop::collection::vec(r#"(\PC|["\\\x00-\x1f\u{7f}-\u{9f}\u{2028}]){0,20}"#, 0..4),
        ) {
            let mut array = String::new();
            for text in &texts {
                array.push(if array.is_empty() { '[' } else { ',' });
                push_str(&mut array, text);
            }
            array.push(']');
            prop_assert_eq!(strings(&array).collect::<Vec<_>>(), texts);
        }
    }
}
