//! The life of one attribute: its turn is waited for, its arguments and its item are read, it is expanded. On a
//! mistake the item is kept as it is, so that the mistake is the only error and callers still compile.

use proc_macro2::{Delimiter, Group, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;

use crate::arguments::{Arguments, Inherited, misdelimited};
use crate::block::{Block, Method};
use crate::diag::Mistakes;
use crate::fields;
use crate::func::Func;
use crate::item::Item;
use crate::kind::{Kind, OFF};
use crate::options::Options;
use crate::stack::{self, Turn};
use crate::subject::Subject;
use crate::unboxed::Unboxed;

/// Expands an attribute, if its turn has come.
pub(crate) fn expand(kind: &Kind, arguments: TokenStream, item: TokenStream) -> TokenStream {
    let mut item = Item::parse(item);
    let expanded = match stack::turn(kind, Arguments::read(arguments), &mut item) {
        Turn::Later(item) => return item,
        Turn::Twice(error) => Err(error),
        Turn::Now(arguments) => on_item(kind, &arguments, &item),
    };
    expanded.unwrap_or_else(|error| {
        let error = error.into_compile_error();
        quote!(#error #item)
    })
}

fn on_item(kind: &Kind, arguments: &Arguments, item: &Item) -> syn::Result<TokenStream> {
    match Subject::parse(kind, item)? {
        Subject::Func(func) => on_func(kind, arguments, &func, item),
        Subject::Block(_) if kind.ident() == "main" => {
            Err(syn::Error::new(Span::call_site(), "`#[logwright::main]` goes on `fn main`"))
        }
        Subject::Block(block) => Ok(on_block(kind, arguments, &block)),
    }
}

fn on_func(kind: &Kind, arguments: &Arguments, func: &Func, item: &Item) -> syn::Result<TokenStream> {
    let mut mistakes = Mistakes::default();
    let mut options = options(kind, arguments, &mut mistakes);
    if let Some(span) = options.flag("skip", &mut mistakes) {
        if arguments.block.is_none() {
            mistakes.add(span, out_of_block(kind, "skip"));
        } else if let Some((other, _)) = options.own().next() {
            mistakes
                .add(span, format!("`skip` leaves the function alone; `{other}` has no meaning beside it"));
        }
        return mistakes.finish(item.to_token_stream());
    }
    if let Some(span) = options.span("only") {
        mistakes.add(span, out_of_block(kind, "only"));
    }
    let off = (OFF && kind.only_tells).then(|| as_written(func, item, arguments, &options));
    let expanded = (kind.expand)(func, &mut options, &mut mistakes);
    mistakes.finish(off.unwrap_or(expanded))
}

/// Feature `off`: the function as it was written. Where its body has a handle, it has one of nothing; where options use
/// its arguments, they still do, in a branch that is never taken.
fn as_written(func: &Func, item: &Item, arguments: &Arguments, options: &Options) -> TokenStream {
    let krate = arguments.krate();
    let bind = options
        .bound()
        .map(|bind| quote_spanned!(Span::mixed_site()=> let #bind = #krate::__private::OpHandle::none();));
    // Their mistakes are told by the expansion that is thrown away.
    let mut told = Mistakes::default();
    let lists = options.field_lists();
    let fields: TokenStream =
        lists.map(|list| fields::expand(Some(list), &func.parameters, &mut told)).collect();
    let logger = options.expr_of("logger").map(|logger| {
        quote_spanned!(logger.span()=> __logwright::Target::wanted(&#logger, __logwright::Level::Info);)
    });
    if fields.is_empty() && logger.is_none() && bind.is_none() {
        return item.to_token_stream();
    }
    let added = quote_spanned! {Span::mixed_site()=>
        if false {
            use #krate::__private as __logwright;
            let __fields = &mut __logwright::Fields::new();
            #fields
            #logger
        }
        #bind
    };
    let whole = |added: TokenStream, func: &Func| {
        let body = func.body.stream();
        quote!(#added #body)
    };
    match Unboxed::of(func) {
        Some(unboxed) => func.with_body(&unboxed.with(&whole(unboxed.inside(added), &unboxed.func))),
        None => func.with_body(&whole(added, func)),
    }
}

/// Puts the attribute on the functions of the block, after looking at its options once for all of them.
fn on_block(kind: &Kind, arguments: &Arguments, block: &Block) -> TokenStream {
    let mut mistakes = Mistakes::default();
    let mut options = options(kind, arguments, &mut mistakes);
    if let Some(span) = options.flag("skip", &mut mistakes) {
        mistakes.add(span, out_of_block(kind, "skip"));
    }
    let only_public = only(kind, block, &mut options, &mut mistakes);
    let takes = |method: &Method| (kind.takes)(&method.sig) && (!only_public || method.is_public());
    let methods = block.methods(takes);
    let name = options.said("name", &mut mistakes).unwrap_or_else(|| block.name.clone());
    match methods.first() {
        Some(first) => check(kind, &mut options, first, &methods, &mut mistakes),
        None => mistakes.add(Span::call_site(), nothing_to_annotate(kind, block, only_public)),
    }
    // With a mistake, the functions have the attribute nevertheless: what they say of it themselves stays right.
    let (error, own) = match mistakes.finish(()) {
        Ok(()) => (None, arguments.own.clone()),
        Err(error) => (Some(error.into_compile_error()), TokenStream::new()),
    };
    let inherited = Inherited { name, options: own };
    let inherited = Arguments { moved: false, block: Some(inherited), own: TokenStream::new() };
    let path = stack::path(kind, arguments);
    let block = block.with(&quote!(#[#path(#inherited)]), takes);
    quote!(#error #block)
}

/// Reads the options as for one function that has the parameters of all.
fn check(kind: &Kind, options: &mut Options, first: &Method, methods: &[&Method], mistakes: &mut Mistakes) {
    let asynchronous = methods.iter().find(|method| method.sig.asyncness.is_some());
    let sig = asynchronous.unwrap_or(&first).sig.clone();
    let head = (Vec::new(), TokenStream::new(), sig);
    let empty = Group::new(Delimiter::Brace, TokenStream::new());
    if let Some(mut func) = mistakes.keep(Func::new((kind.name, kind.verb), head, Some(empty.into()))) {
        func.is_block = true;
        func.parameters = methods.iter().flat_map(|method| method.parameters()).collect();
        func.parameters.sort();
        func.parameters.dedup();
        (kind.expand)(&func, options, mistakes);
    }
}

/// `only = "pub"`
fn only(kind: &Kind, block: &Block, options: &mut Options, mistakes: &mut Mistakes) -> bool {
    let Some(text) = options.text("only", mistakes) else { return false };
    if text.value() != "pub" {
        mistakes.add(text.span(), format!("unknown `only`; write `#[{}(only = \"pub\")]`", kind.name));
    } else if block.is_of_trait {
        mistakes.add(text.span(), "the functions of a trait have no visibility of their own");
        return false;
    }
    true
}

fn options(kind: &Kind, arguments: &Arguments, mistakes: &mut Mistakes) -> Options {
    if !arguments.is_marked()
        && let Some(message) = misdelimited(kind.name, &arguments.own)
    {
        mistakes.add(Span::call_site(), message);
    }
    let attribute = format!("#[{}]", kind.name);
    Options::parse(&attribute, arguments, (kind.options, kind.positional), mistakes)
}

fn out_of_block(kind: &Kind, key: &str) -> String {
    let place = if key == "only" { "on" } else { "inside" };
    format!("`{key}` only has a meaning {place} an `impl` or `trait` that carries `#[{}]`", kind.name)
}

fn nothing_to_annotate(kind: &Kind, block: &Block, only_public: bool) -> String {
    let (keyword, name) = (block.keyword, kind.name);
    let all = block.methods(|_| true);
    let what = if all.is_empty() {
        "no function with a body"
    } else if only_public && !all.iter().any(|method| method.is_public()) {
        "no `pub` function"
    } else {
        "no function that returns `Result` and can be called again"
    };
    format!("this `{keyword}` has {what}, so `#[{name}]` does nothing; remove it")
}
