//! `logwright serve` and those who mean no good: text in a log, other sites, other machines, paths in a URL.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use logwright::Level;
use logwright::record::{Kind, OpId, Record, TraceId};

use crate::viewer::folder;
use crate::viewer_serve::{Server, lines, program};

#[test]
fn hostile_text_is_text() {
    let hostile = "<script>alert(1)</script>\u{1b}[2J\u{202e}x\" onload='y'";
    let record = Record {
        level: Level::Error,
        logger: hostile.into(),
        operation: Some(hostile.into()),
        error: Some(hostile.into()),
        kind: Kind::OpEnd,
        duration_ns: Some(1),
        trace_id: Some(TraceId(1.try_into().unwrap())),
        op_id: Some(OpId(1.try_into().unwrap())),
        message: hostile.into(),
        ..Record::default()
    };
    let folder = folder(&[("app.jsonl", &lines(&[record]))]);
    let server = Server::start(folder.path(), &["."]);
    let q = "<script>\u{1b}".bytes().map(|byte| format!("%{byte:02x}")).collect::<String>();
    for path in [
        "/",
        "/operations",
        "/traces",
        "/traces?id=1",
        "/retries",
        "/errors",
        "/open",
        "/compare",
        "/explorer",
        "/explorer?at=0:0",
        "/live",
    ] {
        for path in
            [path.to_owned(), format!("{path}{}q={q}&x={q}", if path.contains('?') { '&' } else { '?' })]
        {
            let page = server.page(&path);
            assert!(!page.contains("<script>") && !page.contains(['\u{1b}', '\u{202e}']), "{path}: {page}");
            assert!(!page.contains(" style=") && !page.contains("\" onload"), "{path}: {page}");
        }
    }
}

#[test]
fn only_this_machine_is_answered() {
    let folder = folder(&[("app.jsonl", &program())]);
    let server = Server::start(folder.path(), &["."]);
    assert_eq!(server.ask("GET", "/", "Host: evil.example\r\n").status, 403);
    assert_eq!(server.ask("GET", "/", "Host: localhost\r\n").status, 200);
    for method in ["POST", "PUT", "DELETE"] {
        assert_eq!(server.ask(method, "/", "Host: localhost\r\n").status, 405, "{method}");
    }
    for path in ["/etc/passwd", "/../Cargo.toml", "/assets/../app.jsonl", "/app.jsonl", "/assets/app.js"] {
        assert_eq!(server.get(path).status, 404, "{path}");
    }
}

#[test]
fn others_need_the_token_that_was_printed() {
    let folder = folder(&[("app.jsonl", &program())]);
    let server = Server::start(folder.path(), &[".", "--listen", "0.0.0.0:0"]);
    let (url, token) = server.url.split_once("?token=").unwrap();
    let port = url.rsplit_once(':').unwrap().1.trim_end_matches('/');
    let ask = |target: &str, headers: &str| {
        let server = format!("127.0.0.1:{port}");
        let mut stream = TcpStream::connect(server).unwrap();
        write!(stream, "GET {target} HTTP/1.1\r\nHost: x\r\n{headers}Connection: close\r\n\r\n").unwrap();
        let mut all = String::new();
        stream.read_to_string(&mut all).unwrap();
        all
    };
    assert!(ask("/", "").starts_with("HTTP/1.1 403"));
    assert!(ask("/api/explorer?token=0", "").starts_with("HTTP/1.1 403"));
    let welcome = ask(&format!("/explorer?q=a&token={token}"), "").to_ascii_lowercase();
    assert!(
        welcome.starts_with("http/1.1 303") && welcome.contains("location: /explorer?q=a\r\n"),
        "{welcome}"
    );
    let cookie = format!("set-cookie: logwright={token}; path=/; httponly; samesite=strict");
    assert!(welcome.contains(&cookie), "{welcome}");
    assert!(ask("/", &format!("Cookie: logwright={token}\r\n")).starts_with("HTTP/1.1 200"));
}

#[test]
fn assets_are_kept_for_ever_and_pages_never() {
    let folder = folder(&[("app.jsonl", &program())]);
    let server = Server::start(folder.path(), &["."]);
    let page = server.get("/");
    assert!(page.head.contains("cache-control: no-store"), "{}", page.head);
    let names: Vec<_> =
        page.body.split('"').filter(|part| part.starts_with("/assets/")).map(str::to_owned).collect();
    assert_eq!(names.len(), 3);
    for name in names {
        let asset = server.get(&name);
        assert!(asset.head.contains("immutable") && asset.status == 200, "{name}");
    }
}
