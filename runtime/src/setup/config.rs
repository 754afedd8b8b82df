//! `logwright.toml`: what an operator says without building the program anew, and what a program brings along. What
//! cannot be read is named with its line and column; the rest applies.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use toml::de::{DeTable, DeValue};

use super::check::{self, FILE_KEYS, KEYS, Key, Problem, Value};
use super::console::{COLORS, CONSOLES};
use super::file::FORMATS;
use super::{File, MIB, Setup};
use crate::sink::{Full, Rotation, WriteMode};
use crate::{filter, trap};

/// How many mistakes of a file are told, each in a line on stderr.
const MOST_PROBLEMS: usize = 20;

/// A file like `logwright.toml` in the program itself, see [`include_config!`](crate::include_config).
#[derive(Clone, Copy, Debug)]
pub struct Config {
    path: &'static str,
    text: &'static str,
}

impl Config {
    #[doc(hidden)]
    #[must_use]
    pub const fn included(path: &'static str, text: &'static str) -> Self {
        Self { path, text }
    }

    pub(super) fn applied(self, mut setup: Setup) -> Setup {
        apply(&mut setup, Path::new(self.path), self.text);
        setup
    }
}

/// The set-up as the file says that `LOGWRIGHT_CONFIG` names, or else `logwright.toml` in the working directory, if it
/// is there.
pub(super) fn applied(mut setup: Setup) -> Setup {
    // A path need not be text.
    let named = std::env::var_os("LOGWRIGHT_CONFIG").filter(|path| !path.is_empty());
    let path = PathBuf::from(named.as_deref().unwrap_or("logwright.toml".as_ref()));
    match read(&path) {
        Ok(text) => apply(&mut setup, &path, &text),
        Err(error) if named.is_none() && error.kind() == std::io::ErrorKind::NotFound => {}
        Err(error) => {
            let why = if named.is_some() { ", which LOGWRIGHT_CONFIG names" } else { "" };
            trap::report(format_args!("cannot read `{}`{why}: {error}", path.display()));
        }
    }
    setup
}

/// Reads a file of settings, which has some lines: no mistake of a path is to fill the memory.
fn read(path: &Path) -> std::io::Result<String> {
    const MOST: u64 = 1 << 20;
    let mut text = String::new();
    std::fs::File::open(path)?.take(MOST + 1).read_to_string(&mut text)?;
    if text.len() as u64 > MOST {
        return Err(std::io::Error::other("it has more than 1 MiB, so it is no logwright.toml"));
    }
    Ok(text)
}

pub(super) fn apply(setup: &mut Setup, path: &Path, text: &str) {
    let (table, mut problems) = check::read(text);
    for (key, value) in entries(&table, KEYS) {
        match key {
            // Directives are read by those who filter by them.
            "filter" => match filter_of(value) {
                Some(Err(error)) => problems.push(Problem::new(text, value.span(), error)),
                Some(Ok(directives)) => setup.filter = directives,
                None => {}
            },
            _ => set(setup, key, value),
        }
    }
    problems.sort();
    for problem in problems.iter().take(MOST_PROBLEMS) {
        trap::report(format_args!("{}:{problem}", path.display()));
    }
    if let Some(more) = problems.len().checked_sub(MOST_PROBLEMS).filter(|more| *more > 0) {
        trap::report(format_args!("{}: and {more} more mistakes", path.display()));
    }
}

/// The entries of a table, in the order of the keys that it may have.
fn entries<'t, 'i>(
    table: &'t DeTable<'i>,
    keys: &'static [Key],
) -> impl Iterator<Item = (&'static str, &'t Value<'i>)> {
    keys.iter().filter_map(|(known, _)| {
        let (_, value) = table.iter().find(|(key, _)| key.get_ref() == known)?;
        Some((*known, value))
    })
}

fn filter_of(value: &Value<'_>) -> Option<Result<String, crate::Error>> {
    let text = value.get_ref().as_str()?;
    Some(filter::read(text).map(|_| text.to_owned()))
}

/// Values that are not what a key wants have been named; nothing is done with them.
fn set(setup: &mut Setup, key: &str, value: &Value<'_>) {
    let word = value.get_ref().as_str();
    match key {
        "level" => put(&mut setup.level, word.and_then(|word| word.parse().ok())),
        "dir" => put(&mut setup.dir, word.map(PathBuf::from)),
        "console" => meant(word, &CONSOLES).into_iter().for_each(|console| setup.console.replace(console())),
        "color" => put(&mut setup.console.color, meant(word, &COLORS)),
        "panic_hook" => put(&mut setup.panic_hook, value.get_ref().as_bool()),
        "run_files" => put(&mut setup.run_files, value.get_ref().as_bool()),
        "write_mode" => put(&mut setup.mode, meant(word, MODES)),
        #[cfg(all(feature = "signals", unix))]
        "reopen_on_hangup" => put(&mut setup.reopen_on_hangup, value.get_ref().as_bool()),
        "file" => set_file(&mut setup.file, File::text, value),
        "error_file" => set_file(&mut setup.error_file, File::text, value),
        "json_file" => set_file(&mut setup.json_file, File::json, value),
        // What there is with a feature alone.
        _ => {}
    }
}

/// `false` for none, or a table.
fn set_file(file: &mut Option<File>, new: fn() -> File, value: &Value<'_>) {
    match value.get_ref() {
        DeValue::Boolean(false) => *file = None,
        DeValue::Boolean(true) => *file = file.take().or_else(|| Some(new())),
        DeValue::Table(table) => {
            let begun = file.take().unwrap_or_else(new);
            *file = Some(entries(table, FILE_KEYS).fold(begun, |file, (key, value)| match key {
                "max_bytes" => with(file, check::bytes(value), File::max_bytes),
                "keep" => with(file, check::number(value), File::keep),
                "max_age" => with(file, check::seconds(value).map(Duration::from_secs), File::max_age),
                "max_total_bytes" => with(file, check::bytes(value), File::max_total_bytes),
                "format" => {
                    with(file, meant(value.get_ref().as_str(), &FORMATS), |file, line| File { line, ..file })
                }
                "daily" => with(file, value.get_ref().as_bool(), |file, daily| File {
                    rotation: Rotation { daily, ..file.rotation },
                    ..file
                }),
                _ => with(file, value.get_ref().as_bool(), |file, compress| File {
                    rotation: Rotation { compress, ..file.rotation },
                    ..file
                }),
            }));
        }
        _ => {}
    }
}

const MODES: &[(&str, WriteMode)] = &[
    ("sync", WriteMode::Sync),
    ("buffered", WriteMode::Buffered),
    ("queue", WriteMode::Queue { bytes: 8 * MIB, full: Full::Block }),
    #[cfg(all(feature = "mapped", unix))]
    ("mapped", WriteMode::Mapped { bytes: MIB }),
];

/// What a word means.
fn meant<T: Copy>(word: Option<&str>, words: &[(&str, T)]) -> Option<T> {
    words.iter().find(|(known, _)| Some(*known) == word).map(|(_, it)| *it)
}

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

#[cfg(test)]
mod tests {
    use super::check::Wants;
    use super::*;
    use crate::setup::{Color, Console};

    #[test]
    fn every_word_that_is_taken_has_a_meaning() {
        for (key, wants) in KEYS.iter().chain(FILE_KEYS) {
            let Wants::Word(words) = *wants else { continue };
            for word in words {
                let has_meaning = match *key {
                    "console" => meant(Some(word), &CONSOLES).is_some(),
                    "color" => meant(Some(word), &COLORS).is_some(),
                    "format" => meant(Some(word), &FORMATS).is_some(),
                    "write_mode" => meant(Some(word), MODES).is_some() || *word == "mapped",
                    other => panic!("what does {other} mean?"),
                };
                assert!(has_meaning, "{key} = {word}");
            }
        }
    }

    #[test]
    fn the_colours_stay_when_the_console_is_another() {
        let mut setup = Setup::by_default("program").console(Console::off().color(Color::Always));
        apply(&mut setup, Path::new("a.toml"), "console = \"stdout\"");
        assert_eq!(setup.console.color, Color::Always);
    }

    #[test]
    fn a_level_is_taken_if_it_can_be_read() {
        for word in "trace DEBUG info Warn warning error fatal critical off loud".split(' ') {
            let text = format!("level = \" {word}\"");
            assert_eq!(check::read(&text).1.is_empty(), word.parse::<crate::Level>().is_ok(), "{word}");
        }
    }
}
