//! Secrets inside texts: the userinfo of a URL, the values of its query and of its fragment, and the credentials
//! after `Bearer` and `Basic`. The texts are messages and errors, so what is read here is what people and programs
//! make of URLs: in doubt more is hidden than RFC 3986 would have it.
//!
//! All that is looked for is ASCII, so every cut is at the boundary of a character. Each byte is looked at a few
//! times at most, however hostile the text.

use std::borrow::Cow;

use super::HIDDEN;
use super::scan::may_hold_secrets;

/// What may close a bracket or end a sentence after a URL. A backslash stands before the quote that ends it inside
/// a quoted text.
const TRAILING: [char; 11] = ['.', ',', ';', ':', '!', '?', '\'', ')', ']', '}', '\\'];

/// The text with `***` in the place of each secret; borrowed where there is none.
pub(crate) fn without_secrets(text: &str) -> Cow<'_, str> {
    if !may_hold_secrets(text) {
        return Cow::Borrowed(text);
    }
    let mut cut = Cut { text, bytes: text.as_bytes(), done: 0, plain: 0, out: String::new() };
    let (mut at, mut place) = (0, Place::Text);
    while at < text.len() {
        (at, place) = cut.step(at, place);
    }
    cut.finish()
}

/// Where in a text a byte is.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    /// In a line without a URL so far.
    Text,
    /// In a URL, after its authority.
    Url,
    /// After a URL in the same line: what follows a blank that should have been `%20` may still belong to it.
    AfterUrl,
}

/// A text that is being copied without its secrets.
struct Cut<'a> {
    text: &'a str,
    bytes: &'a [u8],
    /// How much of it has been copied or left out.
    done: usize,
    /// Up to here no fragment has a value.
    plain: usize,
    out: String,
}

impl<'a> Cut<'a> {
    /// Looks at one byte and hides what it announces. Gives the next byte to look at, and where that is.
    fn step(&mut self, at: usize, place: Place) -> (usize, Place) {
        let next = at + 1;
        match self.bytes[at] {
            b':' => {
                self.authority(at).map_or((next, place), |authority| (self.userinfo(authority), Place::Url))
            }
            b'?' if place == Place::Url => (self.query(next), place),
            b'?' | b'&' if place == Place::AfterUrl && self.is_pair(next) => (self.query(next), place),
            b'#' if place == Place::Url => (self.fragment(next), place),
            b'\n' | b'\r' => (next, Place::Text),
            b' ' => (self.credentials(at), if place == Place::Url { Place::AfterUrl } else { place }),
            byte if place == Place::Url && ends_word(byte) => (next, Place::AfterUrl),
            _ => (next, place),
        }
    }

    fn hide(&mut self, start: usize, end: usize) {
        if start < end && &self.text[start..end] != HIDDEN {
            self.out.push_str(&self.text[self.done..start]);
            self.out.push_str(HIDDEN);
            self.done = end;
        }
    }

    fn finish(mut self) -> Cow<'a, str> {
        if self.done == 0 {
            return Cow::Borrowed(self.text);
        }
        self.out.push_str(&self.text[self.done..]);
        Cow::Owned(self.out)
    }

    /// Where the authority of a URL starts, if this is the colon before one. Some JSON has `:\/\/`, and more
    /// backslashes where that is quoted.
    fn authority(&self, colon: usize) -> Option<usize> {
        let after_slash = |start: usize| {
            let slash = self.find(start, |byte| byte != b'\\');
            (self.bytes.get(slash) == Some(&b'/')).then_some(slash + 1)
        };
        after_slash(colon + 1).and_then(after_slash)
    }

    /// Hides what an authority has before its host; gives the host's place.
    fn userinfo(&mut self, authority: usize) -> usize {
        let mut host = authority;
        loop {
            let end = self.find(host, |byte| ends_word(byte) || b"/?#\\".contains(&byte));
            let text = &self.text[host..end];
            if let Some(at) = text.rfind('@') {
                host += at + 1;
                break;
            }
            if is_host(text) {
                break;
            }
            // No host has such a port: it is a password with a character in it that ought to be encoded.
            let Some(at) = self.at_sign(host) else { break };
            // Or else a query has begun: then what follows is no host.
            if self.text[host..at].contains(['?', '#']) {
                let (end, next) = self.word(at, |_| false);
                self.hide(authority, end);
                return next;
            }
            host = at + 1;
        }
        self.hide(authority, host.saturating_sub(1));
        host
    }

    /// Hides the values of a query; gives the place to look on from.
    fn query(&mut self, start: usize) -> usize {
        let (end, next) = self.word(start, |byte| byte == b'#');
        // Bare base64 is no key without a value, whatever its padding looks like.
        if self.text[start..end].trim_end_matches('=').contains(['=', '&']) {
            self.values(start, end);
        } else {
            self.hide(start, end);
        }
        next
    }

    /// Hides the values of a fragment, if it has any; gives the place to look on from.
    fn fragment(&mut self, start: usize) -> usize {
        if start < self.plain {
            return start;
        }
        let (end, next) = self.word(start, |_| false);
        if self.text[start..end].contains('=') {
            self.values(start, end);
            return next;
        }
        self.plain = end;
        start
    }

    /// Hides what comes after the `=` in each part between two `&`, or all of a part that has no key.
    fn values(&mut self, start: usize, end: usize) {
        // A URL as a value may have a `&` and a `=` in its userinfo, and it may stand where a key should.
        let query = &self.text[start..end];
        let url = query.find("//").or_else(|| query.find(r"\/")).map_or(end, |at| start + at);
        let host = query.rfind('@').map_or(start, |at| start + at);
        let mut from = start;
        while from < end {
            let splits = |&at: &usize| self.bytes[at] == b'&' && !(url..host).contains(&at);
            let to = (from..end).find(splits).unwrap_or(end);
            let equals = (from..to).find(|&at| self.bytes[at] == b'=' && !(from..at).contains(&url));
            self.hide(equals.map_or(from, |equals| equals + 1), to);
            from = to + 1;
        }
    }

    /// Hides the word after `Bearer` or `Basic`, if this is the blank between; gives the place to look on from.
    fn credentials(&mut self, blank: usize) -> usize {
        let basic = self.ends_in(blank, b"basic");
        if !basic && !self.ends_in(blank, b"bearer") {
            return blank + 1;
        }
        let start = self.find(blank, |byte| !b" \"'`<\\".contains(&byte));
        let (end, next) = self.word(start, |_| false);
        if basic && is_ordinary(&self.text[start..end]) {
            return start;
        }
        self.hide(start, end);
        next
    }

    /// Whether the text up to `end` ends in a word, in letters of any size.
    fn ends_in(&self, end: usize, word: &[u8]) -> bool {
        let Some(start) = end.checked_sub(word.len()) else { return false };
        let (before, last) = self.bytes[..end].split_at(start);
        last.eq_ignore_ascii_case(word) && !before.last().is_some_and(u8::is_ascii_alphanumeric)
    }

    /// Whether `name=` comes here.
    fn is_pair(&self, start: usize) -> bool {
        let equals = self.find(start, |byte| ends_word(byte) || b"=&?#".contains(&byte));
        equals > start && self.bytes.get(equals) == Some(&b'=')
    }

    /// The end of what stands together from `start` on: without what may belong to the sentence around it, and
    /// with it.
    fn word(&self, start: usize, ends: impl Fn(u8) -> bool) -> (usize, usize) {
        let end = self.find(start, |byte| ends_word(byte) || ends(byte));
        (start + self.text[start..end].trim_end_matches(TRAILING).len(), end)
    }

    /// The place of an `@`, if it comes before the line's end and before another URL.
    fn at_sign(&self, start: usize) -> Option<usize> {
        let stops = |at: usize| {
            matches!(self.bytes[at], b'@' | b'\n' | b'\r')
                || self.bytes[at] == b':' && self.authority(at).is_some()
        };
        (start..self.bytes.len()).find(|&at| stops(at)).filter(|&at| self.bytes[at] == b'@')
    }

    /// The first place from `start` on with such a byte, or the end.
    fn find(&self, start: usize, byte: impl Fn(u8) -> bool) -> usize {
        self.bytes[start..].iter().position(|&b| byte(b)).map_or(self.bytes.len(), |at| start + at)
    }
}

/// Whether no URL goes on over this byte, however carelessly it was put together.
fn ends_word(byte: u8) -> bool {
    byte.is_ascii_whitespace() || byte.is_ascii_control() || b"\"<>`".contains(&byte)
}

/// Whether an authority is a host, with a port or without.
fn is_host(authority: &str) -> bool {
    let address = authority.strip_prefix('[').and_then(|address| address.split_once(']'));
    let host = address.map_or(authority, |(_, after)| after).trim_end_matches(TRAILING);
    host.rsplit_once(':').is_none_or(|(_, port)| port.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Whether a word after `Basic` is one of a sentence, such as `authentication` or `HTTP`; credentials have letters
/// of both sizes, or digits.
fn is_ordinary(word: &str) -> bool {
    let letters = word.bytes().all(|byte| byte.is_ascii_alphabetic());
    let small = word.bytes().skip(1).all(|byte| byte.is_ascii_lowercase());
    letters && (small || word.bytes().all(|byte| byte.is_ascii_uppercase()))
}
