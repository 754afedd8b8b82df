//! JSON values as text: what the fields of a call become at once, so that nothing is kept or visited twice.
//! Knows nothing of records; a line's members are `record::json`'s.

mod parts;
mod edit;
mod room;

use std::borrow::Cow;
use std::fmt::{self, Write as _};
use std::panic::{AssertUnwindSafe, catch_unwind};

pub(crate) use crate::digits::push_u64;
use crate::escape::{all_bytes, is_unsafe};
use crate::redact::{self, HIDDEN, Secrecy};
pub(crate) use edit::{CUT, edit_strings, has_string_over, shortened};
pub(crate) use parts::{members, string, strings};
pub(crate) use room::KEPT;
use room::Room;

/// A JSON value as text, ready to be put into a line; empty when there is none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Json<'a>(Cow<'a, str>);

impl<'a> Json<'a> {
    pub(crate) fn new(text: impl Into<Cow<'a, str>>) -> Self {
        Self(text.into())
    }

    /// The JSON text; empty when there is no value.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether there is no value at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn into_owned(self) -> Json<'static> {
        Json(Cow::Owned(self.0.into_owned()))
    }
}

/// Writes the members of one JSON object: the fields of an operation, an event or a log line.
///
/// Generated code and the macros of this crate fill it; see `#[structured_op(context(..))]`.
#[derive(Clone, Debug, Default)]
pub struct Fields {
    text: String,
}

impl Fields {
    /// No fields yet.
    #[must_use]
    pub const fn new() -> Self {
        Self { text: String::new() }
    }

    /// Makes room for so many bytes.
    pub(crate) fn reserve(&mut self, bytes: usize) {
        self.text.reserve(bytes);
    }

    /// Adds a field with the text that `Display` gives.
    pub fn add_display(&mut self, key: &str, value: &dyn fmt::Display) {
        self.add(key, |out| push_fmt(out, format_args!("{value}")));
    }

    /// Adds a field with the text that `Debug` gives.
    pub fn add_debug(&mut self, key: &str, value: &dyn fmt::Debug) {
        self.add(key, |out| push_fmt(out, format_args!("{value:?}")));
    }

    /// Adds a field with the JSON that `value` appends, unless the key says that it is a secret.
    pub(crate) fn add(&mut self, key: &str, value: impl FnOnce(&mut String)) {
        let key = key.strip_prefix("r#").unwrap_or(key);
        self.text.push(if self.text.is_empty() { '{' } else { ',' });
        push_str(&mut self.text, key);
        self.text.push(':');
        match redact::secrecy(key) {
            Secrecy::Open => value(&mut self.text),
            Secrecy::NumbersOnly => {
                let start = self.text.len();
                value(&mut self.text);
                if self.text[start..].starts_with(['"', '[', '{']) {
                    self.text.truncate(start);
                    push_str(&mut self.text, HIDDEN);
                }
            }
            Secrecy::Secret => push_str(&mut self.text, HIDDEN),
        }
    }

    /// Adds the fields of another object that has not been ended.
    pub(crate) fn append(&mut self, other: &Self) {
        if let Some(members) = other.text.strip_prefix('{') {
            self.text.push(if self.text.is_empty() { '{' } else { ',' });
            self.text.push_str(members);
        }
    }

    /// The object's text; empty without fields.
    pub(crate) fn finish(mut self) -> String {
        self.close();
        self.text
    }

    /// Ends the object, which is then as [`finish`](Self::finish) would give it.
    pub(crate) fn close(&mut self) {
        if !self.text.is_empty() {
            self.text.push('}');
        }
    }

    /// The text so far.
    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// Makes room for another object in the same buffer.
    pub(crate) fn clear(&mut self) {
        self.text.clear();
        self.text.shrink_to(KEPT);
    }
}

/// Appends a JSON string. Stricter than JSON asks: everything that [`is_unsafe`] is escaped, so that a line can
/// be shown on a terminal as it is.
pub(crate) fn push_str(out: &mut String, text: &str) {
    out.push('"');
    push_escaped(out, text);
    out.push('"');
}

/// Appends a text of the user's as a JSON string, without the secrets in it.
pub(crate) fn push_captured(out: &mut String, text: &str) {
    let (start, mut room) = (out.len(), Room::new());
    push_str(out, &redact::without_secrets(room.take(text)));
    room.mark_string(out, start);
}

/// Appends what a formatter prints as a JSON string, without the secrets in it and without an intermediate copy.
pub(crate) fn push_fmt(out: &mut String, arguments: fmt::Arguments<'_>) {
    let start = out.len();
    out.push('"');
    let (mut room, mut plain) = (Room::new(), true);
    let done = guard(|| room.write(arguments, |text| plain &= push_escaped(out, text)));
    if let Err(why) = done {
        out.truncate(start + 1);
        out.push_str(why);
        room = Room::new();
    }
    out.push('"');
    // A secret may come in several pieces, so the whole is looked at.
    if plain {
        hide_secrets(out, start);
    } else if redact::may_hold_secrets(&out[start..]) {
        let written = out.split_off(start);
        push_captured(out, &string(&written).expect("a string that was just written can be read"));
    }
    room.mark_string(out, start);
}

/// Appends a text of the user's, without the secrets in it.
pub(crate) fn push_plain(out: &mut String, text: &str) {
    let (start, mut room) = (out.len(), Room::new());
    out.push_str(&redact::without_secrets(room.take(text)));
    room.mark(out, start);
}

/// The same, without a copy where nothing has to be left out; else in the buffer, which must be empty.
pub(crate) fn plain<'t>(text: &'t str, buffer: &'t mut String) -> Cow<'t, str> {
    if text.len() <= KEPT {
        return redact::without_secrets(text);
    }
    push_plain(buffer, text);
    Cow::Borrowed(buffer)
}

/// Appends what a formatter prints, without the secrets in it.
pub(crate) fn push_text(out: &mut String, arguments: fmt::Arguments<'_>) {
    let (start, mut room) = (out.len(), Room::new());
    if let Err(why) = guard(|| room.write(arguments, |text| out.push_str(text))) {
        out.truncate(start);
        out.push_str(why);
        room = Room::new();
    }
    hide_secrets(out, start);
    room.mark(out, start);
}

fn hide_secrets(out: &mut String, start: usize) {
    if let Cow::Owned(clean) = redact::without_secrets(&out[start..]) {
        out.truncate(start);
        out.push_str(&clean);
    }
}

/// Runs a formatter of the user's. One that fails or panics costs its own text, never the program that is logged.
fn guard(format: impl FnOnce() -> fmt::Result) -> Result<(), &'static str> {
    match catch_unwind(AssertUnwindSafe(format)) {
        Ok(Ok(())) => Ok(()),
        Ok(Err(_)) => Err("<formatter failed>"),
        Err(_) => Err("<formatter panicked>"),
    }
}

/// Appends a float; what JSON has no number for becomes a string.
pub(crate) fn push_f64(out: &mut String, value: f64) {
    if value.is_finite() {
        push_number(out, format_args!("{value:?}"));
    } else {
        push_fmt(out, format_args!("{value}"));
    }
}

/// Appends what prints as a JSON number.
pub(crate) fn push_number(out: &mut String, number: fmt::Arguments<'_>) {
    out.write_fmt(number).expect("writing to a string cannot fail");
}

/// Says whether the text could be copied as it is.
fn push_escaped(out: &mut String, text: &str) -> bool {
    if all_bytes(text, |byte| matches!(byte, b' '..=b'~') & (byte != b'"') & (byte != b'\\')) {
        out.push_str(text);
        return true;
    }
    let mut clean = 0;
    for (at, c) in text.char_indices().filter(|&(_, c)| c == '"' || c == '\\' || is_unsafe(c)) {
        out.push_str(&text[clean..at]);
        clean = at + c.len_utf8();
        push_escape(out, c);
    }
    out.push_str(&text[clean..]);
    false
}

/// How many bytes a character takes in a JSON string.
fn escaped_len(c: char) -> usize {
    match c {
        '"' | '\\' | '\n' | '\r' | '\t' => 2,
        _ if is_unsafe(c) => 6,
        _ => c.len_utf8(),
    }
}

fn push_escape(out: &mut String, c: char) {
    match c {
        '"' => out.push_str("\\\""),
        '\\' => out.push_str("\\\\"),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        // Every unsafe character is in the basic plane: one \u escape each.
        _ => push_number(out, format_args!("\\u{:04x}", u32::from(c))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_round_trip_and_hold_no_raw_control_character() {
        let hostile = "a\"\\\n\r\t\0\u{1b}[31m\u{7f}\u{9b}\u{2028}\u{202e}é漫🦀";
        let mut out = String::new();
        push_str(&mut out, hostile);
        assert!(!out.chars().any(is_unsafe), "{out}");
        assert_eq!(serde_json::from_str::<String>(&out).unwrap(), hostile);
    }

    #[test]
    fn numbers_without_a_json_form_become_strings() {
        let mut out = String::new();
        for value in [1.0, 0.25, 1e300, f64::NAN, f64::INFINITY] {
            push_f64(&mut out, value);
            out.push(' ');
        }
        assert_eq!(out, r#"1.0 0.25 1e300 "NaN" "inf" "#);
    }
}
