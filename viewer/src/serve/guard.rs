//! Who may ask: only this machine where the server listens for it alone, and else who has the token. A page of another site
//! that makes a browser ask (DNS rebinding) is told by the name in `Host`.

use std::hash::{BuildHasher as _, RandomState};
use std::net::{IpAddr, SocketAddr};

use axum::http::{HeaderMap, Method, StatusCode, header};

const COOKIE: &str = "logwright";

#[derive(Debug)]
pub(super) struct Guard {
    /// What must be shown where others can reach the server.
    token: Option<String>,
}

/// What becomes of a request.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Pass,
    /// The token was in the URL: from now on it is in a cookie, and out of the URL.
    Welcome {
        cookie: String,
    },
    Refuse(StatusCode, &'static str),
}

impl Guard {
    pub(super) fn new(address: SocketAddr) -> Self {
        Self { token: (!address.ip().is_loopback()).then(token) }
    }

    /// What to put behind the `?` of the first URL.
    pub(super) fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    pub(super) fn judge(&self, method: &Method, headers: &HeaderMap, query: &str) -> Verdict {
        if method != Method::GET && method != Method::HEAD {
            return Verdict::Refuse(StatusCode::METHOD_NOT_ALLOWED, "only GET: nothing can be changed here");
        }
        let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
        let Some(token) = &self.token else {
            return if is_this_machine(host) {
                Verdict::Pass
            } else {
                Verdict::Refuse(StatusCode::FORBIDDEN, "this server answers to localhost and 127.0.0.1 only")
            };
        };
        let mut pairs = form_urlencoded::parse(query.as_bytes());
        if pairs.any(|(key, value)| key == "token" && is_same(&value, token)) {
            let cookie = format!("{COOKIE}={token}; Path=/; HttpOnly; SameSite=Strict");
            return Verdict::Welcome { cookie };
        }
        let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
        let mut cookies =
            cookies.flat_map(|cookies| cookies.split(';')).filter_map(|one| one.trim().split_once('='));
        if cookies.any(|(name, value)| name == COOKIE && is_same(value, token)) {
            return Verdict::Pass;
        }
        Verdict::Refuse(StatusCode::FORBIDDEN, "open the URL that `logwright serve` printed: it has a token")
    }
}

/// Whether a browser that was asked for this host speaks with the machine it runs on, whoever has made it ask.
fn is_this_machine(host: &str) -> bool {
    let parts = match host.strip_prefix('[') {
        Some(rest) => rest.split_once(']'),
        None => Some(host.split_at(host.find(':').unwrap_or(host.len()))),
    };
    let Some((name, port)) = parts else { return false };
    let is_port = |port: &str| !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
    if !port.is_empty() && !port.strip_prefix(':').is_some_and(is_port) {
        return false;
    }
    name.eq_ignore_ascii_case("localhost")
        || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Takes as long wherever the difference is.
fn is_same(given: &str, token: &str) -> bool {
    let differences = given.bytes().zip(token.bytes()).fold(0, |all, (a, b)| all | (a ^ b));
    given.len() == token.len() && differences == 0
}

/// 128 bits that nobody can guess: a hash under a key that the system's generator made.
fn token() -> String {
    let key = RandomState::new();
    format!("{:016x}{:016x}", key.hash_one(0_u64), key.hash_one(1_u64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(guard: &Guard, host: &str, cookie: &str, query: &str, expected: u16) {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, host.parse().unwrap());
        headers.insert(header::COOKIE, cookie.parse().unwrap());
        let code = match guard.judge(&Method::GET, &headers, query) {
            Verdict::Pass => 200,
            Verdict::Welcome { .. } => 303,
            Verdict::Refuse(code, _) => code.as_u16(),
        };
        assert_eq!(code, expected, "{host} {cookie} {query}");
    }

    #[test]
    fn names_that_are_not_this_machine_are_refused() {
        let guard = Guard::new("127.0.0.1:80".parse().unwrap());
        for host in ["localhost", "LOCALHOST:8080", "127.0.0.1:1", "127.9.9.9", "[::1]:80"] {
            check(&guard, host, "", "", 200);
        }
        for host in [
            "",
            "evil.example",
            "localhost.evil.example",
            "127.0.0.1.evil.example:80",
            "[::2]",
            "10.0.0.1",
            "localhost:1@evil.example",
            "[127.0.0.1]evil.example",
            "localhost:",
            "[::1",
        ] {
            check(&guard, host, "", "", 403);
        }
    }

    #[test]
    fn others_need_the_token() {
        let guard = Guard::new("0.0.0.0:80".parse().unwrap());
        let token = guard.token().unwrap();
        assert_eq!(token.len(), 32);
        assert_ne!(Guard::new("0.0.0.0:80".parse().unwrap()).token().unwrap(), token);
        check(&guard, "localhost", "", "", 403);
        check(&guard, "host", "logwright=", "token=", 403);
        check(&guard, "host", &format!("logwright={token}0"), &format!("q=token%3D{token}"), 403);
        check(&guard, "host", "", &format!("a=b&token={token}"), 303);
        check(&guard, "host", &format!("a=b; logwright={token}"), "", 200);
    }

    #[test]
    fn nothing_but_reading_is_allowed() {
        let guard = Guard::new("127.0.0.1:80".parse().unwrap());
        let verdict = guard.judge(&Method::POST, &HeaderMap::new(), "");
        assert!(matches!(verdict, Verdict::Refuse(StatusCode::METHOD_NOT_ALLOWED, _)));
    }
}
