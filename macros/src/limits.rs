//! The options of `#[retry]` that are numbers, times and levels: read, held against each other, and written out as
//! one constant.

use std::time::Duration;

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{ToTokens, quote_spanned};

use crate::diag::Mistakes;
use crate::options::Options;
use crate::site::{duration, variant};

/// The limits of one function.
pub(crate) struct Limits {
    max_attempts: u32,
    delay: Duration,
    /// Factor and cap, where delays grow.
    growth: Option<(f64, Duration)>,
    attempt_timeout: Option<Duration>,
    /// Of a failed attempt, of giving up, of a success after a failure.
    levels: [Option<Ident>; 3],
}

const MAX_DELAY: Duration = Duration::from_secs(30);

pub(crate) fn read(is_async: bool, options: &mut Options, mistakes: &mut Mistakes) -> Limits {
    let why = "it counts every call, the first one included";
    let max_attempts = options.count("max_attempts", 1..=1000, why, mistakes).unwrap_or(3);
    let delay = options.duration("delay", mistakes).unwrap_or(Duration::from_secs(1));
    let growth = growth(delay, options, mistakes);
    if let Some(span) = options.own_span("attempt_timeout").filter(|_| !is_async) {
        mistakes.add(
            span,
            "`attempt_timeout` needs an `async fn`: nothing can stop a plain function from outside",
        );
    }
    let mut level = |key: &str, default: &str| {
        options.level_or_off(key, mistakes).unwrap_or_else(|| Some(variant(default)))
    };
    let levels =
        [level("retry_level", "Warning"), level("fail_level", "Error"), level("recover_level", "Info")];
    let attempt_timeout = options.duration("attempt_timeout", mistakes).filter(|_| is_async);
    Limits { max_attempts, delay, growth, attempt_timeout, levels }
}

/// `backoff`, `factor`, `max_delay`
fn growth(delay: Duration, options: &mut Options, mistakes: &mut Mistakes) -> Option<(f64, Duration)> {
    let exponential = options
        .word("backoff", &["constant", "exponential"], mistakes)
        .is_some_and(|word| word == "exponential");
    for key in ["factor", "max_delay"] {
        if let Some(span) = options.own_span(key).filter(|_| !exponential) {
            mistakes.add(span, format!("`{key}` needs `backoff = exponential`"));
        }
    }
    let factor = options.factor("factor", mistakes).unwrap_or(2.0);
    let at = options.value_span("max_delay");
    let max = options.duration("max_delay", mistakes);
    if let (Some(max), Some(at)) = (max, at)
        && max < delay
    {
        mistakes.add(at, format!("`max_delay` ({max:?}) is shorter than `delay` ({delay:?})"));
    }
    exponential.then(|| (factor, max.unwrap_or(MAX_DELAY).max(delay)))
}

impl Limits {
    /// The time that one attempt may take, as an expression.
    pub(crate) fn attempt_timeout(&self) -> Option<TokenStream> {
        self.attempt_timeout.map(duration)
    }
}

impl ToTokens for Limits {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let (max_attempts, first) = (self.max_attempts, duration(self.delay));
        let delay = match self.growth {
            Some((factor, max)) => {
                let (factor, max) = (Literal::f64_suffixed(factor), duration(max));
                quote_spanned!(Span::mixed_site()=> Exponential { first: #first, factor: #factor, max: #max })
            }
            None => quote_spanned!(Span::mixed_site()=> Constant(#first)),
        };
        let [retry, fail, recover] = self.levels.each_ref().map(|level| match level {
            Some(level) => {
                quote_spanned!(Span::mixed_site()=> ::core::option::Option::Some(__logwright::Level::#level))
            }
            None => quote_spanned!(Span::mixed_site()=> ::core::option::Option::None),
        });
        tokens.extend(quote_spanned! {Span::mixed_site()=>
            __logwright::Limits {
                max_attempts: #max_attempts,
                delay: __logwright::Delay::#delay,
                levels: __logwright::Levels { retry: #retry, fail: #fail, recover: #recover },
            }
        });
    }
}
