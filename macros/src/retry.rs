//! `#[retry]`: another attempt when a call fails.
//!
//! ```text
//! #[retry(max_attempts = 3)]           fn fetch(&self) -> Result<Page, E> {
//! fn fetch(&self)                          static __SITE: Site = Site::new(&__SITE, "fetch", ..);
//!     -> Result<Page, E>          ==>      const __LIMITS: Limits = Limits { .. };
//!                                          let mut __retry = Retry::new();
//! { body }                                 loop {
//!                                              let __returned = call_once(|| -> Result<Page, E> { body });
//!                                              let Some(__error) = Attempted::error(&__returned) else { .. };
//!                                              let Some(__wait) = __retry.failed(..) else { break __returned };
//!                                              blocking(__wait);
//!                                          }
//!                                      }
//! ```
//!
//! The body stands in the loop as it was written: a closure that is kept could not borrow `&mut self` anew.

use std::time::Duration;

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Error, FnArg, ReturnType, Type};

use crate::body::{async_block, failure};
use crate::diag::Mistakes;
use crate::func::{Func, Shape};
use crate::options::Options;
use crate::site;
use crate::stack::RETRY;

const OPTIONS: [&str; 6] = ["max_attempts", "delay", "backoff", "when", "name", "bind"];

pub(crate) fn expand(arguments: TokenStream, item: TokenStream) -> syn::Result<TokenStream> {
    let func = Func::parse(RETRY, item)?;
    let mut mistakes = Mistakes::default();
    check_signature(&func, &mut mistakes);
    let mut options = Options::parse(RETRY, arguments, &OPTIONS, &["max_attempts", "delay"], &mut mistakes);
    let parts = Parts::read(&func, &mut options, &mut mistakes);
    let statements = parts.statements(&func);
    mistakes.finish(func.with_body(&statements))
}

struct Parts {
    site: TokenStream,
    limits: TokenStream,
    temporary: TokenStream,
    bind: Option<TokenStream>,
}

impl Parts {
    fn read(func: &Func, options: &mut Options, mistakes: &mut Mistakes) -> Self {
        let why = "it counts every call, the first one included";
        let attempts = options.count("max_attempts", 1..=1000, why, mistakes).unwrap_or(3);
        let delay = options.duration("delay", mistakes).unwrap_or(Duration::from_secs(1));
        let growth = options.word("backoff", &["constant", "exponential"], mistakes);
        let growth = match growth {
            Some(word) if word == "exponential" => site::variant("Exponential"),
            _ => site::variant("Constant"),
        };
        let name = options.name(&func.sig.ident, mistakes);
        let when = options.expr("when", mistakes);
        let bind = options.ident("bind", &func.parameters(), mistakes);
        let (seconds, nanos) = (delay.as_secs(), delay.subsec_nanos());
        Self {
            site: site::site(&name, &site::variant("Warning"), &site::variant("Error")),
            limits: quote_spanned! {Span::mixed_site()=>
                ::logwright::__private::Limits {
                    max_attempts: #attempts,
                    delay: ::logwright::__private::Delay::#growth(::core::time::Duration::new(#seconds, #nanos)),
                }
            },
            temporary: when.map_or_else(
                || quote!(true),
                |when| quote_spanned!(Span::mixed_site()=> ::logwright::__private::wanted(__error, #when)),
            ),
            bind: bind
                .map(|bind| quote_spanned!(Span::mixed_site()=> let #bind = __retry.attempt(&__LIMITS);)),
        }
    }

    fn statements(&self, func: &Func) -> TokenStream {
        let Self { site, limits, temporary, bind } = self;
        let failure = failure(&quote_spanned!(Span::mixed_site()=> Errored(__error)));
        let (attempt, wait) = attempt(func);
        quote_spanned! {Span::mixed_site()=>
            #site
            const __LIMITS: ::logwright::__private::Limits = #limits;
            let mut __retry = ::logwright::__private::Retry::new();
            loop {
                #bind
                // A block of its own: the value must be gone when an async function waits.
                let __wait = {
                    let __returned = #attempt;
                    let ::core::option::Option::Some(__error) =
                        ::logwright::__private::Attempted::error(&__returned)
                    else {
                        __retry.succeeded();
                        break __returned;
                    };
                    let __wait = __retry.failed(&__SITE, &__LIMITS, #temporary, &|| #failure);
                    let ::core::option::Option::Some(__wait) = __wait else {
                        break __returned;
                    };
                    __wait
                };
                #wait
            }
        }
    }
}

/// One attempt, and the wait before the next.
fn attempt(func: &Func) -> (TokenStream, TokenStream) {
    let returned = func.returned();
    if func.shape == Shape::Async {
        let body = async_block(func, returned.as_ref(), &TokenStream::new());
        (
            quote_spanned!(Span::mixed_site()=> #body.await),
            quote_spanned!(Span::mixed_site()=> ::logwright::__private::sleep(__wait).await;),
        )
    } else {
        let body = &func.body;
        (
            quote_spanned!(Span::mixed_site()=> ::logwright::__private::call_once(|| -> #returned #body)),
            quote_spanned!(Span::mixed_site()=> ::logwright::__private::blocking(__wait);),
        )
    }
}

fn check_signature(func: &Func, mistakes: &mut Mistakes) {
    let name = &func.sig.ident;
    if let Some(FnArg::Receiver(receiver)) = func.sig.inputs.first()
        && matches!(receiver.kind, syn::ReceiverKind::Value)
    {
        mistakes.add(
            receiver.self_token.span,
            "`#[retry]` calls the body again, but `self` is used up by the first call; take `&self` or `&mut self`",
        );
    }
    if matches!(func.shape, Shape::ImplFuture | Shape::BoxedFuture) {
        let message = "make it `async fn`, not one of `#[async_trait]`: `#[retry]` must create a new future for \
                       every attempt; with `#[async_trait]`, put it on a method of the type and call that";
        mistakes.add(func.sig.output.span(), message);
        return;
    }
    match &func.sig.output {
        ReturnType::Default => mistakes.add(
            name.span(),
            format!("`#[retry]` needs a function that returns `Result`; `{name}` returns nothing"),
        ),
        ReturnType::Type(_, ty) if !may_be_result(ty) => {
            let written = quote!(#ty).to_string();
            mistakes.push(Error::new_spanned(
                ty,
                format!("`#[retry]` needs a function that returns `Result`; `{name}` returns `{written}`"),
            ));
        }
        ReturnType::Type(..) => {}
    }
}

/// An alias may stand for `Result`; a primitive, a reference or a tuple cannot.
fn may_be_result(ty: &Type) -> bool {
    const PRIMITIVES: [&str; 17] = [
        "u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64", "i128", "isize", "f32", "f64",
        "bool", "char", "str",
    ];
    match ty {
        Type::Path(path) => {
            !path.path.get_ident().is_some_and(|ident| PRIMITIVES.iter().any(|primitive| ident == primitive))
        }
        Type::Macro(_) | Type::Paren(_) | Type::Group(_) | Type::Infer(_) => true,
        _ => false,
    }
}
