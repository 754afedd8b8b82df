//! Setting logging up: what goes where. Builds the sinks and makes them the program's subscriber.

mod file;
mod console;
mod guard;
mod environment;
mod zeros;
mod sinks;
mod filtered;
mod replay;
#[cfg(all(feature = "signals", unix))]
mod hangup;
#[cfg(feature = "config")]
mod check;
#[cfg(feature = "config")]
mod config;
#[cfg(feature = "config")]
mod resolved;

use std::path::PathBuf;
use std::sync::Arc;

use tracing::Subscriber;
use tracing_subscriber::Registry;
use tracing_subscriber::layer::{Layer, SubscriberExt};

use crate::error::Error;
use crate::filter::Filter;
use crate::layer::RecordLayer;
use crate::level::Level;
use crate::sink::WriteMode;
use crate::{filter, panics, trap};
use filtered::Filtered;
use guard::Shared;

#[cfg(feature = "config")]
pub use config::Config;
pub use console::{Color, Console};
pub use file::{File, MIB};
pub use guard::Guard;
#[cfg(feature = "config")]
pub use resolved::{CheckedConfig, check_config};

/// Sets logging up with every default and returns the guard. Never panics and never fails: trouble is one line
/// on stderr, and the program goes on.
///
/// Level INFO; short lines on stderr; in `logs/`: `<app>.log` (text, 10 MiB, 5 older ones kept), `<app>_error.log`
/// (ERROR and above, 5 MiB, 3 kept) and `<app>.jsonl` (every record as JSON, 10 MiB, 5 kept). The environment has
/// the last word, see [`Setup::install`].
///
/// ```no_run
/// let _log = logwright::init("chaptrix");
/// logwright::info!("3 comics to look at");
/// ```
pub fn init(app: &str) -> Guard {
    setup(app).install_or_report()
}

/// Starts to set logging up: [`init`] with choices.
///
/// ```no_run
/// use logwright::{Console, File, Level, MIB};
///
/// let _log = logwright::setup("chaptrix")
///     .level(Level::Debug)
///     .filter("hyper=warn")
///     .dir("/var/log/chaptrix")
///     .console(Console::off())
///     .file(File::text().max_bytes(20 * MIB).keep(3))
///     .install()?;
/// # Ok::<(), logwright::Error>(())
/// ```
///
/// With feature `config` a file comes before these choices, that which `LOGWRIGHT_CONFIG` names or else `logwright.toml` in
/// the working directory. What in it cannot be read is named on stderr with its line, and the rest applies:
///
/// ```toml
/// level = "debug"                  # as `Setup::level`, and so on
/// filter = "hyper=warn"
/// dir = "/var/log/chaptrix"
/// console = "stderr"               # or "stdout", "off"
/// color = "auto"                   # or "always", "never"
/// panic_hook = true
/// run_files = false                # true: files of its own for each run
/// write_mode = "sync"              # or "buffered", "queue" (8 MiB, none is lost), "mapped" (1 MiB; with feature `mapped`)
/// reopen_on_hangup = false         # true: with feature `signals`
/// error_file = false               # no such file; true: one as by default
///
/// [json_file]                      # and [file], [error_file]; what is not said is as by default
/// format = "ecs"                   # or "text", "json"
/// max_bytes = "20 MiB"             # or a number of bytes; KiB, MiB, GiB
/// keep = 100
/// max_age = "30d"                  # h or d
/// max_total_bytes = "1 GiB"
/// daily = true
/// compress = true                  # with feature `gzip`
/// ```
#[must_use = "nothing is set up before `install`"]
pub fn setup(app: &str) -> Setup {
    let setup = Setup::by_default(app);
    #[cfg(feature = "config")]
    let setup = config::applied(setup);
    setup
}

/// The same with a file that the program has brought along, see [`include_config!`](crate::include_config). It goes over
/// the defaults, and whatever else says anything goes over it: first the operator's file, then these choices, and then
/// the environment.
///
/// ```no_run
/// use logwright::{include_config, setup_with};
///
/// let _log = setup_with("chaptrix", include_config!("src/setup/example.toml")).install()?;
/// # Ok::<(), logwright::Error>(())
/// ```
#[cfg(feature = "config")]
pub fn setup_with(app: &str, config: Config) -> Setup {
    config::applied(config.applied(Setup::by_default(app)))
}

/// The set-up being made; see [`setup`].
#[must_use = "nothing is set up before `install`"]
#[derive(Debug)]
pub struct Setup {
    app: String,
    level: Level,
    filter: String,
    dir: PathBuf,
    console: Console,
    file: Option<File>,
    error_file: Option<File>,
    json_file: Option<File>,
    panic_hook: bool,
    mode: WriteMode,
    run_files: bool,
    #[cfg(all(feature = "signals", unix))]
    reopen_on_hangup: bool,
}

impl Setup {
    fn by_default(app: &str) -> Self {
        Self {
            app: sinks::file_name(app),
            level: Level::Info,
            filter: String::new(),
            dir: PathBuf::from("logs"),
            console: Console::stderr(),
            file: Some(File::text()),
            error_file: Some(File::text().max_bytes(5 * MIB).keep(3)),
            json_file: Some(File::json()),
            panic_hook: true,
            mode: WriteMode::Sync,
            run_files: false,
            #[cfg(all(feature = "signals", unix))]
            reopen_on_hangup: false,
        }
    }

    /// The least level that is recorded where no filter says otherwise. Default: INFO.
    ///
    /// CRITICAL lets ERROR through as well: `tracing`, which decides, has no level above ERROR.
    pub fn level(mut self, level: Level) -> Self {
        self.level = level;
        self
    }

    /// Levels for single loggers: `chaptrix::net=debug,hyper=warn`. Default: none. A name may be as the console and text
    /// files show it, too: `chaptrix.net=debug`.
    ///
    /// A directive that cannot be read is one line on stderr, and the rest holds. A second call replaces what the first
    /// has set.
    pub fn filter(mut self, directives: &str) -> Self {
        directives.clone_into(&mut self.filter);
        self
    }

    /// The directory of the log files, made when it is missing. Default: `logs`.
    ///
    /// On Unix directories are made with the permissions 0750 and files with 0640, less what the umask takes.
    pub fn dir(mut self, dir: impl Into<PathBuf>) -> Self {
        self.dir = dir.into();
        self
    }

    /// The console. Default: [`Console::stderr`].
    pub fn console(mut self, console: Console) -> Self {
        self.console = console;
        self
    }

    /// The main file, `<app>.log`; `None` for none. Default: text, 10 MiB, 5 older ones.
    pub fn file(mut self, file: impl Into<Option<File>>) -> Self {
        self.file = file.into();
        self
    }

    /// The file of errors alone, `<app>_error.log`; `None` for none. Default: text, 5 MiB, 3 older ones.
    pub fn error_file(mut self, file: impl Into<Option<File>>) -> Self {
        self.error_file = file.into();
        self
    }

    /// The file of all records as JSON, `<app>.jsonl`; `None` for none. Default: JSON lines, 10 MiB, 5 older ones.
    pub fn json_file(mut self, file: impl Into<Option<File>>) -> Self {
        self.json_file = file.into();
        self
    }

    /// Whether a panic is recorded before the hook that was there is called. Default: yes.
    pub fn panic_hook(mut self, on: bool) -> Self {
        self.panic_hook = on;
        self
    }

    /// When the records of log files are written. Default: [`WriteMode::Sync`], before the call returns.
    ///
    /// In the other modes a thread for each file writes, called `logwright-write`. What still waits is written at the end of
    /// `main`, by `std::process::exit`, when the guard is dropped, and on [`Guard::flush`].
    ///
    /// ```no_run
    /// let _log = logwright::setup("batch").write_mode(logwright::WriteMode::Buffered).install()?;
    /// # Ok::<(), logwright::Error>(())
    /// ```
    pub fn write_mode(mut self, mode: WriteMode) -> Self {
        self.mode = mode;
        self
    }

    /// Whether each run of the program has files of its own, called by the local time when it set logging up:
    /// `<app>_20261122_124513.log`, `<app>_error_20261122_124513.log`, `<app>_20261122_124513.jsonl`. Runs that begin in the same
    /// second share theirs. Default: no, all runs write to the same files.
    ///
    /// Within a run a file that is full becomes `.1` as ever. What a [`File`] says of older files is then meant of all runs
    /// together: [`keep`](File::keep), [`max_age`](File::max_age), [`max_total_bytes`](File::max_total_bytes) and
    /// `compress`. The older files of this run are newer than those of earlier ones, which go by the time in their
    /// names; they are looked at when logging is set up, and after each rotation. What another run still writes to is neither
    /// counted nor removed: on Unix a run holds a shared lock (`flock`) on its files, where the file system has locks. Files
    /// with any other name, such as those from before this was set, stay.
    ///
    /// ```no_run
    /// let _log = logwright::setup("chaptrix").run_files(true).install()?;
    /// # Ok::<(), logwright::Error>(())
    /// ```
    pub fn run_files(mut self, on: bool) -> Self {
        self.run_files = on;
        self
    }

    /// Opens every log file anew, as [`Guard::reopen`] does, each time the program gets the signal SIGHUP: for logrotate,
    /// which moves the files and then has `postrotate` `kill -HUP` the program. With feature `signals`, on Unix. Where a
    /// file cannot be opened a line on stderr says so, and the one that was open is kept until that is tried again, within 64
    /// records or a second.
    ///
    /// The signal no longer ends the program then, not even when its terminal is closed, which is for the program or its
    /// operator to decide: nothing else sets it, [`#[logwright::main]`](macro@crate::main) included, but `reopen_on_hangup` in
    /// `logwright.toml` does. Handlers that others have set with crate `signal-hook` are called as before. A thread waits
    /// for the signal, called `logwright-hup`.
    ///
    /// ```no_run
    /// let _log = logwright::setup("chaptrix").reopen_on_hangup().install()?;
    /// # Ok::<(), logwright::Error>(())
    /// ```
    #[cfg(all(feature = "signals", unix))]
    pub fn reopen_on_hangup(mut self) -> Self {
        self.reopen_on_hangup = true;
        self
    }

    /// Makes this the logging of the whole program.
    ///
    /// The environment goes over what is set here: `LOGWRIGHT_LEVEL` or else `RUST_LOG` (a level or directives; where
    /// none names a level for all, it is INFO), `LOGWRIGHT_DIR`, `LOGWRIGHT_FORMAT` (`text`, `json`, `ecs`: of the lines of
    /// `<app>.log`, where there is one; what is in the file already stays, so it may have lines of two formats then),
    /// `LOGWRIGHT_CONSOLE` (`stderr`, `stdout`, `off`), `LOGWRIGHT_COLOR` (`auto`, `always`, `never`), `NO_COLOR`; words in
    /// any case. With feature `config`, `LOGWRIGHT_CONFIG` names the file that [`setup`] reads. What cannot be read is named
    /// on stderr and left out, and so is another variable that begins with `LOGWRIGHT_`.
    ///
    /// Lines that the macros of this crate made before, while there was no subscriber at all, have been kept and are
    /// written now, with the time when they were made and as the filter has it: the first 1,000, or as many as take
    /// 1 MiB. How many more there were is told by one record. Annotated functions and the events of other crates are
    /// not kept.
    ///
    /// A file that cannot be opened or a directory that cannot be made is no error: it is one line on stderr,
    /// the records for it are counted as lost, and it is tried again.
    ///
    /// # Errors
    /// When another subscriber is already the program's.
    pub fn install(mut self) -> Result<Guard, Error> {
        let (shared, in_force) = self.start();
        let Shared { sinks, filter } = &shared;
        let layer = RecordLayer { sinks: Arc::clone(sinks) };
        let direct = layer.direct();
        let subscriber = Registry::default().with(*filter).with(layer).with(direct);
        tracing::subscriber::set_global_default(subscriber).map_err(|_| already_set())?;
        // Records of other threads wait for that.
        self.open(sinks);
        replay::replay(&shared);
        #[cfg(feature = "log")]
        bridge_log();
        if self.panic_hook {
            panics::record();
        }
        tracing::info!(target: "logwright", "Logging initialized");
        tracing::info!(target: "logwright", "Log level set to {in_force}");
        Ok(Guard { shared: Some(shared) })
    }

    /// A layer for a program that has a subscriber of its own, instead of [`install`](Self::install). Its filter is for
    /// this crate's files and console alone: other layers see what they saw before.
    ///
    /// The environment goes over what is set here, and what was logged before is written, as with `install`. Records of
    /// crate `log` are not taken over; the program decides who does that.
    ///
    /// ```no_run
    /// use tracing_subscriber::layer::SubscriberExt;
    /// use tracing_subscriber::util::SubscriberInitExt;
    ///
    /// let (layer, _log) = logwright::setup("chaptrix").layer();
    /// tracing_subscriber::registry().with(layer).init();
    /// ```
    pub fn layer<S: Subscriber>(mut self) -> (impl Layer<S>, Guard) {
        let (shared, _) = self.start();
        let Shared { sinks, filter } = &shared;
        self.open(sinks);
        let records = RecordLayer { sinks: Arc::clone(sinks) };
        let layer = Filtered { shared: Shared { sinks: Arc::clone(sinks), filter }, filter, records };
        if self.panic_hook {
            panics::record();
        }
        (layer, Guard { shared: Some(shared) })
    }

    /// Reads the environment and the directives; what is in force, as text. The sinks are opened later.
    fn start(&mut self) -> (Shared, String) {
        self.obey_environment();
        let filter = self.directives();
        let in_force = filter::in_force(&filter);
        // For the life of the program, as the subscriber is.
        let filter: &'static Filter = Box::leak(Box::new(Filter::new(filter)));
        (Shared { sinks: Arc::default(), filter }, in_force)
    }

    /// The same as `install`; trouble is one line on stderr.
    pub(crate) fn install_or_report(self) -> Guard {
        self.install().unwrap_or_else(|error| {
            trap::report(format_args!("{error}"));
            Guard { shared: None }
        })
    }
}

fn already_set() -> Error {
    Error::new(
        "another subscriber is already set for this program, so logging stays as it is; \
         set logwright up first, or remove the other `init`, or add `setup(..).layer()` to it",
    )
}

/// Records of crate `log` become events. A logger that is already there stays.
#[cfg(feature = "log")]
fn bridge_log() {
    if tracing_log::LogTracer::init().is_err() {
        trap::report(format_args!("crate `log` already has a logger; its records are not taken over"));
    }
}
