//! The attributes of `logwright`. Depend on that crate, which re-exports and documents them.

#![cfg_attr(test, allow(clippy::unwrap_used, reason = "a test may panic"))]
#![deny(missing_docs)]

mod diag;
mod options;
mod func;
mod fields;
mod site;
mod body;
mod stack;
mod log_time;
mod retry;
mod structured_op;
mod main_fn;

use proc_macro2::TokenStream;
use quote::quote;

use stack::Turn;

type Expand = fn(TokenStream, TokenStream) -> syn::Result<TokenStream>;

/// Expanded by `logwright-macros`.
#[proc_macro_attribute]
pub fn log_time(
    arguments: proc_macro::TokenStream,
    item: proc_macro::TokenStream,
) -> proc_macro::TokenStream {
    attribute(quote!(::logwright::log_time), log_time::expand, arguments.into(), item.into()).into()
}

/// Expanded by `logwright-macros`.
#[proc_macro_attribute]
pub fn retry(arguments: proc_macro::TokenStream, item: proc_macro::TokenStream) -> proc_macro::TokenStream {
    attribute(quote!(::logwright::retry), retry::expand, arguments.into(), item.into()).into()
}

/// Expanded by `logwright-macros`.
#[proc_macro_attribute]
pub fn structured_op(
    arguments: proc_macro::TokenStream,
    item: proc_macro::TokenStream,
) -> proc_macro::TokenStream {
    attribute(quote!(::logwright::structured_op), structured_op::expand, arguments.into(), item.into()).into()
}

/// Expanded by `logwright-macros`.
#[proc_macro_attribute]
pub fn main(arguments: proc_macro::TokenStream, item: proc_macro::TokenStream) -> proc_macro::TokenStream {
    attribute(quote!(::logwright::main), main_fn::expand, arguments.into(), item.into()).into()
}

/// Expands an attribute when its turn has come. On a mistake the item is kept as it is, so that the mistake is the
/// only error and callers still compile.
fn attribute(path: TokenStream, expand: Expand, arguments: TokenStream, item: TokenStream) -> TokenStream {
    match stack::turn(&path, arguments, &item) {
        Turn::Later(item) => item,
        Turn::Now(arguments) => expand(arguments, item.clone()).unwrap_or_else(|error| {
            let error = error.into_compile_error();
            quote!(#error #item)
        }),
    }
}
