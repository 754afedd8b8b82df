//! The head of an item: what stands between its attributes and its body.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Ident, Signature, Token, Visibility};

/// What the head says of the item.
pub(crate) enum Head {
    /// A function: its visibility, with `default` where that is given, and its signature.
    Func(TokenStream, Box<Signature>),
    /// A block, by its keyword: `impl` or `trait`.
    Block(Ident),
    /// Anything else, and what is not a function about it.
    Other(syn::Error),
}

impl Head {
    pub(crate) fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let vis = visibility(input)?;
        let head = match block_keyword(&input.fork()) {
            Some(keyword) => Self::Block(keyword),
            None => input.parse().map_or_else(Self::Other, |sig| Self::Func(vis, Box::new(sig))),
        };
        input.parse::<TokenStream>()?;
        Ok(head)
    }
}

/// `pub`, `pub(..)`, nothing; and `default`, which specialisation knows.
pub(crate) fn visibility(input: ParseStream<'_>) -> syn::Result<TokenStream> {
    let mut tokens = input.parse::<Visibility>()?.to_token_stream();
    let fork = input.fork();
    if matches!(fork.parse::<Ident>(), Ok(word) if word == "default") && !fork.peek(Token![!]) {
        input.parse::<Ident>()?.to_tokens(&mut tokens);
    }
    Ok(tokens)
}

fn block_keyword(input: ParseStream<'_>) -> Option<Ident> {
    while let Ok(word) = input.call(Ident::parse_any) {
        if word == "impl" || word == "trait" {
            return Some(word);
        }
        if !["unsafe", "auto", "const"].iter().any(|modifier| word == modifier) {
            break;
        }
    }
    None
}
