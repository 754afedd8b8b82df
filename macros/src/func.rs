//! The annotated function: its signature parsed, its body left as the tokens that were written.

use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};
use quote::quote;
use syn::{Attribute, Error, FnArg, Pat, ReturnType, Signature, Type};

use crate::returned::{Shape, erase_impl, is_plain, shape, written};

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
    /// Whether it only stands for all functions of a block.
    pub(crate) is_block: bool,
}

impl Func {
    /// The function of that head and body; the attribute is known by its name and by what it does.
    pub(crate) fn new(
        (attribute, verb): (&str, &str),
        (attrs, vis, sig): (Vec<Attribute>, TokenStream, Signature),
        body: Option<TokenTree>,
    ) -> syn::Result<Self> {
        let Some(body) = body.and_then(braces) else {
            let message = format!(
                "nothing to {verb} here: `{}` has no body; put `#[{attribute}]` on the implementations or on the \
                 `trait` for its default methods",
                sig.ident
            );
            return Err(Error::new(sig.ident.span(), message));
        };
        if let Some(constness) = sig.constness {
            let message = format!(
                "`#[{attribute}]` cannot be used on a `const fn`: it reads the clock; remove `const` or the attribute"
            );
            return Err(Error::new(constness.span, message));
        }
        let (inner, body) = split_inner_attributes(body);
        let mut attrs = attrs;
        if !inner.is_empty() {
            attrs.extend(outer(inner)?);
        }
        let (shape, parameters) = (shape(&sig), parameters(&sig));
        Ok(Self { attrs, vis, sig, body, shape, parameters, is_block: false })
    }

    /// The function with another body, made of `statements`.
    pub(crate) fn with_body(&self, statements: &TokenStream) -> TokenStream {
        self.with(&self.sig, statements)
    }

    /// The same with another signature.
    pub(crate) fn with(&self, sig: &Signature, statements: &TokenStream) -> TokenStream {
        let Self { attrs, vis, body, .. } = self;
        let mut braces = Group::new(Delimiter::Brace, statements.clone());
        braces.set_span(body.span());
        quote!(#(#attrs)* #vis #sig #braces)
    }

    /// What a call evaluates to, `impl Trait` written as `_`; `None` for `()` and for `!`.
    pub(crate) fn returned(&self) -> Option<Type> {
        match written(&self.sig.output)? {
            Type::Never(_) => None,
            Type::Tuple(unit) if unit.elems.is_empty() => None,
            _ => match &self.sig.output {
                ReturnType::Type(_, ty) => Some(erase_impl((**ty).clone())),
                ReturnType::Default => None,
            },
        }
    }

    /// The arguments that nobody else has, the last first: in the order in which they are dropped. Of shared references,
    /// numbers and text it does not matter who owns them.
    pub(crate) fn owned(&self) -> Vec<Ident> {
        let owned = self.sig.inputs.iter().rev().flat_map(|input| match input {
            FnArg::Receiver(receiver) => {
                let is_shared = matches!(receiver.kind, syn::ReceiverKind::Reference(.., None));
                (!is_shared).then(|| Ident::new("self", receiver.self_token.span)).into_iter().collect()
            }
            FnArg::Typed(argument) => match (&*argument.pat, &*argument.ty) {
                (Pat::Ident(_), Type::Reference(reference)) if reference.mutability.is_none() => Vec::new(),
                (_, ty) if is_plain(ty) => Vec::new(),
                _ if is_conditional(argument) => Vec::new(),
                (pattern, _) => bindings(pattern).into_iter().rev().collect(),
            },
        });
        owned.collect()
    }

    /// Whether a parameter is of that name as a whole.
    pub(crate) fn has_parameter(&self, name: &Ident) -> bool {
        self.sig.inputs.iter().any(|input| match input {
            FnArg::Typed(argument) => {
                matches!(&*argument.pat, Pat::Ident(pattern) if pattern.ident == *name)
            }
            FnArg::Receiver(_) => false,
        })
    }

    pub(crate) fn has_attribute(&self, name: &str) -> bool {
        self.attrs.iter().any(|attr| attr.path().is_ident(name))
    }
}

/// Whether an argument may not be there, as it stands under a condition.
pub(crate) fn is_conditional(argument: &syn::PatType) -> bool {
    argument.attrs.iter().any(|attr| attr.path().is_ident("cfg"))
}

/// The names that the parameters bind, those of constants in the angle brackets included.
pub(crate) fn parameters(sig: &Signature) -> Vec<String> {
    let patterns = sig.inputs.iter().filter_map(|input| match input {
        FnArg::Typed(argument) => Some(&*argument.pat),
        FnArg::Receiver(_) => None,
    });
    let constants = sig.generics.const_params().map(|constant| constant.ident.clone());
    patterns.flat_map(bindings).chain(constants).map(|name| name.to_string()).collect()
}

/// The names that a parameter's pattern binds. Inside a pattern, those that begin like types and constants are such.
fn bindings(pattern: &Pat) -> Vec<Ident> {
    match pattern {
        Pat::Ident(name) if name.subpat.is_none() => vec![name.ident.clone()],
        pattern => bindings_inside(pattern),
    }
}

fn bindings_inside(pattern: &Pat) -> Vec<Ident> {
    match pattern {
        Pat::Ident(name) => {
            let bound = name.ident.to_string().starts_with(|c: char| c.is_lowercase() || c == '_');
            let inner = name.subpat.iter().flat_map(|(_, pattern)| bindings_inside(pattern));
            bound.then(|| name.ident.clone()).into_iter().chain(inner).collect()
        }
        Pat::Tuple(tuple) => tuple.elems.iter().flat_map(bindings_inside).collect(),
        Pat::TupleStruct(tuple) => tuple.elems.iter().flat_map(bindings_inside).collect(),
        Pat::Struct(fields) => fields.fields.iter().flat_map(|field| bindings_inside(&field.pat)).collect(),
        Pat::Slice(slice) => slice.elems.iter().flat_map(bindings_inside).collect(),
        Pat::Reference(reference) => bindings_inside(&reference.pat),
        Pat::Paren(paren) => bindings_inside(&paren.pat),
        Pat::Type(typed) => bindings_inside(&typed.pat),
        Pat::Or(cases) => cases.cases.first().map(bindings_inside).unwrap_or_default(),
        _ => Vec::new(),
    }
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
fn split_inner_attributes(body: Group) -> (TokenStream, Group) {
    let is = |token: Option<&TokenTree>, c: char| matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == c);
    let mut start = body.stream().into_iter();
    if !is(start.next().as_ref(), '#') || !is(start.next().as_ref(), '!') {
        return (TokenStream::new(), body);
    }
    let tokens: Vec<TokenTree> = body.stream().into_iter().collect();
    let mut end = 0;
    while is(tokens.get(end), '#') && is(tokens.get(end + 1), '!') {
        end += 3;
    }
    let mut rest = Group::new(Delimiter::Brace, tokens[end..].iter().cloned().collect());
    rest.set_span(body.span());
    (tokens[..end].iter().cloned().collect(), rest)
}

/// The same attributes for the outside.
fn outer(inner: TokenStream) -> syn::Result<impl Iterator<Item = Attribute>> {
    let attrs = syn::parse::Parser::parse2(Attribute::parse_inner, inner)?;
    Ok(attrs.into_iter().map(|attr| Attribute { style: syn::AttrStyle::Outer, ..attr }))
}
