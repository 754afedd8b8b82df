//! `logwright tail`: prints records as they come, whatever becomes of the files that they are written to.
//!
//! `follow` is one file, `log` a file with what it was before and copies of it, `set` the logs of a directory, `sources`
//! all that is followed; `merge` puts their lines in order, and `show` and `ops` print them.

mod partial;
mod follow;
mod entry;
mod back;
mod log;
mod names;
mod set;
mod stream;
mod sources;
mod merge;
mod show;
mod ops;
#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::io::{self, IsTerminal as _, Write as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use clap::ColorChoice;
use logwright::record::Timestamp;
use logwright::record::text::Style;
use signal_hook::consts::TERM_SIGNALS;
use signal_hook::flag;

use crate::args::{Tail, TailFormat, paths};
use entry::Entry;
use merge::Merge;
use ops::Table;
use show::{Show, Wanted};
use sources::Sources;

/// How often files are looked at.
const PAUSE: Duration = Duration::from_millis(100);

/// How long a line waits for earlier ones of other logs.
const MERGE: Duration = Duration::from_millis(200);

/// So much is written at a time.
const FULL: usize = 1 << 16;

/// Prints until it is interrupted, or nothing can come any more.
pub(crate) fn tail(args: &Tail) -> anyhow::Result<()> {
    let is_over = interrupted()?;
    let mut tail = Tailing::new(args);
    tail.begin(args.lines)?;
    while tail.step(is_over.load(Ordering::Relaxed))? {}
    Ok(())
}

/// Becomes true at Ctrl-C and the like. The second time that ends the process at once.
fn interrupted() -> io::Result<Arc<AtomicBool>> {
    let is_over = Arc::new(AtomicBool::new(false));
    for &signal in TERM_SIGNALS {
        flag::register_conditional_shutdown(signal, 1, Arc::clone(&is_over))?;
        flag::register(signal, Arc::clone(&is_over))?;
    }
    Ok(is_over)
}

struct Tailing {
    sources: Sources,
    merge: Merge,
    output: Output,
}

enum Output {
    Lines(Show),
    Table(Table),
}

impl Tailing {
    fn new(args: &Tail) -> Self {
        let is_terminal = io::stdout().is_terminal();
        let has_colour = match args.color {
            ColorChoice::Auto => {
                is_terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
            }
            ColorChoice::Always => true,
            ColorChoice::Never => false,
        };
        let style = if has_colour { Style::Coloured } else { Style::Plain };
        let starts = args.ops || args.format == TailFormat::Ndjson;
        let filter = args.select.wanted("tail");
        let show =
            Show::new(args.format, style, Wanted { filter: filter.clone(), operations: args.ops, starts });
        let is_table = args.ops && is_terminal && args.format == TailFormat::Text;
        Self {
            sources: Sources::new(&paths("tail", &args.paths)),
            merge: Merge::default(),
            output: if is_table { Output::Table(Table::new(filter)) } else { Output::Lines(show) },
        }
    }

    /// Prints the last records of what is there at the start. A table needs all of them, and takes them as if they were new.
    fn begin(&mut self, records: usize) -> io::Result<()> {
        let Output::Lines(show) = &mut self.output else { return Ok(()) };
        let (now, merge) = (Instant::now(), &mut self.merge);
        self.sources.skip(records, &|line| show.wanted.has_on(line));
        while self.sources.read_files(now, &mut |log, entry| merge.push(log, now, entry)) {}
        let all =
            std::iter::from_fn(|| merge.pop(now, Duration::ZERO).map(|(log, entry)| (log.to_owned(), entry)));
        let mut out = String::new();
        for (log, entry) in last(all.collect(), records, |entry| show.wanted.count(entry)) {
            show.push(&mut out, &log, &entry);
        }
        print(&mut out)
    }

    /// Prints what is new, and waits for more where there is none. Whether to go on.
    fn step(&mut self, is_over: bool) -> io::Result<bool> {
        let (now, merge) = (Instant::now(), &mut self.merge);
        let mut each = |log: &str, entry| merge.push(log, now, entry);
        let has_more = self.sources.read(now, &mut each);
        if is_over {
            self.sources.end(&mut each);
        }
        let is_over = is_over || self.sources.are_over();
        let wait = if is_over || self.sources.count() < 2 { Duration::ZERO } else { MERGE };
        let mut out = String::new();
        while let Some((log, entry)) = merge.pop(now, wait) {
            match &mut self.output {
                Output::Lines(show) => show.push(&mut out, log, &entry),
                Output::Table(table) => table.add(&entry),
            }
            if out.len() > FULL {
                print(&mut out)?;
            }
        }
        if let Output::Table(table) = &mut self.output {
            table.draw(&mut out, Timestamp::now());
        }
        print(&mut out)?;
        if !is_over && !has_more {
            std::thread::sleep(PAUSE);
        }
        Ok(!is_over)
    }
}

/// The end of some lines, with no more records than that and what follows these.
fn last(
    mut lines: VecDeque<(String, Entry)>,
    records: usize,
    count: impl Fn(&Entry) -> usize,
) -> VecDeque<(String, Entry)> {
    let mut surplus = lines.iter().map(|(_, entry)| count(entry)).sum::<usize>().saturating_sub(records);
    while let Some((_, entry)) = lines.front() {
        if surplus == 0 && !entry.records.is_empty() {
            break;
        }
        surplus = surplus.saturating_sub(count(entry));
        lines.pop_front();
    }
    lines
}

/// Writes what is there to be written, and leaves nothing of it.
fn print(out: &mut String) -> io::Result<()> {
    if !out.is_empty() {
        let mut stdout = io::stdout().lock();
        stdout.write_all(out.as_bytes())?;
        stdout.flush()?;
        out.clear();
    }
    Ok(())
}
