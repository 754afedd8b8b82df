//! The attributes of `logwright`. Depend on that crate, which re-exports and documents them.

#![cfg_attr(test, allow(clippy::unwrap_used, reason = "a test may panic"))]
#![deny(missing_docs)]

mod diag;
mod arguments;
mod options;
mod values;
mod returned;
mod func;
mod head;
mod kind;
mod item;
mod block;
mod subject;
mod fields;
mod clones;
mod site;
mod stack;
mod unboxed;
mod body;
mod outcome;
mod limits;
mod verdict;
mod log_time;
mod retry;
mod structured_op;
mod main_fn;
mod attribute;
#[cfg(feature = "config")]
mod check;
#[cfg(feature = "config")]
mod include_config;
#[cfg(test)]
mod tests;

use attribute::expand;
use proc_macro::TokenStream;

/// Expanded by `logwright-macros`.
#[proc_macro_attribute]
pub fn log_time(arguments: TokenStream, item: TokenStream) -> TokenStream {
    expand(&log_time::KIND, arguments.into(), item.into()).into()
}

/// Expanded by `logwright-macros`.
#[proc_macro_attribute]
pub fn retry(arguments: TokenStream, item: TokenStream) -> TokenStream {
    expand(&retry::KIND, arguments.into(), item.into()).into()
}

/// Expanded by `logwright-macros`.
#[proc_macro_attribute]
pub fn structured_op(arguments: TokenStream, item: TokenStream) -> TokenStream {
    expand(&structured_op::KIND, arguments.into(), item.into()).into()
}

/// Expanded by `logwright-macros`.
#[proc_macro_attribute]
pub fn main(arguments: TokenStream, item: TokenStream) -> TokenStream {
    expand(&main_fn::KIND, arguments.into(), item.into()).into()
}

/// What `logwright::include_config!` puts into the program: the text of the file, after a look at it.
#[cfg(feature = "config")]
#[proc_macro]
pub fn included(path: TokenStream) -> TokenStream {
    include_config::expand(path.into()).into()
}
