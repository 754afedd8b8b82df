//! The grammar inside the parentheses of an attribute: `key`, `key = value` or `key(list)`, each key once, in any
//! order; and the types of value that several attributes have.

use std::time::Duration;

use proc_macro2::{Ident, Span, TokenStream};
use quote::ToTokens;
use syn::parse::{Parse, ParseStream, Parser};
use syn::spanned::Spanned;
use syn::{Error, Expr, Lit, LitStr, Token};

use crate::diag::{Mistakes, unknown};

const LEVELS: [&str; 7] = ["error", "warn", "warning", "info", "debug", "trace", "critical"];

/// What was written, one by one.
pub(crate) struct Options {
    given: Vec<Given>,
}

struct Given {
    key: Ident,
    value: Value,
}

enum Value {
    Flag,
    Is(Expr),
    List(TokenStream),
}

impl Options {
    /// Reads the options of `attribute`; those that are not `known` are mistakes. Literals at the front are given
    /// the keys of `positional`.
    pub(crate) fn parse(
        attribute: &str,
        tokens: TokenStream,
        known: &[&str],
        positional: &[&str],
        mistakes: &mut Mistakes,
    ) -> Self {
        let parser = |input: ParseStream<'_>| Self::read(input, positional);
        let mut given: Vec<Given> = Vec::new();
        for option in mistakes.keep(parser.parse2(tokens)).unwrap_or_default() {
            let (key, span) = (option.key.to_string(), option.key.span());
            if !known.contains(&&*key) {
                let problem = format!("unknown option `{key}` for `#[{attribute}]`");
                mistakes.add(span, unknown(&problem, &key, known, "options"));
            } else if let Some(first) = given.iter().find(|other| other.key == option.key) {
                let mut error = Error::new(span, format!("`{key}` is given twice"));
                error.combine(Error::new(first.key.span(), "first given here"));
                mistakes.push(error);
            } else {
                given.push(option);
            }
        }
        Self { given }
    }

    fn read(input: ParseStream<'_>, positional: &[&str]) -> syn::Result<Vec<Given>> {
        let mut given = Vec::new();
        while !input.is_empty() {
            let place = positional.get(given.len()).filter(|_| input.peek(Lit));
            given.push(match place {
                Some(key) => {
                    let value: Expr = input.parse()?;
                    Given { key: Ident::new(key, value.span()), value: Value::Is(value) }
                }
                None => input.parse()?,
            });
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        Ok(given)
    }

    fn take(&mut self, key: &str) -> Option<(Span, Value)> {
        let at = self.given.iter().position(|option| option.key == key)?;
        let option = self.given.swap_remove(at);
        Some((option.key.span(), option.value))
    }

    /// `key = expression`
    pub(crate) fn expr(&mut self, key: &str, mistakes: &mut Mistakes) -> Option<Expr> {
        let (span, value) = self.take(key)?;
        if let Value::Is(expr) = value {
            return Some(expr);
        }
        mistakes.add(span, format!("`{key}` takes a value; write `{key} = ..`"));
        None
    }

    /// `key(list)`: the tokens of the list.
    pub(crate) fn list(&mut self, key: &str, mistakes: &mut Mistakes) -> Option<TokenStream> {
        let (span, value) = self.take(key)?;
        if let Value::List(list) = value {
            return Some(list);
        }
        mistakes.add(span, format!("`{key}` takes a list; write `{key}(..)`"));
        None
    }

    /// `key = "text"`
    pub(crate) fn text(&mut self, key: &str, mistakes: &mut Mistakes) -> Option<LitStr> {
        let value = self.expr(key, mistakes)?;
        if let Expr::Lit(syn::ExprLit { lit: Lit::Str(text), .. }) = value {
            return Some(text);
        }
        let written = value.to_token_stream();
        let cure = if matches!(value, Expr::Path(_)) {
            format!("; write `{key} = \"{written}\"`")
        } else {
            format!(", not `{written}`")
        };
        mistakes.add(value.span(), format!("`{key}` takes a string literal{cure}"));
        None
    }

    /// `name = "text"`, or the function's own.
    pub(crate) fn name(&mut self, function: &Ident, mistakes: &mut Mistakes) -> String {
        self.text("name", mistakes).map_or_else(|| function.to_string(), |name| name.value())
    }

    /// `key = "debug"`: the name of the level's variant in `logwright::Level`.
    pub(crate) fn level(&mut self, key: &str, mistakes: &mut Mistakes) -> Option<Ident> {
        let text = self.text(key, mistakes)?;
        let variant = match text.value().as_str() {
            "error" => "Error",
            "warn" | "warning" => "Warning",
            "info" => "Info",
            "debug" => "Debug",
            "trace" => "Trace",
            "critical" => "Critical",
            other => {
                let problem = format!("unknown level `{other}`");
                mistakes.add(text.span(), unknown(&problem, other, &LEVELS, "levels"));
                return None;
            }
        };
        Some(Ident::new(variant, Span::mixed_site()))
    }

    /// `key = identifier`, one that hides no parameter.
    pub(crate) fn ident(
        &mut self,
        key: &str,
        parameters: &[String],
        mistakes: &mut Mistakes,
    ) -> Option<Ident> {
        let value = self.expr(key, mistakes)?;
        let ident = match &value {
            Expr::Path(path) => path.path.get_ident().cloned(),
            _ => None,
        };
        let Some(ident) = ident else {
            mistakes.add(value.span(), format!("`{key}` takes an identifier; write `{key} = op`"));
            return None;
        };
        if parameters.contains(&ident.to_string()) {
            mistakes.add(ident.span(), format!("`{key} = {ident}` would hide the parameter `{ident}`"));
            return None;
        }
        Some(ident)
    }

    /// `key = word`, one of `words`.
    pub(crate) fn word(&mut self, key: &str, words: &[&str], mistakes: &mut Mistakes) -> Option<Ident> {
        let value = self.expr(key, mistakes)?;
        let word = match &value {
            Expr::Path(path) => path.path.get_ident().cloned(),
            _ => None,
        };
        let found = word.filter(|word| words.contains(&&*word.to_string()));
        if found.is_none() {
            let written = value.to_token_stream().to_string();
            let problem = format!("`{key}` cannot be `{written}`");
            mistakes.add(value.span(), unknown(&problem, &written, words, "it may be"));
        }
        found
    }

    /// `key = 3`, a whole number within limits; `why` is told with a zero.
    pub(crate) fn count(
        &mut self,
        key: &str,
        limits: std::ops::RangeInclusive<u32>,
        why: &str,
        mistakes: &mut Mistakes,
    ) -> Option<u32> {
        let value = self.expr(key, mistakes)?;
        let number = match &value {
            Expr::Lit(syn::ExprLit { lit: Lit::Int(number), .. }) if number.suffix().is_empty() => number,
            _ => {
                mistakes.add(value.span(), format!("`{key}` takes a whole number such as `{}`", 3));
                return None;
            }
        };
        let parsed = number.base10_parse::<u32>().unwrap_or(u32::MAX);
        if parsed < *limits.start() {
            mistakes.add(value.span(), format!("`{key}` must be at least {}; {why}", limits.start()));
        } else if parsed > *limits.end() {
            let ceiling = limits.end();
            mistakes.add(
                value.span(),
                format!("`{key} = {number}` is over the ceiling of {ceiling}; swapped with `delay`?"),
            );
        }
        limits.contains(&parsed).then_some(parsed)
    }

    /// `key = 2`, `key = 0.5` (seconds) or `key = "250ms"`.
    pub(crate) fn duration(&mut self, key: &str, mistakes: &mut Mistakes) -> Option<Duration> {
        const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);
        let value = self.expr(key, mistakes)?;
        let duration = match &value {
            Expr::Lit(syn::ExprLit { lit: Lit::Int(seconds), .. }) if seconds.suffix().is_empty() => {
                seconds.base10_parse::<u64>().ok().map(Duration::from_secs)
            }
            Expr::Lit(syn::ExprLit { lit: Lit::Float(seconds), .. }) if seconds.suffix().is_empty() => {
                seconds
                    .base10_parse::<f64>()
                    .ok()
                    .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
            }
            Expr::Lit(syn::ExprLit { lit: Lit::Str(text), .. }) => read_duration(&text.value()),
            _ => None,
        };
        match duration {
            Some(duration) if duration <= LONGEST => Some(duration),
            Some(_) => {
                mistakes.add(value.span(), format!("`{key}` is at most 24 hours"));
                None
            }
            None => {
                let written = match &value {
                    Expr::Lit(syn::ExprLit { lit: Lit::Str(text), .. }) => text.value(),
                    other => other.to_token_stream().to_string().replace("- ", "-"),
                };
                mistakes.add(
                    value.span(),
                    format!("cannot read `{written}` as a duration; write \"2s\", \"500ms\" or \"1m\""),
                );
                None
            }
        }
    }
}

impl Parse for Given {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        use syn::ext::IdentExt as _;
        let key = input.call(Ident::parse_any).map_err(|error| {
            Error::new(error.span(), "expected an option: `key`, `key = value` or `key(list)`")
        })?;
        let value = if input.peek(Token![=]) {
            input.parse::<Token![=]>()?;
            Value::Is(input.parse()?)
        } else if input.peek(syn::token::Paren) {
            let list;
            syn::parenthesized!(list in input);
            Value::List(list.parse()?)
        } else {
            Value::Flag
        };
        Ok(Self { key, value })
    }
}

/// A number and a unit, `"2s"`; nothing else, so that `"2 sec"` is no riddle.
fn read_duration(text: &str) -> Option<Duration> {
    let unit_at = text.find(|c: char| !c.is_ascii_digit() && c != '.')?;
    let (number, unit) = text.split_at(unit_at);
    let seconds = match unit {
        "ms" => 1e-3,
        "s" => 1.0,
        "m" => 60.0,
        "h" => 3600.0,
        _ => return None,
    };
    Duration::try_from_secs_f64(number.parse::<f64>().ok()? * seconds).ok()
}

/// For a parameter that a list names but the function does not have.
pub(crate) fn no_parameter(name: &str, parameters: &[String]) -> String {
    let known: Vec<&str> = parameters.iter().map(String::as_str).collect();
    let problem = format!("no parameter named `{name}`");
    if known.is_empty() {
        format!("{problem}; the function has none")
    } else {
        unknown(&problem, name, &known, "parameters")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_a_number_and_a_unit() {
        for (text, millis) in
            [("2s", 2000), ("250ms", 250), ("1m", 60_000), ("1.5s", 1500), ("1h", 3_600_000)]
        {
            assert_eq!(read_duration(text), Some(Duration::from_millis(millis)), "{text}");
        }
        for text in ["", "2", "2 sec", "s", "-1s", "2ss", "1e3s", "NaNs", "99999999999999999999999h"] {
            assert_eq!(read_duration(text), None, "{text}");
        }
    }
}
