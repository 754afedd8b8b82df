//! What a `logwright.toml` comes to: its mistakes, and all settings with those that it leaves out. For tools; a program reads
//! its file by `setup`.

use super::check::{self, FILE_KEYS, KEYS, Key, Problem, Value, Wants};
use crate::filter;
use toml::de::{DeTable, DeValue};

/// The settings where nobody says anything.
const DEFAULTS: &str = r#"level = "info"
filter = ""
dir = "logs"
console = "stderr"
color = "auto"
panic_hook = true
run_files = false
write_mode = "sync"
reopen_on_hangup = false
file = { max_bytes = "10 MiB", keep = 5, format = "text", daily = false, compress = false }
error_file = { max_bytes = "5 MiB", keep = 3, format = "text", daily = false, compress = false }
json_file = { max_bytes = "10 MiB", keep = 5, format = "json", daily = false, compress = false }
"#;

/// What a configuration file comes to, see [`check_config`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CheckedConfig {
    /// All settings, as such a file says them: those of the file, and the defaults of what it leaves out.
    pub settings: String,
    /// What is wrong, each with its line and column, as in ``2:9: `level` is `"loud"`; it may be ..``; what is named here does not
    /// apply.
    pub problems: Vec<String>,
}

/// Reads the text of a `logwright.toml` as [`setup`](crate::setup) would, and says what it comes to. With feature `config` only.
///
/// Needs the same features as the program that will read the file: `compress = true`, for one, is a mistake without feature
/// `gzip`.
///
/// ```
/// let checked = logwright::check_config("level = \"loud\"\n[file]\nkeep = 9\n");
/// assert!(checked.problems[0].starts_with("1:9: `level` is `\"loud\"`"));
/// assert!(checked.settings.starts_with("level = \"info\"\n"));
/// assert!(checked.settings.contains("[file]\nmax_bytes = \"10 MiB\"\nkeep = 9\n"));
/// ```
#[must_use]
pub fn check_config(text: &str) -> CheckedConfig {
    let (table, mut problems) = check::read(text);
    if let Some(Err(problem)) = filter_of(&table, text) {
        problems.push(problem);
    }
    problems.sort();
    let problems: Vec<_> = problems.iter().map(ToString::to_string).collect();
    let (defaults, _) = check::read(DEFAULTS);
    let said = Said { text, table: &table, problems: &problems };
    let mut settings = String::new();
    said.push(&mut settings, KEYS, &defaults);
    for name in ["file", "error_file", "json_file"] {
        said.push_file(&mut settings, name, &defaults);
    }
    CheckedConfig { settings, problems }
}

/// Directives are read by those who filter by them.
fn filter_of(table: &DeTable<'_>, text: &str) -> Option<Result<(), Problem>> {
    let value = table.get("filter")?;
    let read = filter::read(value.get_ref().as_str()?);
    Some(read.map(|_| ()).map_err(|error| Problem::new(text, value.span(), error)))
}

/// A table of the file, and what of it does not apply.
struct Said<'t, 'i> {
    text: &'t str,
    table: &'t DeTable<'i>,
    problems: &'t [String],
}

impl Said<'_, '_> {
    /// What is said of each key, or else the default; files have tables of their own.
    fn push(&self, out: &mut String, keys: &[Key], defaults: &DeTable<'_>) {
        for (key, wants) in keys {
            let default = defaults.get(*key).map(|value| &DEFAULTS[value.span()]);
            let has_table = |value: &str| matches!(wants, Wants::File) && value != "false";
            if let Some(value) = self.of(key).or(default).filter(|value| !has_table(value)) {
                out.push_str(&format!("{key} = {value}\n"));
            }
        }
    }

    /// The value of a key as it is written, if it applies.
    fn of(&self, key: &str) -> Option<&str> {
        let value = self.table.get(key)?;
        let is_table = value.get_ref().as_table().is_some();
        (!is_table && self.applies(value)).then(|| &self.text[value.span()])
    }

    fn applies(&self, value: &Value<'_>) -> bool {
        let place = Problem::new(self.text, value.span(), "").to_string();
        !self.problems.iter().any(|problem| problem.starts_with(&place))
    }

    fn push_file(&self, out: &mut String, name: &str, defaults: &DeTable<'_>) {
        let value = self.table.get(name);
        let is = |flag: bool| value.is_some_and(|value| value.get_ref().as_bool() == Some(flag));
        let Some(DeValue::Table(defaults)) = defaults.get(name).map(|value| value.get_ref()) else { return };
        if is(false) {
            return;
        }
        out.push_str(&format!("\n[{name}]\n"));
        let empty = DeTable::new();
        let table = value.and_then(|value| value.get_ref().as_table()).unwrap_or(&empty);
        Said { table, ..*self }.push(out, FILE_KEYS, defaults);
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::{Setup, config};
    use super::*;

    #[test]
    fn the_defaults_are_those_of_a_set_up() {
        let shown = |setup: &Setup| {
            format!(
                "{:?}",
                (
                    setup.level,
                    &setup.filter,
                    &setup.dir,
                    setup.console.color,
                    &setup.file,
                    &setup.error_file,
                    &setup.json_file,
                    setup.panic_hook,
                    setup.mode,
                    setup.run_files,
                )
            )
        };
        let checked = check_config("");
        assert_eq!(checked.problems, [""; 0]);
        let mut setup = Setup::by_default("program");
        config::apply(&mut setup, Path::new("resolved"), &checked.settings);
        assert_eq!(shown(&setup), shown(&Setup::by_default("program")));
        assert_eq!(check_config(&checked.settings), checked);
    }

    #[test]
    fn what_is_wrong_does_not_apply_and_what_is_left_out_is_the_default() {
        let checked = check_config(
            "dir = \"/var/log\"\nlevel = 3\nfilter = \"a;b\"\njson_file = false\n[file]\nkeep = -1\ndaily = true\n",
        );
        assert_eq!(checked.problems.len(), 3, "{:?}", checked.problems);
        assert!(
            checked.settings.starts_with("level = \"info\"\nfilter = \"\"\ndir = \"/var/log\"\n"),
            "{}",
            checked.settings
        );
        assert!(checked.settings.contains("json_file = false\n"), "{}", checked.settings);
        assert!(
            checked
                .settings
                .contains("[file]\nmax_bytes = \"10 MiB\"\nkeep = 5\nformat = \"text\"\ndaily = true\n"),
            "{}",
            checked.settings
        );
    }
}
