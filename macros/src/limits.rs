//! The options of `#[retry]` that are numbers, times and levels: read, held against each other, and written out as
//! one constant.

use std::time::Duration;

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::spanned::Spanned;
use syn::{Expr, Lit};

use crate::diag::{Mistakes, unknown};
use crate::options::Options;
use crate::site::{duration, duration_at, variant};

/// The limits of one function.
pub(crate) struct Limits {
    max_attempts: Option<u32>,
    delay: Duration,
    growth: Growth,
    jitter: Option<Jitter>,
    max_delay: Option<Duration>,
    max_elapsed: Option<Duration>,
    budget: Option<Expr>,
    /// With the place where it was given.
    attempt_timeout: Option<(Duration, Span)>,
    /// Of a failed attempt, of giving up, of a success after a failure; none where all are what they are by default.
    levels: Option<[Option<Ident>; 3]>,
    /// Whether somebody will ask for the time that has gone by.
    is_timed: bool,
    is_async: bool,
}

/// How delays grow, by the name of the runtime's function, with what that takes besides the first.
struct Growth {
    word: Ident,
    factor: Option<f64>,
}

/// What chance does, by the runtime's name.
#[derive(PartialEq)]
enum Jitter {
    Word(&'static str),
    Percent(u8),
}

/// Of the runtime's type. Where all are given, a lint would say that the rest is nothing.
const FIELDS: usize = 7;
const GROWTHS: [&str; 4] = ["constant", "linear", "fibonacci", "exponential"];
/// What makes delays differ from one another; without any of them there is nothing to cut.
const VARIED: [&str; 4] = ["jitter", "retry_after", "classify", "policy"];

pub(crate) fn read(is_async: bool, options: &mut Options, mistakes: &mut Mistakes) -> Limits {
    for other in ["delay", "backoff", "factor", "jitter"] {
        options.exclude("policy", other, "the policy says how long to wait", mistakes);
    }
    // Before they are taken away.
    let is_timed = ["max_elapsed", "bind", "policy"].iter().any(|key| options.span(key).is_some());
    let is_varied = VARIED.iter().any(|key| options.span(key).is_some());
    let why = "it counts every call, the first one included";
    let max_attempts = options.count("max_attempts", 1..=1000, why, mistakes);
    let delay = options.duration("delay", mistakes).unwrap_or(Duration::from_secs(1));
    let growth = growth(options, mistakes);
    let is_constant = growth.word == "constant";
    let jitter = jitter(options, mistakes);
    let is_exact = jitter.as_ref().map_or(is_constant, |jitter| *jitter == Jitter::Word("None"));
    let has_policy = options.span("policy").is_some();
    // What a policy says first is not known.
    let first = (!has_policy).then_some(delay);
    Limits {
        max_attempts,
        delay,
        max_delay: max_delay(first, !is_constant || is_varied, options, mistakes),
        max_elapsed: max_elapsed(first.filter(|_| is_exact), options, mistakes),
        growth,
        jitter,
        budget: budget(options, mistakes),
        attempt_timeout: attempt_timeout(is_async, options, mistakes),
        levels: levels(options, mistakes),
        is_timed,
        is_async,
    }
}

/// `backoff` and `factor`
fn growth(options: &mut Options, mistakes: &mut Mistakes) -> Growth {
    let word = options.word("backoff", &GROWTHS, mistakes).unwrap_or_else(|| variant("constant"));
    let is_exponential = word == "exponential";
    if let Some(span) = options.own_span("factor").filter(|_| !is_exponential) {
        mistakes.add(span, "`factor` needs `backoff = exponential`");
    }
    let factor = options.factor("factor", mistakes).unwrap_or(2.0);
    Growth { word, factor: is_exponential.then_some(factor) }
}

fn max_delay(
    first: Option<Duration>,
    is_varied: bool,
    options: &mut Options,
    mistakes: &mut Mistakes,
) -> Option<Duration> {
    if let Some(span) = options.own_span("max_delay").filter(|_| !is_varied) {
        mistakes.add(
            span,
            "`max_delay` has nothing to cut: each wait is `delay`; it goes with `backoff`, `jitter`, `retry_after`, \
             `classify` or `policy`",
        );
    }
    let at = options.value_span("max_delay");
    let max = options.duration("max_delay", mistakes);
    if let (Some(max), Some(at), Some(delay)) = (max, at, first)
        && is_varied
        && max < delay
    {
        mistakes.add(at, format!("`max_delay` ({max:?}) is shorter than `delay` ({delay:?})"));
    }
    max
}

/// `first` is the first wait, where that is known.
fn max_elapsed(first: Option<Duration>, options: &mut Options, mistakes: &mut Mistakes) -> Option<Duration> {
    let at = options.value_span("max_elapsed")?;
    let max = options.some_time("max_elapsed", mistakes)?;
    if let Some(delay) = first.filter(|delay| max < *delay) {
        let problem = format!("`max_elapsed` ({max:?}) is shorter than `delay` ({delay:?})");
        mistakes.add(at, format!("{problem}: there would be no second attempt"));
    }
    Some(max)
}

/// `jitter = none`, `full`, `equal` or `"20%"`: the runtime's word for it.
fn jitter(options: &mut Options, mistakes: &mut Mistakes) -> Option<Jitter> {
    let value = options.expr("jitter", mistakes)?;
    let word = match &value {
        Expr::Path(path) => path.path.get_ident().map(ToString::to_string),
        _ => None,
    };
    let found = match word.as_deref() {
        Some("none") => Some(Jitter::Word("None")),
        Some("full") => Some(Jitter::Word("Full")),
        Some("equal") => Some(Jitter::Word("Equal")),
        _ => percent(&value).map(Jitter::Percent),
    };
    if found.is_none() {
        let written = value.to_token_stream().to_string();
        let problem = format!("`jitter` cannot be `{written}`");
        let known = ["none", "full", "equal", "\"1%\" to \"100%\""];
        mistakes.add(value.span(), unknown(&problem, &written, &known, "it may be"));
    }
    found
}

/// A whole number of percent, 1 to 100.
fn percent(value: &Expr) -> Option<u8> {
    let Expr::Lit(syn::ExprLit { lit: Lit::Str(text), .. }) = value else { return None };
    let text = text.value();
    let digits = text.strip_suffix('%').filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))?;
    digits.parse().ok().filter(|percent| (1..=100).contains(percent))
}

fn budget(options: &mut Options, mistakes: &mut Mistakes) -> Option<Expr> {
    let value = options.expr("budget", mistakes)?;
    if matches!(value, Expr::Path(_)) {
        return Some(value);
    }
    mistakes
        .add(value.span(), "`budget` takes the path of a `static` of type `logwright::retry::RetryBudget`");
    None
}

fn attempt_timeout(
    is_async: bool,
    options: &mut Options,
    mistakes: &mut Mistakes,
) -> Option<(Duration, Span)> {
    let at = options.span("attempt_timeout")?;
    if let Some(span) = options.own_span("attempt_timeout").filter(|_| !is_async) {
        mistakes.add(
            span,
            "`attempt_timeout` needs an `async fn`: nothing can stop a plain function from outside",
        );
    }
    let limit = options.some_time("attempt_timeout", mistakes).filter(|_| is_async)?;
    Some((limit, at))
}

fn levels(options: &mut Options, mistakes: &mut Mistakes) -> Option<[Option<Ident>; 3]> {
    let of = [("retry_level", "Warning"), ("fail_level", "Error"), ("recover_level", "Info")];
    let is_given = of.iter().any(|(key, _)| options.span(key).is_some());
    let levels = of
        .map(|(key, default)| options.level_or_off(key, mistakes).unwrap_or_else(|| Some(variant(default))));
    is_given.then_some(levels)
}

impl Limits {
    /// The moment at which the call begins, as an expression: an `Option`. Nobody reads the clock without need.
    pub(crate) fn started(&self) -> TokenStream {
        let is_async = self.is_async;
        if self.is_timed {
            quote_spanned!(Span::mixed_site()=> ::core::option::Option::Some(__logwright::now(#is_async)))
        } else {
            quote_spanned!(Span::mixed_site()=> ::core::option::Option::None)
        }
    }

    pub(crate) fn has_attempt_timeout(&self) -> bool {
        self.attempt_timeout.is_some()
    }

    /// An async attempt, dropped when its time is over. An error that cannot be made of that is told at the option.
    pub(crate) fn in_time(&self, attempt: TokenStream) -> TokenStream {
        let Some((limit, at)) = self.attempt_timeout else { return attempt };
        let limit = duration(limit);
        let late = quote_spanned!(Span::mixed_site().located_at(at)=> ::core::convert::From::from);
        quote_spanned!(Span::mixed_site()=> __logwright::within(#limit, #attempt, #late))
    }

    fn delay(&self) -> TokenStream {
        let Growth { word, factor } = &self.growth;
        // At the user's word, where a feature that is not there is told.
        let at = Span::mixed_site().located_at(word.span());
        let (function, first) = (Ident::new(&word.to_string(), at), duration_at(self.delay, at));
        let factor = factor.map(|factor| {
            let factor = Literal::f64_suffixed(factor);
            quote_spanned!(Span::mixed_site()=> , #factor)
        });
        let jitter = self.jitter.as_ref().map(|jitter| {
            let kind = match jitter {
                Jitter::Word(word) => variant(word).into_token_stream(),
                Jitter::Percent(percent) => quote_spanned!(Span::mixed_site()=> Percent(#percent)),
            };
            quote_spanned!(Span::mixed_site()=> .jitter(__logwright::Jitter::#kind))
        });
        quote_spanned!(Span::mixed_site()=> __logwright::Delay::#function(#first #factor) #jitter)
    }
}

/// The constant: what is as it is by default is left out, which is quicker to compile.
impl ToTokens for Limits {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let mut fields = Vec::new();
        let mut field = |name: &str, value: TokenStream| {
            let name = variant(name);
            fields.push(quote_spanned!(Span::mixed_site()=> #name: #value,));
        };
        let some =
            |value: TokenStream| quote_spanned!(Span::mixed_site()=> ::core::option::Option::Some(#value));
        if let Some(max_attempts) = self.max_attempts {
            field("max_attempts", max_attempts.to_token_stream());
        }
        field("delay", self.delay());
        if let Some(max_delay) = self.max_delay {
            field("max_delay", some(duration(max_delay)));
        }
        if let Some(max_elapsed) = self.max_elapsed {
            field("max_elapsed", some(duration(max_elapsed)));
        }
        if let Some(budget) = &self.budget {
            // At the path, so that one of another type is told there.
            field("budget", some(quote_spanned!(budget.span()=> &#budget)));
        }
        if let Some(levels) = &self.levels {
            let [retry, fail, recover] = levels.each_ref().map(|level| match level {
                Some(level) => some(quote_spanned!(Span::mixed_site()=> __logwright::Level::#level)),
                None => quote_spanned!(Span::mixed_site()=> ::core::option::Option::None),
            });
            field(
                "levels",
                quote_spanned! {Span::mixed_site()=>
                    __logwright::Levels { retry: #retry, fail: #fail, recover: #recover }
                },
            );
        }
        if self.is_async {
            field("is_async", true.to_token_stream());
        }
        let rest = (fields.len() < FIELDS)
            .then(|| quote_spanned!(Span::mixed_site()=> ..__logwright::Limits::DEFAULT));
        tokens.extend(quote_spanned!(Span::mixed_site()=> __logwright::Limits { #(#fields)* #rest }));
    }
}
