//! One pass over the text of a JSON object, which hands out its values as slices of it. It knows JSON as most writers
//! write it, and whatever else it meets is a surprise for a whole parser: so what it takes, that one takes as well.

use std::borrow::Cow;

use super::bytes::{is_number, stop};
use super::{Surprise, values};
use crate::record::{Json, Timestamp};

/// How deep values may be nested.
const MAX_DEPTH: u8 = 100;

/// Goes through the members of the object that the text is, and calls `member` with the place of each key that is among these,
/// which has to read the value. A key is given as it is written, with the colon: `"kind":`. It is found fastest where keys come in
/// the same order as in the list. Returns the set of those that were there, a bit for each.
pub(super) fn members<'a, const N: usize>(
    text: &'a str,
    keys: &[&[u8]; N],
    mut member: impl FnMut(usize, &mut Scanner<'a>) -> Result<(), Surprise>,
) -> Result<u64, Surprise> {
    let text = text.trim_matches([' ', '\n', '\r', '\t']);
    let mut scanner = Scanner { text, bytes: text.as_bytes(), at: 0 };
    let (mut seen, mut next) = (0, 0);
    scanner.expect(b'{')?;
    scanner.spaces();
    if !scanner.found(b'}') {
        loop {
            match scanner.key(keys, next)? {
                // Of two values, none is the right one.
                Some(place) if seen & (1 << place) != 0 => return Err(Surprise),
                Some(place) => {
                    member(place, &mut scanner)?;
                    seen |= 1 << place;
                    next = place + 1;
                }
                None => scanner.skip()?,
            }
            if !scanner.another(b'}')? {
                break;
            }
        }
    }
    if scanner.at == text.len() { Ok(seen) } else { Err(Surprise) }
}

/// Stands before a key or a value of a text.
pub(super) struct Scanner<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
}

/// The values; `None` is `null`.
impl<'a> Scanner<'a> {
    pub(super) fn text(&mut self) -> Result<Option<Cow<'a, str>>, Surprise> {
        let from = self.at;
        if self.null() {
            return Ok(None);
        }
        let is_escaped = self.string()?;
        let quoted = &self.text[from..self.at];
        if is_escaped {
            return serde_json::from_str(quoted).map(|text| Some(Cow::Owned(text))).map_err(|_| Surprise);
        }
        Ok(Some(Cow::Borrowed(&quoted[1..quoted.len() - 1])))
    }

    pub(super) fn number(&mut self) -> Result<Option<u64>, Surprise> {
        if self.null() {
            return Ok(None);
        }
        let rest = &self.bytes[self.at..];
        let is_digit = |byte: &&u8| byte.is_ascii_digit();
        let count = if rest.first() == Some(&b'0') { 1 } else { rest.iter().take_while(is_digit).count() };
        self.at += count;
        values::number(&rest[..count]).filter(|_| count > 0).map(Some).ok_or(Surprise)
    }

    pub(super) fn time(&mut self) -> Result<Option<Timestamp>, Surprise> {
        if let Some(time) = self.quoted().and_then(values::utc) {
            self.at += 29;
            return Ok(Some(time));
        }
        self.text()?.map(|text| Timestamp::parse(&text).ok_or(Surprise)).transpose()
    }

    /// A number of that many hex digits, if it is written so.
    pub(super) fn hex<const DIGITS: usize>(&mut self) -> Option<u128> {
        let number = self.quoted::<DIGITS>().and_then(|digits| values::hex(digits))?;
        self.at += DIGITS + 2;
        Some(number)
    }

    /// What is between quotes, if these are that far apart.
    fn quoted<const LENGTH: usize>(&self) -> Option<&'a [u8; LENGTH]> {
        let (first, rest) = self.bytes.get(self.at..)?.split_first()?;
        let (text, rest) = rest.split_first_chunk()?;
        (*first == b'"' && rest.first() == Some(&b'"')).then_some(text)
    }

    /// Any value, as it is written.
    pub(super) fn raw(&mut self) -> Result<Json<'a>, Surprise> {
        if self.null() {
            return Ok(Json::default());
        }
        let from = self.at;
        self.skip()?;
        Ok(Json::new(&self.text[from..self.at]))
    }

    fn null(&mut self) -> bool {
        let found = self.bytes[self.at..].starts_with(b"null");
        self.at += if found { 4 } else { 0 };
        found
    }
}

/// The text between them.
impl Scanner<'_> {
    fn peek(&self) -> Result<u8, Surprise> {
        self.bytes.get(self.at).copied().ok_or(Surprise)
    }

    fn found(&mut self, byte: u8) -> bool {
        let found = self.peek() == Ok(byte);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, byte: u8) -> Result<(), Surprise> {
        if self.found(byte) { Ok(()) } else { Err(Surprise) }
    }

    /// Other white space within a line is a surprise.
    fn spaces(&mut self) {
        while self.found(b' ') {}
    }

    fn colon(&mut self) -> Result<(), Surprise> {
        self.spaces();
        self.expect(b':')?;
        self.spaces();
        Ok(())
    }

    /// Whether another item follows, or the end of the list.
    fn another(&mut self, end: u8) -> Result<bool, Surprise> {
        self.spaces();
        if self.found(b',') {
            self.spaces();
            return Ok(true);
        }
        self.expect(end)?;
        Ok(false)
    }

    /// The place of the key that is next, if it is one of these; `next` is where it is expected.
    fn key<const N: usize>(&mut self, keys: &[&[u8]; N], next: usize) -> Result<Option<usize>, Surprise> {
        let rest = &self.bytes[self.at..];
        let letter = rest.get(1);
        // Most of those that are passed over differ in their first letter.
        let is_it = |key: &&[u8]| letter == key.get(1) && rest.starts_with(key);
        if let Some(more) = keys.iter().skip(next).position(is_it) {
            self.at += keys[next + more].len();
            self.spaces();
            return Ok(Some(next + more));
        }
        let from = self.at;
        let is_escaped = self.string()?;
        let quoted = &self.bytes[from..self.at];
        self.colon()?;
        // What is behind the escapes may be a key of ours.
        if is_escaped {
            Err(Surprise)
        } else {
            Ok(keys.iter().position(|key| &key[..key.len() - 1] == quoted))
        }
    }

    /// Passes over a value, and looks whether it is one.
    fn skip(&mut self) -> Result<(), Surprise> {
        match self.peek()? {
            b'"' => self.string().map(drop),
            b'{' | b'[' => self.list(MAX_DEPTH),
            _ => self.word(),
        }
    }

    /// An array or an object.
    fn list(&mut self, depth: u8) -> Result<(), Surprise> {
        let depth = depth.checked_sub(1).ok_or(Surprise)?;
        let is_object = self.found(b'{');
        if !is_object {
            self.expect(b'[')?;
        }
        let end = if is_object { b'}' } else { b']' };
        self.spaces();
        if self.found(end) {
            return Ok(());
        }
        loop {
            if is_object {
                self.string()?;
                self.colon()?;
            }
            match self.peek()? {
                b'"' => drop(self.string()?),
                b'{' | b'[' => self.list(depth)?,
                _ => self.word()?,
            }
            if !self.another(end)? {
                return Ok(());
            }
        }
    }

    /// Passes over a string; whether it has escapes.
    fn string(&mut self) -> Result<bool, Surprise> {
        self.expect(b'"')?;
        let mut is_escaped = false;
        loop {
            self.at = stop(self.bytes, self.at).ok_or(Surprise)?;
            match self.bytes[self.at] {
                b'"' => break,
                b'\\' => self.escape()?,
                _ => return Err(Surprise),
            }
            is_escaped = true;
        }
        self.at += 1;
        Ok(is_escaped)
    }

    fn escape(&mut self) -> Result<(), Surprise> {
        self.at += 2;
        match self.bytes.get(self.at - 1) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => Ok(()),
            Some(b'u') => {
                let digits = self.bytes.get(self.at..self.at + 4).ok_or(Surprise)?;
                self.at += 4;
                if digits.iter().all(u8::is_ascii_hexdigit) { Ok(()) } else { Err(Surprise) }
            }
            _ => Err(Surprise),
        }
    }

    /// A number, `true`, `false` or `null`.
    fn word(&mut self) -> Result<(), Surprise> {
        let rest = &self.bytes[self.at..];
        let is_end = |byte: &u8| matches!(byte, b',' | b'}' | b']' | b' ');
        let word = &rest[..rest.iter().position(is_end).unwrap_or(rest.len())];
        self.at += word.len();
        let is_one = matches!(word, b"null" | b"true" | b"false") || is_number(word);
        if is_one { Ok(()) } else { Err(Surprise) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, is_taken: bool) {
        assert_eq!(members(text, &[], |_, _| Ok(())).is_ok(), is_taken, "{text}");
        // What is taken has to be right, not the other way round.
        assert!(!is_taken || serde_json::from_str::<serde_json::Value>(text).is_ok(), "{text}");
    }

    #[test]
    fn every_shape_of_value_is_taken() {
        for text in [
            "{}",
            " { } \r\n",
            r#"{"a":"b"}"#,
            r#"{ "a" : [ ] , "b" : { } }"#,
            r#"{"a":[1,-0,0.5,1e9,2E-7,null,true,false,"x\"y\u00e9\\",{"k":[[]]}]}"#,
        ] {
            check(text, true);
        }
    }

    #[test]
    fn whatever_else_is_a_surprise() {
        for text in [
            "",
            "[]",
            "{",
            "{}}",
            "{}x",
            "{\"a\"}",
            "{\"a\":}",
            "{\"a\":1,}",
            "{,}",
            "{\"a\":[1,]}",
            "{\"a\":[1}",
            "{\"a\":01}",
            "{\"a\":.5}",
            "{\"a\":1.}",
            "{\"a\":1e}",
            "{\"a\":+1}",
            "{\"a\":NaN}",
            "{\"a\":nul}",
            "{\"a\":\"\t\"}",
            "{\"a\":\"\\x\"}",
            "{\"a\":\"\\u12\"}",
            "{\"a\":\"\\",
            "{\"a\":\"",
            "{\"\\u0061\":1}",
            "{\"a\":{1:2}}",
            "{\"a\":{\"b\" 2}}",
        ] {
            check(text, false);
        }
        check(&format!("{{\"a\":{}{}}}", "[".repeat(200), "]".repeat(200)), false);
    }

    #[track_caller]
    fn check_values(text: &str, keys: &[&[u8]; 3], expected: Option<[&str; 3]>) {
        let mut found = [""; 3].map(Json::new);
        let read = members(text, keys, |place, value| {
            found[place] = value.raw()?;
            Ok(())
        });
        assert_eq!(read.ok().map(|_| found), expected.map(|values| values.map(Json::new)), "{text}");
    }

    #[test]
    fn values_are_slices_of_the_text() {
        let keys: [&[u8]; 3] = [b"\"a\":", b"\"b\":", b"\"c\":"];
        check_values(r#"{"a":"é","b":"\n","c":[1, 2]}"#, &keys, Some(["\"é\"", "\"\\n\"", "[1, 2]"]));
        check_values(r#" { "c" : 1 , "x" : [1] , "a": -1.5 , "b":null} "#, &keys, Some(["-1.5", "", "1"]));
        check_values(r#"{"x":1,"x":2,"ab":3}"#, &keys, Some([""; 3]));
        // Of two values, none is the right one.
        check_values(r#"{"a":1,"b":2,"a":1}"#, &keys, None);
    }

    /// What a reader makes of the value, which has to be read to its end.
    fn value<T>(text: &str, mut read: impl FnMut(&mut Scanner<'_>) -> Result<T, Surprise>) -> Option<T> {
        let mut found = None;
        let text = format!("{{\"a\":{text}}}");
        members(&text, &[b"\"a\":"], |_, value| {
            found = Some(read(value)?);
            Ok(())
        })
        .ok()?;
        found
    }

    #[test]
    fn numbers_are_whole_and_small_enough() {
        for (text, expected) in [
            ("0", Some(Some(0))),
            ("18446744073709551615", Some(Some(u64::MAX))),
            ("null", Some(None)),
            ("18446744073709551616", None),
            ("00", None),
            ("07", None),
            ("", None),
            ("-0", None),
            ("+1", None),
            ("1.0", None),
            ("1e3", None),
            ("\"1\"", None),
            ("nulls", None),
        ] {
            assert_eq!(value(text, |value| value.number()), expected, "{text}");
        }
    }

    #[test]
    fn texts_lose_their_escapes() {
        let text = |text: &str| value(text, |value| Ok(value.text()?.map(Cow::into_owned)));
        assert_eq!(text(r#""a\n\u00e9""#), Some(Some("a\né".to_owned())));
        assert_eq!((text("null"), text("1"), text(r#""\ud800""#)), (Some(None), None, None));
    }
}
