//! The types of value that options have: each reader takes its option away, or says what is wrong with it.

use std::time::Duration;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};
use syn::spanned::Spanned;
use syn::{Expr, Lit, LitStr};

use crate::diag::{Mistakes, unknown};
use crate::options::{LEVELS, Options};

impl Options {
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

    /// `name = "text"`, or the function's own, after that of its block.
    pub(crate) fn name(&mut self, function: &Ident, mistakes: &mut Mistakes) -> String {
        let own = syn::ext::IdentExt::unraw(function).to_string();
        self.said("name", mistakes).unwrap_or_else(|| match self.block() {
            Some(block) => format!("{block}::{own}"),
            None => own,
        })
    }

    /// `key = "text"` where the text is not empty.
    pub(crate) fn said(&mut self, key: &str, mistakes: &mut Mistakes) -> Option<String> {
        let text = self.text(key, mistakes)?;
        if text.value().is_empty() {
            mistakes.add(text.span(), format!("`{key}` is empty; say something or leave it out"));
        }
        Some(text.value())
    }

    /// `crate = path`: where our crate is to be found.
    pub(crate) fn krate(&mut self, mistakes: &mut Mistakes) -> TokenStream {
        let Some(value) = self.expr("crate", mistakes) else { return quote!(::logwright) };
        let absolute = match &value {
            Expr::Path(path) => {
                let first = path.path.segments.first().map(|segment| segment.ident.to_string());
                path.path.leading_colon.is_some() || matches!(first.as_deref(), Some("crate" | "$crate"))
            }
            _ => false,
        };
        if !absolute {
            mistakes.add(value.span(), "path must be absolute: write `::logwright` or `crate::..`");
        }
        value.to_token_stream()
    }

    /// `key = "debug"`: the name of the level's variant in `logwright::Level`.
    pub(crate) fn level(&mut self, key: &str, mistakes: &mut Mistakes) -> Option<Ident> {
        let text = self.text(key, mistakes)?;
        level(&text, &LEVELS, mistakes)
    }

    /// The same, or `key = "off"` for no level at all.
    pub(crate) fn level_or_off(&mut self, key: &str, mistakes: &mut Mistakes) -> Option<Option<Ident>> {
        let text = self.text(key, mistakes)?;
        if text.value() == "off" {
            return Some(None);
        }
        level(&text, &[&LEVELS[..], &["off"]].concat(), mistakes).map(Some)
    }

    /// `key = 2.0`, over 1 and up to 10.
    pub(crate) fn factor(&mut self, key: &str, mistakes: &mut Mistakes) -> Option<f64> {
        let value = self.expr(key, mistakes)?;
        let number = match &value {
            Expr::Lit(syn::ExprLit { lit: Lit::Float(number), .. }) => number.base10_parse::<f64>().ok(),
            Expr::Lit(syn::ExprLit { lit: Lit::Int(number), .. }) => number.base10_parse::<f64>().ok(),
            _ => None,
        };
        let found = number.filter(|number| *number > 1.0 && *number <= 10.0);
        if found.is_none() {
            mistakes.add(value.span(), format!("`{key}` takes a number over 1 and up to 10, such as `2.0`"));
        }
        found
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
            Expr::Path(path) => path.path.get_ident().filter(|ident| *ident != "self").cloned(),
            _ => None,
        };
        let Some(ident) = ident else {
            let written = match &value {
                Expr::Lit(syn::ExprLit { lit: Lit::Str(text), .. }) => text.value(),
                _ => "op".to_owned(),
            };
            mistakes.add(value.span(), format!("`{key}` takes an identifier; write `{key} = {written}`"));
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
            other => {
                let cure = if matches!(other, Expr::Lit(_) | Expr::Unary(_)) {
                    ""
                } else {
                    ", written out; `logwright::retry::with` takes what is known only at run time"
                };
                mistakes.add(value.span(), format!("`{key}` takes a whole number such as `3`{cure}"));
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
                mistakes.add(value.span(), format!("`{key}` is at most 24 hours; a bare number is seconds"));
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

    /// The same, but not nothing.
    pub(crate) fn some_time(&mut self, key: &str, mistakes: &mut Mistakes) -> Option<Duration> {
        let at = self.value_span(key)?;
        let time = self.duration(key, mistakes)?;
        if time.is_zero() {
            mistakes.add(at, format!("`{key}` must be more than nothing"));
        }
        (!time.is_zero()).then_some(time)
    }
}

/// The name of the level's variant in `logwright::Level`; `known` is what may be written here.
fn level(text: &LitStr, known: &[&str], mistakes: &mut Mistakes) -> Option<Ident> {
    let variant = match text.value().as_str() {
        "error" => "Error",
        "warn" | "warning" => "Warning",
        "info" => "Info",
        "debug" => "Debug",
        "trace" => "Trace",
        "critical" => "Critical",
        other => {
            let problem = format!("unknown level `{other}`");
            mistakes.add(text.span(), unknown(&problem, other, known, "levels"));
            return None;
        }
    };
    Some(Ident::new(variant, Span::mixed_site()))
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

    /// What a duration is, without any arithmetic of floats: digits with at most one point, and a unit.
    fn nanos(text: &str) -> Option<u128> {
        let unit_at = text.len() - text.chars().rev().take_while(char::is_ascii_alphabetic).count();
        let (number, unit) = text.split_at(unit_at);
        let unit = match unit {
            "ms" => 1_000_000,
            "s" => 1_000_000_000,
            "m" => 60 * 1_000_000_000,
            "h" => 3600 * 1_000_000_000,
            _ => return None,
        };
        let (whole, part) = number.split_once('.').unwrap_or((number, ""));
        let digits = format!("{whole}{part}");
        let all_are_digits = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        all_are_digits.then(|| digits.parse::<u128>().unwrap() * unit / 10_u128.pow(part.len() as u32))
    }

    #[test]
    fn all_short_texts_are_read_or_refused_as_they_should() {
        const PARTS: [&str; 12] = ["0", "1", "97", ".", "m", "s", "h", "-", " ", "e", "+", "é"];
        let (mut texts, mut durations) = (vec![String::new()], 0);
        for _ in 0..5 {
            texts = texts.iter().flat_map(|text| PARTS.map(|part| format!("{text}{part}"))).collect();
            for text in &texts {
                let read = read_duration(text).map(|duration| duration.as_nanos());
                assert_eq!(read, nanos(text), "{text}");
                durations += usize::from(read.is_some());
            }
        }
        assert!(durations > 500, "{durations}");
    }

    #[test]
    fn whole_numbers_of_every_unit_are_read_as_they_are() {
        for number in (0..1000).chain((1000..86_400_000).step_by(7919)) {
            for (unit, millis) in [("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000)] {
                let expected = Duration::from_millis(number * millis);
                assert_eq!(read_duration(&format!("{number}{unit}")), Some(expected), "{number}{unit}");
            }
        }
    }
}
