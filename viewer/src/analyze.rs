//! `logwright analyze`: reads what is wanted of the input, reports on it, and says by the exit code what came of it.

use std::io::{self, Write as _};
use std::path::PathBuf;

use anstream::AutoStream;
use anyhow::Context as _;
use clap::ColorChoice;
use logwright::Level;

use crate::analysis::Analysis;
use crate::args::{Analyze, Format, Select, paths};
use crate::catalogue::{self, Annotated};
use crate::compare::{Difference, compare};
use crate::input::{self, Coverage};
use crate::query::{self, Finding, Numbers, Total, Wanted};
use crate::report::{self, Report, Selection};
use crate::summary::Calls;
use crate::{DONE, INCOMPLETE, MET, complain, say};

pub(crate) fn analyze(args: &Analyze) -> anyhow::Result<u8> {
    let paths = paths("analyze", &args.paths);
    let (analysis, coverage, selection) = read(&paths, &args.select);
    let (differences, never_ran) = (differences(args, &analysis)?, never_ran(args, &analysis)?);
    let report =
        Report { paths: &paths, analysis: &analysis, coverage: &coverage, selection, differences, never_ran };
    print(args, &report).context("cannot write the report")?;
    let is_met = is_any_met(args, &analysis);
    if !coverage.is_complete() {
        complain(&coverage.complaint());
    }
    Ok(match (is_met, coverage.is_complete()) {
        (true, _) => MET,
        (false, true) => DONE,
        (false, false) => INCOMPLETE,
    })
}

fn read(paths: &[PathBuf], select: &Select) -> (Analysis, Coverage, Option<Selection>) {
    let wanted = select.wanted("analyze");
    let (analysis, coverage) = input::fold(paths, || Analysis::of(wanted.clone()));
    let selection = (!wanted.is_all()).then(|| Selection {
        filter: select.filter.to_string(),
        times: wanted.range.show(&select.tz).to_string(),
        range: wanted.range,
        matched: analysis.matched,
        records: coverage.counts.records,
    });
    (analysis, coverage, selection)
}

/// What is different from the baseline, which must be whole. It is of another time, so that it is not chosen by time.
fn differences(args: &Analyze, analysis: &Analysis) -> anyhow::Result<Option<Vec<Difference>>> {
    let Some(path) = &args.baseline else { return Ok(None) };
    let wanted = Wanted { query: args.select.filter.clone(), ..Wanted::default() };
    let (baseline, coverage) = input::fold(std::slice::from_ref(path), || Analysis::of(wanted.clone()));
    anyhow::ensure!(coverage.is_complete(), "the baseline cannot be read: {}", coverage.complaint());
    Ok(Some(compare(&baseline, analysis)))
}

fn never_ran(args: &Analyze, analysis: &Analysis) -> anyhow::Result<Option<Vec<Annotated>>> {
    let Some(path) = &args.catalogue else { return Ok(None) };
    let catalogue = catalogue::read(path)?;
    Ok(Some(catalogue::never_ran(&catalogue, analysis).into_iter().cloned().collect()))
}

fn print(args: &Analyze, report: &Report<'_>) -> io::Result<()> {
    let text = report::render(args.format, report);
    if args.format != Format::Text {
        io::stdout().write_all(text.as_bytes())?;
        return io::stdout().flush();
    }
    let choice = match args.color {
        ColorChoice::Auto => anstream::ColorChoice::Auto,
        ColorChoice::Always => anstream::ColorChoice::Always,
        ColorChoice::Never => anstream::ColorChoice::Never,
    };
    let mut out = AutoStream::new(io::stdout().lock(), choice);
    out.write_all(report::painted(&text).as_bytes())?;
    out.flush()
}

/// Tells which conditions are met, and which could not be asked.
fn is_any_met(args: &Analyze, analysis: &Analysis) -> bool {
    let mut is_met = false;
    for condition in &args.fail_on {
        match condition.check(analysis) {
            Finding::Holds => {}
            Finding::Hit(found) => {
                is_met = true;
                say("failed", &format!("{}: {found}", condition.text()));
            }
            Finding::Unmeasured(why) => say("warning", &format!("{}: not checked: {why}", condition.text())),
        }
    }
    is_met
}

impl Numbers for Analysis {
    fn total(&self, total: Total) -> Option<u64> {
        let levels = || self.summary.levels().into_iter();
        let operations = || self.summary.operations(&self.names).into_iter();
        match total {
            Total::Records => Some(levels().map(|(_, count)| count).sum()),
            Total::Warnings => {
                Some(levels().filter(|(level, _)| *level == Level::Warning).map(|(_, count)| count).sum())
            }
            Total::Errors => Some(self.summary.errors()),
            Total::Unfinished => Some(self.unfinished().len() as u64),
            Total::Retries => Some(operations().map(|(_, operation)| operation.retries.again).sum()),
        }
    }

    fn operations(&self) -> Vec<(&str, &dyn query::Calls)> {
        let called = self.summary.operations(&self.names).into_iter();
        called
            .filter(|(_, operation)| operation.calls().count > 0)
            .map(|(name, operation)| (name, operation.calls() as &dyn query::Calls))
            .collect()
    }
}

impl query::Calls for Calls {
    fn count(&self) -> u64 {
        self.count
    }

    fn failed(&self) -> u64 {
        self.failed
    }

    fn cancelled(&self) -> u64 {
        self.cancelled
    }

    fn average(&self) -> Option<f64> {
        self.durations.average()
    }

    fn range(&self) -> Option<(u64, u64)> {
        self.durations.range
    }

    fn sum(&self) -> u128 {
        self.durations.sum
    }

    fn percentile(&self, share: f64) -> Option<u64> {
        self.durations.percentile(share)
    }
}
