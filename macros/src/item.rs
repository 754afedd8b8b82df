//! What an attribute stands on, taken apart as far as all attributes need it: the attributes below, the head, the body.
//! A body is never looked into: that would cost each build more than all the rest.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::ToTokens;
use syn::Attribute;
use syn::parse::{ParseStream, Parser};

/// An item with attributes.
pub(crate) struct Item {
    pub(crate) attrs: Vec<Attribute>,
    /// What stands before the body.
    pub(crate) head: TokenStream,
    /// The group in braces at the end.
    pub(crate) body: Option<TokenTree>,
}

impl Item {
    pub(crate) fn parse(item: TokenStream) -> Self {
        let mut tokens: Vec<TokenTree> = item.into_iter().collect();
        let body = tokens.pop_if(|token| is_body(token));
        let head: TokenStream = tokens.into_iter().collect();
        let parser = |input: ParseStream<'_>| Ok((input.call(Attribute::parse_outer)?, input.parse()?));
        let (attrs, head) = parser.parse2(head.clone()).unwrap_or((Vec::new(), head));
        Self { attrs, head, body }
    }
}

impl ToTokens for Item {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        tokens.extend(self.attrs.iter().map(ToTokens::to_token_stream));
        self.head.to_tokens(tokens);
        self.body.to_tokens(tokens);
    }
}

/// Braces, which a macro's `$body:block` wraps in a group without delimiters.
fn is_body(token: &TokenTree) -> bool {
    match token {
        TokenTree::Group(group) => match group.delimiter() {
            Delimiter::Brace => true,
            Delimiter::None => {
                let mut inside = group.stream().into_iter();
                matches!((inside.next(), inside.next()), (Some(only), None) if is_body(&only))
            }
            _ => false,
        },
        _ => false,
    }
}
