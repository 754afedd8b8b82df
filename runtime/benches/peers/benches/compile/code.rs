//! How much machine code a function has, in a release build.

use object::{Object, ObjectSection, SectionKind};

use crate::crates::Crates;
use crate::source::{KINDS, Kind};
use crate::subjects::{SUBJECTS, Subject};

/// The bytes for one function of each crate, plain and async.
pub(crate) fn bytes(crates: &Crates) -> [[f64; 2]; SUBJECTS.len()] {
    eprintln!("release builds");
    SUBJECTS
        .each_ref()
        .map(|subject| KINDS.map(|kind| text_size(crates, subject, kind) as f64 / crates.functions as f64))
}

/// The crate's own object file has its functions, and what it makes of the generic ones of others.
fn text_size(crates: &Crates, subject: &Subject, kind: Kind) -> u64 {
    let path = crates.object(subject, kind);
    let emit = format!("--emit=obj={}", path.display());
    crates.cargo("rustc", subject, kind, &["--release", "--lib", "--", &emit]);
    let data = std::fs::read(&path).expect("the compiler writes the object file");
    let file = object::File::parse(data.as_slice()).expect("an object file can be read");
    file.sections().filter(|section| section.kind() == SectionKind::Text).map(|section| section.size()).sum()
}
