//! What the environment says of the set-up. It has the last word; what cannot be read is named on stderr and left out.

use super::file::FORMATS;
use super::{Color, Console, Setup};
use crate::trap;

impl Setup {
    /// Lets it go over what was set before.
    pub(super) fn obey_environment(&mut self) {
        // A path need not be text.
        if let Some(dir) = std::env::var_os("LOGWRIGHT_DIR").filter(|dir| !dir.is_empty()) {
            self.dir = dir.into();
        }
        match variable("LOGWRIGHT_CONSOLE").as_deref() {
            None => {}
            Some("off") => self.console = Console::off(),
            Some("stderr") => self.console = Console::stderr(),
            Some("stdout") => self.console = Console::stdout(),
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

    /// All directives in force and where they come from.
    pub(super) fn directives(&self) -> (String, &'static str) {
        let own = || format!("{},{}", self.level.directive(), self.filter).trim_end_matches(',').to_owned();
        ["LOGWRIGHT_LEVEL", "RUST_LOG"]
            .into_iter()
            .find_map(|name| variable(name).map(|value| (value, name)))
            .unwrap_or_else(|| (own(), "the set-up"))
    }
}

/// A variable of the environment that is set to something.
pub(super) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.trim().is_empty())
}

fn unknown(name: &str, value: &str, legal: &str) {
    trap::report(format_args!("{name} is `{value}`; it may be {legal}"));
}
