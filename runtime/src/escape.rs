//! Makes text safe for one line of a file and for a terminal. Values are never trusted: a title scraped from a
//! site may hold a line feed that forges a record, or bytes that drive the terminal.

/// Whether a character must not reach a log line as it is: C0, DEL, C1, line and paragraph separators, and the
/// characters that turn the direction of text around.
pub(crate) const fn is_unsafe(c: char) -> bool {
    matches!(c,
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{61c}' | '\u{200e}' | '\u{200f}'
        | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// Whether all bytes are printable ASCII, which is the common case and needs no look at characters.
fn is_plain(text: &str) -> bool {
    all_bytes(text, |byte| matches!(byte, b' '..=b'~'))
}

/// Whether all bytes are such. In blocks of one size and without branches, so that it is done by vector instructions;
/// the last block covers what is left, and some bytes twice.
#[inline]
pub(crate) fn all_bytes(text: &str, such: impl Fn(u8) -> bool) -> bool {
    fn every<const SIZE: usize>(bytes: &[u8], such: &impl Fn(u8) -> bool) -> Option<bool> {
        let mut all = [true; SIZE];
        let (blocks, last) = (bytes.as_chunks::<SIZE>().0, bytes.last_chunk::<SIZE>()?);
        for block in blocks.iter().chain([last]) {
            for (all, &byte) in all.iter_mut().zip(block) {
                *all &= such(byte);
            }
        }
        Some(!all.contains(&false))
    }
    let bytes = text.as_bytes();
    every::<16>(bytes, &such)
        .or_else(|| every::<4>(bytes, &such))
        .unwrap_or_else(|| bytes.iter().all(|&byte| such(byte)))
}

/// Appends `text` with unsafe characters written as Rust writes them: `\n`, `\t`, `\u{202e}`.
pub(crate) fn push(out: &mut String, text: &str) {
    if is_plain(text) {
        return out.push_str(text);
    }
    let mut clean = 0;
    for (at, c) in text.char_indices().filter(|&(_, c)| is_unsafe(c)) {
        out.push_str(&text[clean..at]);
        clean = at + c.len_utf8();
        out.extend(c.escape_default());
    }
    out.push_str(&text[clean..]);
}

/// Which bytes a logger's name has as they are. Looked up, as each line has such a name.
static IN_WORD: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        table[byte as usize] = byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'.';
        byte += 1;
    }
    table
};

/// Appends a logger's name as the text format has it: dots for `::`, and no character that the guide's pattern
/// for a name, `[\w\.]+`, would stop at.
pub(crate) fn push_logger(out: &mut String, name: &str) {
    let ends_word = |byte: u8| !IN_WORD[usize::from(byte)];
    let mut rest = name;
    while !rest.is_empty() {
        let (word, after) = rest.split_at(rest.bytes().position(ends_word).unwrap_or(rest.len()));
        out.push_str(word);
        let mut others = after.chars();
        match others.next() {
            Some(':') => out.push('.'),
            Some(c) => out.push(if c.is_alphanumeric() { c } else { '_' }),
            None => {}
        }
        rest = after.strip_prefix("::").unwrap_or(others.as_str());
    }
    if name.is_empty() {
        out.push('_');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let mut out = String::new();
        push(&mut out, text);
        assert_eq!(out, expected);
    }

    #[test]
    fn what_forges_lines_or_drives_terminals_is_written_out() {
        check("plain – ünïcode 漫画", "plain – ünïcode 漫画");
        check("a\nb\r\t\0", r"a\nb\r\t\u{0}");
        check("\u{1b}[31mred\u{9b}0m", r"\u{1b}[31mred\u{9b}0m");
        check("\u{202e}evil\u{2028}", r"\u{202e}evil\u{2028}");
    }

    #[test]
    fn every_byte_is_looked_at() {
        for len in 0..70 {
            assert!(is_plain(&"~".repeat(len)), "{len}");
            for at in 0..len {
                let text = format!("{}\x7f{}", " ".repeat(at), "~".repeat(len - at - 1));
                assert!(!is_plain(&text), "{at} of {len}");
            }
        }
    }

    #[test]
    fn loggers_have_dots_and_word_characters_only() {
        for (name, expected) in [
            ("a::b", "a.b"),
            ("a:b:::c", "a.b..c"),
            ("adapter.web-toon", "adapter.web_toon"),
            ("", "_"),
            ("x\n漫é", "x_漫é"),
        ] {
            let mut out = String::new();
            push_logger(&mut out, name);
            assert_eq!(out, expected);
        }
    }
}
