//! An analysis as text for people or as JSON for programs: pure functions to a string. Whatever comes from a log or
//! is a file's name is made printable here.

pub(crate) mod table;
mod text;
mod json;

use std::path::PathBuf;

use crate::analysis::Analysis;
use crate::args::Format;
use crate::input::Coverage;

/// The report on what these paths hold.
pub(crate) fn render(format: Format, paths: &[PathBuf], analysis: &Analysis, coverage: &Coverage) -> String {
    let paths: Vec<_> = paths.iter().map(|path| path.display().to_string()).collect();
    match format {
        Format::Text => text::render(&paths.join(", "), analysis, coverage),
        Format::Json => json::render(&paths, analysis, coverage),
    }
}
