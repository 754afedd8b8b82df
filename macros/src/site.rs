//! What every expansion opens with: the way to the runtime, and the `static` that stands for the annotated function.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use std::time::Duration;
use syn::Expr;
use syn::spanned::Spanned;

use crate::diag::Mistakes;
use crate::func::Func;
use crate::kind::CATALOGUE;
use crate::options::Options;

/// The kind of the site of `main`, which is no annotation to be listed.
pub(crate) const MAIN: &str = "main";

/// The function as the runtime knows it.
pub(crate) struct Site {
    pub(crate) krate: TokenStream,
    kind: &'static str,
    name: String,
    target: Option<String>,
    logger: Option<Expr>,
    pub(crate) level: Ident,
    pub(crate) failure_level: Ident,
    pub(crate) slow: Option<Duration>,
    pub(crate) min: Option<Duration>,
    /// The options as they were written, for the catalogue.
    written: Vec<(String, String)>,
}

impl Site {
    /// Reads the options that all attributes have; `levels` are those of a success and of a failure.
    pub(crate) fn read(
        kind: &'static str,
        func: &Func,
        (level, failure_level): (&str, &str),
        options: &mut Options,
        mistakes: &mut Mistakes,
    ) -> Self {
        let written = if CATALOGUE { options.written() } else { Vec::new() };
        options.exclude("target", "logger", "a logger has a name of its own", mistakes);
        Self {
            krate: options.krate(mistakes),
            kind,
            name: options.name(&func.sig.ident, mistakes),
            target: options.said("target", mistakes),
            logger: options.expr("logger", mistakes),
            level: variant(level),
            failure_level: variant(failure_level),
            slow: None,
            min: None,
            written,
        }
    }

    /// The site for the guard: as it is, or in the name of a logger.
    pub(crate) fn source(&self) -> TokenStream {
        match &self.logger {
            Some(logger) => {
                // At the expression, so that one of another type is told there.
                let logger = quote_spanned!(logger.span()=> &#logger);
                quote_spanned!(Span::mixed_site()=> __logwright::Target::source(#logger, &__SITE))
            }
            None => quote_spanned!(Span::mixed_site()=> __logwright::Source::of(&__SITE)),
        }
    }

    pub(crate) fn has_logger(&self) -> bool {
        self.logger.is_some()
    }

    /// Whether its records are those of its module, at its own level alone.
    pub(crate) fn is_plain(&self) -> bool {
        self.logger.is_none() && self.slow.is_none()
    }

    fn entry(&self) -> Option<TokenStream> {
        if !CATALOGUE || self.kind == MAIN {
            return None;
        }
        let (kind, name, target) = (self.kind, &self.name, self.target());
        let options =
            self.written.iter().map(|(key, value)| quote_spanned!(Span::mixed_site()=> (#key, #value)));
        Some(quote_spanned! {Span::mixed_site()=>
            #[__logwright::linkme::distributed_slice(__logwright::CATALOGUE)]
            #[linkme(crate = __logwright::linkme)]
            static __ANNOTATION: __logwright::Annotation = __logwright::Annotation::new(
                #kind, #name, #target, (::core::file!(), ::core::line!()), &[#(#options),*],
            );
        })
    }

    fn target(&self) -> TokenStream {
        self.target.as_ref().map_or_else(
            || quote_spanned!(Span::mixed_site()=> ::core::module_path!()),
            ToTokens::to_token_stream,
        )
    }
}

impl ToTokens for Site {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let Self { krate, name, level, failure_level, .. } = self;
        let (target, entry) = (self.target(), self.entry());
        let slow = self.slow.map(|time| setter("slow", time));
        let min = self.min.map(|time| setter("min", time));
        tokens.extend(quote_spanned! {Span::mixed_site()=>
            use #krate::__private as __logwright;
            static __SITE: __logwright::Site = __logwright::Site::new(
                #name,
                #target,
                (__logwright::Level::#level, __logwright::Level::#failure_level),
                (::core::file!(), ::core::line!()),
            )#slow #min;
            #entry
        });
    }
}

fn setter(name: &str, time: Duration) -> TokenStream {
    let (name, time) = (variant(name), duration(time));
    quote_spanned!(Span::mixed_site()=> .#name(#time))
}

/// A `Duration` as an expression.
pub(crate) fn duration(time: Duration) -> TokenStream {
    duration_at(time, Span::mixed_site())
}

/// The same with that span.
pub(crate) fn duration_at(time: Duration, at: Span) -> TokenStream {
    let (seconds, nanos) = (time.as_secs(), Literal::u32_suffixed(time.subsec_nanos()));
    quote_spanned!(at=> ::core::time::Duration::new(#seconds, #nanos))
}

/// A name of the runtime's, such as a level's.
pub(crate) fn variant(variant: &str) -> Ident {
    Ident::new(variant, Span::mixed_site())
}
