//! What `logwright.toml` may say, and what is wrong with one. This file is in `logwright`, which reads such files when a
//! program starts, and the same in `logwright-macros`, which reads them at compile time; neither can use the other's.

use std::fmt::Display;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

pub(crate) type Value<'a> = Spanned<DeValue<'a>>;

/// A key, and what it wants.
pub(crate) type Key = (&'static str, Wants);

/// In the order in which they are applied: a colour is the console's.
pub(crate) const KEYS: &[Key] = &[
    ("level", Wants::Level),
    ("filter", Wants::Text),
    ("dir", Wants::Text),
    ("console", Wants::Word(&["stderr", "stdout", "off"])),
    ("color", Wants::Word(&["auto", "always", "never"])),
    ("panic_hook", Wants::Flag),
    ("run_files", Wants::Flag),
    ("write_mode", Wants::Word(&["sync", "buffered", "queue", "mapped"])),
    ("reopen_on_hangup", Wants::Flag),
    ("file", Wants::File),
    ("error_file", Wants::File),
    ("json_file", Wants::File),
];

/// Those of a file's table.
pub(crate) const FILE_KEYS: &[Key] = &[
    ("max_bytes", Wants::Bytes),
    ("keep", Wants::Number),
    ("max_age", Wants::Time),
    ("max_total_bytes", Wants::Bytes),
    ("format", Wants::Word(&["text", "json", "ecs"])),
    ("daily", Wants::Flag),
    ("compress", Wants::Flag),
];

/// What there is with a feature alone, and whether it is on. Both crates have the same features.
const FEATURES: &[(&str, Option<&str>, &str, bool)] = &[
    ("write_mode", Some("mapped"), "`mapped`, on Unix", cfg!(all(feature = "mapped", unix))),
    ("reopen_on_hangup", None, "`signals`, on Unix", cfg!(all(feature = "signals", unix))),
    ("compress", None, "`gzip`", cfg!(feature = "gzip")),
];

/// In any case.
const LEVELS: [&str; 8] = ["trace", "debug", "info", "warning", "warn", "error", "critical", "fatal"];

/// What kind of value a key wants.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Wants {
    Level,
    Text,
    Word(&'static [&'static str]),
    Flag,
    File,
    Bytes,
    Number,
    Time,
}

impl Wants {
    fn takes(self, value: &Value<'_>) -> bool {
        let (it, word) = (value.get_ref(), value.get_ref().as_str());
        match self {
            Self::Level => word.is_some_and(|word| is_level(word.trim())),
            Self::Text => word.is_some(),
            Self::Word(words) => word.is_some_and(|word| words.contains(&word)),
            Self::Flag => it.as_bool().is_some(),
            Self::File => it.as_bool().is_some() || it.as_table().is_some(),
            Self::Bytes => bytes(value).is_some(),
            Self::Number => number(value).is_some(),
            Self::Time => seconds(value).is_some(),
        }
    }

    fn legal(self) -> String {
        let legal = match self {
            Self::Level => return either(&LEVELS),
            Self::Text => "a text in quotes",
            Self::Word(words) => return either(words),
            Self::Flag => "`true` or `false`",
            Self::File => "`true`, `false`, or a table with `max_bytes`, `keep` and so on",
            Self::Bytes => {
                "a number of bytes over 0 without quotes, or a size in KiB, MiB or GiB: \"10 MiB\""
            }
            Self::Number => "a whole number, at most 9999",
            Self::Time => "hours or days over 0 in quotes: \"12h\", \"30d\"",
        };
        legal.to_owned()
    }
}

/// Something wrong in a file, and where. In the order of the lines.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Problem {
    line: usize,
    column: usize,
    what: String,
}

impl Problem {
    pub(crate) fn new(text: &str, span: Range<usize>, what: impl Display) -> Self {
        let before = text.get(..span.start).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        Self { line, column, what: what.to_string() }
    }
}

impl Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}: {}", self.line, self.column, self.what)
    }
}

/// Reads a file as far as it can be, and names what is wrong with it.
pub(crate) fn read(text: &str) -> (DeTable<'_>, Vec<Problem>) {
    let (table, errors) = DeTable::parse_recoverable(text);
    let table = table.into_inner();
    let of = |error: toml::de::Error| Problem::new(text, error.span().unwrap_or_default(), error.message());
    let mut problems = errors.into_iter().map(of).collect();
    check(text, &table, KEYS, &mut problems);
    problems.sort();
    (table, problems)
}

fn check(text: &str, table: &DeTable<'_>, keys: &[Key], problems: &mut Vec<Problem>) {
    for (key, value) in table.iter() {
        let Some((_, wants)) = keys.iter().find(|(known, _)| *known == key.get_ref()) else {
            problems.push(Problem::new(text, key.span(), unknown(key.get_ref(), keys)));
            continue;
        };
        let (name, written) = (key.get_ref(), text.get(value.span()).unwrap_or_default());
        if !wants.takes(value) {
            let what = format!("`{name}` is `{written}`; it may be {}", wants.legal());
            problems.push(Problem::new(text, value.span(), what));
        } else if let DeValue::Table(inner) = value.get_ref() {
            check(text, inner, FILE_KEYS, problems);
        } else if let Some(feature) = missing(name, value) {
            let what = format!("`{name} = {written}` needs logwright's feature {feature}");
            problems.push(Problem::new(text, value.span(), what));
        }
    }
}

/// The feature that the program lacks for that.
fn missing(key: &str, value: &Value<'_>) -> Option<&'static str> {
    let it = value.get_ref();
    let is_it =
        |word: Option<&str>| word.map_or(it.as_bool() == Some(true), |word| it.as_str() == Some(word));
    let found = FEATURES.iter().find(|(known, word, ..)| *known == key && is_it(*word));
    found.filter(|(.., is_on)| !is_on).map(|(_, _, feature, _)| *feature)
}

fn unknown(key: &str, known: &[Key]) -> String {
    let is_in = |keys: &[Key]| keys.iter().any(|(name, _)| *name == key);
    if is_in(FILE_KEYS) {
        return format!("unknown key `{key}`; it belongs into [file], [error_file] or [json_file]");
    }
    if is_in(KEYS) {
        return format!(
            "unknown key `{key}`; it belongs before the first [file], [error_file] or [json_file]"
        );
    }
    let names: Vec<_> = known.iter().map(|(name, _)| *name).collect();
    let near = names.iter().max_by(|a, b| strsim::jaro(key, a).total_cmp(&strsim::jaro(key, b)));
    let near = near.filter(|near| strsim::jaro(key, near) > 0.8);
    let meant = near.map(|near| format!("did you mean `{near}`? ")).unwrap_or_default();
    format!("unknown key `{key}`; {meant}there are {}", names.join(", "))
}

/// `` `a`, `b` or `c` ``
fn either(words: &[&str]) -> String {
    let mut text = String::new();
    for (at, word) in words.iter().enumerate() {
        let before = if at == 0 {
            ""
        } else if at + 1 == words.len() {
            " or "
        } else {
            ", "
        };
        text.extend([before, "`", word, "`"]);
    }
    text
}

fn is_level(word: &str) -> bool {
    LEVELS.iter().any(|level| level.eq_ignore_ascii_case(word))
}

/// How many files may be kept: no number has more than four digits.
pub(crate) fn number(value: &Value<'_>) -> Option<u32> {
    whole(value)?.try_into().ok().filter(|number| *number <= 9999)
}

pub(crate) fn bytes(value: &Value<'_>) -> Option<u64> {
    let bytes =
        whole(value).or_else(|| measured(value, &[("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30)]));
    bytes.filter(|bytes| *bytes > 0)
}

pub(crate) fn seconds(value: &Value<'_>) -> Option<u64> {
    measured(value, &[("h", 60 * 60), ("d", 24 * 60 * 60)]).filter(|seconds| *seconds > 0)
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
