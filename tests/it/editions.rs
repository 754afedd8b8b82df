//! Code that this package cannot have: of the edition before this one, in which expressions, lifetimes and the prelude
//! are others, and of unsafe functions.

use crate::support::{Package, text};

const MANIFEST: &str = r#"
[[test]]
name = "NAME"
path = 'TESTS/NAME.rs'

[dependencies]
async-trait = "*"
futures = { version = "*", default-features = false, features = ["executor", "std"] }
logwright = { path = 'TESTS/../runtime' }
"#;

#[track_caller]
fn compiles(name: &str, edition: &str) {
    let package = Package::new(&format!("edition = \"{edition}\"\n{}", MANIFEST.replace("NAME", name)));
    let output = package.check(&["--tests"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
}

#[test]
fn a_crate_of_edition_2021_takes_every_option() {
    compiles("hygiene", "2021");
}

#[test]
fn unsafe_functions_and_foreign_abis_stay_what_they_are() {
    compiles("unsafe_fns", "2021");
    compiles("unsafe_fns", "2024");
}
