//! `#[logwright::main]`: sets logging up before anything else in `main`, and records the error it returns.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};

use crate::body::{async_block, call};
use crate::diag::Mistakes;
use crate::func::Func;
use crate::kind::Kind;
use crate::options::Options;
use crate::returned::Shape;
use crate::site::{MAIN, Site};

const OPTIONS: [&str; 4] = ["app", "level", "dir", "crate"];

pub(crate) const KIND: Kind = Kind {
    name: "logwright::main",
    verb: "set up",
    twice: "logging is set up once",
    options: &OPTIONS,
    positional: &[],
    only_tells: false,
    takes: |_| false,
    expand,
};

fn expand(func: &Func, options: &mut Options, mistakes: &mut Mistakes) -> TokenStream {
    if func.sig.ident != "main" {
        mistakes.add(func.sig.ident.span(), "`#[logwright::main]` goes on `fn main`");
    }
    let site = Site::read(MAIN, func, ("Error", "Error"), options, mistakes);
    let setup = setup(&site, options, mistakes);
    let returned = func.returned();
    let body = if func.shape == Shape::Async {
        let block = async_block(func, returned.as_ref(), true);
        quote_spanned!(Span::mixed_site()=> #block.await)
    } else {
        let call = call(func, returned.as_ref(), false);
        quote_spanned!(Span::mixed_site()=> __logwright::call_once(#call))
    };
    let report =
        returned.map(|_| quote_spanned!(Span::mixed_site()=> __logwright::main_ended(&__SITE, __logwright::told(&__returned).__failure());));
    func.with_body(&quote_spanned! {Span::mixed_site()=>
        #site
        let __log = __logwright::main_starts(#setup);
        let __returned = #body;
        #report
        ::core::mem::drop(__log);
        __returned
    })
}

/// The builder with the options on it. The program is called as its crate is.
fn setup(site: &Site, options: &mut Options, mistakes: &mut Mistakes) -> TokenStream {
    let krate = &site.krate;
    let app = options.said("app", mistakes).map_or_else(
        || quote_spanned!(Span::mixed_site()=> ::core::env!("CARGO_CRATE_NAME")),
        |app| quote!(#app),
    );
    let level = options
        .level("level", mistakes)
        .map(|level| quote_spanned!(Span::mixed_site()=> .level(__logwright::Level::#level)));
    let dir = options.said("dir", mistakes).map(|dir| quote_spanned!(Span::mixed_site()=> .dir(#dir)));
    quote_spanned!(Span::mixed_site()=> #krate::setup(#app) #level #dir)
}
