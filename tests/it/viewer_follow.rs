//! `logwright serve` while programs write: what is appended, rotated, cut, and told to those who look.

use std::fs::{self, OpenOptions};
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use logwright::Level;
use logwright::record::Record;
use serde_json::Value;

use crate::viewer::{folder, log};
use crate::viewer_serve::{Server, lines, program, time};

/// Waits until the server knows so many records.
#[track_caller]
fn wait_for(server: &Server, records: u64) {
    let began = Instant::now();
    loop {
        let found = server.api("/explorer")["selection"]["of"].as_u64().unwrap();
        if found == records {
            return;
        }
        assert!(began.elapsed() < Duration::from_secs(20), "{found} records, not {records}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

pub(crate) fn append(path: &Path, bytes: &[u8]) {
    OpenOptions::new().append(true).create(true).open(path).unwrap().write_all(bytes).unwrap();
}

#[test]
fn what_is_written_meanwhile_is_read_through_rotations_once() {
    let folder = folder(&[("app.jsonl", &program())]);
    let path = folder.path().join("app.jsonl");
    let server = Server::start(folder.path(), &["."]);
    let one = |second, message| lines(&[Record { timestamp: time(second), ..log(Level::Info, message) }]);
    append(&path, &one(30, "first")[..40]);
    append(&path, &one(30, "first")[40..]);
    wait_for(&server, 8);
    let bytes = fs::metadata(&path).unwrap().len();
    let read = format!("{},{:03} bytes, 8 records", bytes / 1000, bytes % 1000);
    assert!((1000..1_000_000).contains(&bytes) && server.page("/").contains(&read), "{read}");
    // Renamed, and the old file is still written to for a moment.
    fs::rename(&path, folder.path().join("app.jsonl.1")).unwrap();
    append(&folder.path().join("app.jsonl.1"), &one(31, "second"));
    append(&path, &one(32, "third"));
    wait_for(&server, 10);
    // Copied and cut.
    fs::copy(&path, folder.path().join("app.jsonl.2")).unwrap();
    std::thread::sleep(Duration::from_millis(600));
    fs::write(&path, "").unwrap();
    std::thread::sleep(Duration::from_millis(600));
    append(&path, &one(33, "fourth"));
    wait_for(&server, 11);
    let rows = server.api("/explorer");
    let messages: Vec<_> =
        rows["rows"].as_array().unwrap().iter().map(|row| row["message"].clone()).collect();
    // What was cut away cannot be shown any more, but it was counted.
    assert_eq!(messages[..4], [Value::from("fourth"), Value::Null, "second".into(), "first".into()]);
}

#[test]
fn a_stream_tells_of_new_records_and_ends_with_the_server() {
    let folder = folder(&[("app.jsonl", &program())]);
    let mut server = Server::start(folder.path(), &["."]);
    let mut stream = TcpStream::connect(server.address()).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    write!(stream, "GET /live/events?q=level%3E%3Derror HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    let mut reader = BufReader::new(stream);
    let mut until = |text: &str| {
        let mut line = String::new();
        while !line.contains(text) {
            line.clear();
            assert!(reader.read_line(&mut line).unwrap() > 0, "it ended before {text}");
        }
        line
    };
    until("event: rows");
    append(
        &folder.path().join("app.jsonl"),
        &lines(&[log(Level::Info, "calm"), log(Level::Error, "line\nfeed")]),
    );
    let data = until("feed");
    assert!(data.starts_with("data: {") && data.contains(r"line\\nfeed") && !data.contains("calm"), "{data}");
    assert!(Command::new("kill").arg(server.child.id().to_string()).status().unwrap().success());
    let began = Instant::now();
    assert!(server.child.wait().unwrap().success());
    assert!(began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());
}
