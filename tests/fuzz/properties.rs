//! What holds of every text that a program, a site or a disk may come up with. The fuzz targets and the tests call the same
//! functions; each panics where its property does not hold.
#![allow(dead_code, reason = "each fuzz target has one property")]

use std::collections::BTreeSet;
use std::error::Error;
use std::fmt::{self, Display, Formatter};
use std::sync::OnceLock;

use logwright::record::{Kind, Printable, Record, Status, json, text};
use logwright::{Console, File, Guard, testing};
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use tracing::dispatcher::{self, Dispatch};
use tracing_subscriber::layer::SubscriberExt;

/// In how many places there may be a text.
pub(crate) const PLACES: usize = 6;

/// The most bytes that a line, its message and any other text have.
const MOST: [usize; 3] = [64 * 1024, 16 * 1024, 4 * 1024];

/// Logs these texts as a message, values, a logger, a type of event, an error, its cause and a thread's name, and checks
/// each record; its lines of JSON.
pub(crate) fn what_is_logged_is_a_line(texts: &[String; PLACES]) -> Vec<String> {
    let [.., thread] = texts;
    // No system has such names.
    let thread = thread.replace('\0', "");
    let log = || testing::capture(|| log(texts));
    let records = std::thread::scope(|threads| {
        let thread = std::thread::Builder::new().name(thread).spawn_scoped(threads, log);
        thread.ok().and_then(|thread| thread.join().ok()).unwrap_or_default()
    });
    assert_eq!(records.len(), 7, "{records:?}");
    let [line, message, other] = MOST;
    for record in &records {
        let error = record.error.as_deref().unwrap_or_default();
        assert!(record.message.len() <= message && error.len() <= other && record.logger.len() <= other);
    }
    let lines: Vec<_> = records.iter().map(checked).collect();
    assert!(lines.iter().all(|text| text.len() <= line), "too long");
    lines
}

fn log([message, value, name, error, cause, _]: &[String; PLACES]) {
    let logger = logwright::get_logger(name);
    logwright::info!(logger: logger, value, debug = ?value, shown = %value, "{message}");
    tracing::info!(value, debug = ?value, shown = %value, "{message}");
    let _ = operation(value, name, Failed(error.clone(), Some(Box::new(Failed(cause.clone(), None)))));
    timed(value, Failed(error.clone(), None)).unwrap_err();
    logwright::event!(name.as_str(), value);
}

#[logwright::structured_op(context(value, debug = ?value), err(level = "warn"))]
fn operation(value: &str, name: &str, error: Failed) -> Result<(), Failed> {
    logwright::event!(name, value, debug = ?value);
    Err(error)
}

#[logwright::log_time(fields(value))]
fn timed(value: &str, error: Failed) -> Result<(), Failed> {
    Err(error)
}

/// An error with a text and perhaps a cause.
#[derive(Debug)]
struct Failed(String, Option<Box<Failed>>);

impl Display for Failed {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for Failed {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.1.as_ref().map(|cause| &**cause as _)
    }
}

/// Writes a record that has these texts where code of annotations has its own, such as an operation's name.
pub(crate) fn what_is_written_is_a_line(texts: &[String; PLACES]) -> Vec<String> {
    let [message, logger, operation, error, src, thread] = texts.each_ref().map(|text| text.as_str().into());
    let record =
        Record { message, logger, thread: Some(thread), pid: Some(7), src: Some(src), ..Record::default() };
    let end = Record {
        kind: Kind::OpEnd,
        status: Some(Status::Failure),
        operation: Some(operation),
        error_type: Some(error),
        ..record.clone()
    };
    [record, end].iter().map(checked).collect()
}

/// The record as a line of JSON, when that and its line of text have been read back.
fn checked(record: &Record<'_>) -> String {
    let mut line = String::new();
    json::write(&mut line, record);
    assert_eq!((line.matches('\n').count(), line.ends_with("}\n")), (1, true), "{line}");
    assert_eq!(line[..line.len() - 1].find(is_raw), None, "{line}");
    let Unique = serde_json::from_str(&line).unwrap();
    assert_eq!(json::read(&line).unwrap(), *record, "{line}");

    let mut lines = String::new();
    text::write(&mut lines, record);
    let (first, more) = lines.split_once('\n').unwrap();
    assert!(more.split_terminator('\n').all(|line| line.starts_with('\t')), "{lines}");
    assert_eq!(lines.find(|c| is_raw(c) && !"\n\t".contains(c)), None, "{lines}");
    let back = text::read(first).unwrap_or_else(|| panic!("not read: {first}"));
    assert_eq!(back.level, record.level, "{first}");
    if record.kind != Kind::OpEnd {
        let message = Printable(&record.message).to_string();
        assert!(back.message.starts_with(&message), "{first} has not {message}");
    }
    line
}

/// What can forge a line or drive a terminal.
fn is_raw(c: char) -> bool {
    c.is_control() || "\u{2028}\u{2029}\u{202a}\u{202e}\u{2066}\u{2069}\u{feff}".contains(c)
}

/// Puts these bytes where a program finds its log file, and lets it log.
pub(crate) fn the_next_record_is_whole_after(tail: &[u8]) {
    static PROGRAM: OnceLock<(tempfile::TempDir, Dispatch, Guard)> = OnceLock::new();
    let (dir, subscriber, log) = PROGRAM.get_or_init(|| {
        let dir = tempfile::tempdir().unwrap();
        let json = File::json().keep(0);
        let setup = logwright::setup("any").dir(dir.path()).console(Console::off()).panic_hook(false);
        let (layer, log) = setup.file(None).error_file(None).json_file(json).layer();
        (dir, Dispatch::new(tracing_subscriber::registry().with(layer)), log)
    });
    let path = dir.path().join("any.jsonl");
    std::fs::write(&path, tail).unwrap();
    log.reopen().unwrap();
    dispatcher::with_default(subscriber, || logwright::info!("next"));
    let content = std::fs::read(&path).unwrap();
    let added = content.strip_prefix(tail).expect("what was there stays");
    let is_torn = tail.last().is_some_and(|last| *last != b'\n');
    let line = if is_torn { added.strip_prefix(b"\n").expect("it is not glued") } else { added };
    let line = std::str::from_utf8(line).unwrap();
    // Where the file is new to the program, it says so first.
    let messages: Vec<_> = line.lines().map(|line| json::read(line).unwrap().message.into_owned()).collect();
    assert!(messages.len() <= 2 && messages.last().is_some_and(|last| last == "next"), "{messages:?}");
}

/// Reads the line in both formats.
pub(crate) fn any_line_is_read_or_refused(line: &str) {
    let _ = (json::read(line), text::read(line));
}

/// A JSON value none of whose objects has a key twice.
struct Unique;

impl<'de> Deserialize<'de> for Unique {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Self)
    }
}

impl<'de> Visitor<'de> for Unique {
    type Value = Self;

    fn expecting(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self, A::Error> {
        let mut keys = BTreeSet::new();
        while let Some((key, Self)) = map.next_entry::<String, Self>()? {
            assert!(!keys.contains(&key), "`{key}` is there twice");
            keys.insert(key);
        }
        Ok(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self, A::Error> {
        while items.next_element::<Self>()?.is_some() {}
        Ok(self)
    }

    fn visit_str<E>(self, _: &str) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_unit<E>(self) -> Result<Self, E> {
        Ok(self)
    }
}
