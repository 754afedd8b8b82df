//! The list inside `fields(..)`, `context(..)` and `result(..)`: `url, n = pages.len(), ?x, %y`.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Expr, Token};

use crate::diag::Mistakes;
use crate::options::{List, no_parameter};

struct Field {
    name: Ident,
    sigil: Sigil,
    value: Option<Expr>,
}

#[derive(Clone, Copy)]
enum Sigil {
    None,
    Debug,
    Display,
}

const EXPECTED: &str = "expected a field: `x`, `?x`, `%x` or `name = value`";

impl Parse for Field {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let sigil = Sigil::parse(input)?;
        let name: Ident =
            input.parse().map_err(|error: syn::Error| syn::Error::new(error.span(), EXPECTED))?;
        if input.is_empty() || input.peek(Token![,]) {
            return Ok(Self { name, sigil, value: None });
        }
        if !input.peek(Token![=]) {
            return Err(syn::Error::new(name.span(), format!("{EXPECTED}; an expression needs a name")));
        }
        if !matches!(sigil, Sigil::None) {
            let message =
                format!("the sigil stands before the value: write `{name} = ?..` or `{name} = %..`");
            return Err(syn::Error::new(name.span(), message));
        }
        input.parse::<Token![=]>()?;
        Ok(Self { name, sigil: Sigil::parse(input)?, value: Some(input.parse()?) })
    }
}

impl Sigil {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.peek(Token![?]) {
            input.parse::<Token![?]>()?;
            Ok(Self::Debug)
        } else if input.peek(Token![%]) {
            input.parse::<Token![%]>()?;
            Ok(Self::Display)
        } else {
            Ok(Self::None)
        }
    }
}

/// Statements that add each field to `__fields`. Bare names must be among the `scope`; of a list that the whole block
/// was given, only those that are.
pub(crate) fn expand(list: Option<List>, scope: &[String], mistakes: &mut Mistakes) -> TokenStream {
    let Some(List { tokens, inherited, key }) = list else { return TokenStream::new() };
    if tokens.is_empty() {
        mistakes.add(key.span(), format!("`{key}` is empty; name a field or leave it out"));
    }
    let parser = Punctuated::<Field, Token![,]>::parse_terminated;
    let Some(fields) = mistakes.keep(parser.parse2(tokens)) else { return TokenStream::new() };
    let mut seen: Vec<String> = Vec::new();
    let mut statements = TokenStream::new();
    for field in &fields {
        let text = field.name.to_string();
        let known = field.value.is_some() || scope.contains(&text);
        if !known && inherited {
            continue;
        } else if !known {
            mistakes.add(field.name.span(), no_parameter(&text, scope));
        } else if seen.contains(&text) {
            mistakes.add(field.name.span(), format!("field `{text}` is given twice"));
        }
        seen.push(text);
        statements.extend(field.statement());
    }
    statements
}

/// The names of the fields of a list.
pub(crate) fn names(list: &List) -> Vec<Ident> {
    let parser = Punctuated::<Field, Token![,]>::parse_terminated;
    let fields = parser.parse2(list.tokens.clone()).unwrap_or_default();
    fields.into_iter().map(|field| field.name).collect()
}

impl Field {
    fn statement(&self) -> TokenStream {
        let Self { name, sigil, value } = self;
        let key = name.to_string();
        let key = key.strip_prefix("r#").unwrap_or(&key);
        // A value is borrowed as a whole, whatever operators are in it.
        let value = value
            .as_ref()
            .map_or_else(|| quote!(#name), |value| quote_spanned!(Span::mixed_site()=> (#value)));
        // At the name, so that a value that cannot be shown is told there.
        let method = |name: &str, at: &Ident| Ident::new(name, Span::mixed_site().located_at(at.span()));
        match sigil {
            Sigil::Debug => {
                let add = method("add_debug", name);
                quote_spanned!(Span::mixed_site()=> __fields.#add(#key, &#value);)
            }
            Sigil::Display => {
                let add = method("add_display", name);
                quote_spanned!(Span::mixed_site()=> __fields.#add(#key, &#value);)
            }
            Sigil::None => {
                let add = method("__add", name);
                quote_spanned!(Span::mixed_site()=> __logwright::field(&#value).#add(__fields, #key);)
            }
        }
    }
}
