//! `logwright export`: records or calls in formats that other tools read. Records are written as they are read; calls are
//! collected first, since they are written as trees.

mod chrome;
mod csv;
mod folded;
mod lanes;

use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

use anyhow::Context as _;
use logwright::record::{Record, json};

use crate::args::{Export, Target, paths};
use crate::input::{self, Coverage};
use crate::query::Wanted;
use crate::traces::{Calls, Forest, MAX_CALLS};
use crate::tree::NO_CALLS;

/// Writes what was asked for to standard output.
pub(crate) fn export(args: &Export) -> anyhow::Result<Coverage> {
    let paths = paths("export", &args.paths);
    let wanted = args.select.wanted("export");
    let mut out = BufWriter::new(io::stdout().lock());
    let (coverage, done) = match args.to {
        Target::Ndjson => records(&paths, &wanted, &mut out, ndjson),
        Target::Csv => {
            let head = out.write_all(csv::head().as_bytes());
            let (coverage, rest) = records(&paths, &wanted, &mut out, csv::push);
            (coverage, head.and(rest))
        }
        Target::Chrome => calls(&paths, &wanted, &mut out, chrome::write),
        Target::Folded => calls(&paths, &wanted, &mut out, folded::write),
    };
    done.and_then(|()| out.flush()).context("cannot write the export")?;
    Ok(coverage)
}

fn ndjson(line: &mut String, record: &Record<'_>) {
    json::write(line, record);
}

/// Writes a line for each record, until that fails.
fn records(
    paths: &[PathBuf],
    wanted: &Wanted,
    out: &mut impl Write,
    push: fn(&mut String, &Record<'_>),
) -> (Coverage, io::Result<()>) {
    let (mut line, mut done) = (String::new(), Ok(()));
    let coverage = input::read(paths, &mut |record, _| {
        if done.is_ok() && wanted.matches(record) {
            line.clear();
            push(&mut line, record);
            done = out.write_all(line.as_bytes());
        }
    });
    (coverage, done)
}

fn calls<W: Write>(
    paths: &[PathBuf],
    wanted: &Wanted,
    out: &mut W,
    write: fn(&mut W, &Forest) -> io::Result<()>,
) -> (Coverage, io::Result<()>) {
    let mut calls = Calls::default();
    let mut coverage = input::read(paths, &mut |record, place| {
        if wanted.matches(record) {
            calls.add(record, place);
        }
    });
    if calls.left_out > 0 {
        coverage
            .leave_out(&format!("only the first {MAX_CALLS} calls are exported, {} are not", calls.left_out));
    }
    let forest = Forest::of(calls.into_calls());
    if forest.nodes.is_empty() {
        crate::say("warning", NO_CALLS);
    }
    (coverage, write(out, &forest))
}
