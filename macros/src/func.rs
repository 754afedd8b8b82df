//! The annotated function: its signature parsed, its body left as the tokens that were written.

use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::parse::{Parse, ParseStream};
use syn::spanned::Spanned;
use syn::{Attribute, Error, FnArg, GenericArgument, PathArguments, ReturnType, Signature, Type, Visibility};

/// A function with a body.
pub(crate) struct Func {
    pub(crate) attrs: Vec<Attribute>,
    vis: Visibility,
    pub(crate) sig: Signature,
    pub(crate) body: Group,
    pub(crate) shape: Shape,
}

/// What the value of a call is. Decided by the return type: the body may build its future in any way.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// The value itself.
    Sync,
    /// An `async fn`.
    Async,
    /// A plain function that returns `impl Future`.
    ImplFuture,
    /// A plain function that returns `Pin<Box<dyn Future>>`, as `#[async_trait]` makes them, or an alias of that
    /// which is called `BoxFuture` or `LocalBoxFuture`.
    BoxedFuture,
}

impl Func {
    /// Reads the item below `#[attribute]`.
    pub(crate) fn parse(attribute: &str, item: TokenStream) -> syn::Result<Self> {
        let head: Head = syn::parse2(item.clone())?;
        let Head { attrs, vis, sig: Ok(sig), rest } = head else {
            return Err(not_a_function(attribute, &item));
        };
        let body = match rest.into_iter().next() {
            Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace => group,
            _ => {
                let message = format!(
                    "nothing to do here: `{}` has no body; put `#[{attribute}]` on the implementations",
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
        let shape = shape(&sig);
        Ok(Self { attrs, vis, sig, body, shape })
    }

    /// The function with another body, made of `statements`.
    pub(crate) fn with_body(&self, statements: &TokenStream) -> TokenStream {
        let Self { attrs, vis, sig, body, .. } = self;
        let mut braces = Group::new(Delimiter::Brace, statements.clone());
        braces.set_span(Span::mixed_site().located_at(body.span()));
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

    /// The names that the parameters bind.
    pub(crate) fn parameters(&self) -> Vec<String> {
        let mut names = Vec::new();
        for input in &self.sig.inputs {
            if let FnArg::Typed(argument) = input {
                match &*argument.pat {
                    syn::Pat::Ident(name) if name.subpat.is_none() => names.push(name.ident.to_string()),
                    pattern => collect_bindings(pattern.to_token_stream(), &mut names),
                }
            }
        }
        names
    }

    pub(crate) fn has_attribute(&self, name: &str) -> bool {
        self.attrs.iter().any(|attr| attr.path().is_ident(name))
    }
}

/// An item, as far as it is like a function.
struct Head {
    attrs: Vec<Attribute>,
    vis: Visibility,
    sig: syn::Result<Signature>,
    rest: TokenStream,
}

impl Parse for Head {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attrs = input.call(Attribute::parse_outer)?;
        let vis = input.parse()?;
        let sig = input.parse();
        Ok(Self { attrs, vis, sig, rest: input.parse()? })
    }
}

/// A mistake in a signature is shown as it is; anything else is named.
fn not_a_function(attribute: &str, item: &TokenStream) -> Error {
    let keywords =
        ["struct", "enum", "union", "trait", "impl", "mod", "static", "type", "use", "macro_rules"];
    let found = item.clone().into_iter().find_map(|token| match token {
        TokenTree::Ident(ident) if keywords.iter().any(|keyword| ident == keyword) => Some(ident),
        _ => None,
    });
    let what = match &found {
        Some(word) if word == "impl" => "an `impl` block".to_owned(),
        Some(word) => format!("a `{word}`"),
        None => "something else".to_owned(),
    };
    let span = found.map_or_else(|| item.span(), |ident| ident.span());
    Error::new(span, format!("`#[{attribute}]` goes on a function; this is {what}"))
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
    let mut rest = Group::new(Delimiter::Brace, tokens[end..].iter().cloned().collect());
    rest.set_span(body.span());
    (tokens[..end].iter().cloned().collect(), rest)
}

fn shape(sig: &Signature) -> Shape {
    if sig.asyncness.is_some() {
        return Shape::Async;
    }
    let ReturnType::Type(_, ty) = &sig.output else { return Shape::Sync };
    match &**ty {
        Type::ImplTrait(ty) if ty.bounds.iter().any(is_future_bound) => Shape::ImplFuture,
        Type::Path(path) => match path.path.segments.last() {
            Some(last) if last.ident == "BoxFuture" || last.ident == "LocalBoxFuture" => Shape::BoxedFuture,
            Some(last) if last.ident == "Pin" && is_boxed_future(&last.arguments) => Shape::BoxedFuture,
            _ => Shape::Sync,
        },
        _ => Shape::Sync,
    }
}

fn is_future_bound(bound: &syn::TypeParamBound) -> bool {
    match bound {
        syn::TypeParamBound::Trait(bound) => {
            bound.path.segments.last().is_some_and(|last| last.ident == "Future")
        }
        _ => false,
    }
}

/// Whether these are the arguments `<Box<dyn Future>>`.
fn is_boxed_future(arguments: &PathArguments) -> bool {
    let inside = |arguments: &PathArguments| match arguments {
        PathArguments::AngleBracketed(list) => match list.args.first() {
            Some(GenericArgument::Type(ty)) => Some(ty.clone()),
            _ => None,
        },
        _ => None,
    };
    let Some(Type::Path(boxed)) = inside(arguments) else { return false };
    let Some(last) = boxed.path.segments.last() else { return false };
    match inside(&last.arguments) {
        Some(Type::TraitObject(object)) => last.ident == "Box" && object.bounds.iter().any(is_future_bound),
        _ => false,
    }
}

/// Replaces `impl Trait`, at whatever depth, by `_`.
fn erase_impl(ty: Type) -> Type {
    match ty {
        Type::ImplTrait(_) => Type::Infer(syn::TypeInfer {
            attrs: Vec::new(),
            underscore_token: syn::token::Underscore::default(),
        }),
        Type::Path(mut path) => {
            erase_in_path(&mut path.path);
            Type::Path(path)
        }
        Type::TraitObject(mut object) => {
            for bound in &mut object.bounds {
                if let syn::TypeParamBound::Trait(bound) = bound {
                    erase_in_path(&mut bound.path);
                }
            }
            Type::TraitObject(object)
        }
        Type::Reference(mut reference) => {
            reference.elem = Box::new(erase_impl(*reference.elem));
            Type::Reference(reference)
        }
        Type::Tuple(mut tuple) => {
            tuple.elems = tuple.elems.into_iter().map(erase_impl).collect();
            Type::Tuple(tuple)
        }
        Type::Array(mut array) => {
            array.elem = Box::new(erase_impl(*array.elem));
            Type::Array(array)
        }
        Type::Paren(paren) => erase_impl(*paren.elem),
        Type::Group(group) => erase_impl(*group.elem),
        other => other,
    }
}

/// Inside `<..>`, `Item = impl Trait` included.
fn erase_in_path(path: &mut syn::Path) {
    for segment in &mut path.segments {
        let PathArguments::AngleBracketed(list) = &mut segment.arguments else { continue };
        for argument in &mut list.args {
            match argument {
                GenericArgument::Type(ty) => *ty = erase_impl(ty.clone()),
                GenericArgument::AssocType(associated) => associated.ty = erase_impl(associated.ty.clone()),
                _ => {}
            }
        }
    }
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
