//! What comes into a program with logwright: nothing that changes how the program's own code is understood.

use std::process::{Command, Stdio};

use crate::support::{Package, text};

/// The names of all that `logwright` brings with these features.
#[track_caller]
fn brought(features: &[&str]) -> Vec<String> {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--locked", "--package=logwright", "--edges=normal", "--prefix=none"])
        .args(features)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        // For another target cargo starts a rustc that reads this test's input.
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    let tree = text(&output.stdout);
    assert!(tree.starts_with("logwright v"), "{tree}");
    tree.lines().filter_map(|line| line.split(' ').next()).map(str::to_owned).collect()
}

/// Whether `name` is among it.
#[track_caller]
fn has(name: &str, features: &[&str]) -> bool {
    brought(features).iter().any(|other| other == name)
}

#[test]
fn serde_json_comes_with_the_feature_read_alone() {
    for features in [&[][..], &["--no-default-features"], &["--features=catalogue,off,tokio"]] {
        assert!(!has("serde_json", features), "with {features:?}");
    }
    assert!(has("serde_json", &["--features=read"]));
}

#[test]
fn compression_comes_with_the_feature_gzip_alone() {
    for features in [&[][..], &["--features=catalogue,off,read,tokio"]] {
        assert!(!has("flate2", features), "with {features:?}");
    }
    // And all of it is Rust.
    let brought = brought(&["--features=gzip"]);
    assert!(brought.iter().any(|name| name == "miniz_oxide"), "{brought:?}");
    assert!(!brought.iter().any(|name| name.ends_with("-sys")), "{brought:?}");
}

#[test]
fn a_parser_of_toml_comes_with_the_feature_config_alone() {
    for name in ["toml", "strsim"] {
        assert!(!has(name, &["--features=catalogue,gzip,off,read,tokio"]), "{name}");
        assert!(has(name, &["--features=config"]), "{name}");
    }
}

#[test]
fn what_is_unmaintained_comes_with_the_feature_backoff_alone() {
    for name in ["backoff", "instant", "rand"] {
        assert!(has(name, &[]), "{name}");
        for features in [
            &["--no-default-features"][..],
            &["--no-default-features", "--features=catalogue,custom-sleep,gzip,log,off,read,timer,tokio"],
        ] {
            assert!(!has(name, features), "{name} with {features:?}");
        }
    }
}

#[test]
fn backoff_brings_no_runtime() {
    for name in ["tokio", "async-std", "futures-core"] {
        assert!(!has(name, &["--no-default-features", "--features=backoff"]), "{name}");
    }
}

#[test]
fn a_browser_has_its_own_timers() {
    let browser = "--target=wasm32-unknown-unknown";
    assert!(has("gloo-timers", &[browser]));
    // The one that chance comes from there does not compile without.
    assert!(has("js-sys", &[browser, "--no-default-features", "--features=backoff"]));
    assert!(!has("gloo-timers", &[browser, "--no-default-features"]));
    assert!(!has("gloo-timers", &["--target=x86_64-unknown-linux-gnu"]));
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
