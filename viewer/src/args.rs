//! The command line, defined once: subcommands, their flags and what `--help` says of them.

use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};

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
    Tree(Tree),
    Export(Export),
    #[cfg(unix)]
    Recover(Recover),
}

/// Report levels, loggers, operation times and errors.
///
/// Exit code: 0 = every file could be read, whatever lines in it are no records; 2 = wrong usage; 3 = something could not be read, is
/// compressed or waits for `logwright recover`, or a record is cut short (the report says what, and covers the rest).
#[derive(Debug, clap::Args)]
pub(crate) struct Analyze {
    /// How to write the report.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,

    /// Log files, directories of logs, `-` for standard input.
    ///
    /// No record counts twice: where JSON lines (`app.jsonl`) are among the input, the text log of the same name
    /// (`app.log`) is passed over, and so is an error log (`app_error.log`) where a whole log of that app is. Where
    /// older files of these are compressed, which are not read, they stand for no other.
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
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

    /// Log files and directories of logs, as for `analyze`.
    #[arg(required = true, value_name = "PATH")]
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

    /// Log files, directories of logs, `-` for standard input, as for `analyze`.
    #[arg(required = true, value_name = "PATH")]
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

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    Text,
    /// One object with the same numbers.
    Json,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        Args::command().debug_assert();
    }
}
