//! Every annotated function of the program, known without one of them being called.

use serde::Serialize;

/// What an attribute was put on, and with which options; see [`catalogue`]. With the feature of that name only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Annotation {
    /// `log_time`, `retry` or `structured_op`.
    pub kind: &'static str,
    /// The name in the records.
    pub name: &'static str,
    /// The module, or the target that was given instead.
    pub target: &'static str,
    /// The source file.
    pub file: &'static str,
    /// The line of the attribute.
    pub line: u32,
    /// The options as they were written; those of a block are among those of its functions.
    #[serde(serialize_with = "as_map")]
    pub options: &'static [(&'static str, &'static str)],
}

/// Where the attributes put what they were put on.
#[doc(hidden)]
#[linkme::distributed_slice]
pub static CATALOGUE: [Annotation];

/// All annotated functions that were linked into the program, in the order of files and lines. With feature
/// `catalogue` only.
///
/// It serialises, so a program can print it as JSON for those who run it.
///
/// ```
/// #[logwright::retry(max_attempts = 3, delay = "2s")]
/// fn download_page(url: &str) -> Result<(), String> {
///     Err(format!("{url} is down"))
/// }
///
/// let annotations = logwright::catalogue();
/// let download = annotations.iter().find(|annotation| annotation.name == "download_page").unwrap();
/// assert_eq!(download.kind, "retry");
/// assert_eq!(download.options, [("max_attempts", "3"), ("delay", "\"2s\"")]);
/// ```
#[must_use]
pub fn catalogue() -> Vec<&'static Annotation> {
    let mut all: Vec<&Annotation> = CATALOGUE.iter().collect();
    all.sort_by_key(|annotation| (annotation.file, annotation.line, annotation.kind, annotation.name));
    all
}

impl Annotation {
    /// For generated code.
    #[doc(hidden)]
    #[must_use]
    pub const fn new(
        kind: &'static str,
        name: &'static str,
        target: &'static str,
        (file, line): (&'static str, u32),
        options: &'static [(&'static str, &'static str)],
    ) -> Self {
        Self { kind, name, target, file, line, options }
    }
}

fn as_map<S: serde::Serializer>(
    options: &&'static [(&'static str, &'static str)],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_map(options.iter().copied())
}
