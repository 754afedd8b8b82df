//! The order of stacked attributes. The compiler expands the first one first, and what is expanded first ends up
//! innermost: the wrong way round. So an attribute that sees others of ours below it moves itself behind them,
//! marked, and is expanded when they are done. First written is outermost.

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{Attribute, Meta};

use crate::func::Func;

/// The attributes that stack.
pub(crate) const LOG_TIME: &str = "log_time";
pub(crate) const RETRY: &str = "retry";
pub(crate) const STRUCTURED_OP: &str = "structured_op";

/// The mark of an attribute that has moved. No option can be called that: it is no identifier.
const MOVED: &str = "@moved";

/// What to do with an attribute, given its arguments and its item.
pub(crate) enum Turn {
    /// Expand it now, with these arguments.
    Now(TokenStream),
    /// Leave it to a later turn: the item with the attribute moved.
    Later(TokenStream),
}

/// Decides for the attribute that is written `path`.
pub(crate) fn turn(path: &TokenStream, arguments: TokenStream, item: &TokenStream) -> Turn {
    if let Some(arguments) = without_mark(&arguments) {
        return Turn::Now(arguments);
    }
    let (attrs, rest) = split(item.clone());
    let Some(last) = attrs.iter().rposition(is_waiting) else { return Turn::Now(arguments) };
    let (before, after) = attrs.split_at(last + 1);
    Turn::Later(quote!(#(#before)* #[#path(@moved #arguments)] #(#after)* #rest))
}

/// Whether a function that is being expanded is inside the attribute of that name: one that has moved and waits.
pub(crate) fn is_inside(func: &Func, name: &str) -> bool {
    func.attrs
        .iter()
        .any(|attr| has_moved(attr) && attr.path().segments.last().is_some_and(|last| last.ident == name))
}

fn has_moved(attr: &Attribute) -> bool {
    matches!(&attr.meta, Meta::List(list) if without_mark(&list.tokens).is_some())
}

fn without_mark(arguments: &TokenStream) -> Option<TokenStream> {
    let mut tokens = arguments.clone().into_iter();
    let mark: String = tokens.by_ref().take(2).map(|token| token.to_string()).collect();
    (mark == MOVED).then(|| tokens.collect())
}

/// Whether an attribute is one of ours that has not had its turn, if only under a condition.
fn is_waiting(attr: &Attribute) -> bool {
    let path = attr.path();
    if path.is_ident("cfg_attr") {
        return mentions_ours(attr.meta.to_token_stream());
    }
    !has_moved(attr) && path.segments.last().is_some_and(|last| is_ours(&last.ident.to_string()))
}

fn is_ours(name: &str) -> bool {
    [LOG_TIME, RETRY, STRUCTURED_OP].contains(&name)
}

fn mentions_ours(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(ident) => is_ours(&ident.to_string()),
        TokenTree::Group(group) => mentions_ours(group.stream()),
        _ => false,
    })
}

fn split(item: TokenStream) -> (Vec<Attribute>, TokenStream) {
    let parser = |input: syn::parse::ParseStream<'_>| {
        Ok((input.call(Attribute::parse_outer)?, input.parse::<TokenStream>()?))
    };
    syn::parse::Parser::parse2(parser, item.clone()).unwrap_or((Vec::new(), item))
}
