//! The annotated function: its signature parsed, its body left as the tokens that were written.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{Attribute, Error, FnArg, ReturnType, Signature, Type};

use crate::returned::{Shape, erase_impl, shape};

/// A function with a body.
pub(crate) struct Func {
    pub(crate) attrs: Vec<Attribute>,
    /// The visibility, and `default` where that is given.
    pub(crate) vis: TokenStream,
    pub(crate) sig: Signature,
    pub(crate) body: Group,
    pub(crate) shape: Shape,
    /// The names that its parameters bind.
    pub(crate) parameters: Vec<String>,
}

impl Func {
    /// What follows the signature must be a body; `kind` says what is to be done to it.
    pub(crate) fn new(
        attribute: &str,
        verb: &str,
        (attrs, vis, sig): (Vec<Attribute>, TokenStream, Signature),
        rest: TokenStream,
    ) -> syn::Result<Self> {
        let body = match rest.into_iter().next().and_then(braces) {
            Some(group) => group,
            None => {
                let message = format!(
                    "nothing to {verb} here: `{}` has no body; put `#[{attribute}]` on the implementations or on \
                     the `trait` for its default methods",
                    sig.ident
                );
                return Err(Error::new(sig.ident.span(), message));
            }
        };
        if let Some(constness) = sig.constness {
            let message = format!(
                "`#[{attribute}]` cannot be used on a `const fn`: it reads the clock; remove `const` or the attribute"
            );
            return Err(Error::new(constness.span, message));
        }
        let (inner, body) = split_inner_attributes(&body);
        let mut attrs = attrs;
        attrs.extend(syn::parse::Parser::parse2(Attribute::parse_inner, inner)?.into_iter().map(
            |mut attr| {
                attr.style = syn::AttrStyle::Outer;
                attr
            },
        ));
        let (shape, parameters) = (shape(&sig), parameters(&sig));
        Ok(Self { attrs, vis, sig, body, shape, parameters })
    }

    /// The function with another body, made of `statements`.
    pub(crate) fn with_body(&self, statements: &TokenStream) -> TokenStream {
        let Self { attrs, vis, sig, body, .. } = self;
        let mut braces = Group::new(Delimiter::Brace, statements.clone());
        braces.set_span(body.span());
        quote!(#(#attrs)* #vis #sig #braces)
    }

    /// The statements of the body, in braces whose span does not look like the user's, so that no lint takes the
    /// extra block for theirs.
    pub(crate) fn block(&self) -> Group {
        let mut block = Group::new(Delimiter::Brace, self.body.stream());
        block.set_span(Span::mixed_site().located_at(self.body.span()));
        block
    }

    /// What a call evaluates to, `impl Trait` written as `_`; `None` for `()` and for `!`.
    pub(crate) fn returned(&self) -> Option<Type> {
        match &self.sig.output {
            ReturnType::Default => None,
            ReturnType::Type(_, ty) => match &**ty {
                Type::Never(_) => None,
                Type::Tuple(unit) if unit.elems.is_empty() => None,
                ty => Some(erase_impl(ty.clone())),
            },
        }
    }

    /// Where the parameter of that name is bound by itself: whether it is `mut`.
    pub(crate) fn parameter(&self, name: &Ident) -> Option<&syn::PatIdent> {
        self.sig.inputs.iter().find_map(|input| match input {
            FnArg::Typed(argument) => match &*argument.pat {
                syn::Pat::Ident(pattern) if pattern.ident == *name => Some(pattern),
                _ => None,
            },
            FnArg::Receiver(_) => None,
        })
    }

    pub(crate) fn has_attribute(&self, name: &str) -> bool {
        self.attrs.iter().any(|attr| attr.path().is_ident(name))
    }
}

/// The names that the parameters bind.
pub(crate) fn parameters(sig: &Signature) -> Vec<String> {
    let mut names = Vec::new();
    for input in &sig.inputs {
        if let FnArg::Typed(argument) = input {
            match &*argument.pat {
                syn::Pat::Ident(name) if name.subpat.is_none() => names.push(name.ident.to_string()),
                pattern => collect_bindings(pattern.to_token_stream(), &mut names),
            }
        }
    }
    names
}

/// The group in braces, which a macro's `$body:block` wraps in one without delimiters.
fn braces(token: TokenTree) -> Option<Group> {
    let TokenTree::Group(group) = token else { return None };
    match group.delimiter() {
        Delimiter::Brace => Some(group),
        Delimiter::None => group.stream().into_iter().next().and_then(braces),
        _ => None,
    }
}

/// Takes `#![..]` off the front of a body; they hold for the function as well as for its block.
fn split_inner_attributes(body: &Group) -> (TokenStream, Group) {
    let tokens: Vec<TokenTree> = body.stream().into_iter().collect();
    let is =
        |at: usize, c: char| matches!(tokens.get(at), Some(TokenTree::Punct(punct)) if punct.as_char() == c);
    let mut end = 0;
    while is(end, '#') && is(end + 1, '!') && matches!(tokens.get(end + 2), Some(TokenTree::Group(_))) {
        end += 3;
    }
    if end == 0 {
        return (TokenStream::new(), body.clone());
    }
    let mut rest = Group::new(Delimiter::Brace, tokens[end..].iter().cloned().collect());
    rest.set_span(body.span());
    (tokens[..end].iter().cloned().collect(), rest)
}

/// The identifiers of a pattern that begin as variables do; the others are types, variants and constants.
fn collect_bindings(pattern: TokenStream, names: &mut Vec<String>) {
    for token in pattern {
        match token {
            TokenTree::Ident(ident) => {
                let name = ident.to_string();
                let keyword = ["mut", "ref", "box"].contains(&&*name);
                if !keyword && name.starts_with(|c: char| c.is_lowercase() || c == '_') {
                    names.push(name);
                }
            }
            TokenTree::Group(group) => collect_bindings(group.stream(), names),
            _ => {}
        }
    }
}
