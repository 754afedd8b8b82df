//! The order of stacked attributes. The compiler expands the first one first, and what is expanded first ends up
//! innermost: the wrong way round. So an attribute that sees others of ours below it moves itself behind them,
//! marked, and is expanded when they are done. First written is outermost.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{Attribute, Error, Ident, Meta};

use crate::arguments::Arguments;
use crate::func::Func;
use crate::item::Item;
use crate::kind::Kind;

/// The attributes that stack.
pub(crate) const LOG_TIME: &str = "log_time";
pub(crate) const RETRY: &str = "retry";
pub(crate) const STRUCTURED_OP: &str = "structured_op";

/// What to do with an attribute, given its arguments and its item.
pub(crate) enum Turn {
    /// Expand it now.
    Now(Arguments),
    /// Leave it to a later turn: the item with the attribute moved, or merged with another.
    Later(TokenStream),
    /// It stands there twice.
    Twice(Error),
}

/// Decides for an attribute of that kind.
pub(crate) fn turn(kind: &Kind, mut arguments: Arguments, item: &mut Item) -> Turn {
    if let Some(at) = item.attrs.iter().position(|attr| is_kind(attr, kind)) {
        let mut other = Arguments::read(tokens_of(&item.attrs[at]));
        match (&arguments.block, &other.block) {
            // What the block has put here gives way to what the function has.
            (Some(_), None) => {
                other.block = arguments.block;
                let path = item.attrs[at].path().to_token_stream();
                return Turn::Later(with(item, at, &path, &other, &item.attrs[at + 1..]));
            }
            (None, Some(_)) => {
                arguments.block = other.block;
                item.attrs.remove(at);
            }
            _ => return Turn::Twice(twice(kind, item, at)),
        }
    }
    // What sets logging up goes around all others, wherever they are.
    let sets_up = !is_ours(kind.ident());
    let is_before = |attr: &Attribute| is_waiting(attr) || sets_up && has_moved(attr);
    if !arguments.moved
        && let Some(last) = item.attrs.iter().rposition(is_before)
    {
        arguments.moved = true;
        let path = path(kind, &arguments);
        return Turn::Later(with(item, last + 1, &path, &arguments, &item.attrs[last + 1..]));
    }
    Turn::Now(arguments)
}

/// The item with the first `before` of its attributes, an attribute of ours, and those `after` it.
fn with(
    item: &Item,
    before: usize,
    path: &TokenStream,
    arguments: &Arguments,
    after: &[Attribute],
) -> TokenStream {
    let before = &item.attrs[..before];
    let Item { head, body, .. } = item;
    quote!(#(#before)* #[#path(#arguments)] #(#after)* #head #body)
}

fn twice(kind: &Kind, item: &Item, at: usize) -> Error {
    let is_fn = |token| matches!(token, TokenTree::Ident(word) if word == "fn");
    let what = if item.head.clone().into_iter().any(is_fn) { "function" } else { "block" };
    let message = format!("`#[{}]` is already on this {what}; {}", kind.name, kind.twice);
    Error::new_spanned(&item.attrs[at], message)
}

/// Where an attribute of that kind is to be found by generated code.
pub(crate) fn path(kind: &Kind, arguments: &Arguments) -> TokenStream {
    let (krate, name) = (arguments.krate(), Ident::new(kind.ident(), Span::call_site()));
    quote!(#krate::#name)
}

/// Whether a function that is being expanded is inside the attribute of that name: one that has moved and waits.
pub(crate) fn is_inside(func: &Func, name: &str) -> bool {
    func.attrs.iter().any(|attr| has_moved(attr) && ends_with(attr, name))
}

/// Whether it is this attribute: by its own name, or as a path of a crate of ours.
fn is_kind(attr: &Attribute, kind: &Kind) -> bool {
    let segments = &attr.path().segments;
    let owner = segments.len().checked_sub(2).map(|at| &segments[at].ident);
    ends_with(attr, kind.ident())
        && (owner.is_none_or(|owner| owner == "logwright") || Arguments::read(tokens_of(attr)).is_marked())
}

fn ends_with(attr: &Attribute, name: &str) -> bool {
    attr.path().segments.last().is_some_and(|last| last.ident == name)
}

fn has_moved(attr: &Attribute) -> bool {
    Arguments::read(tokens_of(attr)).moved
}

fn tokens_of(attr: &Attribute) -> TokenStream {
    match &attr.meta {
        Meta::List(list) => list.tokens.clone(),
        _ => TokenStream::new(),
    }
}

/// Whether an attribute is one of ours that has not had its turn, if only under a condition.
fn is_waiting(attr: &Attribute) -> bool {
    let path = attr.path();
    if path.is_ident("cfg_attr") {
        return mentions_ours(attr.meta.to_token_stream());
    }
    path.segments.last().is_some_and(|last| is_ours(&last.ident.to_string())) && !has_moved(attr)
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
