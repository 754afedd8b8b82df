//! Prints what came of a run.

use std::io::{self, Write};
use std::path::Path;
use std::time::Duration;

use crate::report::RunReport;

pub(crate) fn print(
    out: &mut impl Write,
    report: &RunReport,
    elapsed: Duration,
    logs: &Path,
) -> io::Result<()> {
    let counts = report.counts;
    let comics = report.comics + report.failed_comics.len();
    writeln!(out, "comics    {comics} checked, {} failed", report.failed_comics.len())?;
    writeln!(out, "chapters  {} downloaded, {} failed", report.chapters, report.failed_chapters.len())?;
    writeln!(out, "pages     {} downloaded", counts.pages)?;
    writeln!(out, "          {} recovered by a retry, {} by the mirror", counts.by_retry, counts.by_mirror)?;
    writeln!(out, "          {} missing, {} failed", report.missing_pages.len(), report.failed_pages.len())?;
    writeln!(out, "stitched  {} files", counts.files)?;
    writeln!(out, "elapsed   {:.1} s", elapsed.as_secs_f64())?;
    list(out, "missing", &report.missing_pages)?;
    list(out, "failed", &report.failed_pages)?;
    list(out, "failed", &report.failed_chapters)?;
    list(out, "failed", &report.failed_comics)?;
    writeln!(out, "next: cargo run -p logwright-viewer -- analyze {}", quoted(logs))
}

fn list(out: &mut impl Write, what: &str, lines: &[String]) -> io::Result<()> {
    lines.iter().try_for_each(|line| writeln!(out, "{what}: {line}"))
}

/// Ready to be pasted into a shell.
fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    let plain = |c: char| c.is_alphanumeric() || "/._-\\:".contains(c);
    if text.chars().all(plain) { text } else { format!("\"{text}\"") }
}
