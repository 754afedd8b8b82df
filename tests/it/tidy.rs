//! Rules about the repository itself that a program can check.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::support::read;

/// The runtime's modules: each may use only those before it.
const RUNTIME: &[&str] = &[
    "keys",
    "error",
    "level",
    "escape",
    "redact",
    "digits",
    "clock",
    "process",
    "per_process",
    "random",
    "json",
    "record",
    "standard",
    "trap",
    "scope",
    "here",
    "direct",
    "early",
    "sink",
    "op",
    "retry",
    "layer",
    "filter",
    "panics",
    "testing",
    "setup",
    "catalogue",
    "__private",
    "macros",
];

/// Those of the macros.
const MACROS: &[&str] = &[
    "diag",
    "arguments",
    "options",
    "values",
    "returned",
    "func",
    "head",
    "kind",
    "item",
    "block",
    "subject",
    "fields",
    "clones",
    "site",
    "stack",
    "unboxed",
    "body",
    "outcome",
    "limits",
    "verdict",
    "log_time",
    "retry",
    "structured_op",
    "main_fn",
    "attribute",
    "check",
    "include_config",
    "tests",
];

/// Those of the viewer.
const VIEWER: &[&str] = &[
    "step",
    "query",
    "args",
    "input",
    "facts",
    "summary",
    "runs",
    "analysis",
    "compare",
    "catalogue",
    "traces",
    "report",
    "analyze",
    "tree",
    "export",
    "tail",
    "check",
    "complete",
    "serve",
    "recover",
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn rust_files(dir: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| if path.is_dir() { rust_files(&path) } else { vec![path] })
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .collect()
}

/// The module at the top that a file belongs to.
fn module_of<'a>(source: &Path, file: &'a Path) -> &'a str {
    let first = file.strip_prefix(source).unwrap().components().next().unwrap().as_os_str();
    Path::new(first).file_stem().unwrap().to_str().unwrap()
}

/// The code of a file, without its tests and comments.
fn code(file: &Path) -> String {
    let content = read(file);
    let content = content.split("#[cfg(test)]\nmod tests").next().unwrap();
    content.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// The modules that `crate::x`, `crate::{x, y::z}` name.
fn used(code: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for after in code.split("crate::").skip(1) {
        let list = after.strip_prefix('{').map_or(after, |list| list.split('}').next().unwrap());
        let end = if after.starts_with('{') { list.len() } else { list.find(',').unwrap_or(list.len()) };
        for part in list[..end].split(',') {
            let name: String = part.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            names.insert(name);
        }
    }
    names
}

#[track_caller]
fn check_order(source: &str, order: &[&str]) {
    let source = root().join(source);
    for file in rust_files(&source) {
        let module = module_of(&source, &file);
        let Some(place) = order.iter().position(|name| *name == module) else {
            assert!(
                ["lib", "main"].contains(&module),
                "{module} is not in the order of {}",
                source.display()
            );
            continue;
        };
        for name in used(&code(&file)) {
            let Some(other) = order.iter().position(|known| *known == name) else { continue };
            assert!(other <= place, "{} must not use crate::{name}: it comes later", file.display());
        }
    }
}

#[test]
fn modules_use_only_those_before_them() {
    check_order("runtime/src", RUNTIME);
    check_order("macros/src", MACROS);
    check_order("viewer/src", VIEWER);
}

#[test]
fn operations_and_sinks_meet_at_the_event_only() {
    let source = root().join("runtime/src");
    for file in rust_files(&source) {
        let forbidden: &[&str] = match module_of(&source, &file) {
            "op" | "retry" => &["sink", "layer", "setup"],
            "sink" | "layer" | "setup" => &["op", "retry"],
            _ => continue,
        };
        let used = used(&code(&file));
        let crossed: Vec<_> = forbidden.iter().filter(|name| used.contains(**name)).collect();
        assert!(crossed.is_empty(), "{} names {crossed:?}", file.display());
    }
}

#[test]
fn generated_code_names_only_the_private_module() {
    for file in rust_files(&root().join("macros/src")) {
        for (at, _) in code(&file).match_indices("::logwright::") {
            let code = code(&file);
            let name = &code[at + "::logwright::".len()..];
            // `setup` is the builder that `main` configures; the attributes name themselves when they move.
            let allowed = ["__private", "setup(", "log_time)", "retry)", "structured_op)", "main)"];
            assert!(allowed.iter().any(|word| name.starts_with(word)), "{}: {}", file.display(), &name[..20]);
        }
    }
}

#[test]
fn every_file_says_what_it_is_for() {
    for folder in ["macros/src", "runtime/src", "viewer/src", "tests/it", "tests/programs", "examples"] {
        for file in rust_files(&root().join(folder)) {
            assert!(read(&file).starts_with("//! "), "{} has no header", file.display());
        }
    }
}

#[test]
fn the_changelog_has_the_version_and_the_crates_agree() {
    let manifest = read(root().join("Cargo.toml"));
    let version = manifest.split("\nversion = \"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    assert!(
        manifest.contains(&format!("logwright-macros = {{ path = \"macros\", version = \"={version}\" }}"))
    );
    let changelog = read(root().join("CHANGELOG.md"));
    assert!(changelog.contains("## [Unreleased]") || changelog.contains(&format!("## [{version}]")));
}

#[test]
fn each_attribute_has_docs_with_an_example_and_a_mistake() {
    let docs = read(root().join("runtime/src/lib.rs"));
    let mistakes: String = rust_files(&root().join("tests/ui/fail")).iter().map(read).collect();
    for name in ["log_time", "retry", "structured_op", "main"] {
        let export = docs.find(&format!("pub use logwright_macros::{name};")).unwrap();
        let above = docs[..export].rsplit("\npub use").next().unwrap();
        assert!(above.contains("/// ```"), "`{name}` has no example");
        let attribute = if name == "main" { "#[logwright::main" } else { &format!("#[{name}") };
        assert!(mistakes.contains(attribute), "no mistake with `{name}` is shown");
    }
}

/// `logwright.toml` is read at run time and at compile time. Neither crate can use the other's code, nor, once they are
/// published, its files.
#[test]
fn both_crates_check_a_file_by_the_same_code() {
    let [runtime, macros] =
        ["runtime/src/setup/check.rs", "macros/src/check.rs"].map(|file| root().join(file));
    assert!(read(&runtime) == read(&macros), "copy {} over {}", runtime.display(), macros.display());
}

#[test]
fn the_readme_shows_the_quickstart_as_it_is() {
    let readme = read(root().join("README.md"));
    let quickstart = read(root().join("examples/quickstart.rs"));
    let code = quickstart.split_once("\n\n").unwrap().1;
    assert!(readme.contains(code.trim()), "README.md and examples/quickstart.rs differ");
}

/// What is in backticks before the first `=`, `(` or closing backtick, at the start of a table's rows.
fn documented(docs: &str) -> BTreeSet<String> {
    let rows = docs.lines().filter_map(|line| line.trim_start_matches(['/', '!', ' ']).strip_prefix("| `"));
    rows.map(|row| row.split([' ', '(', '`']).next().unwrap().to_owned()).collect()
}

/// The strings in `const OPTIONS: [..] = [..];` of a macro's source.
fn options(file: &str) -> BTreeSet<String> {
    let source = read(root().join("macros/src").join(file));
    let list = source.split("const OPTIONS: ").nth(1).unwrap().split("];").next().unwrap();
    list.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

#[test]
fn the_options_that_are_documented_are_those_that_are_read() {
    let docs = read(root().join("runtime/src/lib.rs"));
    let section = |start: &str, end: &str| docs.split(start).nth(1).unwrap().split(end).next().unwrap();
    let common = documented(section("//! ## Options", "//! # Where it goes"));
    assert_eq!(common.len(), 6, "{common:?}");
    let files = [("log_time", "log_time.rs"), ("retry", "retry.rs"), ("structured_op", "structured_op.rs")];
    for (attribute, file) in files {
        let end = format!("pub use logwright_macros::{attribute};");
        let before = docs.split(&end).next().unwrap();
        let own = documented(before.rsplit("\npub use").next().unwrap());
        assert_eq!(&own | &common, options(file), "{attribute}");
    }
    let end = "pub use logwright_macros::main;";
    let before = docs.split(end).next().unwrap();
    assert_eq!(documented(before.rsplit("\npub use").next().unwrap()), options("main_fn.rs"));
}

#[test]
fn the_tests_that_are_named_for_a_promise_are_there() {
    let promises = read(root().join("tests/RELIABILITY.md"));
    let files: Vec<_> =
        ["tests/it", "runtime/src"].iter().flat_map(|dir| rust_files(&root().join(dir))).collect();
    let named: Vec<_> =
        promises.split('`').skip(1).step_by(2).filter_map(|name| name.split_once("::")).collect();
    assert!(named.len() > 60, "{}", named.len());
    for (file, test) in named {
        let sources = files.iter().filter(|path| path.file_stem().is_some_and(|stem| stem == file));
        let head = format!("fn {test}(");
        assert!(sources.map(read).any(|source| source.contains(&head)), "there is no test `{file}::{test}`");
    }
}
