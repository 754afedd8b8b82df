//! Loggers with names that are known only at run time, and what the logging macros call.

use std::cell::Cell;
use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, OnceLock, PoisonError};

use tracing_core::Metadata;

use super::emit::Emission;
use super::site::{Points, Site, Source};
use crate::json::Fields;
use crate::level::Level;
use crate::{early, scope};

/// A logger by name, such as `adapter.baozimh`; see [`get_logger`]. Copying it costs nothing.
#[derive(Clone, Copy)]
pub struct Logger {
    name: &'static str,
    points: &'static Points,
}

/// The logger with that name. It is filtered like a module: `adapter.baozimh=debug`.
///
/// Name and logger are kept for the life of the program, so names should come from a small set: sites and
/// components, not URLs or titles.
///
/// ```
/// let site = "baozimh";
/// let logger = logwright::get_logger(&format!("adapter.{site}"));
/// let pages = 23;
/// logwright::info!(logger: logger, pages, "Found {pages} images");
/// ```
#[must_use]
pub fn get_logger(name: &str) -> Logger {
    static LOGGERS: OnceLock<Mutex<HashMap<&'static str, Logger>>> = OnceLock::new();
    let mut loggers = LOGGERS.get_or_init(Mutex::default).lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(logger) = loggers.get(name) {
        return *logger;
    }
    let name: &'static str = Box::leak(name.into());
    let logger = Logger { name, points: Box::leak(Box::new(Points::new(name, None))) };
    loggers.insert(name, logger);
    logger
}

impl Logger {
    /// The name it was asked for by.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }
}

impl fmt::Debug for Logger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Logger").field(&self.name).finish()
    }
}

/// What the logging macros take as `logger:` and the attributes as `logger =`, by value or behind references.
#[diagnostic::on_unimplemented(
    message = "`logger` takes a `logwright::Logger` or a reference to one, not `{Self}`",
    label = "not a `Logger`"
)]
pub trait Target {
    /// What a line of that level must carry, if anybody wants it, or may want it when logging is set up.
    fn wanted(&self, level: Level) -> Option<&'static Metadata<'static>>;

    /// The site, with its records in this logger's name.
    fn source(&self, site: &'static Site) -> Source;
}

impl Target for Logger {
    fn source(&self, site: &'static Site) -> Source {
        Source::with(site, self.points)
    }

    fn wanted(&self, level: Level) -> Option<&'static Metadata<'static>> {
        let point = self.points.at(level);
        (point.enabled() || early::is_open() && early::is_wanted()).then(|| point.metadata())
    }
}

impl<T: Target + ?Sized> Target for &T {
    fn source(&self, site: &'static Site) -> Source {
        (**self).source(site)
    }

    fn wanted(&self, level: Level) -> Option<&'static Metadata<'static>> {
        (**self).wanted(level)
    }
}

thread_local! {
    /// The fields of the thread's last record, kept for their buffer.
    static FIELDS: Cell<Fields> = const { Cell::new(Fields::new()) };
}

/// Writes one log record, or keeps it until logging is set up.
pub fn log(
    metadata: &'static Metadata<'static>,
    level: Level,
    message: fmt::Arguments<'_>,
    fields: impl FnOnce(&mut Fields),
) {
    let mut context = FIELDS.try_with(Cell::take).unwrap_or_default();
    fields(&mut context);
    context.close();
    let is_kept = early::is_open() && early::keep(metadata, level, message, context.as_str());
    if !is_kept {
        Emission { level, ids: scope::ids(), context: context.as_str(), ..Emission::default() }
            .send(metadata, message);
    }
    context.clear();
    let _ = FIELDS.try_with(|kept| kept.set(context));
}
