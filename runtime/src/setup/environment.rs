//! What the environment says of the set-up. It has the last word; what cannot be read is named on stderr and left out.

use tracing_subscriber::EnvFilter;

use super::file::FORMATS;
use super::{Color, Console, Setup};
use crate::level::Level;
use crate::{filter, trap};

impl Setup {
    /// Lets it go over what was set before.
    pub(super) fn obey_environment(&mut self) {
        // A path need not be text.
        if let Some(dir) = std::env::var_os("LOGWRIGHT_DIR").filter(|dir| !dir.is_empty()) {
            self.dir = dir.into();
        }
        match variable("LOGWRIGHT_CONSOLE").as_deref() {
            None => {}
            Some("off") => self.console.replace(Console::off()),
            Some("stderr") => self.console.replace(Console::stderr()),
            Some("stdout") => self.console.replace(Console::stdout()),
            Some(other) => unknown("LOGWRIGHT_CONSOLE", other, "stderr, stdout or off"),
        }
        if let Some(name) = variable("LOGWRIGHT_FORMAT") {
            match FORMATS.iter().find(|(format, _)| *format == name) {
                Some((_, line)) => self.file.iter_mut().for_each(|file| file.line = *line),
                None => unknown("LOGWRIGHT_FORMAT", &name, "text, json or ecs"),
            }
        }
        match variable("LOGWRIGHT_COLOR").as_deref() {
            None => {}
            Some("auto") => self.console.color = Color::Auto,
            Some("always") => self.console.color = Color::Always,
            Some("never") => self.console.color = Color::Never,
            Some(other) => unknown("LOGWRIGHT_COLOR", other, "auto, always or never"),
        }
    }

    /// All directives in force.
    pub(super) fn directives(&self) -> EnvFilter {
        let said = |name| Some(filter::parse(Level::Info, &variable(name)?, name));
        said("LOGWRIGHT_LEVEL")
            .or_else(|| said("RUST_LOG"))
            .unwrap_or_else(|| filter::parse(self.level, &self.filter, "the filter"))
    }
}

/// A variable of the environment that is set to something.
pub(super) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.trim().is_empty())
}

fn unknown(name: &str, value: &str, legal: &str) {
    trap::report(format_args!("{name} is `{value}`; it may be {legal}"));
}
