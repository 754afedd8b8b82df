//! Finds where in a crate the attribute goes, and counts what it cannot go on.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::path::Path;

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Block, FnArg, ImplItem, Item, ReceiverKind, ReturnType, Signature, TraitItem, Type};

use crate::tests;

/// What is asked for.
#[derive(Default)]
pub(crate) struct Wanted {
    /// Only functions that return a `Result` and can be called again.
    pub(crate) only_results: bool,
    /// The `impl` blocks and the traits, not the functions.
    pub(crate) blocks: bool,
    /// Paths of functions, or of what they are in, that are left out.
    pub(crate) skip: Vec<String>,
}

impl Wanted {
    fn skips(&self, path: &str) -> bool {
        let is_inside = |rest: &str| rest.is_empty() || rest.starts_with("::");
        self.skip.iter().any(|skip| path.strip_prefix(skip.as_str()).is_some_and(is_inside))
    }
}

const SKIPPED: &str = "named by `--skip`";

/// All that was found in a crate.
#[derive(Default)]
pub(crate) struct Found {
    pub(crate) places: Vec<Place>,
    /// How many functions the attribute does not go on, by reason.
    pub(crate) left_out: BTreeMap<&'static str, usize>,
}

impl Found {
    pub(crate) fn leave_out(&mut self, reason: &'static str, count: usize) {
        if count > 0 {
            *self.left_out.entry(reason).or_default() += count;
        }
    }
}

/// A function, or a block of them.
pub(crate) struct Place {
    pub(crate) path: String,
    /// Where its signature begins, behind its other attributes.
    pub(crate) offset: usize,
    pub(crate) lines: RangeInclusive<usize>,
    /// How many functions the attribute goes on: one, or those of the block.
    pub(crate) functions: usize,
}

/// Adds the places of one file.
pub(crate) fn places(text: &str, name: &Path, wanted: &Wanted, found: &mut Found) -> syn::Result<()> {
    let file = syn::parse_file(text)?;
    // The parser does not count what stands before the first token of Rust.
    let bom = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let skipped = bom + file.shebang.as_ref().map_or(0, String::len);
    let first = found.places.len();
    let path = name.with_extension("");
    let modules = path.iter().filter_map(|part| part.to_str()).filter(|part| !["lib", "mod"].contains(part));
    Finder { wanted, path: modules.map(str::to_owned).collect(), found }.visit_file(&file);
    found.places[first..].iter_mut().for_each(|place| place.offset += skipped);
    Ok(())
}

struct Finder<'a> {
    wanted: &'a Wanted,
    path: Vec<String>,
    found: &'a mut Found,
}

impl Finder<'_> {
    /// Goes into what is called `name`.
    fn inside(&mut self, name: String, visit: impl FnOnce(&mut Self)) {
        self.path.push(name);
        visit(self);
        self.path.pop();
    }

    /// The function that the path names; `bare` is all of it but its attributes.
    fn function(&mut self, sig: &Signature, block: Option<&Block>, bare: &TokenStream) {
        if self.wanted.blocks {
            return;
        }
        match self.refusal(&self.path.join("::"), sig, block.is_some()) {
            Some(reason) => self.found.leave_out(reason, 1),
            None => self.place(bare, 1),
        }
    }

    fn refusal(&self, path: &str, sig: &Signature, has_body: bool) -> Option<&'static str> {
        let results = self.wanted.only_results;
        if !has_body {
            Some("without a body")
        } else if sig.constness.is_some() {
            Some("`const fn`")
        } else if results && !returns_result(sig) {
            Some("does not return `Result`")
        } else if results && takes_self(sig) {
            Some("takes `self` by value")
        } else if self.wanted.skips(path) {
            Some(SKIPPED)
        } else {
            None
        }
    }

    /// An `impl` or a trait with these functions. It is left out where one of them is.
    fn block<'a>(&mut self, functions: impl Iterator<Item = (&'a Signature, bool)>, bare: &TokenStream) {
        if !self.wanted.blocks {
            return;
        }
        let path = self.path.join("::");
        let refusals: Vec<_> = functions
            .map(|(sig, has_body)| self.refusal(&format!("{path}::{}", sig.ident), sig, has_body))
            .collect();
        let annotated = refusals.iter().filter(|refusal| refusal.is_none()).count();
        if refusals.contains(&Some(SKIPPED)) {
            self.found.leave_out("in a block with one named by `--skip`", annotated);
        } else if annotated > 0 {
            self.place(bare, annotated);
        }
        refusals.into_iter().flatten().for_each(|reason| self.found.leave_out(reason, 1));
    }

    fn place(&mut self, bare: &TokenStream, functions: usize) {
        let span = bare.span();
        let lines = span.start().line..=span.end().line;
        let offset = bare.clone().into_iter().next().map_or(0, |token| token.span().byte_range().start);
        self.found.places.push(Place { path: self.path.join("::"), offset, lines, functions });
    }
}

impl<'ast> Visit<'ast> for Finder<'_> {
    fn visit_item(&mut self, item: &'ast Item) {
        let attrs = match item {
            Item::Fn(item) => &item.attrs,
            Item::Impl(item) => &item.attrs,
            Item::Macro(item) => &item.attrs,
            Item::Mod(item) => &item.attrs,
            Item::Trait(item) => &item.attrs,
            _ => return visit::visit_item(self, item),
        };
        if tests::is_test(attrs) {
            self.found.leave_out(tests::REASON, tests::functions(item.to_token_stream()));
        } else {
            visit::visit_item(self, item);
        }
    }

    fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
        self.inside(module.ident.to_string(), |this| visit::visit_item_mod(this, module));
    }

    fn visit_item_fn(&mut self, function: &'ast syn::ItemFn) {
        let bare = syn::ItemFn { attrs: Vec::new(), ..function.clone() }.into_token_stream();
        self.inside(function.sig.ident.to_string(), |this| {
            this.function(&function.sig, Some(&function.block), &bare);
            visit::visit_item_fn(this, function);
        });
    }

    fn visit_item_impl(&mut self, block: &'ast syn::ItemImpl) {
        let bare = syn::ItemImpl { attrs: Vec::new(), ..block.clone() }.into_token_stream();
        let ty = dense(&block.self_ty);
        let name = block.trait_.as_ref().map_or(ty.clone(), |(of, _)| format!("<{ty} as {}>", dense(of)));
        self.inside(name, |this| {
            let functions = block.items.iter().filter_map(|item| match item {
                ImplItem::Fn(function) => Some((&function.sig, true)),
                _ => None,
            });
            this.block(functions, &bare);
            visit::visit_item_impl(this, block);
        });
    }

    fn visit_impl_item_fn(&mut self, function: &'ast syn::ImplItemFn) {
        let bare = syn::ImplItemFn { attrs: Vec::new(), ..function.clone() }.into_token_stream();
        self.inside(function.sig.ident.to_string(), |this| {
            this.function(&function.sig, Some(&function.block), &bare);
            visit::visit_impl_item_fn(this, function);
        });
    }

    fn visit_item_trait(&mut self, block: &'ast syn::ItemTrait) {
        let bare = syn::ItemTrait { attrs: Vec::new(), ..block.clone() }.into_token_stream();
        self.inside(block.ident.to_string(), |this| {
            let functions = block.items.iter().filter_map(|item| match item {
                TraitItem::Fn(function) => Some((&function.sig, function.default.is_some())),
                _ => None,
            });
            this.block(functions, &bare);
            visit::visit_item_trait(this, block);
        });
    }

    fn visit_trait_item_fn(&mut self, function: &'ast syn::TraitItemFn) {
        let bare = syn::TraitItemFn { attrs: Vec::new(), ..function.clone() }.into_token_stream();
        self.inside(function.sig.ident.to_string(), |this| {
            this.function(&function.sig, function.default.as_ref(), &bare);
            visit::visit_trait_item_fn(this, function);
        });
    }

    fn visit_foreign_item_fn(&mut self, _: &'ast syn::ForeignItemFn) {
        self.found.leave_out("declared in an `extern` block", 1);
    }

    fn visit_macro(&mut self, body: &'ast syn::Macro) {
        self.found.leave_out("inside a macro", tests::functions(body.tokens.clone()));
    }
}

fn takes_self(sig: &Signature) -> bool {
    matches!(sig.inputs.first(), Some(FnArg::Receiver(this)) if matches!(this.kind, ReceiverKind::Value))
}

/// Whether the return type is called `Result`, or something that ends so.
fn returns_result(sig: &Signature) -> bool {
    let ReturnType::Type(_, ty) = &sig.output else { return false };
    let Type::Path(path) = &**ty else { return false };
    path.path.segments.last().is_some_and(|last| last.ident.to_string().ends_with("Result"))
}

/// The text of a type, without spaces.
fn dense(ty: &impl ToTokens) -> String {
    ty.to_token_stream().to_string().split_whitespace().collect()
}
