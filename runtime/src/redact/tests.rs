//! Tables of keys and texts, and secrets planted in random surroundings.

use proptest::prelude::*;

use super::*;

#[track_caller]
fn check(text: &str, expected: &str) {
    assert_eq!(without_secrets(text), expected, "of {text}");
    assert_eq!(without_secrets(expected), expected, "a second time, of {text}");
}

#[track_caller]
fn check_same(text: &str) {
    check(text, text);
    assert!(matches!(without_secrets(text), std::borrow::Cow::Borrowed(_)), "{text} was copied");
}

#[track_caller]
fn check_keys(keys: &str, expected: Secrecy) {
    for key in keys.split_whitespace() {
        assert_eq!(secrecy(key), expected, "{key}");
    }
}

#[test]
fn a_key_is_secret_by_its_last_word() {
    check_keys(
        "password passwd secret token authorization cookie set-cookie Set_Cookie api_key api-key apikey dsn
         PASSWORD auth_token x-api-key db_password client_secret sessionToken APIKey xApiKey APIToken SENTRY_DSN
         http.request.header.authorization Proxy-Authorization _token token_ größe_token user.apikey password2",
        Secrecy::Secret,
    );
}

#[test]
fn a_key_that_only_speaks_of_secrets_keeps_its_numbers() {
    check_keys(
        "tokens token_count max_tokens inputTokens cookies api_keys API_KEYS tokenType cookie.len
         secret_access_key",
        Secrecy::NumbersOnly,
    );
}

#[test]
fn other_keys_are_open() {
    check_keys(
        "_ - 7 s S ß 漫画 url key keys api monkey tokenizer secretary dsname author cook passwordless api_url_key",
        Secrecy::Open,
    );
    assert_eq!(secrecy(""), Secrecy::Open);
}

#[test]
fn a_url_loses_its_userinfo() {
    for (text, expected) in [
        ("https://user:pw@host/", "https://***@host/"),
        ("https://user@host", "https://***@host"),
        ("redis://:pw@host:6379/0", "redis://***@host:6379/0"),
        ("https://:@host", "https://***@host"),
        ("HTTPS://User:Pw@Host", "HTTPS://***@Host"),
        ("jdbc:postgresql://u:p@h/db", "jdbc:postgresql://***@h/db"),
        ("git+ssh://git@example.org:owner/repo.git", "git+ssh://***@example.org:owner/repo.git"),
        ("https://u:p%40%2f@h", "https://***@h"),
        ("https://u:p!$&'()*+,;=-._~:p@h/x", "https://***@h/x"),
        ("https://u:p@[2001:db8::1]:8080/x", "https://***@[2001:db8::1]:8080/x"),
        ("https://ü漫:п🦀@bücher.example/", "https://***@bücher.example/"),
        ("mongodb://u:p@h1:27017,h2:27017/db", "mongodb://***@h1:27017,h2:27017/db"),
        ("https://u:p@h/@name", "https://***@h/@name"),
        ("a https://u:p@h, b http://v:q@i; c", "a https://***@h, b http://***@i; c"),
        ("https://a.x,https://u:p@b.x", "https://a.x,https://***@b.x"),
        ("https://proxy/https://u:p@h/", "https://proxy/https://***@h/"),
        ("https://h/#https://u:p@h/", "https://h/#https://***@h/"),
        (r#"{"a":"https:\/\/u:p@h\/x"}"#, r#"{"a":"https:\/\/***@h\/x"}"#),
        (r#""{\"a\":\"https:\\/\\/u:p@h\"}""#, r#""{\"a\":\"https:\\/\\/***@h\"}""#),
    ] {
        check(text, expected);
    }
}

#[test]
fn a_password_that_ought_to_be_encoded_is_hidden_too() {
    for (text, expected) in [
        ("postgres://user:p@ss@host/db", "postgres://***@host/db"),
        ("postgres://user:p/s@host/db", "postgres://***@host/db"),
        ("postgres://user:p#s@host/db", "postgres://***"),
        ("postgres://user:p?s@host/db more", "postgres://*** more"),
        ("postgres://user:p\\s@host/db", "postgres://***@host/db"),
        ("postgres://user:p\"s@host/db", "postgres://***@host/db"),
        ("postgres://user:p s@host/db", "postgres://***@host/db"),
        ("postgres://user:p<s>@host/db", "postgres://***@host/db"),
        ("postgres://user:p/s@t@host/db", "postgres://***@host/db"),
        ("postgres://user:p/s@t:u/v@host/db", "postgres://***@host/db"),
        ("redis://:p/s@host", "redis://***@host"),
    ] {
        check(text, expected);
    }
}

#[test]
fn what_is_no_secret_stays() {
    for text in [
        "",
        ":",
        "://",
        "http://",
        "https://@host/",
        "?a=b",
        "a@b",
        "mail bob@example.org",
        "std::io::Error",
        "C:\\Users\\x",
        "see /login?next=x",
        "https://host:443/path",
        "https://[::1]/@x",
        "https://[fe80::abcd]:80",
        "http://host:8080: refused, ask bob@example.org",
        "(http://host:8080), bob@example.org",
        "file:///home/x@y",
        "https://host/@name/x",
        "https://host/a?",
        "have you seen https://host/x? it is = to & y",
        "https://h/#frag",
        "https://h/漫画#漫",
        "http://h:80 failed\nmail x@y",
        "http://{host}:{port}/",
        "the music of a terrer ",
        "Basic authentication failed",
        "the basic idea, Basic HTTP",
        "Basic ",
        "Bearer ",
        "Bearer , x",
        "bearer",
        "forbearer abc",
    ] {
        check_same(text);
    }
}

#[test]
fn a_query_keeps_its_keys() {
    for (text, expected) in [
        ("https://h/?id=5&token=abc#frag", "https://h/?id=***&token=***#frag"),
        ("https://h?a=b", "https://h?a=***"),
        ("https://h/?abc", "https://h/?***"),
        ("https://h/?dG9rZW4=", "https://h/?***"),
        ("https://h/?abc&id=5&&x=", "https://h/?***&id=***&&x="),
        ("https://h/?a=b=c&d[e]=f/g?h", "https://h/?a=***&d[e]=***"),
        ("https://h/?a=b;c&amp;d=e", "https://h/?a=***&amp;d=***"),
        ("https://h/?a=%20%26b&c=d+e", "https://h/?a=***&c=***"),
        ("https://h/?схема=ключ&k=漫\u{a0}画", "https://h/?схема=***&k=***"),
        ("https://h/?next=https://u:p@i/?x=y#z", "https://h/?next=***#z"),
        ("https://u:p@[::1]:80/?a=b", "https://***@[::1]:80/?a=***"),
        ("https://h/#access_token=abc&x&y=z", "https://h/#access_token=***&***&y=***"),
        ("https://h/#/route?token=abc", "https://h/#/route?token=***"),
        ("https://h/?a=b#c?d=e#f=g", "https://h/?a=***#c?d=***"),
        ("https://h/?https://u:p@i/?x=y&z=1", "https://h/?***&z=***"),
        ("https://h/#https://u:p@i/?x=y", "https://h/#***"),
        ("https://h/?next=https://u:p&x=y@i&z=1", "https://h/?next=***&z=***"),
        (r#"{"a":"https:\/\/h\/?a=b\u0026c=d"}"#, r#"{"a":"https:\/\/h\/?a=***"}"#),
    ] {
        check(text, expected);
    }
}

#[test]
fn what_stands_around_a_url_stays() {
    for (text, expected) in [
        ("GET https://h/?a=b: 503", "GET https://h/?a=***: 503"),
        ("see (https://h/?a=b).", "see (https://h/?a=***)."),
        ("<https://h/?a=b> `https://h/?a=b`", "<https://h/?a=***> `https://h/?a=***`"),
        ("'https://h/?a=b', \"https://h/?a=b\"", "'https://h/?a=***', \"https://h/?a=***\""),
        (r#"Err("\"https://h/?a=b\" is down\n")"#, r#"Err("\"https://h/?a=***\" is down\n")"#),
        ("https://h/?a=b\nhttps://h/?c=d\tx", "https://h/?a=***\nhttps://h/?c=***\tx"),
        ("[1](https://h/?a=b)", "[1](https://h/?a=***)"),
        ("\u{1b}[1mhttps://h/?a=b\u{1b}[0m", "\u{1b}[1mhttps://h/?a=***\u{1b}[0m"),
    ] {
        check(text, expected);
    }
}

#[test]
fn blanks_and_quotes_do_not_end_what_is_hidden() {
    for (text, expected) in [
        ("https://h/Tower of Dust?token=abc", "https://h/Tower of Dust?token=***"),
        ("https://h/?q=\"two words\"&token=abc", "https://h/?***\"two words\"&token=***"),
        ("https://h/?q=two words&token=abc#x", "https://h/?q=*** words&token=***#x"),
        ("https://h/?a=b\n&c=d", "https://h/?a=***\n&c=d"),
    ] {
        check(text, expected);
    }
}

#[test]
fn credentials_are_hidden() {
    for (text, expected) in [
        ("Authorization: Bearer abc.d-e_f~g+h/i==", "Authorization: Bearer ***"),
        ("authorization: bearer abc, accept: x", "authorization: bearer ***, accept: x"),
        ("{\"authorization\": \"Basic dXNlcjpwdw==\"}", "{\"authorization\": \"Basic ***\"}"),
        ("BASIC  abc1 rejected", "BASIC  *** rejected"),
        ("Bearer \"abc\"", "Bearer \"***\""),
        ("Bearer 1|abc. Bearer xyz", "Bearer ***. Bearer ***"),
        ("https://h/ Bearer abc https://h/?a=b", "https://h/ Bearer *** https://h/?a=***"),
        ("https://h/?a=Bearer abc", "https://h/?a=*** ***"),
    ] {
        check(text, expected);
    }
}

#[test]
fn a_secret_is_found_wherever_it_stands() {
    for (before, after) in (0..40).flat_map(|before| (0..40).map(move |after| (before, after))) {
        for (text, expected) in
            [("x://u:p@h", "x://***@h"), ("Bearer a", "Bearer ***"), ("BASIC 1", "BASIC ***")]
        {
            let around = |text| format!("{} {text} {}", "-".repeat(before), "-".repeat(after));
            assert_eq!(without_secrets(&around(text)), around(expected));
        }
    }
}

#[test]
fn a_hostile_text_takes_no_more_than_its_length() {
    for unit in
        ["://", "://a:b/@", "://h#.", "://h?.", "#.", "?.", "#a=&", "&a", "http://a:b ", "=&//@", "basic a"]
    {
        for start in ["", "http://h/", "http://h/?", "http://h/#"] {
            let text = format!("{start}{}", unit.repeat(20_000));
            let began = std::time::Instant::now();
            without_secrets(&text);
            // A thousandth of that is usual; looking at all the rest at each place takes some ten seconds.
            assert!(began.elapsed().as_secs() < 2, "{start}{unit}: {:?}", began.elapsed());
        }
    }
}

/// Letters and digits that nothing around them has.
fn secret() -> impl Strategy<Value = String> {
    "zQ[a-zA-Z0-9]{10,20}"
}

/// Text that is hard on a reader of URLs.
fn noise() -> impl Strategy<Value = String> {
    prop_oneof![
        "\\PC{0,20}",
        "[:/?#@&= \"'<>().,;%\\[\\]\\\\\n\t*a1]{0,20}",
        "(https?://|Bearer |Basic |ab|/|\\?|#|@|&|=|:| |\n|é){0,12}"
    ]
}

proptest! {
    #[test]
    fn a_secret_in_the_userinfo_is_found_nowhere(
        before in noise(), after in noise(), secret in secret(),
        (left, right) in ("[a-z0-9%!$&'()*+,;=._~-]{0,8}", "[a-z0-9%!$&'()*+,;=:@._~-]{0,8}"),
        host in "(example[.]org|\\[::1\\]|bücher[.]de|h)(:[0-9]{1,5})?",
    ) {
        for userinfo in [format!("{left}:{right}{secret}"), format!("{left}{secret}:{right}")] {
            let text = format!("{before}https://{userinfo}@{host}{after}");
            let clean = without_secrets(&text);
            prop_assert!(!clean.contains(&secret), "{text} became {clean}");
        }
    }

    #[test]
    fn a_secret_in_the_query_is_found_nowhere(
        before in noise(), after in noise(), secret in secret(),
        start in "(example[.]org|u:p@h|\\[::1\\]:80)(/[a-z@:.()é%]{0,4}){0,3}[?]([a-z]{1,3}=[a-z/?:@!$'()*+,;]{0,9}&){0,2}",
        (left, right) in ("[a-z0-9%!$'()*+,;:@/?._~é-]{0,8}", "[a-z0-9%!$'()*+,;:@/?._~é=-]{0,8}"),
        key in "[a-z_\\[\\]é]{1,5}=",
    ) {
        let text = format!("{before}https://{start}{key}{left}{secret}{right}{after}");
        let clean = without_secrets(&text);
        prop_assert!(!clean.contains(&secret), "{text} became {clean}");
    }

    #[test]
    fn a_bearer_token_is_found_nowhere(before in noise(), after in noise(), secret in secret()) {
        let text = format!("{before} Bearer {secret}{after}");
        let clean = without_secrets(&text);
        prop_assert!(!clean.contains(&secret), "{text} became {clean}");
    }

    #[test]
    fn a_text_without_url_and_credentials_is_unchanged(text in "(\\PC|[:/?#@&=a\n]){0,60}") {
        prop_assume!(!text.contains("://") && !text.contains(r":\/\/"));
        let lower = text.to_ascii_lowercase();
        prop_assume!(!lower.contains("bearer ") && !lower.contains("basic "));
        prop_assert_eq!(without_secrets(&text), &*text);
    }

    #[test]
    fn a_closer_look_is_asked_for_in_json_strings_as_well(text in noise()) {
        let json = serde_json::to_string(&text).unwrap();
        prop_assert!(may_hold_secrets(&json) || !may_hold_secrets(&text));
        prop_assert!(may_hold_secrets(&text) || without_secrets(&text) == text);
    }
}
