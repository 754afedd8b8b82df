//! The lines of one file: those of records, and those that the file itself has to say.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};

use super::loss::Loss;
use crate::here;
use crate::json::{Json, push_str};
use crate::level::Level;
use crate::record::{Kind, Record, ecs, json, text};

/// The format of a file's lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Line {
    Text,
    Json,
    /// Elastic Common Schema.
    Ecs,
}

/// Formats all lines of one file.
pub(super) struct Format {
    line: Line,
    app: String,
    /// Counts the records handed over, whether they could be written or not: a gap in a file is a lost record.
    seq: AtomicU64,
}

impl Format {
    pub(super) fn new(line: Line, app: &str) -> Self {
        Self { line, app: app.to_owned(), seq: AtomicU64::new(0) }
    }

    /// Whether records of that kind are for this file. The guide's text has an operation's end only, which says all that
    /// its start does.
    pub(super) fn wants(&self, kind: Kind) -> bool {
        self.line != Line::Text || kind != Kind::OpStart
    }

    pub(super) fn push(&self, out: &mut String, record: &Record<'_>) {
        self.push_numbered(out, record, || self.next_seq());
    }

    /// The line that owns up to what was lost. However often it is tried to write it, it is one record.
    pub(super) fn push_loss(&self, out: &mut String, loss: &mut Loss) {
        let context = about_loss(loss);
        let record = Record {
            kind: Kind::LogLoss,
            level: Level::Warning,
            message: format!("{} records lost: {}", loss.total(), loss.cause).into(),
            context: Json::new(context),
            lost: Some(loss.total()),
            ..own()
        };
        self.push_numbered(out, &record, || *loss.seq.get_or_insert_with(|| self.next_seq()));
    }

    /// What stands at the beginning of a file, and where a program goes on with one. It belongs to the file, so it has no
    /// number among the records. Text files are for people, who see when they begin.
    pub(super) fn push_opening(&self, out: &mut String) {
        if self.line == Line::Text {
            return;
        }
        let context = about_program(&self.app);
        let record = Record {
            kind: Kind::LogOpen,
            level: Level::Info,
            message: format!("{} writes to this file", self.app).into(),
            context: Json::new(context),
            ..own()
        };
        self.push_with(out, &record, None);
    }

    fn push_numbered(&self, out: &mut String, record: &Record<'_>, seq: impl FnOnce() -> u64) {
        // Text has no numbers, so none is drawn for it.
        let seq = (self.line != Line::Text).then(seq);
        self.push_with(out, record, seq);
    }

    fn push_with(&self, out: &mut String, record: &Record<'_>, seq: Option<u64>) {
        match self.line {
            Line::Text => text::write(out, record),
            Line::Json => json::write_numbered(out, record, seq),
            Line::Ecs => ecs::write_numbered(out, record, &self.app, seq),
        }
    }

    fn next_seq(&self) -> u64 {
        self.seq.fetch_add(1, Ordering::Relaxed)
    }
}

/// What all records have that no program made.
fn own() -> Record<'static> {
    Record { logger: "logwright".into(), ..here::record() }
}

/// `{"cause":"No space left on device","first":"…","last":"…","by_level":{"INFO":4800,"ERROR":27}}`
fn about_loss(loss: &Loss) -> String {
    let (first, last) = loss.times();
    let mut json = String::from("{\"cause\":");
    push_str(&mut json, &loss.cause);
    let _ = write!(json, r#","first":"{first}","last":"{last}","by_level":{{"#);
    for (n, (level, count)) in loss.by_level().enumerate() {
        let comma = if n > 0 { "," } else { "" };
        let _ = write!(json, "{comma}\"{level}\":{count}");
    }
    json.push_str("}}");
    json
}

/// `{"app":"chaptrix","logwright":"0.1.0","host":"box","time_zone":"Europe/Berlin"}`; what cannot be found out is missing.
fn about_program(app: &str) -> String {
    let host = std::fs::read_to_string("/proc/sys/kernel/hostname").ok();
    let zone = jiff::tz::TimeZone::system().iana_name().map(str::to_owned);
    let mut json = String::from("{\"app\":");
    push_str(&mut json, app);
    let found =
        [("logwright", Some(env!("CARGO_PKG_VERSION").to_owned())), ("host", host), ("time_zone", zone)];
    for (key, value) in found.iter().filter_map(|(key, value)| Some((key, value.as_deref()?))) {
        let _ = write!(json, ",\"{key}\":");
        push_str(&mut json, value.trim());
    }
    json.push('}');
    json
}
