//! Puts a guard around a body, whatever the shape of the function. The user's statements keep a scope of their
//! own and are written out once.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::{quote, quote_spanned};
use syn::Type;
use syn::spanned::Spanned;

use crate::func::Func;
use crate::returned::{Shape, erase_impl, future_output, is_never, is_no_result, returns_closure};
use crate::site::{Site, variant};
use crate::stack;
use crate::unboxed::Unboxed;

/// The guard of `#[log_time]`, which has no operation to enter.
pub(crate) const TIMER: &str = "Timer";

/// What goes around a body.
pub(crate) struct Guard {
    pub(crate) site: Site,
    /// The guard's type: `Timer` or `Operation`.
    pub(crate) watch: &'static str,
    /// Whether a failure may be wanted where a success is not.
    pub(crate) failure_apart: bool,
    /// The fields of its records: statements that use `__fields`.
    pub(crate) fields: TokenStream,
    /// The name under which the body knows the guard's handle.
    pub(crate) bind: Option<Ident>,
    /// Fields of the result: statements that use `__fields` and `ret`.
    pub(crate) result: Option<TokenStream>,
    /// Where it is asked for that an error is told by `Debug`.
    pub(crate) debug: Option<Span>,
}

impl Guard {
    /// Makes the guard.
    fn start(&self) -> TokenStream {
        let (fields, watch) = (&self.fields, variant(self.watch));
        if !self.site.is_plain() || self.failure_apart {
            self.start_for(&self.site.source(), fields)
        } else if fields.is_empty() {
            quote_spanned!(Span::mixed_site()=> __logwright::#watch::begin(&__SITE))
        } else {
            quote_spanned!(Span::mixed_site()=> __logwright::#watch::start(&__SITE, |__fields| { #fields }))
        }
    }

    fn start_for(&self, source: &TokenStream, fields: &TokenStream) -> TokenStream {
        let watch = variant(self.watch);
        quote_spanned!(Span::mixed_site()=> __logwright::#watch::start_for(#source, |__fields| { #fields }))
    }

    fn bind(&self) -> Option<TokenStream> {
        let name = self.bind.as_ref()?;
        Some(quote_spanned!(Span::mixed_site()=> let #name = __watch.handle();))
    }

    /// Reads off `__returned` the fields of the result and whether the call failed, and ends the guard with that.
    fn end(&self, output: Option<&Type>) -> TokenStream {
        let result = self.result.as_ref().map(|statements| {
            let ret = find(statements, "ret").unwrap_or_else(|| variant("ret"));
            quote_spanned! {Span::mixed_site()=>
                let mut __watch = __watch;
                {
                    use __logwright::successes::*;
                    if let ::core::option::Option::Some(#ret) = (&&__logwright::Returned(&__returned)).__success() {
                        __logwright::Watch::set_result(&mut __watch, |__fields| { #statements });
                    }
                }
            }
        });
        let end = match self.debug {
            Some(span) => {
                quote_spanned!(Span::mixed_site().located_at(span)=> __logwright::debugged(&__returned, __watch);)
            }
            None if output.is_some_and(is_no_result) => {
                quote_spanned!(Span::mixed_site()=> __logwright::Watch::done(__watch);)
            }
            None => quote_spanned!(Span::mixed_site()=> __logwright::told(&__returned).__conclude(__watch);),
        };
        quote!(#result #end)
    }
}

/// The function with the guard in it.
pub(crate) fn watch(func: &Func, guard: &Guard) -> TokenStream {
    let site = &guard.site;
    let statements = match func.shape {
        Shape::Sync if !needs_value(func, guard) => guard_only(func, guard),
        Shape::Sync if func.has_attribute("track_caller") => inline(func, guard),
        Shape::Sync => sync(func, guard),
        Shape::Async => asynchronous(func, guard, |tokens| tokens),
        Shape::ImplFuture => future(func, guard),
        Shape::BoxedFuture => match Unboxed::of(func) {
            Some(unboxed) => {
                let inside = |tokens| unboxed.inside(tokens);
                let statements = asynchronous(&unboxed.func, guard, inside);
                return func
                    .with_body(&unboxed.with(&quote_spanned!(Span::mixed_site()=> #site #statements)));
            }
            None => future(func, guard),
        },
    };
    func.with_body(&quote_spanned!(Span::mixed_site()=> #site #statements))
}

/// Whether anything is to be seen in the value. A closure that is returned as `impl Fn` takes the types of its arguments
/// from the function's signature; between them nothing may stand.
fn needs_value(func: &Func, guard: &Guard) -> bool {
    let Some(returned) = func.returned() else { return false };
    !returns_closure(&func.sig.output) && (guard.result.is_some() || !is_no_result(&returned))
}

/// An async block takes the arguments, so that it may cross threads wherever they may. Inside `#[retry]` it borrows
/// them, as there is more than one attempt.
fn moves(func: &Func) -> bool {
    !stack::is_inside(func, stack::RETRY)
}

fn sync(func: &Func, guard: &Guard) -> TokenStream {
    let (start, bind) = (guard.start(), guard.bind());
    let returned = func.returned();
    let call = call(func, returned.as_ref(), moves(func));
    let call = if guard.watch == TIMER {
        quote_spanned!(Span::mixed_site()=> __logwright::call_once(#call))
    } else {
        quote_spanned!(Span::mixed_site()=> __logwright::call_in(&__watch, #call))
    };
    let end = guard.end(returned.as_ref());
    quote_spanned! {Span::mixed_site()=>
        let __watch = #start;
        #bind
        let __returned = #call;
        #end
        __returned
    }
}

/// Without a closure, which would change what `#[track_caller]` reports. What leaves the body early passes by.
fn inline(func: &Func, guard: &Guard) -> TokenStream {
    let (start, bind, block) = (guard.start(), guard.bind(), &func.body);
    let returned = func.returned();
    let end = guard.end(returned.as_ref());
    quote_spanned! {Span::mixed_site()=>
        let __watch = #start;
        #bind
        let __entered = __logwright::Watch::enter(&__watch);
        let __returned: #returned = #block;
        ::core::mem::drop(__entered);
        #end
        __returned
    }
}

fn guard_only(func: &Func, guard: &Guard) -> TokenStream {
    let (start, bind) = (guard.start(), guard.bind());
    // Braces of ours at the place of the user's, which the compiler would call unnecessary here.
    let mut block = func.body.clone();
    block.set_span(Span::mixed_site().located_at(func.body.span()));
    let enter = (guard.watch != TIMER)
        .then(|| quote_spanned!(Span::mixed_site()=> let __entered = __logwright::Watch::enter(&__watch);));
    quote_spanned! {Span::mixed_site()=>
        let __watch = #start;
        #bind
        #enter
        #block
    }
}

/// `inside` is what becomes of the user's expressions in this place.
fn asynchronous(func: &Func, guard: &Guard, inside: impl Fn(TokenStream) -> TokenStream) -> TokenStream {
    let (start, bind) = (inside(guard.start()), guard.bind());
    let returned = func.returned();
    let body = async_block(func, returned.as_ref(), moves(func));
    if is_never(&func.sig.output) {
        return quote_spanned! {Span::mixed_site()=>
            let __watch = #start;
            #bind
            __logwright::Watched::new(__watch, #body).await.1
        };
    }
    let returned = returned.unwrap_or_else(unit);
    let end = inside(guard.end(Some(&returned)));
    // A borrow that lives too short is told at the return type.
    let value = Ident::new("__returned", Span::mixed_site().located_at(returned.span()));
    quote_spanned! {Span::mixed_site()=>
        let __watch = #start;
        #bind
        let (__watch, __returned) = __logwright::Watched::new(__watch, #body).await;
        #end
        #value
    }
}

/// A plain function that returns a future: the fields are read before the body may take the arguments away, the
/// guard starts with the future's first poll.
fn future(func: &Func, guard: &Guard) -> TokenStream {
    let boxed = func.shape == Shape::BoxedFuture;
    let (body, fields, source) = (&func.body, &guard.fields, guard.site.source());
    let start = guard.start_for(
        &quote_spanned!(Span::mixed_site()=> __source),
        &quote_spanned!(Span::mixed_site()=> *__fields = __captured;),
    );
    let end = guard.end(future_output(&func.sig.output).as_ref());
    let call = if boxed {
        let arrow = func.returned().map(|ty| quote_spanned!(Span::mixed_site()=> -> #ty));
        quote_spanned!(Span::mixed_site()=> __logwright::call_once(move || #arrow #body))
    } else {
        let output = future_output(&func.sig.output).map_or_else(|| syn::parse_quote!(_), erase_impl);
        quote_spanned!(Span::mixed_site()=> __logwright::call_future::<#output, _, _>(move || #body))
    };
    let watched = quote_spanned! {Span::mixed_site()=>
        async move {
            let __watch = #start;
            let (__watch, __returned) = __logwright::Watched::new(__watch, __body).await;
            #end
            __returned
        }
    };
    let watched =
        if boxed { quote_spanned!(Span::mixed_site()=> __logwright::Box::pin(#watched)) } else { watched };
    quote_spanned! {Span::mixed_site()=>
        let __source = #source;
        let __captured = __logwright::captured(__source, |__fields| { #fields });
        let __body = #call;
        #watched
    }
}

/// The body as a closure, which takes over the arguments that the function owns if it `moves`. Bars and braces are the
/// user's, as far as the compiler's messages go.
pub(crate) fn call(func: &Func, returned: Option<&Type>, moves: bool) -> TokenStream {
    let bars = quote_spanned!(func.body.span_open()=> ||);
    let arrow = returned.map(|ty| quote_spanned!(Span::mixed_site()=> -> #ty));
    let Some(edge) = owning_edge(func).filter(|_| moves) else {
        let body = &func.body;
        return quote!(#bars #arrow #body);
    };
    let statements = func.body.stream();
    let mut body = Group::new(Delimiter::Brace, quote!(#edge #statements));
    body.set_span(func.body.span());
    quote!(#bars #arrow #body)
}

/// What a closure or an async block captures, and in which order it drops it, is decided by what it mentions first. A
/// way that is never taken mentions the arguments in the order in which a function drops them: those that are used, and
/// those that are there to be dropped.
fn owning_edge(func: &Func) -> Option<TokenStream> {
    let mut owned = func.owned();
    owned.retain(|name| name.to_string().starts_with('_') || mentions(&func.body.stream(), name));
    (!owned.is_empty()).then(|| {
        quote_spanned! {Span::mixed_site()=>
            if let ::core::option::Option::Some(__never) = ::core::option::Option::None::<__logwright::Never> {
                #(
                    #[allow(clippy::used_underscore_binding, reason = "it is there to be dropped")]
                    let __owned = #owned;
                )*
                match __never {}
            }
        }
    })
}

/// The body as an async block, which takes what it uses if it `moves`. Its type is told by an edge that is never
/// taken, as an async block cannot have a return type. Block and words have the user's spans: the compiler leaves
/// names out of its messages where a block is a macro's.
pub(crate) fn async_block(func: &Func, returned: Option<&Type>, moves: bool) -> TokenStream {
    let edge = (!is_never(&func.sig.output)).then(|| typed_edge(func, returned));
    let owning = owning_edge(func).filter(|_| moves);
    let statements = func.body.stream();
    let mut block = Group::new(Delimiter::Brace, quote!(#owning #edge #statements));
    block.set_span(func.body.span());
    let capture = moves.then(|| quote_spanned!(func.body.span_open()=> move));
    quote_spanned!(func.body.span_open()=> async #capture #block)
}

/// A way out that is never taken and says of what type the value is. What the compiler has to say of that, it says
/// at the type.
fn typed_edge(func: &Func, returned: Option<&Type>) -> TokenStream {
    let unit = unit();
    let (ty, at) = returned.map_or_else(|| (&unit, func.sig.ident.span()), |ty| (ty, ty.span()));
    let never = Ident::new("__never", at);
    let leave = quote_spanned!(at=> return #never);
    quote_spanned! {Span::mixed_site()=>
        if let ::core::option::Option::Some(#never) = ::core::option::Option::None::<#ty> {
            #leave;
        };
    }
}

fn unit() -> Type {
    syn::parse_quote!(())
}

/// Whether a name is used, if only inside the text of a `format!`. To use one that is not would hide that.
fn mentions(tokens: &TokenStream, name: &Ident) -> bool {
    let text = format!("{{{name}");
    let mut dots = 0;
    tokens.clone().into_iter().any(|token| {
        // What follows one dot is a field or a method.
        let is_member = std::mem::take(&mut dots) == 1;
        match token {
            TokenTree::Ident(ident) => ident == *name && !is_member,
            TokenTree::Group(group) => mentions(&group.stream(), name),
            TokenTree::Literal(literal) => literal.to_string().contains(&text),
            TokenTree::Punct(punct) => {
                dots = if punct.as_char() == '.' { 1 + u8::from(is_member) } else { 0 };
                false
            }
        }
    })
}

/// The first identifier of that name, with its span: the user's own, whoever wrote the attribute.
fn find(tokens: &TokenStream, name: &str) -> Option<Ident> {
    tokens.clone().into_iter().find_map(|token| match token {
        TokenTree::Ident(ident) if ident == name => Some(ident),
        TokenTree::Group(group) => find(&group.stream(), name),
        _ => None,
    })
}
