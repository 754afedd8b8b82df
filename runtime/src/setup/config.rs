//! `logwright.toml`: what an operator says without building the program anew. What cannot be read is named with its
//! line and column; the rest applies.

use std::fmt::Display;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::Duration;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::file::FORMATS;
use super::{Color, Console, File, MIB, Setup, variable};
use crate::level::Level;
use crate::record::Printable;
use crate::{filter, trap};

/// In the order in which they are applied: a colour is the console's.
const KEYS: [&str; 9] =
    ["level", "filter", "dir", "console", "color", "panic_hook", "file", "error_file", "json_file"];
const FILE_KEYS: [&str; 5] = ["max_bytes", "keep", "max_age", "max_total_bytes", "format"];

type Value<'a> = Spanned<DeValue<'a>>;

/// The set-up as the file says that `LOGWRIGHT_CONFIG` names, or else `logwright.toml` in the working directory, if it
/// is there.
pub(super) fn applied(mut setup: Setup) -> Setup {
    let named = variable("LOGWRIGHT_CONFIG");
    let path = PathBuf::from(named.as_deref().unwrap_or("logwright.toml"));
    match std::fs::read_to_string(&path) {
        Ok(text) => Config { path: &path, text: &text }.apply(&mut setup),
        Err(error) if named.is_none() && error.kind() == std::io::ErrorKind::NotFound => {}
        Err(error) => trap::report(format_args!("cannot read `{}`: {error}", path.display())),
    }
    setup
}

struct Config<'a> {
    path: &'a Path,
    text: &'a str,
}

impl Config<'_> {
    fn apply(&self, setup: &mut Setup) {
        let (table, errors) = DeTable::parse_recoverable(self.text);
        for error in errors {
            self.problem(error.span().unwrap_or_default(), error.message());
        }
        for (key, value) in self.known(table.get_ref(), &KEYS) {
            self.set(setup, key, value);
        }
    }

    fn set(&self, setup: &mut Setup, key: &str, value: &Value<'_>) {
        match key {
            "level" => put(&mut setup.level, self.level(value)),
            "filter" => put(&mut setup.filter, self.filter(value)),
            "dir" => put(&mut setup.dir, self.string(value).map(PathBuf::from)),
            "console" => put(&mut setup.console, self.word(value, &CONSOLES).map(|console| console())),
            "color" => put(&mut setup.console.color, self.word(value, &COLORS)),
            "panic_hook" => put(&mut setup.panic_hook, self.flag(value)),
            "file" => self.file(&mut setup.file, File::text, value),
            "error_file" => self.file(&mut setup.error_file, File::text, value),
            _ => self.file(&mut setup.json_file, File::json, value),
        }
    }

    /// `false` for none, or a table.
    fn file(&self, file: &mut Option<File>, new: fn() -> File, value: &Value<'_>) {
        match value.get_ref() {
            DeValue::Boolean(false) => *file = None,
            DeValue::Boolean(true) => *file = file.take().or_else(|| Some(new())),
            DeValue::Table(table) => {
                let begun = file.take().unwrap_or_else(new);
                *file = Some(self.known(table, &FILE_KEYS).fold(begun, |file, (key, value)| match key {
                    "format" => with(file, self.word(value, &FORMATS), |file, line| File { line, ..file }),
                    "max_bytes" => with(file, self.bytes(value), File::max_bytes),
                    "keep" => with(file, self.number(value), File::keep),
                    "max_age" => with(file, self.time(value), File::max_age),
                    _ => with(file, self.bytes(value), File::max_total_bytes),
                }));
            }
            _ => self.wrong(value, "`false`, or a table with `max_bytes` and `keep`"),
        }
    }

    /// The entries of a table, in the order of the keys that it may have. All others are named.
    fn known<'t, 'i>(
        &self,
        table: &'t DeTable<'i>,
        keys: &'static [&'static str],
    ) -> impl Iterator<Item = (&'static str, &'t Value<'i>)> {
        for (key, _) in table.iter().filter(|(key, _)| !keys.contains(&key.get_ref().as_ref())) {
            self.problem(key.span(), unknown(key.get_ref(), keys));
        }
        keys.iter().filter_map(|known| {
            let (_, value) = table.iter().find(|(key, _)| key.get_ref().as_ref() == *known)?;
            Some((*known, value))
        })
    }

    fn level(&self, value: &Value<'_>) -> Option<Level> {
        let level = value.get_ref().as_str().and_then(|text| text.parse().ok());
        self.or_wrong(level, value, "`error`, `warning`, `info`, `debug` or `trace`")
    }

    fn filter(&self, value: &Value<'_>) -> Option<String> {
        let text = self.string(value)?;
        match filter::read(&text) {
            Ok(_) => Some(text),
            Err(error) => {
                self.problem(value.span(), error);
                None
            }
        }
    }

    fn string(&self, value: &Value<'_>) -> Option<String> {
        self.or_wrong(value.get_ref().as_str().map(str::to_owned), value, "a text in quotes")
    }

    fn flag(&self, value: &Value<'_>) -> Option<bool> {
        self.or_wrong(value.get_ref().as_bool(), value, "`true` or `false`")
    }

    fn word<T: Copy>(&self, value: &Value<'_>, words: &[(&str, T)]) -> Option<T> {
        let word = value.get_ref().as_str();
        let found = word.and_then(|word| words.iter().find(|(known, _)| *known == word));
        let legal: Vec<_> = words.iter().map(|(word, _)| format!("`{word}`")).collect();
        self.or_wrong(found.map(|(_, it)| *it), value, &legal.join(", "))
    }

    fn number(&self, value: &Value<'_>) -> Option<u32> {
        self.or_wrong(whole(value).and_then(|number| number.try_into().ok()), value, "a whole number")
    }

    fn bytes(&self, value: &Value<'_>) -> Option<u64> {
        let units = [("KiB", 1024), ("MiB", MIB), ("GiB", 1024 * MIB)];
        let bytes = whole(value).or_else(|| measured(value, &units));
        self.or_wrong(bytes, value, "a number of bytes, or such as \"10 MiB\"")
    }

    fn time(&self, value: &Value<'_>) -> Option<Duration> {
        let units = [("h", 60 * 60), ("d", 24 * 60 * 60)];
        let seconds = measured(value, &units).map(Duration::from_secs);
        self.or_wrong(seconds, value, "such as \"12h\" or \"30d\"")
    }

    fn or_wrong<T>(&self, read: Option<T>, value: &Value<'_>, legal: &str) -> Option<T> {
        if read.is_none() {
            self.wrong(value, legal);
        }
        read
    }

    fn wrong(&self, value: &Value<'_>, legal: &str) {
        let written = self.text.get(value.span()).unwrap_or_default();
        self.problem(
            value.span(),
            format_args!("`{}` is not what is wanted here: {legal}", Printable(written)),
        );
    }

    fn problem(&self, span: Range<usize>, what: impl Display) {
        let before = self.text.get(..span.start).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        trap::report(format_args!("{}:{line}:{column}: {what}", self.path.display()));
    }
}

/// The legal words for something, and what they mean.
type Words<T, const N: usize> = [(&'static str, T); N];

const CONSOLES: Words<fn() -> Console, 3> =
    [("stderr", Console::stderr), ("stdout", Console::stdout), ("off", Console::off)];
const COLORS: Words<Color, 3> = [("auto", Color::Auto), ("always", Color::Always), ("never", Color::Never)];

fn put<T>(place: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *place = value;
    }
}

fn with<T>(file: File, value: Option<T>, set: fn(File, T) -> File) -> File {
    match value {
        Some(value) => set(file, value),
        None => file,
    }
}

fn whole(value: &Value<'_>) -> Option<u64> {
    let number = value.get_ref().as_integer()?;
    u64::from_str_radix(number.as_str(), number.radix()).ok()
}

/// A whole number and a unit.
fn measured(value: &Value<'_>, units: &[(&str, u64)]) -> Option<u64> {
    let text = value.get_ref().as_str()?;
    let (number, unit) = text.split_at(text.find(|c: char| !c.is_ascii_digit())?);
    let (_, factor) = units.iter().find(|(known, _)| *known == unit.trim_start())?;
    number.parse::<u64>().ok()?.checked_mul(*factor)
}

fn unknown(key: &str, known: &[&str]) -> String {
    let near = known.iter().max_by(|a, b| strsim::jaro(key, a).total_cmp(&strsim::jaro(key, b)));
    let near = near.filter(|near| strsim::jaro(key, near) > 0.8);
    let meant = near.map(|near| format!("did you mean `{near}`? ")).unwrap_or_default();
    format!("unknown key `{}`; {meant}there are {}", Printable(key), known.join(", "))
}
