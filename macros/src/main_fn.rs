//! `#[logwright::main]`: sets logging up before anything else in `main`, and records the error it returns.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};

use crate::body::{async_block, failure};
use crate::diag::Mistakes;
use crate::func::{Func, Shape};
use crate::options::Options;
use crate::site;

const NAME: &str = "logwright::main";
const OPTIONS: [&str; 3] = ["app", "level", "dir"];

pub(crate) fn expand(arguments: TokenStream, item: TokenStream) -> syn::Result<TokenStream> {
    let func = Func::parse(NAME, item)?;
    let mut mistakes = Mistakes::default();
    if func.sig.ident != "main" {
        mistakes.add(func.sig.ident.span(), "`#[logwright::main]` goes on `fn main`");
    }
    let setup = setup(arguments, &mut mistakes);
    let returned = func.returned();
    let body = if func.shape == Shape::Async {
        let block = async_block(&func, returned.as_ref(), &quote!(move));
        quote_spanned!(Span::mixed_site()=> #block.await)
    } else {
        let (body, arrow) = (&func.body, returned.as_ref().map(|ty| quote!(-> #ty)));
        quote_spanned!(Span::mixed_site()=> ::logwright::__private::call_once(move || #arrow #body))
    };
    let site = site::site("main", &site::variant("Error"), &site::variant("Error"));
    let failure = failure(&quote_spanned!(Span::mixed_site()=> Returned(&__returned)));
    let report = returned.map(|_| {
        quote_spanned! {Span::mixed_site()=>
            #site
            ::logwright::__private::main_ended(&__SITE, #failure);
        }
    });
    let statements = quote_spanned! {Span::mixed_site()=>
        let __log = ::logwright::__private::main_starts(#setup);
        let __returned = #body;
        #report
        ::core::mem::drop(__log);
        __returned
    };
    mistakes.finish(func.with_body(&statements))
}

/// The builder with the options on it. The program is called as its crate is.
fn setup(arguments: TokenStream, mistakes: &mut Mistakes) -> TokenStream {
    let mut options = Options::parse(NAME, arguments, &OPTIONS, &[], mistakes);
    let app = options.text("app", mistakes).map_or_else(
        || quote_spanned!(Span::mixed_site()=> ::core::env!("CARGO_CRATE_NAME")),
        |app| quote!(#app),
    );
    let level = options
        .level("level", mistakes)
        .map(|level| quote_spanned!(Span::mixed_site()=> .level(::logwright::__private::Level::#level)));
    let dir = options.text("dir", mistakes).map(|dir| quote_spanned!(Span::mixed_site()=> .dir(#dir)));
    quote_spanned!(Span::mixed_site()=> ::logwright::setup(#app) #level #dir)
}
