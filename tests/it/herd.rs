//! The example `herd`: the table that it prints is the one in the docs.

use std::path::Path;
use std::process::Command;

use crate::support::{built, read, text};

#[test]
fn the_docs_have_the_table_that_the_simulation_prints() {
    let output = Command::new(built("herd")).output().unwrap();
    assert!(output.status.success() && output.stderr.is_empty(), "{}", text(&output.stderr));
    let table = text(&output.stdout);
    let guide = read(Path::new(env!("CARGO_MANIFEST_DIR")).join("../runtime/src/retry/guide.md"));
    let documented: String =
        guide.lines().filter(|line| line.matches('|').count() == 9).map(|line| format!("{line}\n")).collect();
    assert_eq!(documented, table, "runtime/src/retry/guide.md is to have what the example prints");
}
