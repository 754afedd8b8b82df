//! Takes so much of a text and no more, so that a huge one costs no memory besides its own.

use std::fmt::{self, Write};

use super::CUT;

/// So many bytes of a text are taken: more than any limit lets through, so that one which comes to an end here is cut
/// and named later, and enough beyond that for a secret to be seen whole.
pub(crate) const KEPT: usize = 64 * 1024;

/// The room that is left for a text which comes in pieces.
pub(super) struct Room {
    left: usize,
    full: bool,
}

impl Room {
    pub(super) const fn new() -> Self {
        Self { left: KEPT, full: false }
    }

    /// As much of the next piece as there is room for.
    pub(super) fn take<'t>(&mut self, text: &'t str) -> &'t str {
        if text.len() <= self.left && !self.full {
            self.left -= text.len();
            return text;
        }
        let room = if self.full { 0 } else { self.left };
        let end = (0..=room).rev().find(|&at| text.is_char_boundary(at)).unwrap_or_default();
        self.full |= end < text.len();
        &text[..end]
    }

    /// Formats a text, of which `push` gets what there is room for. The rest is formatted nevertheless: one that is told
    /// of an error may make a panic of it.
    pub(super) fn write(&mut self, arguments: fmt::Arguments<'_>, push: impl FnMut(&str)) -> fmt::Result {
        struct Pieces<'a, F>(&'a mut Room, F);
        impl<F: FnMut(&str)> Write for Pieces<'_, F> {
            fn write_str(&mut self, text: &str) -> fmt::Result {
                (self.1)(self.0.take(text));
                Ok(())
            }
        }
        Pieces(self, push).write_fmt(arguments)
    }

    /// Makes a text that did not come to its end long enough for the limits to cut it: hidden secrets may have made
    /// it short.
    pub(super) fn mark(&self, out: &mut String, start: usize) {
        while self.full && out.len() - start <= KEPT / 2 {
            out.push_str(CUT);
        }
    }

    /// The same for a JSON string, between its quotes.
    pub(super) fn mark_string(&self, out: &mut String, start: usize) {
        if self.full {
            out.pop();
            self.mark(out, start);
            out.push('"');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::{push_captured, push_fmt, push_text, string};

    /// What is kept of a text, each way that one comes in.
    fn kept(text: &str) -> [String; 3] {
        let (mut captured, mut formatted, mut plain) = (String::new(), String::new(), String::new());
        push_captured(&mut captured, text);
        push_fmt(&mut formatted, format_args!("{}{}", &text[..1], &text[1..]));
        push_text(&mut plain, format_args!("{}{}", &text[..1], &text[1..]));
        [string(&captured).unwrap().into_owned(), string(&formatted).unwrap().into_owned(), plain]
    }

    #[test]
    fn a_text_is_taken_up_to_a_character_and_nothing_after_it() {
        for text in ["a".repeat(KEPT), format!("a{}", "é".repeat(10)), "a".to_owned()] {
            assert!(kept(&text).iter().all(|kept| *kept == text));
        }
        let text = format!("a{}b", "é".repeat(KEPT));
        assert!(kept(&text).iter().all(|kept| kept.len() == KEPT - 1 && text.starts_with(kept)));
        let mut room = Room::new();
        assert_eq!(room.take(&text).len(), KEPT - 1);
        assert_eq!(room.take("b"), "", "it would not stand where it belongs");
    }

    #[test]
    fn a_secret_at_the_end_is_not_seen_and_the_cut_still_is() {
        let text = format!("at https://a.example/?token={}", "hunter2".repeat(KEPT));
        for kept in kept(&text) {
            assert!(
                kept.starts_with("at https://a.example/?token=***…") && kept.ends_with('…'),
                "{kept:.60}"
            );
            assert!(kept.len() > KEPT / 2 && !kept.contains("hunter"));
        }
    }

    #[test]
    fn a_formatter_that_fails_is_told_of_whatever_came_before() {
        struct Fails;
        impl fmt::Display for Fails {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&"x".repeat(2 * KEPT))?;
                Err(fmt::Error)
            }
        }
        let mut out = String::new();
        push_fmt(&mut out, format_args!("{Fails}"));
        push_text(&mut out, format_args!(" {Fails}"));
        assert_eq!(out, "\"<formatter failed>\"<formatter failed>");
    }
}
