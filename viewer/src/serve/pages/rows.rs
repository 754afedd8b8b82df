//! Records as rows of a table, read back from their lines.

use logwright::record::Record;
use maud::{Markup, html};
use serde_json::{Value, json};

use super::parts::{at, duration, level, record_link, trace_link};
use super::{Context, safe, when};
use crate::facts::Fact;

/// A message is cut here in a list; the record by itself has all of it.
const MAX_MESSAGE: usize = 240;

/// A record as it is listed.
pub(super) struct Row<'a> {
    pub(super) fact: &'a Fact,
    /// `None` where its line is not there any more.
    pub(super) record: Option<Record<'static>>,
}

impl<'a> Row<'a> {
    pub(super) fn of(context: &Context<'_>, fact: &'a Fact) -> Self {
        Self { fact, record: context.files.record(fact) }
    }

    pub(super) fn message(&self) -> String {
        match &self.record {
            Some(record) => safe(&record.message),
            None => "(its line is not there any more, or is compressed)".to_owned(),
        }
    }

    pub(super) fn json(&self, context: &Context<'_>) -> Value {
        let fact = self.fact;
        let names = &context.store.whole.names;
        json!({
            "at": at(fact),
            "file": context.files.name(fact.place.file),
            "time": fact.timestamp.to_string(),
            "level": fact.level.as_str(),
            "logger": names.loggers.name(fact.logger),
            "operation": fact.operation.map(|name| names.operations.name(name)),
            "duration_ns": fact.duration_ns,
            "trace": fact.trace.map(|trace| format!("{trace:016x}")),
            "message": self.record.as_ref().map(|record| &record.message),
        })
    }
}

/// Rows that `j` and `k` go through.
pub(super) fn table(context: &Context<'_>, rows: &[Row<'_>]) -> Markup {
    let names = &context.store.whole.names;
    html! {
        div.scroll tabindex="0" role="region" aria-label="Records" {
            table.records {
                thead { tr { th scope="col" { "Time" } th scope="col" { "Level" } th scope="col" { "Logger" }
                    th scope="col" { "Operation" } th scope="col" { "Took" } th scope="col" { "Message" } } }
                tbody { @for row in rows {
                    @let fact = row.fact;
                    tr {
                        td.time { a href=(record_link(context, fact)) { (when(fact.timestamp)) } }
                        td { (level(fact.level)) }
                        td { (safe(names.loggers.name(fact.logger))) }
                        td { @if let Some(name) = fact.operation {
                            @let name = safe(names.operations.name(name));
                            @if fact.trace.is_some() { a href=(trace_link(context, fact)) { (name) } } @else { (name) }
                        } }
                        td.number { @if fact.duration_ns.is_some() { (duration(fact.duration_ns)) } }
                        td.message { (cut(&row.message())) }
                    }
                } }
            }
        }
    }
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(MAX_MESSAGE) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
