//! Tells what of a crate is there in its tests alone.

use std::error::Error;
use std::path::{Path, PathBuf};

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Attribute, Item};

use crate::find::Found;

pub(crate) const REASON: &str = "in a test";

/// The files of a crate, without those of its tests.
pub(crate) fn files_without(source: &Path, found: &mut Found) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let mut files = rust_files(source)?;
    let mut tests = Vec::new();
    for file in &files {
        let inside = match file.file_stem().and_then(|stem| stem.to_str()) {
            Some("lib" | "main" | "mod") => file.with_file_name(""),
            _ => file.with_extension(""),
        };
        for item in parse(file)?.items {
            if let Item::Mod(module) = item
                && module.content.is_none()
                && is_test(&module.attrs)
            {
                tests.push(inside.join(module.ident.to_string()));
            }
        }
    }
    let is_test = |file: &Path| tests.iter().any(|test| file.with_extension("").starts_with(test));
    for file in files.iter().filter(|file| is_test(file)) {
        found.leave_out(REASON, functions(parse(file)?.into_token_stream()));
    }
    files.retain(|file| !is_test(file));
    Ok(files)
}

fn rust_files(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            files.extend(rust_files(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn parse(file: &Path) -> Result<syn::File, Box<dyn Error>> {
    let text = std::fs::read_to_string(file)?;
    syn::parse_file(&text).map_err(|error| format!("{}: {error}", file.display()).into())
}

/// Whether an item is there in tests alone.
pub(crate) fn is_test(attrs: &[Attribute]) -> bool {
    attrs.iter().any(|attr| match attr.path().segments.last() {
        Some(last) if last.ident == "test" || last.ident == "bench" => true,
        Some(last) if last.ident == "cfg" => {
            attr.meta.require_list().is_ok_and(|list| needs_test(list.tokens.clone()))
        }
        _ => false,
    })
}

/// Whether a condition names `test`, not only inside `not(..)`.
fn needs_test(condition: TokenStream) -> bool {
    let mut negated = false;
    condition.into_iter().any(|token| match token {
        TokenTree::Ident(ident) => {
            negated = ident == "not";
            ident == "test"
        }
        TokenTree::Group(group) => !negated && needs_test(group.stream()),
        _ => false,
    })
}

/// How many functions these tokens are, taken as `fn` and a name.
pub(crate) fn functions(tokens: TokenStream) -> usize {
    let mut after_fn = false;
    tokens
        .into_iter()
        .map(|token| match token {
            TokenTree::Ident(ident) => {
                let named = usize::from(after_fn);
                after_fn = ident == "fn";
                named
            }
            TokenTree::Group(group) => functions(group.stream()),
            // `fn $name` in a macro.
            TokenTree::Punct(punct) if after_fn && punct.as_char() == '$' => {
                after_fn = false;
                1
            }
            _ => 0,
        })
        .sum()
}
