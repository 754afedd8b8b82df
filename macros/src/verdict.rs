//! What `#[retry]` makes of the value of an attempt: whether it failed, and whether that is worth another one. The options
//! `when`, `when_ok`, `classify` and `retry_after`.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::Expr;
use syn::spanned::Spanned;

use crate::diag::Mistakes;
use crate::options::Options;

/// The options that say it.
pub(crate) struct Verdict {
    when: Option<Expr>,
    when_ok: Option<Expr>,
    classify: Option<Span>,
    retry_after: Option<Expr>,
}

impl Verdict {
    pub(crate) fn read(options: &mut Options, mistakes: &mut Mistakes) -> Self {
        for other in ["when", "retry_after"] {
            options.exclude("classify", other, "the error itself says what to do", mistakes);
        }
        Self {
            when: function("when", "error", options, mistakes),
            when_ok: function("when_ok", "value", options, mistakes),
            classify: options.flag("classify", mistakes),
            retry_after: function("retry_after", "error", options, mistakes),
        }
    }

    /// Binds `__verdict`, if `__returned` is no success; for a success there is `success`. `inside` is what becomes of the
    /// user's expressions in this place.
    pub(crate) fn statements(
        &self,
        success: &TokenStream,
        inside: impl Fn(TokenStream) -> TokenStream,
    ) -> TokenStream {
        let of_error = inside(self.of_error());
        let Some(when_ok) = &self.when_ok else {
            return quote_spanned! {Span::mixed_site()=>
                let ::core::option::Option::Some(__error) = __logwright::Attempted::error(&__returned) else {
                    #success
                };
                let __verdict = #of_error;
            };
        };
        let at = Span::mixed_site().located_at(when_ok.span());
        let when_ok = inside(when_ok.to_token_stream());
        let verdict =
            quote_spanned!(at=> __logwright::judged(&__returned).__verdict(#when_ok, |__error| #of_error));
        quote_spanned! {Span::mixed_site()=>
            let __verdict = #verdict;
            let ::core::option::Option::Some(__verdict) = __verdict else {
                #success
            };
        }
    }

    /// The verdict on `__error`.
    fn of_error(&self) -> TokenStream {
        if let Some(span) = self.classify {
            return quote_spanned!(Span::mixed_site().located_at(span)=> __logwright::classified(__error));
        }
        let ask = |how: &str, function: &Expr| {
            // At the function, so that one of another type is told there.
            let at = Span::mixed_site().located_at(function.span());
            let how = syn::Ident::new(how, at);
            quote_spanned!(at=> __logwright::#how(__error, #function))
        };
        let hint = self.retry_after.as_ref().map(|function| ask("hinted", function));
        match (&self.when, hint) {
            (None, None) => quote_spanned!(Span::mixed_site()=> __logwright::Verdict::Retry),
            (None, Some(hint)) => hint,
            (Some(when), hint) => {
                let wanted = ask("wanted", when);
                let hint = hint.map(|hint| quote_spanned!(Span::mixed_site()=> .or_else(|| #hint)));
                quote_spanned!(Span::mixed_site()=> #wanted #hint)
            }
        }
    }

    /// Whether a value may be one to try again after.
    pub(crate) fn has_when_ok(&self) -> bool {
        self.when_ok.is_some()
    }
}

/// `key = path` or `key = |argument| ..`
fn function(key: &str, argument: &str, options: &mut Options, mistakes: &mut Mistakes) -> Option<Expr> {
    let value = options.expr(key, mistakes)?;
    let is_one = match &value {
        Expr::Closure(closure) => closure.inputs.len() == 1,
        Expr::Lit(_) => false,
        _ => true,
    };
    if !is_one {
        mistakes.add(
            value.span(),
            format!("`{key}` takes a function of one argument: a path or `|{argument}| ..`"),
        );
        return None;
    }
    Some(value)
}
