//! One term of a query: read from its word, asked of a record, and printed.

use std::cmp::Ordering;
use std::fmt;

use logwright::Level;

use super::Fields;
use super::duration;
use super::error::{QueryError, instead};
use super::key::{Form, Key, Value};
use super::pattern::{Pattern, Search};
use super::words::{Operator, Word};

/// A test, or the opposite of one.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Term {
    negated: bool,
    test: Test,
}

#[derive(Clone, Debug, PartialEq)]
enum Test {
    /// The message or the error contains a text.
    Says(Search),
    /// There is a value.
    Has(Key),
    Level(Order, Level),
    Number(Key, Order, u128),
    /// A field of the program's own is a number in that order to this one.
    Field(Key, Order, f64),
    Is(Key, Pattern),
    Contains(Key, Search),
}

/// The levels in the order of importance, with their other names.
const LEVELS: [&str; 8] = ["trace", "debug", "info", "warning", "warn", "error", "critical", "fatal"];

/// In what order a value must be to that of the query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    Equal,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
}

impl Order {
    /// `None` where the operator is not one of order; unequal is the opposite of equal.
    pub(super) fn of(operator: Operator) -> Option<Self> {
        Some(match operator {
            Operator::Equal | Operator::Unequal => Self::Equal,
            Operator::Greater => Self::Greater,
            Operator::GreaterOrEqual => Self::GreaterOrEqual,
            Operator::Less => Self::Less,
            Operator::LessOrEqual => Self::LessOrEqual,
            Operator::Contains => return None,
        })
    }

    pub(super) fn holds(self, found: Option<Ordering>) -> bool {
        match self {
            Self::Equal => found == Some(Ordering::Equal),
            Self::Greater => found == Some(Ordering::Greater),
            Self::GreaterOrEqual => matches!(found, Some(Ordering::Greater | Ordering::Equal)),
            Self::Less => found == Some(Ordering::Less),
            Self::LessOrEqual => matches!(found, Some(Ordering::Less | Ordering::Equal)),
        }
    }

    fn sign(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
        }
    }
}

impl Term {
    /// Reads a word of the text.
    pub(super) fn read(text: &str, word: &Word<'_>) -> Result<Self, QueryError> {
        let error_at = |at| move |what: String| QueryError::new(text, at, what);
        let Some((name, operator)) = word.key else {
            let search = search(word.value).map_err(error_at(word.value_at))?;
            return Ok(Self { negated: word.negated, test: Test::Says(search) });
        };
        let key = Key::read(name).map_err(error_at(word.at))?;
        let test = Test::read(key, operator, word.value).map_err(error_at(word.value_at))?;
        Ok(Self { negated: word.negated != (operator == Operator::Unequal), test })
    }

    /// Whether the record on this line meets it, where that is seen before anything is parsed: it cannot say what is not
    /// on its line.
    #[cfg(feature = "serve")]
    pub(super) fn on_line(&self, line: &[u8]) -> Option<bool> {
        match &self.test {
            Test::Says(search) | Test::Contains(_, search) if !search.may_be_in(line) => Some(self.negated),
            _ => None,
        }
    }

    /// `None` where that is not known of it.
    pub(super) fn matches(&self, fields: &impl Fields) -> Option<bool> {
        Some(self.test.matches(fields)? != self.negated)
    }
}

fn search(written: &str) -> Result<Search, String> {
    Search::new(Pattern::read(written)).ok_or_else(|| "there is no text to look for".to_owned())
}

impl Test {
    fn read(key: Key, operator: Operator, value: &str) -> Result<Self, String> {
        let pattern = Pattern::read(value);
        let Some(order) = Order::of(operator) else {
            return match key.form() {
                Form::Text | Form::Any => Ok(Self::Contains(key, search(value)?)),
                _ => Err(format!("`{key}` is no text to look into; write `{key}={value}`")),
            };
        };
        if order == Order::Equal && pattern.is_any() {
            return Ok(Self::Has(key));
        }
        match key.form() {
            Form::Level => {
                let unknown = |_| format!("unknown level `{value}`; {}", instead(value, LEVELS));
                Ok(Self::Level(order, value.parse().map_err(unknown)?))
            }
            Form::Duration => {
                let ns = duration::read(value).ok_or_else(|| format!("no duration; {}", duration::HINT))?;
                Ok(Self::Number(key, order, ns.into()))
            }
            Form::Count => match value.parse::<u64>() {
                Ok(number) => Ok(Self::Number(key, order, number.into())),
                Err(_) => Err(format!("`{key}` is a number, as in `{key}=7`")),
            },
            Form::Any if order != Order::Equal => match value.parse::<f64>() {
                Ok(number) if number.is_finite() => Ok(Self::Field(key, order, number)),
                _ => Err(format!("what `{key}` is compared with must be a number")),
            },
            _ if order != Order::Equal => Err(format!("`{key}` has no order; it takes =, != and ~")),
            Form::Id(digits) => Ok(Self::Number(key, order, id(value, digits)?)),
            Form::Word(words) => Ok(Self::Is(key, one_of(&words(), pattern)?)),
            Form::Text | Form::Any => Ok(Self::Is(key, pattern)),
        }
    }

    fn matches(&self, fields: &impl Fields) -> Option<bool> {
        Some(match self {
            Self::Says(search) => {
                let says = |key| fields.value(&key).map(|value| contains(&value, search));
                return match says(Key::Message) {
                    Some(true) => Some(true),
                    Some(false) => says(Key::Error),
                    None => says(Key::Error).filter(|says| *says),
                };
            }
            Self::Has(key) => fields.value(key)? != Value::Missing,
            Self::Level(order, level) => match fields.value(&Key::Level)? {
                Value::Level(found) => order.holds(Some(found.cmp(level))),
                _ => false,
            },
            Self::Number(key, order, number) => match fields.value(key)? {
                Value::Number(found) => order.holds(Some(found.cmp(number))),
                _ => false,
            },
            Self::Field(key, order, number) => match fields.value(key)? {
                Value::Text(found) => {
                    order.holds(found.parse::<f64>().ok().and_then(|found| found.partial_cmp(number)))
                }
                _ => false,
            },
            // The console and text files show the module `a::b` as `a.b`.
            Self::Is(Key::Logger, pattern) => {
                matches!(fields.value(&Key::Logger)?, Value::Text(text) if pattern.is(&text) || pattern.is(&text.replace("::", ".")))
            }
            Self::Is(key, pattern) => matches!(fields.value(key)?, Value::Text(text) if pattern.is(&text)),
            Self::Contains(key, search) => contains(&fields.value(key)?, search),
        })
    }
}

fn contains(value: &Value<'_>, search: &Search) -> bool {
    matches!(value, Value::Text(text) if search.is_in(text))
}

fn id(value: &str, digits: usize) -> Result<u128, String> {
    let is_id = value.len() == digits && value.bytes().all(|digit| digit.is_ascii_hexdigit());
    let number = is_id.then(|| u128::from_str_radix(value, 16).ok()).flatten();
    number.ok_or_else(|| format!("it is {digits} hex digits long"))
}

/// A word that cannot be meant would never match.
fn one_of(words: &[&str], pattern: Pattern) -> Result<Pattern, String> {
    match pattern.literal() {
        Some(word) if !words.contains(&word) => {
            Err(format!("unknown word `{word}`; {}", instead(word, words.iter().copied())))
        }
        _ => Ok(pattern),
    }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_equal = match &self.test {
            Test::Has(_) | Test::Is(..) => true,
            Test::Level(order, _) | Test::Number(_, order, _) => *order == Order::Equal,
            Test::Says(_) | Test::Field(..) | Test::Contains(..) => false,
        };
        let unequal = if self.negated && is_equal { "!" } else { "" };
        f.write_str(if self.negated && !is_equal { "-" } else { "" })?;
        match &self.test {
            Test::Says(search) => write!(f, "{search}"),
            Test::Has(key) => write!(f, "{key}{unequal}=*"),
            Test::Level(order, level) => {
                write!(f, "level{unequal}{}{}", order.sign(), level.as_str().to_ascii_lowercase())
            }
            Test::Number(key, order, number) => {
                write!(f, "{key}{unequal}{}{}", order.sign(), number_as(key.form(), *number))
            }
            Test::Field(key, order, number) => write!(f, "{key}{}{number}", order.sign()),
            Test::Is(key, pattern) => write!(f, "{key}{unequal}={pattern}"),
            Test::Contains(key, search) => write!(f, "{key}~{search}"),
        }
    }
}

fn number_as(form: Form, number: u128) -> String {
    match form {
        Form::Duration => duration::show(u64::try_from(number).unwrap_or(u64::MAX)),
        Form::Id(digits) => format!("{number:0digits$x}"),
        _ => number.to_string(),
    }
}
