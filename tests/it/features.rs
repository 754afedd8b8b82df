//! Packages outside of the workspace, each with another set of this crate's features. What their programs assert is in
//! `fixtures/packages`.

use std::process::Output;

use serde_json::{Value, json};

use crate::support::{Package, program, text};

/// A package that has these programs and depends on this crate with these `features`, by that name.
fn package(name: &str, features: &str, programs: &[&str]) -> Package {
    let programs: String = programs
        .iter()
        .map(|program| {
            format!("[[bin]]\nname = \"{program}\"\npath = 'TESTS/it/fixtures/packages/{program}.rs'\n")
        })
        .collect();
    Package::new(&format!(
        "edition = \"2024\"\n\n{programs}\n[dependencies]\nserde_json = \"*\"\n\
         {name} = {{ package = \"logwright\", path = 'TESTS/../runtime', {features} }}\n"
    ))
}

#[track_caller]
fn succeeded(output: &Output) -> String {
    assert!(output.status.success(), "{}", text(&output.stderr));
    text(&output.stdout)
}

#[track_caller]
fn failed(output: &Output) -> String {
    assert!(!output.status.success(), "it compiles");
    text(&output.stderr)
}

#[test]
fn what_is_off_tells_nothing_but_is_checked() {
    let package = package("logwright", "features = [\"off\"]", &["off"]);
    succeeded(&package.run("off"));
    package.add(
        "src/bin/mistakes.rs",
        "#[logwright::log_time(levl = \"info\")]\nfn f() {}\n\
         #[logwright::structured_op(context(missing), bind = \"op\")]\nfn g() {}\n\
         fn main() { f(); g() }\n",
    );
    let said = failed(&package.check(&["--bin", "mistakes"]));
    for mistake in ["unknown option `levl`", "no parameter named `missing`", "`bind` takes an identifier"] {
        assert!(said.contains(mistake), "{mistake}: {said}");
    }
    assert_eq!(said.matches("error: ").count(), 4, "{said}");
}

#[test]
fn without_their_feature_files_of_the_set_up_name_it() {
    let package = package("logwright", "", &[]);
    package.add("src/main.rs", "fn main() { let _ = logwright::include_config!(\"log.toml\"); }\n");
    let said = failed(&package.check(&["--bin", "outside"]));
    assert_eq!(said.matches("`include_config!` needs logwright's feature `config`").count(), 1, "{said}");
    package.add("src/bin/quiet.rs", "fn main() { drop(logwright::init(\"quiet\")); }\n");
    let (quiet, dir) = (package.build("quiet", &[]), tempfile::tempdir().unwrap());
    let environment = [("LOGWRIGHT_CONFIG", "log.toml"), ("LOGWRIGHT_DIR", dir.path().to_str().unwrap())];
    let said = text(&program(quiet.to_str().unwrap(), &environment).output().unwrap().stderr);
    let expected = "logwright: LOGWRIGHT_CONFIG is not obeyed: this program is built without logwright's feature `config`\n";
    assert_eq!(said.matches(expected).count(), 1, "{said}");
}

#[test]
fn the_catalogue_lists_what_was_never_called() {
    let package = package("logwright", "features = [\"catalogue\"]", &["catalogue"]);
    let printed = succeeded(&package.run("catalogue"));
    let found: Vec<Value> = serde_json::from_str(&printed).unwrap();
    let lines: Vec<_> = found.iter().map(|one| one["line"].as_u64().unwrap()).collect();
    assert!(lines.is_sorted() && lines[0] > 1, "{lines:?}");
    assert!(found.iter().all(|one| one["file"].as_str().unwrap().ends_with("packages/catalogue.rs")));
    let listed: Vec<[&Value; 4]> =
        found.iter().map(|one| ["kind", "name", "target", "options"].map(|key| &one[key])).collect();
    let expected = json!([
        ["log_time", "called", "catalogue::site", {}],
        ["log_time", "stitching", "catalogue::site", {
            "level": "\"info\"", "fields": "?pages,n=pages.len()", "slow": "\"2s\"", "name": "\"stitching\""
        }],
        ["retry", "generic", "catalogue::site", {
            "max_attempts": "3", "delay": "\"2s\"", "backoff": "exponential", "when": "|_error:&T|true"
        }],
        ["structured_op", "later", "elsewhere", {
            "target": "\"elsewhere\"", "context": "page", "result": "n=ret+1"
        }],
        ["log_time", "made", "catalogue::site", { "logger": "get_logger(\"made\")" }],
        ["log_time", "Site::save", "catalogue::site", { "level": "\"trace\"", "fields": "page", "slow": "3" }],
        ["structured_op", "Site::save", "catalogue::site", {}],
        ["retry", "save", "catalogue::site", { "clone": "page" }],
        ["structured_op", "Adapter::provided", "catalogue::site", {}],
    ]);
    // Where there are spaces between tokens is up to the compiler.
    assert_eq!(json!(listed).to_string().replace(' ', ""), expected.to_string().replace(' ', ""));
}

#[test]
fn the_crate_may_have_another_name() {
    let package = package("renamed", "features = [\"catalogue\"]", &["renamed"]);
    // Of each of the two: 18 records, and 12 attributes on functions; that on `main` is not listed.
    assert_eq!(succeeded(&package.run("renamed")), "36 24\n");
}

#[test]
fn without_a_timer_an_async_retry_names_the_features_that_have_one() {
    let package = package("logwright", "default-features = false", &[]);
    package.add(
        "src/main.rs",
        "#[logwright::retry]\n\
         async fn f() -> Result<(), u32> { Ok(()) }\n\
         #[logwright::retry]\n\
         #[logwright::log_time]\n\
         #[logwright::structured_op]\n\
         fn plain() -> Result<(), u32> { Ok(()) }\n\
         fn main() { drop(f()); let _ = plain(); }\n",
    );
    package.add(
        "src/bin/closure.rs",
        "use logwright::retry::{self, Delay};\n\
         fn main() { drop(retry::with(Delay::constant(Default::default())).run_async(async |_| Err::<(), _>(1))); }\n",
    );
    let said = failed(&package.check(&["--bin", "closure"]));
    assert!(said.contains("an async retry needs a timer"), "{said}");
    let said = failed(&package.check(&["--bin", "outside"]));
    let cures = "enable feature `timer` (any executor), `tokio`, or `custom-sleep` (a timer of your own) of crate `logwright`";
    assert_eq!(said.matches(cures).count(), 1, "{said}");
    assert!(!said.contains("main.rs:3"), "{said}");
}

#[test]
fn exponential_delays_without_their_feature_name_it_at_the_word() {
    let package = package("logwright", "default-features = false", &[]);
    package.add(
        "src/main.rs",
        "#[logwright::retry(backoff = exponential)]\n\
         fn f() -> Result<(), u32> { Ok(()) }\n\
         #[logwright::retry(backoff = fibonacci)]\n\
         fn g() -> Result<(), u32> { Ok(()) }\n\
         fn main() { let _ = (f(), g()); }\n",
    );
    let said = failed(&package.check(&[]));
    assert_eq!(said.matches("needs feature `backoff` of crate `logwright`").count(), 1, "{said}");
    assert!(said.contains("main.rs:1:30"), "{said}");
}

#[test]
fn a_tokio_runtime_without_timers_ends_no_program_that_cannot_unwind() {
    let package = Package::new(
        "edition = \"2024\"\n\n[profile.dev]\npanic = \"abort\"\n\n[dependencies]\n\
         logwright = { path = 'TESTS/../runtime', features = [\"tokio\"] }\n\
         tokio = { version = \"1\", features = [\"rt\"] }\n",
    );
    package.add(
        "src/main.rs",
        "#[logwright::retry(max_attempts = 2, delay = \"1ms\")]\n\
         async fn fetch() -> Result<(), &'static str> { Err(\"busy\") }\n\
         fn main() {\n\
             let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();\n\
             println!(\"{:?}\", runtime.block_on(fetch()));\n\
         }\n",
    );
    assert_eq!(succeeded(&package.run("outside")), "Err(\"busy\")\n");
}
