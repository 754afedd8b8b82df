//! What the key of a field says of its value. `password`, `auth_token`, `x-api-key` and `sessionToken` are secrets:
//! their last word is the thing itself. `token_count` and `tokens` may be counts, so numbers under them are kept.

/// Words, in small letters, for what nobody should read. `set-cookie` and `proxy-authorization` end in one.
const SECRETS: [&str; 8] =
    ["apikey", "authorization", "cookie", "dsn", "passwd", "password", "secret", "token"];

/// Their letters, for a first look.
const LETTERS: [u32; SECRETS.len()] = {
    let (mut sets, mut n) = ([0; SECRETS.len()], 0);
    while n < SECRETS.len() {
        sets[n] = letters(SECRETS[n].as_bytes());
        n += 1;
    }
    sets
};

/// The set of letters in a word, whatever their size; other bytes are in it as some letter.
const fn letters(word: &[u8]) -> u32 {
    let (mut set, mut n) = (0, 0);
    while n < word.len() {
        set |= 1 << (word[n] & 31);
        n += 1;
    }
    set
}

/// Whether the value under a key may be seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Secrecy {
    /// Whatever it is.
    Open,
    /// If it is a number or a boolean: the key speaks of a secret, but its last word is another or a plural.
    NumbersOnly,
    /// Never; it need not be formatted.
    Secret,
}

#[inline]
pub(crate) fn secrecy(key: &str) -> Secrecy {
    let letters = letters(key.as_bytes());
    // Most keys lack a letter of each of the words.
    if LETTERS.iter().any(|word| letters & word == *word) { look(key) } else { Secrecy::Open }
}

#[inline(never)]
fn look(key: &str) -> Secrecy {
    let (mut secrecy, mut before) = (Secrecy::Open, "");
    for word in words(key) {
        secrecy = match named(before, word) {
            Some(Number::Singular) => Secrecy::Secret,
            Some(Number::Plural) => Secrecy::NumbersOnly,
            None if secrecy == Secrecy::Secret => Secrecy::NumbersOnly,
            None => secrecy,
        };
        before = word;
    }
    secrecy
}

enum Number {
    Singular,
    Plural,
}

/// Whether a word, or it and the one before, names a secret or several.
fn named(before: &str, word: &str) -> Option<Number> {
    let one = |word: &str| {
        SECRETS.iter().any(|secret| secret.eq_ignore_ascii_case(word))
            || before.eq_ignore_ascii_case("api") && word.eq_ignore_ascii_case("key")
    };
    if one(word) {
        return Some(Number::Singular);
    }
    word.strip_suffix(['s', 'S']).is_some_and(one).then_some(Number::Plural)
}

/// The words of a key: `x-api-key`, `auth_token`, `http.cookie`, `sessionToken`, `APIKey`.
fn words(key: &str) -> impl Iterator<Item = &str> {
    let is_small = |byte: u8| byte.is_ascii_lowercase() || !byte.is_ascii();
    let mut rest = key;
    std::iter::from_fn(move || {
        rest = &rest[run(rest, |byte| byte.is_ascii() && !byte.is_ascii_alphabetic())..];
        let capitals = run(rest, |byte| byte.is_ascii_uppercase());
        let small = run(&rest[capitals..], is_small);
        // The last of several capitals starts the next word, if small letters follow.
        let len = if capitals > 1 && small > 0 { capitals - 1 } else { capitals + small };
        let (word, after) = rest.split_at(len);
        rest = after;
        (len > 0).then_some(word)
    })
}

/// How many bytes at the start of a text are such.
fn run(text: &str, such: impl Fn(u8) -> bool) -> usize {
    text.bytes().position(|byte| !such(byte)).unwrap_or(text.len())
}
