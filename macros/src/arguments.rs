//! What stands in an attribute's parentheses, before it is read: the user's own tokens, and the marks that our
//! attributes put in front of them to tell each other something. No option can look like a mark.

use proc_macro2::{Delimiter, Literal, TokenStream, TokenTree};
use quote::{ToTokens, quote};

/// The arguments of one attribute.
#[derive(Clone)]
pub(crate) struct Arguments {
    /// `@moved`: the attribute has moved itself behind others; see `stack`.
    pub(crate) moved: bool,
    /// `@block("Type" ..)`: the attribute of an `impl` or `trait` block speaks here as well; see `block`.
    pub(crate) block: Option<Inherited>,
    /// What the user wrote.
    pub(crate) own: TokenStream,
}

/// What a function has from the attribute of its block.
#[derive(Clone)]
pub(crate) struct Inherited {
    /// The name that goes before the function's.
    pub(crate) name: String,
    pub(crate) options: TokenStream,
}

impl Arguments {
    pub(crate) fn read(tokens: TokenStream) -> Self {
        let mut arguments = Self { moved: false, block: None, own: TokenStream::new() };
        let mut tokens = tokens.into_iter().peekable();
        while tokens
            .next_if(|token| matches!(token, TokenTree::Punct(mark) if mark.as_char() == '@'))
            .is_some()
        {
            match tokens.next() {
                Some(TokenTree::Ident(word)) if word == "moved" => arguments.moved = true,
                _ => arguments.block = tokens.next().and_then(Inherited::read),
            }
        }
        arguments.own = tokens.collect();
        arguments
    }

    /// Whether it was one of our attributes that put this here.
    pub(crate) fn is_marked(&self) -> bool {
        self.moved || self.block.is_some()
    }

    /// The path of our crate as the user gave it in `crate = path`, not looked at closely.
    pub(crate) fn krate(&self) -> TokenStream {
        let inherited = self.block.as_ref().map(|block| block.options.clone());
        std::iter::once(self.own.clone())
            .chain(inherited)
            .find_map(after_crate)
            .unwrap_or_else(|| quote!(::logwright))
    }
}

impl Inherited {
    fn read(token: TokenTree) -> Option<Self> {
        let TokenTree::Group(group) = token else { return None };
        let mut tokens = group.stream().into_iter();
        let name = syn::parse2::<syn::LitStr>(tokens.next()?.into()).ok()?.value();
        Some(Self { name, options: tokens.collect() })
    }
}

impl ToTokens for Arguments {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        if self.moved {
            tokens.extend(quote!(@moved));
        }
        if let Some(Inherited { name, options }) = &self.block {
            let name = Literal::string(name);
            tokens.extend(quote!(@block(#name #options)));
        }
        self.own.to_tokens(tokens);
    }
}

/// The tokens between `crate =` and the next comma.
fn after_crate(tokens: TokenStream) -> Option<TokenStream> {
    let mut tokens = tokens.into_iter();
    while let Some(token) = tokens.next() {
        if matches!(&token, TokenTree::Ident(word) if word == "crate") {
            let rest = tokens.skip_while(is_equals);
            return Some(rest.take_while(|token| !is_comma(token)).collect());
        }
        // The path of a value may hold the word as well; a key stands after a comma.
        if !is_comma(&token) {
            tokens.by_ref().find(is_comma)?;
        }
    }
    None
}

fn is_equals(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == '=')
}

fn is_comma(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == ',')
}

/// Whether the attribute was written with empty parentheses, or with others than round ones. The compiler gives a macro
/// what is inside them alone, so the source text is asked.
pub(crate) fn misdelimited(name: &str, own: &TokenStream) -> Option<String> {
    let text = proc_macro2::Span::call_site().source_text()?;
    let inside = text.strip_prefix("#[")?.strip_suffix(']')?.trim_end();
    let open = inside.find(['(', '[', '{'])?;
    // Under a condition, the text is that of `#[cfg_attr(..)]`.
    if inside[..open].trim_end().rsplit(':').next() != name.rsplit(':').next() {
        return None;
    }
    match delimiter(&inside[open..])? {
        Delimiter::Parenthesis if own.is_empty() => Some(format!("empty parentheses; write `#[{name}]`")),
        Delimiter::Parenthesis => None,
        _ => Some(format!("use parentheses: `#[{name}(..)]`")),
    }
}

fn delimiter(text: &str) -> Option<Delimiter> {
    match text.chars().next()? {
        '(' => Some(Delimiter::Parenthesis),
        '[' => Some(Delimiter::Bracket),
        '{' => Some(Delimiter::Brace),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_written_as_they_are_read() {
        let own = quote!(level = "info", crate = crate::log);
        let inherited = Inherited { name: "Site".into(), options: quote!(slow = 2) };
        let written = Arguments { moved: true, block: Some(inherited), own: own.clone() }.to_token_stream();
        let read = Arguments::read(written);
        assert!(read.moved);
        assert_eq!(read.own.to_string(), own.to_string());
        assert_eq!(read.krate().to_string(), quote!(crate::log).to_string());
        let inherited = read.block.unwrap();
        assert_eq!(
            (inherited.name.as_str(), inherited.options.to_string()),
            ("Site", quote!(slow = 2).to_string())
        );
    }

    #[test]
    fn a_crate_inside_a_value_is_no_key() {
        let read = Arguments::read(quote!(when = crate::is_busy, logger = LOGGER));
        assert_eq!(read.krate().to_string(), quote!(::logwright).to_string());
    }
}
