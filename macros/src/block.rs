//! An attribute on an `impl` or `trait` block: it is put on each function in it that it can go on. What the block's
//! attribute says and what a function's own says are brought together when the function has its turn.

use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, Error, ItemImpl, ItemTrait, Signature, Type, TypeParamBound, Visibility};

use crate::func::parameters;
use crate::head::visibility;
use crate::item::Item;

/// The block, its functions' bodies left as they were written.
pub(crate) struct Block {
    /// What stands before the braces.
    head: TokenStream,
    braces: Group,
    members: Vec<Member>,
    /// The name of the type, or of the trait.
    pub(crate) name: String,
    /// `impl` or `trait`.
    pub(crate) keyword: &'static str,
    /// Whether its functions have no visibility of their own.
    pub(crate) is_of_trait: bool,
}

enum Member {
    Method(Box<Method>),
    Other(TokenStream),
}

/// A function of a block.
pub(crate) struct Method {
    attrs: Vec<Attribute>,
    vis: Visibility,
    pub(crate) sig: Signature,
    has_body: bool,
    /// All of it, but for the attributes.
    tokens: TokenStream,
}

impl Block {
    pub(crate) fn parse(item: &Item, is_trait: bool) -> syn::Result<Self> {
        let Some(TokenTree::Group(braces)) = item.body.clone() else {
            return Err(Error::new(Span::call_site(), "expected a block in braces"));
        };
        let Item { attrs, head, .. } = item;
        let head = quote!(#(#attrs)* #head);
        let empty = quote!(#head {});
        let (name, is_of_trait) = if is_trait {
            (syn::parse2::<ItemTrait>(empty)?.ident.to_string(), true)
        } else {
            let block: ItemImpl = syn::parse2(empty)?;
            (type_name(&block.self_ty), block.trait_.is_some())
        };
        let members = members.parse2(braces.stream())?;
        let keyword = if is_trait { "trait" } else { "impl" };
        Ok(Self { head, braces, members, name, keyword, is_of_trait })
    }

    /// The functions with a body for which `takes` holds; those that are computed by the compiler never do.
    pub(crate) fn methods(&self, takes: impl Fn(&Method) -> bool) -> Vec<&Method> {
        let methods = self.members.iter().filter_map(|member| match member {
            Member::Method(method) => Some(&**method),
            Member::Other(_) => None,
        });
        methods.filter(|method| method.is_eligible() && takes(method)).collect()
    }

    /// The block with `attribute` on each of its eligible functions for which `takes` holds.
    pub(crate) fn with(&self, attribute: &TokenStream, takes: impl Fn(&Method) -> bool) -> TokenStream {
        let members = self.members.iter().map(|member| match member {
            Member::Method(method) if method.is_eligible() && takes(method) => {
                let Method { attrs, tokens, .. } = &**method;
                quote!(#attribute #(#attrs)* #tokens)
            }
            Member::Method(method) => {
                let Method { attrs, tokens, .. } = &**method;
                quote!(#(#attrs)* #tokens)
            }
            Member::Other(tokens) => tokens.clone(),
        });
        let mut braces = Group::new(self.braces.delimiter(), members.collect());
        braces.set_span(self.braces.span());
        let head = &self.head;
        quote!(#head #braces)
    }
}

impl Method {
    fn is_eligible(&self) -> bool {
        self.has_body && self.sig.constness.is_none()
    }

    /// Whether it is `pub` without restriction.
    pub(crate) fn is_public(&self) -> bool {
        matches!(self.vis, Visibility::Public(_))
    }

    pub(crate) fn parameters(&self) -> Vec<String> {
        parameters(&self.sig)
    }
}

fn members(input: ParseStream<'_>) -> syn::Result<Vec<Member>> {
    let inner = input.call(Attribute::parse_inner)?;
    let mut members = vec![Member::Other(quote!(#(#inner)*))];
    while !input.is_empty() {
        let attrs = input.call(Attribute::parse_outer)?;
        members.push(match method(input, &attrs)? {
            Some(method) => Member::Method(Box::new(method)),
            None => {
                let rest = other(input)?;
                Member::Other(quote!(#(#attrs)* #rest))
            }
        });
    }
    Ok(members)
}

fn method(input: ParseStream<'_>, attrs: &[Attribute]) -> syn::Result<Option<Method>> {
    let ahead = input.fork();
    visibility(&ahead)?;
    if ahead.parse::<Signature>().is_err() {
        return Ok(None);
    }
    let vis = input.fork().parse()?;
    let before = visibility(input)?;
    let sig: Signature = input.parse()?;
    let body: TokenTree = input.parse()?;
    let has_body = matches!(body, TokenTree::Group(_));
    let tokens = quote!(#before #sig #body);
    Ok(Some(Method { attrs: attrs.to_vec(), vis, sig, has_body, tokens }))
}

/// A constant, a type or a macro call: up to its semicolon or its braces.
fn other(input: ParseStream<'_>) -> syn::Result<TokenStream> {
    let (mut tokens, mut after_bang) = (TokenStream::new(), false);
    while !input.is_empty() {
        let token: TokenTree = input.parse()?;
        let ends = match &token {
            TokenTree::Punct(punct) => punct.as_char() == ';',
            TokenTree::Group(group) => after_bang && group.delimiter() == Delimiter::Brace,
            _ => false,
        };
        after_bang = matches!(&token, TokenTree::Punct(punct) if punct.as_char() == '!');
        token.to_tokens(&mut tokens);
        if ends {
            break;
        }
    }
    Ok(tokens)
}

/// The type without its parameters, as a name for people.
fn type_name(ty: &Type) -> String {
    match ty {
        Type::Path(path) => path.path.segments.last().map_or_else(String::new, |last| last.ident.to_string()),
        Type::Reference(reference) => type_name(&reference.elem),
        Type::Paren(paren) => type_name(&paren.elem),
        Type::Group(group) => type_name(&group.elem),
        Type::Slice(slice) => format!("[{}]", type_name(&slice.elem)),
        Type::Array(array) => format!("[{}]", type_name(&array.elem)),
        Type::TraitObject(object) => object.bounds.iter().find_map(trait_name).unwrap_or_default(),
        other => other.to_token_stream().to_string(),
    }
}

fn trait_name(bound: &TypeParamBound) -> Option<String> {
    match bound {
        TypeParamBound::Trait(bound) => bound.path.segments.last().map(|last| last.ident.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_member_is_found_and_kept() {
        let item = quote! {
            #[cfg(all())]
            unsafe impl<T: Clone> Site for crate::site::Baozimh<T> where T: Send {
                const SIZE: Size = Size { width: 1 };
                type Page = [u8; { 2 + 2 }];
                make! { fn hidden() {} }
                make!(fn hidden() {});
                pub(crate) const fn fixed() -> u8 { 1 }
                #[inline] default async fn fetch(&self, url: &str) -> Page<{ 3 }> { url }
                fn declared();
            }
        };
        let block = Block::parse(&Item::parse(item.clone()), false).unwrap();
        assert_eq!((block.name.as_str(), block.keyword, block.is_of_trait), ("Baozimh", "impl", true));
        let methods = block.methods(|_| true);
        let names: Vec<String> = methods.iter().map(|method| method.sig.ident.to_string()).collect();
        assert_eq!(names, ["fetch"]);
        assert_eq!(block.with(&quote!(), |_| true).to_string(), item.to_string());
        let marked = block.with(&quote!(#[x]), |_| true).to_string();
        assert!(marked.contains("# [x] # [inline] default async fn fetch"), "{marked}");
    }
}
