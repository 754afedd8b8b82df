//! What is secret is in no record and in no file.

use std::cell::Cell;
use std::fmt;

use logwright::record::Record;
use logwright::{Redacted, structured_op, testing};
use serde_json::{Value, json};

use crate::support::{logs, only, read, records, text};

/// Tells when it is formatted.
struct Noticed<'a>(&'a Cell<bool>);

impl fmt::Display for Noticed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.set(true);
        f.write_str("seen")
    }
}

fn context(body: impl FnOnce()) -> Value {
    only(body).context.to_value()
}

#[test]
fn a_secret_key_hides_its_value_which_is_not_formatted() {
    let (password, token, cookie, r#secret) = ("a", 123_456, Some("b"), vec!["c"]);
    let formatted = Cell::new(false);
    let seen = context(|| {
        logwright::info!(password, token, ?cookie, ?r#secret, dsn = %Noticed(&formatted), authToken = %"d", "");
    });
    let expected = json!({
        "password": "***", "token": "***", "cookie": "***", "secret": "***", "dsn": "***", "authToken": "***"
    });
    assert_eq!((seen, formatted.get()), (expected, false));
}

#[test]
fn counts_of_secrets_are_kept() {
    let (tokens, token_count, api_keys, cookies) = (3, Some(-4), 0.5, "a=b");
    let seen = context(|| {
        logwright::info!(tokens, token_count, api_keys, token_valid = true, cookies, token_type = "x", "");
    });
    let expected = json!({
        "tokens": 3, "token_count": -4, "api_keys": 0.5, "token_valid": true, "cookies": "***", "token_type": "***"
    });
    assert_eq!(seen, expected);
}

#[test]
fn foreign_events_follow_the_same_rules() {
    let record = only(|| {
        tracing::info!(
            password = 1, "x-api-key" = true, tokens = 3, url = "https://u:p@h/?a=b", debug = ?"https://u:p@h",
            "Bearer {}", "abc"
        );
    });
    assert_eq!(record.message, "Bearer ***");
    let expected = json!({
        "password": "***", "x-api-key": "***", "tokens": 3, "url": "https://***@h/?a=***",
        "debug": "\"https://***@h\""
    });
    assert_eq!(record.context.to_value(), expected);
}

#[test]
fn a_secret_in_several_pieces_is_found() {
    let (user, host) = ("ann:pw", "example.org");
    let record = only(|| {
        logwright::info!(url = %format_args!("{}://{user}@{host}/{}?a={}", "https", '"', 1), "{}{}", "https://", user);
    });
    assert_eq!(record.context.to_value()["url"], "https://***@example.org/\"?a=***");
    let record = only(|| logwright::info!("https:{}{user}{}{host}", "//", '@'));
    assert_eq!(record.message, "https://***@example.org");
}

#[test]
fn an_operation_tells_no_secret() {
    #[structured_op(context(url, url_again = ?url, client_secret), result(url = *ret))]
    fn log_in<'a>(url: &'a str, client_secret: Redacted<&str>) -> Result<&'a str, String> {
        logwright::event!("redirected", to = url, set_cookie = "a");
        if client_secret.expose().is_empty() { Err(format!("no access to {url}")) } else { Ok(url) }
    }
    let url = "https://ann:pw@example.org/?code=xyz";
    let clean = "https://***@example.org/?code=***";
    let records = testing::capture(|| {
        assert_eq!(log_in(url, "s".into()), Ok(url));
        assert!(log_in(url, "".into()).is_err());
    });
    let ends: Vec<&Record<'_>> = records.iter().filter(|record| record.duration_ns.is_some()).collect();
    for record in &ends {
        let context = record.context.to_value();
        assert_eq!(context, json!({"url": clean, "url_again": format!("{clean:?}"), "client_secret": "***"}));
        assert_eq!(record.events.to_value()[0]["data"], json!({"to": clean, "set_cookie": "***"}));
    }
    assert_eq!(ends[0].result.to_value(), json!({"url": clean}));
    assert_eq!(ends[1].error.as_deref(), Some(&*format!("no access to {clean}")));
    assert!(ends[1].message.ends_with(&format!("s: no access to {clean}")), "{}", ends[1].message);
}

#[test]
fn what_is_wrapped_shows_under_no_sigil() {
    let pin = Redacted::new(1234);
    let (wrapped, none) = (Some(Redacted::from("x")), None::<Redacted<u8>>);
    let seen = context(|| {
        logwright::info!(pin, pin_again = ?pin, shown = %pin, in_debug = ?Some(pin), wrapped, none, wide = %format!("{pin:>9}"), "");
    });
    let expected = json!({
        "pin": "***", "pin_again": "***", "shown": "***", "in_debug": "Some(***)", "wrapped": "***", "none": null,
        "wide": "***"
    });
    assert_eq!(seen, expected);
    assert_eq!((pin.expose(), pin.into_inner(), pin == Redacted::new(1)), (&1234, 1234, false));
}

#[test]
fn a_planted_secret_is_in_no_file_and_on_no_console() {
    let dir = tempfile::tempdir().unwrap();
    let output = logs("secrets", dir.path(), &[("LOGWRIGHT_CONSOLE", "stdout")]);
    let mut seen = vec![("console".to_owned(), text(&output.stdout))];
    for entry in dir.path().read_dir().unwrap() {
        let path = entry.unwrap().path();
        seen.push((path.display().to_string(), read(&path)));
    }
    assert_eq!(seen.len(), 4, "{seen:?}");
    for (name, content) in &seen {
        assert!(
            content.contains("https://***@example.org/list?token=***#access_token=***"),
            "{name}: {content}"
        );
        let line = content.lines().find(|line| line.contains("hunter2"));
        assert_eq!(line, None, "in {name}");
    }
    assert!(
        text(&output.stderr).contains("hunter2"),
        "the hook that was there before tells the panic as it is"
    );
    let records = records(dir.path().join("program.jsonl"));
    let chains: Vec<_> = records.iter().map(|record| record.error_chain.as_str()).collect();
    assert!(chains.contains(&r#"["Bearer ***"]"#), "{chains:?}");
}
