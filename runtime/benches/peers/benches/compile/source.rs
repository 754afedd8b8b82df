//! The text of the crates that are measured: many functions, each with a number of its own in its code, so that no
//! two of them are one to the compiler.

use crate::subjects::{SUBJECTS, Subject};

/// Whether functions are async.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Sync,
    Async,
}

pub(crate) const KINDS: [Kind; 2] = [Kind::Sync, Kind::Async];

/// What the functions return; a program has a few such types.
const VALUES: [(&str, &str); 3] =
    [("usize", "pages"), ("String", "pages.to_string()"), ("Vec<usize>", "vec![pages]")];
const ERRORS: [&str; 2] = ["Error", "BoxedError"];

/// Every crate begins with one function for each subject, so that what only the first use of an attribute costs is
/// in all of them.
pub(crate) fn source(subject: &Subject, kind: Kind, functions: usize) -> String {
    let (keyword, awaiting, module) = match kind {
        Kind::Sync => ("", "", "sync_fn"),
        Kind::Async => ("async ", ".await", "async_fn"),
    };
    let mut text = format!(
        "#![allow(unused_imports, reason = \"not every subject uses all\")]\nuse std::pin::Pin;\nuse support::{{BoxedError, Error}};\nuse support::{module}::Site;\n\n"
    );
    let template = match kind {
        Kind::Sync => include_str!("generated/function.rs").to_owned(),
        // The code of an async function is that of its future, which exists only where one is used.
        Kind::Async => [include_str!("generated/function.rs"), include_str!("generated/boxed.rs")].concat(),
    };
    let template = template.replace("ASYNC ", keyword).replace(" AWAIT", awaiting);
    for subject in &SUBJECTS {
        let first = format!("first_{}", subject.package.replace('-', "_"));
        text += &function(&template, subject, 0)
            .replace("page_0", &first)
            .replace("boxed_0", &format!("boxed_{first}"));
    }
    for number in 0..functions {
        text += &function(&template, subject, number);
    }
    text
}

fn function(template: &str, subject: &Subject, number: usize) -> String {
    let (value, make) = VALUES[number % VALUES.len()];
    template
        .replace("ATTRIBUTE\n", &line(subject.attribute))
        .replace("    STATEMENT\n", &line(subject.statement))
        .replace("VALUE", value)
        .replace("MAKE", make)
        .replace("ERROR", ERRORS[number / VALUES.len() % ERRORS.len()])
        .replace("NUMBER", &number.to_string())
}

fn line(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("{text}\n") }
}
