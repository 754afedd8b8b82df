//! The command line, defined once: subcommands, their flags and what `--help` says of them.

use std::path::{Path, PathBuf};

use clap::error::ErrorKind;
use clap::{ColorChoice, CommandFactory as _, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use logwright::record::Timestamp;

use crate::query::{Condition, Moment, Query, TimeRange, Wanted, Zone};

/// Reads logs back: what logwright wrote, and what Python's logging wrote as `time - name - LEVEL - message`.
#[derive(Debug, Parser)]
#[command(name = "logwright", version)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Analyze(Analyze),
    Tail(Tail),
    Tree(Tree),
    Export(Export),
    Check(Check),
    #[cfg(feature = "serve")]
    Serve(Serve),
    #[cfg(unix)]
    Recover(Recover),
    Completions(Completions),
    Man(Man),
}

/// Report levels, loggers, operation times and errors.
///
/// Exit code: 0 = every file could be read, whatever lines in it are no records; 1 = a condition of `--fail-on` is met;
/// 2 = wrong usage; 3 = something could not be read or waits for `logwright recover`, or a record is cut short
/// (the report says what, and covers the rest).
#[derive(Debug, clap::Args)]
pub(crate) struct Analyze {
    /// How to write the report.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,

    /// When to colour a text report: `auto` heeds NO_COLOR, and whether it goes to a terminal.
    #[arg(long, value_name = "WHEN", default_value_t = ColorChoice::Auto)]
    pub(crate) color: ColorChoice,

    #[command(flatten)]
    pub(crate) select: Select,

    /// Exit with 1 where this is met: a number of the report, a comparison and a limit. May be given several times.
    ///
    /// Of an operation: count, failed, cancelled (calls, or a share as in `failed>1%`), avg, min, max, total, and p50, p95 and
    /// so on, as in `op=stitch p95>2s`; without `op=NAME`, which takes `*`, each operation is asked. Of all: records, warnings,
    /// errors, retries, unfinished, as in `errors>10`. Numbers are those of the report, so a filter applies.
    #[arg(long, value_name = "CONDITION", allow_hyphen_values = true)]
    pub(crate) fail_on: Vec<Condition>,

    /// Also say what is different from these logs: problems that are new or gone, calls that take longer, fail or are retried more
    /// often. An operation's numbers are compared from 20 calls on, percentiles that changed by 10 % at least are told.
    #[arg(long, value_name = "PATH")]
    pub(crate) baseline: Option<PathBuf>,

    /// Also say which annotated functions no record tells of: a file with what the program prints of `logwright::catalogue()` as
    /// JSON. A function whose level was off is among them.
    #[arg(long, value_name = "FILE")]
    pub(crate) catalogue: Option<PathBuf>,

    /// Log files, directories of logs, `-` for standard input; `logs`, where there is such a directory.
    ///
    /// No record counts twice: where JSON lines (`app.jsonl`) are among the input, the text log of the same name
    /// (`app.log`) is passed over, and so is an error log (`app_error.log`) where a whole log of that app is. `.gz`
    /// and `.zst` are read. Percentiles are right to 3.2 %.
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
}

/// Print records as they come, whatever becomes of the files that they are written to.
///
/// Files may grow, be rotated, moved, removed, copied and cut, and directories may come and go: each record is printed once, and
/// those of a log in their order; only what is written, copied and cut within a tenth of a second comes late. Several logs are merged
/// by time. Ends at Ctrl-C, or where standard input is all there is to read, at its end.
///
/// Exit code: 0 = it was ended, or who read it had enough; 2 = wrong usage, or it could not print.
#[derive(Debug, clap::Args)]
pub(crate) struct Tail {
    /// How many of the records that are there already to print first.
    #[arg(short = 'n', long, value_name = "N", default_value_t = 10)]
    pub(crate) lines: usize,

    /// Show the operations that are open, in place of records: on a terminal a table, otherwise a line for each start and end.
    ///
    /// For the table, what is there already is read to its end.
    #[arg(long)]
    pub(crate) ops: bool,

    /// How to print a record.
    #[arg(long, value_enum, default_value_t = TailFormat::Text)]
    pub(crate) format: TailFormat,

    /// When to use colours: `auto` heeds NO_COLOR, and whether there is a terminal.
    #[arg(long, value_name = "WHEN", default_value_t = ColorChoice::Auto)]
    pub(crate) color: ColorChoice,

    #[command(flatten)]
    pub(crate) select: Select,

    /// Log files, directories of logs, `-` for standard input. What is not there yet is waited for.
    ///
    /// A file is followed together with those that it was before: `app.log.1`, `app.log-20261122`. Where there are JSON lines
    /// (`app.jsonl`), the text log of the same name (`app.log`) is passed over, and so is an error log (`app_error.log`) where a
    /// whole log of that app is.
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum TailFormat {
    /// For people: as on the console of a program. An operation is told of when it ends; a line that is no record is shown as it is.
    Text,
    /// Each record as one line of JSON. What is no record is left out.
    Ndjson,
}

/// Show calls below those they were made in: when each began, how long it took, what went wrong.
///
/// `*` marks the critical path: had such a call been over sooner, so would the outermost one. Only JSON lines (`app.jsonl`) say which
/// call was made in which. Exit code: as of `analyze`.
#[derive(Debug, clap::Args)]
pub(crate) struct Tree {
    /// How many traces to show.
    #[arg(short = 'n', long, default_value_t = 5, value_name = "N")]
    pub(crate) number: usize,

    /// The slowest ones; that is what is shown if nothing else is asked for.
    #[arg(long, group = "which")]
    pub(crate) slowest: bool,

    /// The latest ones in which a call failed or panicked.
    #[arg(long, group = "which")]
    pub(crate) failed: bool,

    /// The latest ones in which a call never ended.
    #[arg(long, group = "which")]
    pub(crate) open: bool,

    /// The one with this number, or with a call of this number; its beginning is enough.
    #[arg(long, group = "which", value_name = "ID")]
    pub(crate) id: Option<String>,

    #[command(flatten)]
    pub(crate) select: Select,

    /// Log files and directories of logs, as for `analyze`.
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
}

/// Write records or calls in a format that other tools read, to standard output.
///
/// Exit code: as of `analyze`.
#[derive(Debug, clap::Args)]
pub(crate) struct Export {
    /// What to write.
    #[arg(long, value_enum)]
    pub(crate) to: Target,

    #[command(flatten)]
    pub(crate) select: Select,

    /// Log files, directories of logs, `-` for standard input, as for `analyze`.
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Target {
    /// Each record as a JSON line of our own schema, whatever it was read from.
    Ndjson,
    /// Each record as a row for spreadsheets and databases.
    Csv,
    /// Calls as a trace for Perfetto (ui.perfetto.dev) and chrome://tracing.
    Chrome,
    /// Calls as folded stacks, for flame graphs.
    Folded,
}

/// Which records are wanted.
#[derive(Debug, clap::Args)]
pub(crate) struct Select {
    /// Only records that meet all of this, such as `level>=warning op=fetch_* dur>2s ctx.site=a "two words" -noise`.
    ///
    /// Keys: level, op, logger, dur, status, kind, message, error, error_type, attempts, wait, busy, run, pid, thread, src, seq,
    /// depth, op_id, parent_id, trace_id, lost, ctx.NAME and result.NAME. Operators: =, !=, >, >=, <, <=, and ~ for "contains".
    /// `*` stands for any text, `key=*` for any value. A text alone is looked for in message and error, in any case; `-` turns
    /// what follows around. `op=` also finds what the retries of that function say.
    #[arg(
        short = 'q',
        long,
        value_name = "QUERY",
        default_value = "",
        hide_default_value = true,
        allow_hyphen_values = true
    )]
    pub(crate) filter: Query,

    /// Only records from then on: `-3h` (so long ago), `today`, `yesterday`, `10:30` (today), `2026-11-22`, `2026-11-22 12:00`
    /// or RFC 3339.
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub(crate) since: Option<Moment>,

    /// Only records before then; that moment itself is left out.
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub(crate) until: Option<Moment>,

    /// The zone that `--since` and `--until` are meant in: `local`, `utc`, `+08:00`, or a name such as `Asia/Shanghai`.
    #[arg(long, value_name = "ZONE", default_value = "local", allow_hyphen_values = true)]
    pub(crate) tz: Zone,
}

/// Say what a `logwright.toml` comes to: its mistakes, and all settings with those that it leaves out.
///
/// Features that the program is built with are not known here; all are taken to be on. Exit code: 0 = there is no mistake; 1 = there
/// are some, each told on stderr with its line; 2 = it cannot be read.
#[derive(Debug, clap::Args)]
pub(crate) struct Check {
    /// The file.
    #[arg(default_value = "logwright.toml", value_name = "FILE")]
    pub(crate) file: PathBuf,
}

/// Show the logs in a browser, and what programs add to them meanwhile. Nothing is ever written.
///
/// The URL is printed once all is read. Exit code: 0 = stopped by Ctrl-C or a signal; 2 = wrong usage, or the address is taken.
#[cfg(feature = "serve")]
#[derive(Debug, clap::Args)]
pub(crate) struct Serve {
    /// Where to listen; port 0 is any that is free. Whoever else can reach it needs the token in the URL that is printed.
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:0")]
    pub(crate) listen: std::net::SocketAddr,

    /// Whether to open the page in a browser.
    #[arg(long, value_name = "yes|no", default_value = "no", value_parser = yes_or_no, action = clap::ArgAction::Set)]
    pub(crate) open: bool,

    /// Log files, directories of logs, `-` for standard input, as for `analyze`.
    #[arg(default_value = "logs", value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
}

#[cfg(feature = "serve")]
fn yes_or_no(text: &str) -> Result<bool, &'static str> {
    match text {
        "yes" => Ok(true),
        "no" => Ok(false),
        _ => Err("write yes or no"),
    }
}

/// Bring records into the logs that a program had no time to write before it was killed.
///
/// Only a program that writes in mode `Mapped` leaves such records, in files called `LOG.xxxxxxxx.ring`, and its next run does this
/// by itself. Logs of programs that still run are left alone.
///
/// Exit code: 0 = all is in the logs, or there was nothing; 2 = something could not be read or written; it is kept.
#[cfg(unix)]
#[derive(Debug, clap::Args)]
pub(crate) struct Recover {
    /// Directories of logs.
    #[arg(required = true, value_name = "DIR")]
    pub(crate) dirs: Vec<PathBuf>,
}

/// Print what makes a shell complete this command.
///
/// For bash: `source <(logwright completions bash)`; for fish: `logwright completions fish | source`.
#[derive(Debug, clap::Args)]
pub(crate) struct Completions {
    #[arg(value_enum)]
    pub(crate) shell: Shell,
}

/// Print the manual page of this command or of one of its commands, as in `logwright man analyze | man -l -`.
#[derive(Debug, clap::Args)]
pub(crate) struct Man {
    /// One of the commands.
    pub(crate) command: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    Text,
    /// One object with the same numbers.
    Json,
    /// The same in lines: an object for each row, which names its section.
    Ndjson,
    /// The same as tables, one below the other, for a spreadsheet.
    Csv,
    /// The same as tables of Markdown.
    Md,
}

impl Select {
    /// Which records a command is to read; ends with its usage where there can be none.
    pub(crate) fn wanted(&self, command: &str) -> Wanted {
        let range = TimeRange::new(self.since.as_ref(), self.until.as_ref(), &self.tz, Timestamp::now());
        let range = range.unwrap_or_else(|error| wrong_usage(command, &error.to_string()));
        Wanted { query: self.filter.clone(), range }
    }
}

/// What a command is to read; ends with its usage where that is not known.
pub(crate) fn paths(command: &str, given: &[PathBuf]) -> Vec<PathBuf> {
    const USUAL: &str = "logs";
    if !given.is_empty() {
        return given.to_vec();
    }
    if !Path::new(USUAL).is_dir() {
        wrong_usage(command, "no PATH is given, and there is no directory `logs` here");
    }
    vec![PathBuf::from(USUAL)]
}

fn wrong_usage(name: &str, text: &str) -> ! {
    let mut command = Args::command();
    command.build();
    let command = command.find_subcommand_mut(name).expect("it is one of the commands");
    command.error(ErrorKind::MissingRequiredArgument, text).exit()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        Args::command().debug_assert();
    }
}
