//! What an attribute stands on: a function, an `impl` or `trait` block, or something that it cannot go on.

use proc_macro2::{TokenStream, TokenTree};
use syn::parse::{ParseStream, Parser};
use syn::spanned::Spanned;
use syn::{Attribute, Error, Ident, Visibility};

use crate::block::Block;
use crate::func::Func;
use crate::head::Head;
use crate::kind::Kind;

/// Something that attributes go on.
pub(crate) enum Item {
    Func(Box<Func>),
    Block(Box<Block>),
}

impl Item {
    pub(crate) fn parse(kind: &Kind, item: &TokenStream) -> syn::Result<Self> {
        if let Some(keyword) = block_keyword(item)? {
            return Block::parse(item.clone(), keyword == "trait").map(|block| Self::Block(Box::new(block)));
        }
        let Head { attrs, vis, sig, rest } = Head::parse.parse2(item.clone())?;
        match sig {
            Ok(sig) => Func::new(kind.name, kind.verb, (attrs, vis, sig), rest)
                .map(|func| Self::Func(Box::new(func))),
            Err(error) => Err(misplaced(kind, item).unwrap_or(error)),
        }
    }
}

/// `impl` or `trait`, if the item is such a block.
fn block_keyword(item: &TokenStream) -> syn::Result<Option<Ident>> {
    let parser = |input: ParseStream<'_>| {
        input.call(Attribute::parse_outer)?;
        input.parse::<Visibility>()?;
        let mut keyword = None;
        while let Ok(word) = syn::ext::IdentExt::parse_any(input) {
            let word: Ident = word;
            if word == "impl" || word == "trait" {
                keyword = Some(word);
            } else if ["unsafe", "default", "auto", "const"].iter().any(|modifier| word == modifier) {
                continue;
            }
            break;
        }
        input.parse::<TokenStream>()?;
        Ok(keyword)
    };
    parser.parse2(item.clone())
}

/// A mistake in a signature is shown as it is; anything else is named.
fn misplaced(kind: &Kind, item: &TokenStream) -> Option<Error> {
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
    let words = item.clone().into_iter().filter_map(|token| match token {
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
    let (span, what) = found.unwrap_or_else(|| (item.span(), "something else"));
    let message =
        format!("`#[{}]` goes on a function, an `impl` block or a `trait`; this is {what}", kind.name);
    Some(Error::new(span, message))
}
