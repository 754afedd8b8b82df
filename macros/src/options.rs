//! The grammar inside the parentheses of an attribute: `key`, `key = value` or `key(list)`, each key once, in any
//! order. The types of values are in `values`.

use proc_macro2::{Ident, Span, TokenStream};
use quote::ToTokens;
use syn::parse::{Parse, ParseStream, Parser};
use syn::spanned::Spanned;
use syn::{Error, Expr, Lit, Token};

use crate::arguments::Arguments;
use crate::diag::{Mistakes, quoted, unknown, with_help};

/// What was written, one by one.
pub(crate) struct Options {
    given: Vec<Given>,
    /// The name of the block that the function is in, if the attribute is the block's.
    block: Option<String>,
}

struct Given {
    key: Ident,
    value: Value,
    /// Whether it was given to the block, not to the function.
    inherited: bool,
}

#[derive(Clone)]
enum Value {
    Flag,
    Is(Expr),
    List(TokenStream),
}

/// The tokens inside `key(..)`.
pub(crate) struct List {
    pub(crate) tokens: TokenStream,
    pub(crate) key: Ident,
    /// Whether it was given to the block: then not every name in it need be one of this function's.
    pub(crate) inherited: bool,
}

/// The levels, as they are written.
pub(crate) const LEVELS: [&str; 7] = ["error", "warn", "warning", "info", "debug", "trace", "critical"];

/// Options of a block that are not those of its functions.
const OF_BLOCK: [&str; 2] = ["name", "only"];

impl Options {
    /// Reads the arguments of an attribute (or of an option that has some) called `attribute`; what is not among the
    /// `known` options is a mistake. Literals at the front are given the keys of `positional`. A function's own options
    /// go over those of its block.
    pub(crate) fn parse(
        attribute: &str,
        arguments: &Arguments,
        (known, positional): (&[&str], &[&str]),
        mistakes: &mut Mistakes,
    ) -> Self {
        let parser = |input: ParseStream<'_>| Self::read(input, positional);
        let mut given: Vec<Given> = Vec::new();
        for option in mistakes.keep(parser.parse2(arguments.own.clone())).unwrap_or_default() {
            let (key, span) = (option.key.to_string(), option.key.span());
            if !known.contains(&&*key) {
                let problem = format!("unknown option `{key}` for `{attribute}`");
                mistakes.add(
                    span,
                    match level_alone(&key, known) {
                        Some(cure) => with_help(&problem, &cure),
                        None => unknown(&problem, &key, known, "options"),
                    },
                );
            } else if let Some(first) = given.iter().find(|other| other.key == option.key) {
                let mut error = Error::new(span, format!("`{key}` is given twice"));
                error.combine(Error::new(first.key.span(), "first given here"));
                mistakes.push(error);
            } else {
                given.push(option);
            }
        }
        let block = arguments.block.as_ref();
        let inherited = block.and_then(|block| mistakes.keep(parser.parse2(block.options.clone())));
        for option in inherited.unwrap_or_default() {
            let key = option.key.to_string();
            if !OF_BLOCK.contains(&&*key) && given.iter().all(|own| own.key != option.key) {
                given.push(Given { inherited: true, ..option });
            }
        }
        Self { given, block: block.map(|block| block.name.clone()) }
    }

    fn read(input: ParseStream<'_>, positional: &[&str]) -> syn::Result<Vec<Given>> {
        let mut given = Vec::new();
        while !input.is_empty() {
            let place = positional.get(given.len()).filter(|_| input.peek(Lit));
            given.push(match place {
                Some(key) => {
                    let value: Expr = input.parse()?;
                    let key = Ident::new(key, value.span());
                    Given { key, value: Value::Is(value), inherited: false }
                }
                None => input.parse()?,
            });
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        Ok(given)
    }

    /// The name of the block whose attribute this is, as far as that goes.
    pub(crate) fn block(&self) -> Option<&str> {
        self.block.as_deref()
    }

    /// What was given, as it was written.
    pub(crate) fn written(&self) -> Vec<(String, String)> {
        let value = |value: &Value| match value {
            Value::Flag => String::new(),
            Value::Is(expr) => expr.to_token_stream().to_string(),
            Value::List(list) => list.to_string(),
        };
        self.given.iter().map(|option| (option.key.to_string(), value(&option.value))).collect()
    }

    /// Those that were given to the function itself.
    pub(crate) fn own(&self) -> impl Iterator<Item = (String, Span)> {
        let own = self.given.iter().filter(|option| !option.inherited);
        own.map(|option| (option.key.to_string(), option.key.span()))
    }

    /// The identifier in `bind = identifier`, as far as it is one.
    pub(crate) fn bound(&self) -> Option<Ident> {
        match self.expr_of("bind") {
            Some(Expr::Path(path)) => path.path.get_ident().cloned(),
            _ => None,
        }
    }

    /// Whether an option was given to the block.
    pub(crate) fn is_inherited(&self, key: &str) -> bool {
        self.given.iter().any(|option| option.key == key && option.inherited)
    }

    /// The lists that name fields of the arguments.
    pub(crate) fn field_lists(&self) -> impl Iterator<Item = List> {
        let lists = self.given.iter().filter(|option| option.key == "fields" || option.key == "context");
        lists.filter_map(|Given { key, value, inherited }| match value {
            Value::List(tokens) => {
                Some(List { tokens: tokens.clone(), key: key.clone(), inherited: *inherited })
            }
            _ => None,
        })
    }

    /// Where an option was given, if it was.
    pub(crate) fn span(&self, key: &str) -> Option<Span> {
        self.given.iter().find(|option| option.key == key).map(|option| option.key.span())
    }

    /// The same, if it was given to the function itself.
    pub(crate) fn own_span(&self, key: &str) -> Option<Span> {
        self.own().find(|(own, _)| own == key).map(|(_, span)| span)
    }

    /// Where the value of an option stands, if it has one.
    pub(crate) fn value_span(&self, key: &str) -> Option<Span> {
        self.expr_of(key).map(Spanned::span)
    }

    /// The expression that an option is, left where it is.
    pub(crate) fn expr_of(&self, key: &str) -> Option<&Expr> {
        self.given.iter().find(|option| option.key == key).and_then(|option| match &option.value {
            Value::Is(expr) => Some(peel(expr)),
            _ => None,
        })
    }

    /// Says that two options do not go together, if both are given; the span is the second's. What the function says
    /// pushes out what its block says.
    pub(crate) fn exclude(&mut self, one: &str, other: &str, why: &str, mistakes: &mut Mistakes) {
        let at = |key: &str| self.given.iter().position(|option| option.key == key);
        let (Some(first), Some(second)) = (at(one), at(other)) else { return };
        match (self.given[first].inherited, self.given[second].inherited) {
            (true, false) => drop(self.given.remove(first)),
            (false, true) => drop(self.given.remove(second)),
            _ => {
                let span = self.given[first.max(second)].key.span();
                mistakes.add(span, format!("`{one}` and `{other}` do not go together: {why}"));
            }
        }
    }

    /// `key`, without a value: where it stands.
    pub(crate) fn flag(&mut self, key: &str, mistakes: &mut Mistakes) -> Option<Span> {
        let option = self.take(key)?;
        if !matches!(option.value, Value::Flag) {
            mistakes.add(option.key.span(), format!("`{key}` takes no value"));
        }
        Some(option.key.span())
    }

    fn take(&mut self, key: &str) -> Option<Given> {
        let at = self.given.iter().position(|option| option.key == key)?;
        Some(self.given.remove(at))
    }

    /// `key = expression`
    pub(crate) fn expr(&mut self, key: &str, mistakes: &mut Mistakes) -> Option<Expr> {
        let Given { key: ident, value, .. } = self.take(key)?;
        if let Value::Is(expr) = value {
            return Some(peel(&expr).clone());
        }
        mistakes.add(ident.span(), format!("`{key}` takes a value; write `{key} = ..`"));
        None
    }

    /// `key(list)`
    pub(crate) fn list(&mut self, key: &str, mistakes: &mut Mistakes) -> Option<List> {
        let Given { key: ident, value, inherited } = self.take(key)?;
        if let Value::List(tokens) = value {
            return Some(List { tokens, key: ident, inherited });
        }
        mistakes.add(ident.span(), format!("`{key}` takes a list; write `{key}(..)`"));
        None
    }

    /// `key(list)` where the list is one of options again.
    pub(crate) fn nested(&mut self, key: &str, known: &[&str], mistakes: &mut Mistakes) -> Option<Self> {
        let list = self.list(key, mistakes)?;
        if list.tokens.is_empty() {
            mistakes.add(list.key.span(), format!("`{key}` is empty; it takes {}", quoted(known)));
        }
        let arguments = Arguments { moved: false, block: None, own: list.tokens };
        Some(Self::parse(key, &arguments, (known, &[]), mistakes))
    }
}

impl Parse for Given {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        use syn::ext::IdentExt as _;
        let key = input.call(Ident::parse_any).map_err(|error| {
            Error::new(error.span(), "expected an option: `key`, `key = value` or `key(list)`")
        })?;
        let value = if input.peek(Token![=]) {
            input.parse::<Token![=]>()?;
            Value::Is(input.parse()?)
        } else if input.peek(syn::token::Paren) {
            let list;
            syn::parenthesized!(list in input);
            Value::List(list.parse()?)
        } else {
            Value::Flag
        };
        Ok(Self { key, value, inherited: false })
    }
}

/// For a level where an option should be: how to write it.
fn level_alone(key: &str, known: &[&str]) -> Option<String> {
    let is_level = known.contains(&"level") && LEVELS.contains(&key);
    is_level.then(|| format!("did you mean `level = \"{key}\"`?"))
}

/// What a macro's `$value:literal` has wrapped.
fn peel(expr: &Expr) -> &Expr {
    match expr {
        Expr::Group(group) => peel(&group.expr),
        expr => expr,
    }
}

/// For a parameter that a list names but the function does not have.
pub(crate) fn no_parameter(name: &str, parameters: &[String]) -> String {
    let known: Vec<&str> = parameters.iter().map(String::as_str).collect();
    let problem = format!("no parameter named `{name}`");
    if known.is_empty() {
        format!("{problem}; the function has none")
    } else {
        unknown(&problem, name, &known, "parameters")
    }
}
