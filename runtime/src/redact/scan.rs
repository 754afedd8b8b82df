//! The cheap look at every text: whether there may be a secret in it.

use crate::escape::all_bytes;

/// So many places are looked at together, and these are their bytes.
const STEP: usize = 16;
const BLOCK: usize = STEP + 3;

/// Whether a closer look is needed: not at a URL that is no more than scheme, host and path. A text and the JSON
/// string with it give the same answer.
pub(crate) fn may_hold_secrets(text: &str) -> bool {
    let bytes = text.as_bytes();
    // Most words stop here; of a longer text the blocks are the faster way to know.
    if bytes.len() < BLOCK && !bytes.iter().any(|byte| b": ".contains(byte)) {
        return false;
    }
    if !any_four(bytes, |a, b, c, d| is_colon(a, b) | is_scheme(a, b, c, d)) {
        return false;
    }
    let is_no_part = |byte: u8| (byte != b'@') & (byte != b'?') & (byte != b'#') & (byte != b'&');
    !all_bytes(text, is_no_part) || any_four(bytes, is_scheme)
}

/// The colon of a URL, or perhaps of one with `:\/\/`.
fn is_colon(a: u8, b: u8) -> bool {
    (a == b':') & ((b == b'/') | (b == b'\\'))
}

/// The end of `Bearer ` or `Basic `, in letters of any size.
fn is_scheme(a: u8, b: u8, c: u8, d: u8) -> bool {
    let is = |byte: u8, small: u8| byte | 0x20 == small;
    let bearer = is(a, b'r') & is(b, b'e') & is(c, b'r');
    let basic = is(a, b's') & is(b, b'i') & is(c, b'c');
    (bearer | basic) & (d == b' ')
}

/// Whether four bytes in a row are what is looked for. Without branches and in blocks of one size, so that it is
/// done by vector instructions, many places at once.
#[inline]
fn any_four(bytes: &[u8], wanted: impl Fn(u8, u8, u8, u8) -> bool) -> bool {
    // Found at that place of any block: put together once, at the end.
    let mut found = [false; STEP];
    let mut look = |block: &[u8; BLOCK]| {
        for (at, found) in found.iter_mut().enumerate() {
            *found |= wanted(block[at], block[at + 1], block[at + 2], block[at + 3]);
        }
    };
    match bytes.last_chunk() {
        Some(last) => look(last),
        None => {
            let mut block = [0; BLOCK];
            block[..bytes.len()].copy_from_slice(bytes);
            look(&block);
        }
    }
    let mut rest = bytes;
    while let Some(block) = rest.first_chunk() {
        look(block);
        rest = &rest[STEP..];
    }
    found.contains(&true)
}
