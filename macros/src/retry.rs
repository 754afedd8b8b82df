//! `#[retry]`: another attempt when a call fails.
//!
//! ```text
//! #[retry(max_attempts = 3)]           fn fetch(&self) -> Result<Page, E> {
//! fn fetch(&self)                          static __SITE: Site = Site::new("fetch", ..);
//!     -> Result<Page, E>          ==>      const __LIMITS: Limits = Limits { .. };
//!                                          let mut __retry = Retry::new(&__LIMITS);
//! { body }                                 loop {
//!                                              let __returned = call_once(|| -> Result<Page, E> { body });
//!                                              let Some(__error) = Attempted::error(&__returned) else { .. };
//!                                              let Some(__wait) = __retry.decide(..) else { break __returned };
//!                                              blocking(__wait);
//!                                          }
//!                                      }
//! ```
//!
//! The body stands in the loop as it was written: a closure that is kept could not borrow `&mut self` anew.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::spanned::Spanned;
use syn::{Error, FnArg, Signature};

use crate::body::{async_block, call};
use crate::diag::{Mistakes, with_help};
use crate::func::Func;
use crate::kind::Kind;
use crate::limits::{self, Limits};
use crate::options::Options;
use crate::returned::{Shape, may_be_result, not_a_result};
use crate::site::{Site, variant};
use crate::stack::RETRY;
use crate::unboxed::Unboxed;
use crate::verdict::Verdict;
use crate::{clones, fields};

pub(crate) const KIND: Kind = Kind {
    name: RETRY,
    verb: "retry",
    twice: "the attempts would multiply",
    options: &OPTIONS,
    positional: &["max_attempts", "delay"],
    only_tells: false,
    takes: |sig| may_be_called_again(sig) && may_be_result(&sig.output),
    expand,
};

const OPTIONS: [&str; 26] = [
    "max_attempts",
    "delay",
    "backoff",
    "factor",
    "max_delay",
    "jitter",
    "max_elapsed",
    "when",
    "when_ok",
    "classify",
    "retry_after",
    "policy",
    "budget",
    "clone",
    "attempt_timeout",
    "bind",
    "name",
    "target",
    "logger",
    "fields",
    "retry_level",
    "fail_level",
    "recover_level",
    "skip",
    "only",
    "crate",
];

fn expand(func: &Func, options: &mut Options, mistakes: &mut Mistakes) -> TokenStream {
    let unboxed = Unboxed::of(func);
    let parts = Parts::read(func, unboxed.as_ref(), options, mistakes);
    // A block takes only what suits; its functions are looked at one by one.
    if !func.is_block {
        check_signature(func, unboxed.is_some(), &parts, mistakes);
    }
    let site = &parts.site;
    let unboxed = unboxed.map(|unboxed| unboxed.without_mut(&parts.clones.names()));
    let whole = |statements: TokenStream| quote_spanned!(Span::mixed_site()=> #site #statements);
    let statements = match &unboxed {
        Some(unboxed) => {
            unboxed.with(&whole(parts.statements(&unboxed.func, |tokens| unboxed.inside(tokens))))
        }
        None => whole(parts.statements(func, |tokens| tokens)),
    };
    func.with(&parts.clones.signature(&func.sig), &statements)
}

struct Parts {
    site: Site,
    limits: Limits,
    /// Statements that add the fields that the user named.
    fields: TokenStream,
    clones: clones::Clones,
    verdict: Verdict,
    policy: Option<syn::Expr>,
    bind: Option<syn::Ident>,
}

impl Parts {
    fn read(func: &Func, unboxed: Option<&Unboxed>, options: &mut Options, mistakes: &mut Mistakes) -> Self {
        let is_async = func.shape == Shape::Async || unboxed.is_some() || func.is_block;
        let taken = unboxed.map(Unboxed::taken_mut).unwrap_or_default();
        Self {
            site: Site::read(RETRY, func, ("Warning", "Error"), options, mistakes),
            limits: limits::read(is_async, options, mistakes),
            verdict: Verdict::read(options, mistakes),
            fields: named_fields(func, options, mistakes),
            clones: clones::read(func, taken, options, mistakes),
            policy: options.expr("policy", mistakes),
            bind: options.ident("bind", &func.parameters, mistakes),
        }
    }

    /// Whether it need not be a `Result`. What came too late fails with an error.
    fn takes_any_value(&self) -> bool {
        self.verdict.has_when_ok() && !self.limits.has_attempt_timeout()
    }

    /// `inside` is what becomes of the user's expressions in this place.
    fn statements(&self, func: &Func, inside: impl Fn(TokenStream) -> TokenStream) -> TokenStream {
        let Self { site, limits, fields, clones, .. } = self;
        let (source, evaluated) = if site.has_logger() {
            let source = inside(site.source());
            (
                variant("__source").to_token_stream(),
                quote_spanned!(Span::mixed_site()=> let __source = #source;),
            )
        } else {
            (site.source(), TokenStream::new())
        };
        let named = (!fields.is_empty()).then(|| {
            let fields = inside(fields.clone());
            quote_spanned! {Span::mixed_site()=>
                let __named = __logwright::captured(#source, |__fields| { #fields });
            }
        });
        let bind = self
            .bind
            .as_ref()
            .map(|bind| quote_spanned!(Span::mixed_site()=> let #bind = __retry.attempt(&__LIMITS);));
        let policy = self
            .policy
            .as_ref()
            .map(|_| quote_spanned!(Span::mixed_site()=> let mut __policy = ::core::option::Option::None;));
        let (before, fresh, started) = (clones.before(), clones.fresh(), limits.started());
        let (attempt, wait) = self.attempt(func);
        let decide = self.decide(&source, &inside);
        quote_spanned! {Span::mixed_site()=>
            const __LIMITS: __logwright::Limits = #limits;
            #evaluated
            #named
            #before
            #policy
            let __started = #started;
            let mut __retry = __logwright::Retry::new(&__LIMITS);
            loop {
                #fresh
                #bind
                // A block of its own: the value must be gone when an async function waits.
                let __wait = {
                    let __returned = #attempt;
                    #decide
                };
                #wait
            }
        }
    }

    /// What to do with the value of an attempt: hand it out, or say how long to wait.
    fn decide(&self, source: &TokenStream, inside: impl Fn(TokenStream) -> TokenStream) -> TokenStream {
        let named = if self.fields.is_empty() {
            quote_spanned!(Span::mixed_site()=> __logwright::Fields::new())
        } else {
            quote_spanned!(Span::mixed_site()=> __named)
        };
        let success = quote_spanned! {Span::mixed_site()=>
            __retry.succeeded();
            break __returned;
        };
        let (verdict, policy) = (self.verdict.statements(&success, &inside), self.policy(&inside));
        quote_spanned! {Span::mixed_site()=>
            #verdict
            let __failed = __logwright::Failed {
                verdict: __verdict,
                started: __started,
                failure: &|| __logwright::told(&__returned).__failure(),
                policy: #policy,
            };
            let __wait;
            (__retry, __wait) = __retry.decide(#source, &__LIMITS, &#named, __failed);
            let ::core::option::Option::Some(__wait) = __wait else {
                break __returned;
            };
            __wait
        }
    }

    /// The user's policy, made when it is first needed.
    fn policy(&self, inside: impl Fn(TokenStream) -> TokenStream) -> TokenStream {
        let Some(policy) = &self.policy else {
            return quote_spanned!(Span::mixed_site()=> ::core::option::Option::None);
        };
        let at = Span::mixed_site().located_at(policy.span());
        let policy = match policy {
            // So that it need not say what it takes.
            syn::Expr::Closure(_) => quote_spanned!(at=> __logwright::by(#policy)),
            _ => policy.to_token_stream(),
        };
        inside(quote_spanned!(at=> __logwright::lazily(&mut __policy, || #policy)))
    }

    /// One attempt, and the wait before the next.
    fn attempt(&self, func: &Func) -> (TokenStream, TokenStream) {
        let returned = func.returned();
        if func.shape == Shape::Async {
            let body = async_block(func, returned.as_ref(), false);
            let attempt = self.limits.in_time(quote_spanned!(Span::mixed_site()=> __retry.run(#body)));
            let attempt = quote_spanned!(Span::mixed_site()=> #attempt.await);
            (attempt, quote_spanned!(Span::mixed_site()=> __logwright::sleep(__wait).await;))
        } else {
            let call = call(func, returned.as_ref(), false);
            (
                quote_spanned!(Span::mixed_site()=> __logwright::call_once(#call)),
                quote_spanned!(Span::mixed_site()=> __logwright::blocking(__wait);),
            )
        }
    }
}

/// The fields that the user named. Those that the records have anyway are taken.
fn named_fields(func: &Func, options: &mut Options, mistakes: &mut Mistakes) -> TokenStream {
    const TAKEN: [&str; 11] = [
        "name",
        "attempt",
        "attempts",
        "max_attempts",
        "delay_ms",
        "delay_source",
        "reason",
        "slept_ms",
        "elapsed_ms",
        "nested",
        "error",
    ];
    let list = options.list("fields", mistakes);
    if let Some(list) = &list {
        for name in fields::names(list).into_iter().filter(|name| TAKEN.iter().any(|taken| name == taken)) {
            let message =
                format!("the records of `#[retry]` have a field `{name}`; write `other_name = {name}`");
            mistakes.add(name.span(), message);
        }
    }
    fields::expand(list, &func.parameters, mistakes)
}

/// Whether a second call would find `self` where the first one did, as far as the signature tells: a reference, and
/// what is pinned or counted.
fn may_be_called_again(sig: &Signature) -> bool {
    match sig.inputs.first() {
        Some(FnArg::Receiver(receiver)) => !is_used_up(receiver) && !is_boxed(receiver),
        _ => true,
    }
}

fn is_boxed(receiver: &syn::Receiver) -> bool {
    match &receiver.kind {
        syn::ReceiverKind::Typed(_, ty) => ty.to_token_stream().to_string().contains("Box"),
        _ => false,
    }
}

/// `self` and `self: Self`.
fn is_used_up(receiver: &syn::Receiver) -> bool {
    match &receiver.kind {
        syn::ReceiverKind::Value => true,
        syn::ReceiverKind::Typed(_, ty) => {
            matches!(&**ty, syn::Type::Path(path) if path.path.is_ident("Self"))
        }
        _ => false,
    }
}

fn check_signature(func: &Func, is_unboxed: bool, parts: &Parts, mistakes: &mut Mistakes) {
    let name = &func.sig.ident;
    if let Some(FnArg::Receiver(receiver)) = func.sig.inputs.first()
        && is_used_up(receiver)
    {
        mistakes.add(
            receiver.self_token.span,
            "`#[retry]` calls the body again, but `self` is used up by the first call; take `&self` or `&mut self`",
        );
    }
    if matches!(func.shape, Shape::ImplFuture | Shape::BoxedFuture) {
        if !is_unboxed {
            let message = "make it `async fn`: `#[retry]` must create a new future for every attempt";
            mistakes.add(func.sig.output.span(), message);
        }
    } else if let Some(what) = not_a_result(&func.sig.output).filter(|_| !parts.takes_any_value()) {
        let span = match &func.sig.output {
            syn::ReturnType::Default => name.span(),
            syn::ReturnType::Type(_, ty) => ty.span(),
        };
        let problem = format!("`#[retry]` needs a function that returns `Result`; `{name}` returns {what}");
        let cure = if parts.verdict.has_when_ok() {
            "an attempt that `attempt_timeout` ends fails with an error"
        } else {
            "`when_ok = |value| ..` says which values are to be tried again after"
        };
        mistakes.push(Error::new(span, with_help(&problem, cure)));
    }
}
