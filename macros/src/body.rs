//! Puts a guard around a body, whatever the shape of the function. The user's statements keep a scope of their
//! own and are written out once.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::Type;

use crate::func::{Func, Shape};
use crate::stack;

/// What goes around a body.
pub(crate) struct Guard {
    /// Items that the other parts use.
    pub(crate) site: TokenStream,
    /// The guard's type: `Timer` or `Operation`.
    pub(crate) watch: &'static str,
    /// The fields of its records: statements that use `__fields`.
    pub(crate) fields: TokenStream,
    /// The name under which the body knows the guard's handle.
    pub(crate) bind: Option<Ident>,
    /// Fields of the result: statements that use `__fields` and `ret`.
    pub(crate) result: Option<TokenStream>,
}

impl Guard {
    /// Makes the guard, with these statements for its fields.
    fn start(&self, fields: &TokenStream) -> TokenStream {
        let watch = Ident::new(self.watch, Span::mixed_site());
        quote_spanned!(Span::mixed_site()=> ::logwright::__private::#watch::start(&__SITE, |__fields| { #fields }))
    }
}

/// The function with the guard in it.
pub(crate) fn watch(func: &Func, guard: &Guard) -> TokenStream {
    let statements = match func.shape {
        Shape::Sync if needs_value(func) => sync(func, guard),
        Shape::Sync => guard_only(func, guard),
        Shape::Async => asynchronous(func, guard),
        Shape::ImplFuture => future(func, guard, false),
        Shape::BoxedFuture => future(func, guard, true),
    };
    func.with_body(&statements)
}

/// A closure would change what `#[track_caller]` reports, and where there is no value there is nothing to see.
fn needs_value(func: &Func) -> bool {
    func.returned().is_some() && !func.has_attribute("track_caller")
}

/// An async block takes the arguments, so that it may cross threads wherever they may. Inside `#[retry]` it borrows
/// them, as there is more than one attempt.
fn capture(func: &Func) -> TokenStream {
    if stack::is_inside(func, stack::RETRY) { TokenStream::new() } else { quote!(move) }
}

fn sync(func: &Func, guard: &Guard) -> TokenStream {
    let (site, start) = (&guard.site, guard.start(&guard.fields));
    let (body, bind) = (&func.body, bind(guard));
    let returned = func.returned();
    let describe = describe(returned.as_ref(), guard);
    quote_spanned! {Span::mixed_site()=>
        #site
        let __watch = #start;
        #bind
        let __returned = ::logwright::__private::call_in(&__watch, || -> #returned #body);
        ::logwright::__private::Watch::finish(__watch, &__returned, #describe);
        __returned
    }
}

fn guard_only(func: &Func, guard: &Guard) -> TokenStream {
    let (site, start) = (&guard.site, guard.start(&guard.fields));
    let (block, bind) = (func.block(), bind(guard));
    quote_spanned! {Span::mixed_site()=>
        #site
        let __watch = #start;
        #bind
        let __entered = ::logwright::__private::Watch::enter(&__watch);
        #block
    }
}

fn asynchronous(func: &Func, guard: &Guard) -> TokenStream {
    let (site, start) = (&guard.site, guard.start(&guard.fields));
    let returned = func.returned();
    let (body, bind) = (async_block(func, returned.as_ref(), &capture(func)), bind(guard));
    let describe = describe(returned.as_ref(), guard);
    quote_spanned! {Span::mixed_site()=>
        #site
        let __watch = #start;
        #bind
        let __body = #body;
        if ::logwright::__private::Watch::is_live(&__watch) {
            ::logwright::__private::Watched::new(__watch, __body, #describe).await
        } else {
            __body.await
        }
    }
}

/// A plain function that returns a future: the fields are read before the body may take the arguments away, the
/// guard starts with the future's first poll.
fn future(func: &Func, guard: &Guard, boxed: bool) -> TokenStream {
    let (site, body, fields) = (&guard.site, &func.body, &guard.fields);
    let start = guard.start(&quote_spanned!(Span::mixed_site()=> *__fields = __captured;));
    let describe = describe(Some(&syn::parse_quote!(_)), guard);
    let arrow = func.returned().filter(|_| boxed).map(|ty| quote_spanned!(Span::mixed_site()=> -> #ty));
    let watched = quote_spanned! {Span::mixed_site()=>
        async move {
            let __watch = #start;
            ::logwright::__private::Watched::new(__watch, __body, #describe).await
        }
    };
    let watched =
        if boxed { quote_spanned!(Span::mixed_site()=> ::std::boxed::Box::pin(#watched)) } else { watched };
    quote_spanned! {Span::mixed_site()=>
        #site
        let __captured = ::logwright::__private::captured(&__SITE, |__fields| { #fields });
        let __body = ::logwright::__private::call_once(move || #arrow #body);
        #watched
    }
}

/// The body as an async block. Its type is told by an edge that is never taken, as an async block cannot have a
/// return type.
pub(crate) fn async_block(func: &Func, returned: Option<&Type>, capture: &TokenStream) -> TokenStream {
    let block = func.block();
    let edge = returned.map(|ty| {
        quote_spanned! {Span::mixed_site()=>
            if let ::core::option::Option::Some(__never) = ::core::option::Option::None::<#ty> {
                return __never;
            }
        }
    });
    quote_spanned!(Span::mixed_site()=> async #capture { #edge #block })
}

fn bind(guard: &Guard) -> Option<TokenStream> {
    let name = guard.bind.as_ref()?;
    Some(quote_spanned!(Span::mixed_site()=> let #name = __watch.handle();))
}

/// A closure that reads off the value whether the call failed, and the fields of its result.
fn describe(returned: Option<&Type>, guard: &Guard) -> TokenStream {
    let Some(ty) = returned else {
        return quote_spanned!(Span::mixed_site()=> |_, _| ::core::option::Option::None);
    };
    let private = quote_spanned!(Span::mixed_site()=> ::logwright::__private);
    let failure = failure(&quote_spanned!(Span::mixed_site()=> Returned(__returned)));
    let result = guard.result.as_ref().map(|statements| {
        let ret = Ident::new("ret", Span::call_site());
        quote_spanned! {Span::mixed_site()=>
            use #private::successes::*;
            if let ::core::option::Option::Some(#ret) = (&&#private::Returned(__returned)).__success() {
                #statements
            }
        }
    });
    let fields = if result.is_some() { quote_spanned!(Span::mixed_site()=> __fields) } else { quote!(_) };
    quote_spanned! {Span::mixed_site()=>
        |__returned: &#ty, #fields: &mut #private::Fields| {
            #result
            #failure
        }
    }
}

/// What is known of the error in `subject`, by the first of seven traits that its type has.
pub(crate) fn failure(subject: &TokenStream) -> TokenStream {
    quote_spanned! {Span::mixed_site()=> {
        use ::logwright::__private::failures::*;
        (&&&&&&&::logwright::__private::#subject).__failure()
    }}
}
