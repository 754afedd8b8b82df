//! The start of an item: what stands before a function's body.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::parse::ParseStream;
use syn::{Attribute, Ident, Signature, Token, Visibility};

/// The start of an item, as far as it is like a function's.
pub(crate) struct Head {
    pub(crate) attrs: Vec<Attribute>,
    /// The visibility, and `default` where that is given.
    pub(crate) vis: TokenStream,
    pub(crate) sig: syn::Result<Signature>,
    /// What follows the signature.
    pub(crate) rest: TokenStream,
}

impl Head {
    pub(crate) fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attrs = input.call(Attribute::parse_outer)?;
        let vis = visibility(input)?;
        let sig = input.parse();
        Ok(Self { attrs, vis, sig, rest: input.parse()? })
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
