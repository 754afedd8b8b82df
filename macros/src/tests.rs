//! What the attributes make of functions: each `tests/expand/*.in.rs` becomes the `.out.rs` beside it. Run with
//! `UPDATE_EXPECT=1` to write those anew.

use proc_macro2::{TokenStream, TokenTree};

use crate::attribute::expand;
use crate::kind::Kind;
use crate::{log_time, main_fn, retry, structured_op};

const KINDS: [&Kind; 4] = [&log_time::KIND, &retry::KIND, &structured_op::KIND, &main_fn::KIND];

/// Expands the attribute that the item begins with.
fn expanded(source: &str) -> String {
    let mut tokens = source.parse::<TokenStream>().unwrap().into_iter().skip(1);
    let Some(TokenTree::Group(attribute)) = tokens.next() else { panic!("no attribute: {source}") };
    let mut inside = attribute.stream().into_iter();
    let name = inside.next().unwrap().to_string();
    let arguments = inside.next().map_or_else(TokenStream::new, |token| match token {
        TokenTree::Group(group) => group.stream(),
        token => panic!("no arguments: {token}"),
    });
    let kind = KINDS.into_iter().find(|kind| kind.ident() == name).unwrap();
    pretty(&expand(kind, arguments, tokens.collect()).to_string())
}

/// Laid out; methods stand alone here, so they are taken for functions of an `impl`.
fn pretty(code: &str) -> String {
    let whole = |code: &str| syn2::parse_file(code).map(|file| prettyplease::unparse(&file));
    whole(code).unwrap_or_else(|_| whole(&format!("impl Site {{ {code} }}")).unwrap())
}

#[test]
fn attributes_expand_to_what_is_shown() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/expand");
    let paths = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
    let inputs = paths.filter(|path| path.to_str().unwrap().ends_with(".in.rs"));
    for path in inputs {
        let source = std::fs::read_to_string(&path).unwrap();
        let shown = path.to_str().unwrap().replace(".in.rs", ".out.rs");
        expect_test::expect_file![shown].assert_eq(&expanded(&source));
    }
}
