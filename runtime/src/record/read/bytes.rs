//! The bytes of JSON: where a string may end, and what a number is.

/// Whether it is a number of JSON.
pub(super) fn is_number(text: &[u8]) -> bool {
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
pub(super) fn stop(text: &[u8], mut at: usize) -> Option<usize> {
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
}
