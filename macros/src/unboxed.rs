//! A function whose whole body is `Box::pin(async move { .. })`, as `#[async_trait]` writes it: what is inside is the
//! body of an async function, and treated as such, so that no second box is needed.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::{quote, quote_spanned};
use syn::{ReturnType, Token};

use crate::func::Func;
use crate::returned::{Shape, future_output};

/// The parts of such a body.
pub(crate) struct Unboxed {
    /// `Box::pin`
    call: TokenStream,
    /// Where `#[async_trait]` takes the arguments over: that happens once, however often the rest is called.
    taken: TokenStream,
    /// The async function that it stands for.
    pub(crate) func: Func,
}

impl Unboxed {
    /// The parts, if the body is one.
    pub(crate) fn of(func: &Func) -> Option<Self> {
        let output = future_output(&func.sig.output)?;
        let (call, block) = boxed_block(&func.body)?;
        let is_async_trait = func.sig.generics.lifetimes().any(|param| param.lifetime.ident == "async_trait");
        let (taken, body) = if is_async_trait { split_taken(&block) } else { (TokenStream::new(), block) };
        let mut sig = func.sig.clone();
        sig.output = ReturnType::Type(<Token![->]>::default(), Box::new(output));
        let func = Func {
            attrs: func.attrs.clone(),
            vis: func.vis.clone(),
            sig,
            body,
            shape: Shape::Async,
            parameters: func.parameters.clone(),
            is_block: func.is_block,
        };
        Some(Self { call, taken, func })
    }

    /// An expression from outside the body, for use inside its block.
    pub(crate) fn inside(&self, expression: TokenStream) -> TokenStream {
        if self.taken.is_empty() { expression } else { with_own_self(expression) }
    }

    /// The arguments that are `mut` where they are taken over.
    pub(crate) fn taken_mut(&self) -> Vec<(Token![mut], Ident)> {
        let tokens: Vec<TokenTree> = self.taken.clone().into_iter().collect();
        let named = tokens.windows(2).filter_map(|pair| match pair {
            [TokenTree::Ident(word), TokenTree::Ident(name)] if word == "mut" => {
                Some((Token![mut](word.span()), name.clone()))
            }
            _ => None,
        });
        named.collect()
    }

    /// Without `mut` where these arguments are taken over: they are only put aside.
    pub(crate) fn without_mut(mut self, names: &[&Ident]) -> Self {
        let mut tokens = self.taken.into_iter().peekable();
        let mut kept = TokenStream::new();
        while let Some(token) = tokens.next() {
            let before = matches!(tokens.peek(), Some(TokenTree::Ident(name)) if names.contains(&name));
            if !(before && matches!(&token, TokenTree::Ident(word) if word == "mut")) {
                kept.extend([token]);
            }
        }
        self.taken = kept;
        self
    }

    /// The body again, with `statements` in its block.
    pub(crate) fn with(&self, statements: &TokenStream) -> TokenStream {
        let Self { call, taken, .. } = self;
        quote_spanned!(Span::mixed_site()=> #call(async move { #taken #statements }))
    }
}

/// `Box::pin` and the block in `Box::pin(async move { .. })`.
fn boxed_block(body: &Group) -> Option<(TokenStream, Group)> {
    let mut tokens: Vec<TokenTree> = body.stream().into_iter().collect();
    let Some(TokenTree::Group(arguments)) = tokens.pop() else { return None };
    let call: TokenStream = tokens.into_iter().collect();
    let path = syn::parse2::<syn::Path>(call.clone()).ok()?;
    let [.., owner, function] = &*path.segments.iter().collect::<Vec<_>>() else { return None };
    let inside: Vec<TokenTree> = arguments.stream().into_iter().collect();
    let [TokenTree::Ident(first), TokenTree::Ident(second), TokenTree::Group(block), rest @ ..] = &*inside
    else {
        return None;
    };
    // An inner attribute holds for the block as the user wrote it.
    let has_attribute =
        matches!(block.stream().into_iter().nth(1), Some(TokenTree::Punct(mark)) if mark.as_char() == '!');
    let is_trailing_comma = matches!(rest, [] | [TokenTree::Punct(_)]);
    let is_block = block.delimiter() == Delimiter::Brace && first == "async" && second == "move";
    (!has_attribute && owner.ident == "Box" && function.ident == "pin" && is_block && is_trailing_comma)
        .then(|| (call, block.clone()))
}

/// Takes `let __self = self;`, `let page = page;` and `let (a, b) = { .. };` out of the front of the block, where only
/// the edge that tells its type stands before them.
fn split_taken(block: &Group) -> (TokenStream, Group) {
    let mut tokens = block.stream().into_iter().peekable();
    let (mut edge, mut taken) = (TokenStream::new(), TokenStream::new());
    let word =
        |token: Option<&TokenTree>, text: &str| matches!(token, Some(TokenTree::Ident(word)) if word == text);
    if word(tokens.peek(), "if") {
        for token in tokens.by_ref() {
            let ends = matches!(&token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace);
            edge.extend([token]);
            if ends {
                break;
            }
        }
    }
    let mut rest: Vec<TokenTree> = tokens.collect();
    while word(rest.first(), "let") && !has_type(&rest) {
        let is_end = |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ';');
        let Some(end) = rest.iter().position(is_end) else { break };
        taken.extend(rest.drain(..=end));
    }
    let rest: TokenStream = rest.into_iter().collect();
    let mut body = Group::new(Delimiter::Brace, quote!(#edge #rest));
    body.set_span(block.span());
    (taken, body)
}

/// Whether the statement at the front says the type of what it binds: then it binds the value of the user's block.
fn has_type(statement: &[TokenTree]) -> bool {
    let mut after_colon = false;
    for token in statement {
        match token {
            TokenTree::Punct(punct) if punct.as_char() == '=' => return false,
            TokenTree::Punct(punct) if punct.as_char() == ':' => {
                if !after_colon && punct.spacing() == proc_macro2::Spacing::Alone {
                    return true;
                }
                after_colon = true;
            }
            _ => after_colon = false,
        }
    }
    false
}

/// The tokens with `__self` for `self`, as `#[async_trait]` writes it once `self` has been taken.
fn with_own_self(tokens: TokenStream) -> TokenStream {
    let own = |token| match token {
        TokenTree::Ident(word) if word == "self" => TokenTree::Ident(Ident::new("__self", word.span())),
        TokenTree::Group(group) => {
            let mut own = Group::new(group.delimiter(), with_own_self(group.stream()));
            own.set_span(group.span());
            TokenTree::Group(own)
        }
        other => other,
    };
    tokens.into_iter().map(own).collect()
}
