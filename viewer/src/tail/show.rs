//! What a line looks like: as on the console of a program, or as JSON.

use std::collections::HashSet;

use logwright::record::text::{Style, write_short};
use logwright::record::{Kind, Printable, Record, json};

use super::entry::Entry;
use crate::args::TailFormat;
use crate::query;

/// What is shown, and how.
#[derive(Debug)]
pub(super) struct Show {
    format: TailFormat,
    style: Style,
    pub(super) wanted: Wanted,
    /// The logs whose last record was not shown.
    hidden: HashSet<String>,
}

/// Which records are shown.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    pub(super) filter: query::Wanted,
    /// Only starts and ends of operations.
    pub(super) operations: bool,
    /// The console leaves starts out, since an end says all that its start does.
    pub(super) starts: bool,
}

impl Wanted {
    pub(super) fn has(&self, record: &Record<'_>) -> bool {
        let is_kind = match record.kind {
            Kind::OpStart => self.starts,
            Kind::OpEnd => true,
            _ => !self.operations,
        };
        is_kind && self.filter.matches(record)
    }

    /// How many such records there are.
    pub(super) fn count(&self, entry: &Entry) -> usize {
        entry.records.iter().filter(|record| self.has(record)).count()
    }

    /// Whether there is such a record on a line.
    pub(super) fn has_on(&self, line: &[u8]) -> bool {
        self.count(&Entry::read(line, false)) > 0
    }
}

impl Show {
    pub(super) fn new(format: TailFormat, style: Style, wanted: Wanted) -> Self {
        Self { format, style, wanted, hidden: HashSet::new() }
    }

    /// Appends what is shown of a line of that log.
    pub(super) fn push(&mut self, out: &mut String, log: &str, entry: &Entry) {
        let wanted: Vec<_> = entry.records.iter().filter(|record| self.wanted.has(record)).collect();
        match self.format {
            TailFormat::Ndjson if entry.records.len() == wanted.len() && entry.is_json() => {
                push_json(out, &entry.line)
            }
            TailFormat::Ndjson => wanted.iter().for_each(|record| json::write(out, record)),
            TailFormat::Text => self.push_text(out, log, entry, &wanted),
        }
    }

    fn push_text(&mut self, out: &mut String, log: &str, entry: &Entry, wanted: &[&Record<'_>]) {
        if !wanted.is_empty() {
            self.hidden.remove(log);
        } else if !entry.records.is_empty() {
            self.hidden.insert(log.to_owned());
        }
        wanted.iter().for_each(|record| push_record(out, record, self.style));
        if entry.records.is_empty() && entry.has_other && !self.hidden.contains(log) {
            push_other(out, &entry.line);
        }
        if entry.is_cut && out.ends_with('\n') {
            out.pop();
            out.push_str(" [cut]\n");
        }
    }
}

impl Entry {
    /// Whether the line is a record as it is written in JSON, with nothing else.
    fn is_json(&self) -> bool {
        self.records.len() == 1 && !self.has_other && self.line.starts_with('{')
    }
}

/// On one line, the causes of an error as well.
fn push_record(out: &mut String, record: &Record<'_>, style: Style) {
    let mut line = String::new();
    write_short(&mut line, record, style);
    out.push_str(&line.trim_end_matches('\n').replace("\n\t", "; "));
    out.push('\n');
}

/// What is no record is shown as it is: it may be a traceback.
fn push_other(out: &mut String, line: &str) {
    let indented = line.trim_start_matches('\t');
    (indented.len()..line.len()).for_each(|_| out.push_str("    "));
    out.push_str(&Printable(indented).to_string());
    out.push('\n');
}

/// The line as it is, but for characters that drive a terminal or break lines: these stand within texts only.
fn push_json(out: &mut String, line: &str) {
    let mut bytes = [0; 4];
    for c in line.chars() {
        let text = &*c.encode_utf8(&mut bytes);
        if matches!(c, ' '..='~') || Printable(text).to_string() == text {
            out.push(c);
        } else if c == '\t' {
            // Within a text it would be no JSON.
            out.push(' ');
        } else {
            out.push_str(&format!("\\u{:04x}", u32::from(c)));
        }
    }
    out.push('\n');
}
