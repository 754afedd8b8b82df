//! What comes into a program with logwright: nothing that changes how the program's own code is understood.

use std::process::Command;

use crate::support::{Package, text};

/// Whether `serde_json` is among what `logwright` needs with these features.
#[track_caller]
fn has_serde_json(features: &[&str]) -> bool {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--locked", "--offline", "--package=logwright", "--edges=normal", "--prefix=none"])
        .args(features)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    let tree = text(&output.stdout);
    assert!(tree.starts_with("logwright v"), "{tree}");
    tree.lines().any(|line| line.starts_with("serde_json "))
}

#[test]
fn serde_json_comes_with_the_feature_read_alone() {
    for features in [&[][..], &["--no-default-features"], &["--features=catalogue,off,tokio"]] {
        assert!(!has_serde_json(features), "with {features:?}");
    }
    assert!(has_serde_json(&["--features=read"]));
}

#[test]
fn a_crate_that_names_logwright_keeps_its_type_inference() {
    let package = Package::new(
        r#"edition = "2024"

[dependencies]
logwright = { path = 'TESTS/../runtime', features = ["catalogue", "tokio"] }
"#,
    );
    package.add(
        "src/lib.rs",
        r#"use logwright as _;

pub fn untyped() {
    let bytes: Vec<u8> = vec![];
    assert_eq!(&*bytes, &[]);
    assert!(1 == "1".parse().unwrap());
}
"#,
    );
    let output = package.check(&[]);
    assert!(output.status.success(), "{}", text(&output.stderr));
}
