//! `include_config!("logwright.toml")`: looks at the file as the program would when it starts, so that a mistake in it is
//! one of the build. The only macro that reads a file.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::{Error, LitStr};

use crate::check;
use crate::diag::Mistakes;

/// The file's text, as an expression.
pub(crate) fn expand(path: TokenStream) -> TokenStream {
    syn::parse2(path).and_then(|path| checked(&path)).unwrap_or_else(|error| {
        let errors = error.into_compile_error();
        // So that the mistakes are the only errors.
        quote!({ #errors "" })
    })
}

fn checked(path: &LitStr) -> syn::Result<TokenStream> {
    let root = std::env::var("CARGO_MANIFEST_DIR").unwrap_or_default();
    let (name, span) = (path.value(), path.span());
    let text = std::fs::read_to_string(format!("{root}/{name}"))
        .map_err(|error| Error::new(span, format!("cannot read `{root}/{name}`: {error}")))?;
    let mut mistakes = Mistakes::default();
    for problem in check::read(&text).1 {
        mistakes.add(span, format!("{name}:{problem}"));
    }
    // By this the compiler knows of the file, and looks whether it has changed.
    mistakes.finish(quote_spanned!(span=>
        ::core::include_str!(::core::concat!(::core::env!("CARGO_MANIFEST_DIR"), "/", #path))
    ))
}
