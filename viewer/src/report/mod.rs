//! An analysis as text for people or in formats for programs: pure functions to a string. Whatever comes from a log or
//! is a file's name is made printable here.

pub(crate) mod table;
mod text;
mod paint;
pub(crate) mod json;
mod sections;
mod ndjson;
mod csv;
mod md;

use std::path::PathBuf;

use crate::analysis::Analysis;
use crate::args::Format;
use crate::catalogue::Annotated;
use crate::compare::Difference;
use crate::input::Coverage;
use crate::query::TimeRange;
pub(crate) use paint::painted;

/// What a report is on.
#[derive(Debug)]
pub(crate) struct Report<'a> {
    pub(crate) paths: &'a [PathBuf],
    pub(crate) analysis: &'a Analysis,
    pub(crate) coverage: &'a Coverage,
    /// What was chosen of the records; `None` where all of them were.
    pub(crate) selection: Option<Selection>,
    /// What is different from another input, where one was given.
    pub(crate) differences: Option<Vec<Difference>>,
    /// The functions that never ran, where it was said which there are.
    pub(crate) never_ran: Option<Vec<Annotated>>,
}

/// What was chosen of the records.
#[derive(Debug)]
pub(crate) struct Selection {
    pub(crate) filter: String,
    pub(crate) range: TimeRange,
    /// The range as people read it.
    pub(crate) times: String,
    pub(crate) matched: u64,
    /// How many there were.
    pub(crate) records: u64,
}

/// The report in that format.
pub(crate) fn render(format: Format, report: &Report<'_>) -> String {
    let paths: Vec<_> = report.paths.iter().map(|path| path.display().to_string()).collect();
    if format == Format::Text {
        return text::render(&paths.join(", "), report);
    }
    let value = json::value(&paths, report);
    match format {
        Format::Ndjson => ndjson::render(&sections::of(&value)),
        Format::Csv => csv::render(&sections::of(&value)),
        Format::Md => md::render(&sections::of(&value)),
        Format::Json | Format::Text => json::printable(&format!("{value:#}\n")),
    }
}
