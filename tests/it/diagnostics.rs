//! What the compiler says about the body of an annotated function is what it says about that of a plain one.
//!
//! Each file in `tests/ui/diagnostics` is compiled as it stands, and with each attribute in the place of its lines
//! `// #[attribute]`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::Value;

use crate::support::{Package, read, text};

const MANIFEST: &str = "edition = \"2024\"\n\n[dependencies]\nlogwright = { path = 'TESTS/../runtime' }\n";

const ATTRIBUTES: [&str; 3] = ["log_time", "structured_op", "retry"];

/// How alike it is.
#[derive(Clone, Copy, PartialEq)]
enum Alike {
    /// Word for word.
    Wholly,
    /// The same mistakes in the same places. Closures and `async` blocks have no line that says what made the compiler
    /// expect a type, and there is no offer to clone what they own.
    InPlace,
}

use Alike::{InPlace, Wholly};

/// The topics, and the attributes that are on them. `#[retry]` needs a `Result`; there, an argument that is given away is
/// one more mistake, and that of a lifetime is told where the attempt is. A lifetime that an async function's signature
/// does not promise is told at the return type, and so not compared.
const TOPICS: [(&str, Alike, &[&str]); 18] = [
    ("arguments_moved", InPlace, &["log_time", "structured_op"]),
    ("attributes", Wholly, &ATTRIBUTES),
    ("borrows", Wholly, &ATTRIBUTES),
    ("calls", InPlace, &ATTRIBUTES),
    ("explicit_lifetimes", Wholly, &["log_time", "structured_op"]),
    ("inference", Wholly, &ATTRIBUTES),
    ("lifetimes", Wholly, &ATTRIBUTES),
    ("lints", Wholly, &ATTRIBUTES),
    ("matches", Wholly, &ATTRIBUTES),
    ("mismatch", InPlace, &ATTRIBUTES),
    ("moves", InPlace, &ATTRIBUTES),
    ("names", Wholly, &ATTRIBUTES),
    ("no_value", InPlace, &ATTRIBUTES),
    ("nothing_returned", InPlace, &["log_time", "structured_op"]),
    ("question_mark", InPlace, &ATTRIBUTES),
    ("question_mark_for_nothing", InPlace, &["log_time", "structured_op"]),
    ("semicolon", InPlace, &ATTRIBUTES),
    ("send", Wholly, &ATTRIBUTES),
];

fn folder() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/ui/diagnostics"))
}

#[test]
fn every_topic_is_compared() {
    let files = std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path());
    let files: BTreeSet<_> =
        files.map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned()).collect();
    assert_eq!(files, TOPICS.map(|(topic, ..)| topic.to_owned()).into());
}

#[test]
fn mistakes_in_a_body_are_told_as_in_a_plain_function() {
    let package = Package::new(MANIFEST);
    for (topic, _, attributes) in TOPICS {
        let plain = read(folder().join(topic).with_extension("rs"));
        package.add(&format!("src/bin/{topic}-plain.rs"), &plain);
        for attribute in attributes {
            let annotated = plain.replace("// #[attribute]", &format!("#[logwright::{attribute}]"));
            package.add(&format!("src/bin/{topic}-{attribute}.rs"), &annotated);
        }
    }
    let told = Told::by(&package);
    let differences: Vec<String> = TOPICS
        .iter()
        .flat_map(|(topic, alike, attributes)| {
            attributes.iter().filter_map(|attribute| told.difference(topic, attribute, *alike))
        })
        .collect();
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

/// What the compiler told about each program.
struct Told(BTreeMap<String, Vec<Value>>);

impl Told {
    fn by(package: &Package) -> Self {
        let output = package.check(&["--bins", "--keep-going", "--message-format=json"]);
        let mut told = BTreeMap::<String, Vec<Value>>::new();
        for line in text(&output.stdout).lines() {
            let mut message: Value = serde_json::from_str(line).unwrap();
            if message["reason"] == "compiler-message" && message["message"]["spans"] != serde_json::json!([])
            {
                let program = message["target"]["name"].as_str().unwrap().to_owned();
                told.entry(program).or_default().push(message["message"].take());
            }
        }
        assert!(!told.is_empty(), "{}", text(&output.stderr));
        Self(told)
    }

    /// Each mistake of a program, in no order.
    fn mistakes(&self, topic: &str, attribute: &str, alike: Alike) -> BTreeSet<String> {
        let program = format!("{topic}-{attribute}");
        let messages = self.0.get(&program).unwrap_or_else(|| panic!("`{program}` has no mistake"));
        messages
            .iter()
            .map(|message| match alike {
                Wholly => words(message).replace(&program, topic),
                InPlace => place(message),
            })
            .collect()
    }

    fn difference(&self, topic: &str, attribute: &str, alike: Alike) -> Option<String> {
        let plain = self.mistakes(topic, "plain", alike);
        let annotated = self.mistakes(topic, attribute, alike);
        let list =
            |one: &BTreeSet<String>, other| one.difference(other).cloned().collect::<Vec<_>>().join("\n");
        (plain != annotated).then(|| {
            let (gone, new) = (list(&plain, &annotated), list(&annotated, &plain));
            format!("`#[{attribute}]`, {topic}:\n--- no more:\n{gone}\n--- instead:\n{new}")
        })
    }
}

/// The whole of it. Only the first mistake of a kind tells why its lint is on, and which is the first is no promise.
fn words(message: &Value) -> String {
    let rendered = message["rendered"].as_str().unwrap();
    let told = |line: &&str| line.trim() != "|" && !line.contains("` implied by `#[");
    rendered.lines().filter(told).collect::<Vec<_>>().join("\n")
}

/// What is wrong and where, and whether the attribute is spoken of.
fn place(message: &Value) -> String {
    let headline = message["message"].as_str().unwrap().replace("async block", "async function");
    let headline = headline.replace("a closure", "a function");
    let spans = message["spans"].as_array().unwrap().iter().filter(|span| span["is_primary"] == true);
    let at: Vec<_> = spans
        .map(|span| {
            ["line_start", "column_start", "line_end", "column_end"].map(|edge| span[edge].to_string())
        })
        .map(|edges| edges.join(":"))
        .collect();
    let blamed = message["rendered"].as_str().unwrap().contains("attribute macro");
    format!("{headline} at {}{}", at.join(", "), if blamed { ", in the attribute" } else { "" })
}
