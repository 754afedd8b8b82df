//! One pass over the text of a JSON object, which hands on its members as slices of it. It knows JSON as most writers
//! write it, and whatever else it meets is a surprise for a whole parser: so what it takes, that one takes as well.

use super::Surprise;

/// How deep values may be nested.
const MAX_DEPTH: u8 = 100;

/// A value, as it stands in the text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Value<'a> {
    #[default]
    Absent,
    Null,
    /// A string without escapes, its quotes included.
    Plain(&'a str),
    /// A string with escapes, its quotes included.
    Escaped(&'a str),
    /// A number, a bool, an array or an object.
    Other(&'a str),
}

impl<'a> Value<'a> {
    /// Its JSON; empty when there is none.
    pub(super) fn raw(self) -> &'a str {
        match self {
            Self::Absent | Self::Null => "",
            Self::Plain(raw) | Self::Escaped(raw) | Self::Other(raw) => raw,
        }
    }
}

/// What is between the quotes of a string.
pub(super) fn unquoted(quoted: &str) -> &str {
    &quoted[1..quoted.len() - 1]
}

/// Hands each member of the object that the text is to `member`: its key, which has no escapes, and its value.
pub(super) fn members<'a>(
    text: &'a str,
    mut member: impl FnMut(&'a str, Value<'a>) -> Result<(), Surprise>,
) -> Result<(), Surprise> {
    let mut scanner = Scanner { text: text.trim_matches([' ', '\n', '\r', '\t']), at: 0 };
    scanner.expect(b'{')?;
    scanner.spaces();
    if !scanner.found(b'}') {
        loop {
            let Value::Plain(key) = scanner.string()? else { return Err(Surprise) };
            scanner.colon()?;
            member(unquoted(key), scanner.value()?)?;
            if !scanner.another(b'}')? {
                break;
            }
        }
    }
    if scanner.at == scanner.text.len() { Ok(()) } else { Err(Surprise) }
}

struct Scanner<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Scanner<'a> {
    fn peek(&self) -> Result<u8, Surprise> {
        self.text.as_bytes().get(self.at).copied().ok_or(Surprise)
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
        if self.found(end) {
            return Ok(false);
        }
        self.expect(b',')?;
        self.spaces();
        Ok(true)
    }

    fn value(&mut self) -> Result<Value<'a>, Surprise> {
        let from = self.at;
        match self.peek()? {
            b'"' => return self.string(),
            b'{' | b'[' => self.list(MAX_DEPTH)?,
            _ => {
                let word = self.word()?;
                return Ok(if word == "null" { Value::Null } else { Value::Other(word) });
            }
        }
        Ok(Value::Other(&self.text[from..self.at]))
    }

    /// Passes over an array or an object, and looks whether it is one.
    fn list(&mut self, depth: u8) -> Result<(), Surprise> {
        let depth = depth.checked_sub(1).ok_or(Surprise)?;
        let (is_object, end) = if self.found(b'{') { (true, b'}') } else { (false, b']') };
        // The bracket of an array is still there.
        self.at += usize::from(!is_object);
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
                _ => drop(self.word()?),
            }
            if !self.another(end)? {
                return Ok(());
            }
        }
    }

    fn string(&mut self) -> Result<Value<'a>, Surprise> {
        let from = self.at;
        self.expect(b'"')?;
        let mut is_escaped = false;
        loop {
            self.at = stop(self.text.as_bytes(), self.at).ok_or(Surprise)?;
            match self.peek()? {
                b'"' => break,
                b'\\' => self.escape()?,
                _ => return Err(Surprise),
            }
            is_escaped = true;
        }
        self.at += 1;
        let quoted = &self.text[from..self.at];
        Ok(if is_escaped { Value::Escaped(quoted) } else { Value::Plain(quoted) })
    }

    fn escape(&mut self) -> Result<(), Surprise> {
        self.at += 2;
        match self.text.as_bytes().get(self.at - 1) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => Ok(()),
            Some(b'u') => {
                let digits = self.text.as_bytes().get(self.at..self.at + 4).ok_or(Surprise)?;
                self.at += 4;
                if digits.iter().all(u8::is_ascii_hexdigit) { Ok(()) } else { Err(Surprise) }
            }
            _ => Err(Surprise),
        }
    }

    /// A number, `true`, `false` or `null`.
    fn word(&mut self) -> Result<&'a str, Surprise> {
        let rest = &self.text.as_bytes()[self.at..];
        let is_in = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'+' | b'.');
        let length = rest.iter().position(|byte| !is_in(byte)).unwrap_or(rest.len());
        let word = &self.text[self.at..self.at + length];
        self.at += length;
        let is_one = matches!(word, "null" | "true" | "false") || is_number(word.as_bytes());
        if is_one { Ok(word) } else { Err(Surprise) }
    }
}

/// Whether it is a number of JSON.
fn is_number(text: &[u8]) -> bool {
    let digits = |text: &[u8]| text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let text = text.strip_prefix(b"-").unwrap_or(text);
    let whole = digits(text);
    if whole == 0 || whole > 1 && text[0] == b'0' {
        return false;
    }
    let mut rest = &text[whole..];
    if let Some(after) = rest.strip_prefix(b".") {
        let count = digits(after);
        if count == 0 {
            return false;
        }
        rest = &after[count..];
    }
    let Some((b'e' | b'E', after)) = rest.split_first() else { return rest.is_empty() };
    let after = after.strip_prefix(b"+").or_else(|| after.strip_prefix(b"-")).unwrap_or(after);
    !after.is_empty() && digits(after) == after.len()
}

/// Where the next quote, backslash or control character is, eight bytes at a time.
fn stop(text: &[u8], mut at: usize) -> Option<usize> {
    while let Some(bytes) = text.get(at..).and_then(<[u8]>::first_chunk) {
        let found = stops(u64::from_le_bytes(*bytes));
        if found != 0 {
            return Some(at + found.trailing_zeros() as usize / 8);
        }
        at += 8;
    }
    let is_stop = |byte: &u8| matches!(byte, b'"' | b'\\' | 0..b' ');
    text.get(at..)?.iter().position(is_stop).map(|more| at + more)
}

/// The highest bit of each byte that is one; above the lowest such byte there may be others.
const fn stops(word: u64) -> u64 {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    const fn zeros(word: u64) -> u64 {
        word.wrapping_sub(ONES) & !word
    }
    let control = word.wrapping_sub(ONES * b' ' as u64) & !word;
    (zeros(word ^ (ONES * b'"' as u64)) | zeros(word ^ (ONES * b'\\' as u64)) | control) & (ONES << 7)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, is_taken: bool) {
        assert_eq!(members(text, |_, _| Ok(())).is_ok(), is_taken, "{text}");
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

    #[test]
    fn a_stop_is_found_wherever_it_is() {
        for stop_byte in 0..=u8::MAX {
            for at in 0..20 {
                let mut text = vec![b'~'; 20];
                text[at] = stop_byte;
                let expected = (stop_byte < b' ' || stop_byte == b'"' || stop_byte == b'\\').then_some(at);
                assert_eq!(stop(&text, 0), expected, "{stop_byte} at {at}");
                // Right behind one that is too low, the next is not taken for one.
                assert_eq!(stop(&text, at + 1), None);
            }
        }
    }

    #[test]
    fn members_are_slices_of_the_text() {
        let text = r#" {"a":"é","b":"\n","c":[1, 2],"d":null,"e":-1.5} "#;
        let mut found = Vec::new();
        members(text, |key, value| {
            found.push((key, value));
            Ok(())
        })
        .unwrap();
        assert_eq!(
            found,
            [
                ("a", Value::Plain("\"é\"")),
                ("b", Value::Escaped("\"\\n\"")),
                ("c", Value::Other("[1, 2]")),
                ("d", Value::Null),
                ("e", Value::Other("-1.5")),
            ]
        );
    }
}
