//! What the environment says of the set-up. It has the last word; what cannot be read is named on stderr and left out.

use tracing_subscriber::EnvFilter;

use super::Setup;
use super::console::{COLORS, CONSOLES};
use super::file::FORMATS;
use crate::level::Level;
use crate::{filter, trap};

/// The variables with our prefix.
const KNOWN: [&str; 6] = [
    "LOGWRIGHT_LEVEL",
    "LOGWRIGHT_DIR",
    "LOGWRIGHT_FORMAT",
    "LOGWRIGHT_CONSOLE",
    "LOGWRIGHT_COLOR",
    "LOGWRIGHT_CONFIG",
];

impl Setup {
    /// Lets it go over what was set before.
    pub(super) fn obey_environment(&mut self) {
        // A path need not be text.
        if let Some(dir) = std::env::var_os("LOGWRIGHT_DIR").filter(|dir| !dir.is_empty()) {
            self.dir = dir.into();
        }
        said("LOGWRIGHT_CONSOLE", &CONSOLES).into_iter().for_each(|console| self.console.replace(console()));
        if let (Some(line), Some(file)) = (said("LOGWRIGHT_FORMAT", &FORMATS), &mut self.file) {
            file.line = line;
        }
        if let Some(color) = said("LOGWRIGHT_COLOR", &COLORS) {
            self.console.color = color;
        }
        #[cfg(not(feature = "config"))]
        if variable("LOGWRIGHT_CONFIG").is_some() {
            trap::report(format_args!(
                "LOGWRIGHT_CONFIG is not obeyed: this program is built without logwright's feature `config`"
            ));
        }
        strangers().for_each(|name| {
            let known = KNOWN.join(", ");
            trap::report(format_args!("{name} is no variable of logwright's; there are {known}"));
        });
    }

    /// All directives in force.
    pub(super) fn directives(&self) -> EnvFilter {
        let said = |name| Some(filter::parse(Level::Info, &variable(name)?, name));
        said("LOGWRIGHT_LEVEL")
            .or_else(|| said("RUST_LOG"))
            .unwrap_or_else(|| filter::parse(self.level, &self.filter, "the filter"))
    }
}

/// A variable of the environment that is set to something; one that is no text is named.
pub(super) fn variable(name: &str) -> Option<String> {
    let value = std::env::var_os(name)?.into_string();
    if let Err(value) = &value {
        trap::report(format_args!("{name} is no text, so it is not obeyed: {value:?}"));
    }
    value.ok().filter(|value| !value.trim().is_empty())
}

/// What a variable says by one of these words, in any case.
fn said<T: Copy>(name: &str, words: &[(&str, T)]) -> Option<T> {
    let value = variable(name)?;
    let found = words.iter().find(|(word, _)| word.eq_ignore_ascii_case(value.trim()));
    if found.is_none() {
        let legal: Vec<_> = words.iter().map(|(word, _)| *word).collect();
        trap::report(format_args!("{name} is `{value}`; it may be {}", legal.join(", ")));
    }
    found.map(|(_, it)| *it)
}

/// Variables with our prefix that nobody reads, such as one that is misspelt.
fn strangers() -> impl Iterator<Item = String> {
    let names = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
    names.filter(|name| name.starts_with("LOGWRIGHT_") && !KNOWN.contains(&&**name))
}
