//! The item as an attribute can use it: a function, or an `impl` or `trait` block. Everything else is named.

use proc_macro2::{TokenStream, TokenTree};
use syn::Error;
use syn::parse::Parser;
use syn::spanned::Spanned;

use crate::block::Block;
use crate::func::Func;
use crate::head::Head;
use crate::item::Item;
use crate::kind::Kind;

/// Something that attributes go on.
pub(crate) enum Subject {
    Func(Box<Func>),
    Block(Box<Block>),
}

impl Subject {
    pub(crate) fn parse(kind: &Kind, item: &Item) -> syn::Result<Self> {
        match Head::parse.parse2(item.head.clone())? {
            Head::Block(keyword) => {
                Block::parse(item, keyword == "trait").map(|block| Self::Block(Box::new(block)))
            }
            Head::Func(vis, sig) => {
                let head = (item.attrs.clone(), vis, *sig);
                let func = Func::new((kind.name, kind.verb), head, item.body.clone())?;
                Ok(Self::Func(Box::new(func)))
            }
            Head::Other(error) => Err(misplaced(kind, &item.head).unwrap_or(error)),
        }
    }
}

/// A mistake in a signature is shown as it is; anything else is named.
fn misplaced(kind: &Kind, head: &TokenStream) -> Option<Error> {
    const ITEMS: [(&str, &str); 9] = [
        ("struct", "a struct"),
        ("enum", "an enum"),
        ("union", "a union"),
        ("mod", "a module"),
        ("static", "a static"),
        ("const", "a constant"),
        ("type", "a type alias"),
        ("use", "a `use` declaration"),
        ("macro_rules", "a macro"),
    ];
    let words = head.clone().into_iter().filter_map(|token| match token {
        TokenTree::Ident(word) => Some(word),
        _ => None,
    });
    let mut found = None;
    for word in words {
        if word == "fn" {
            return None;
        }
        found = found.or_else(|| {
            ITEMS.iter().find(|(keyword, _)| word == keyword).map(|(_, what)| (word.span(), *what))
        });
    }
    let (span, what) = found.unwrap_or_else(|| (head.span(), "something else"));
    let message =
        format!("`#[{}]` goes on a function, an `impl` block or a `trait`; this is {what}", kind.name);
    Some(Error::new(span, message))
}
