//! The annotated functions of a program, as it prints them itself (`logwright::catalogue()` as JSON), held against a log: which of
//! them never told of a call.

use std::fs;
use std::path::Path;

use anyhow::Context as _;
use serde_json::Value;

use crate::analysis::Analysis;

/// An annotated function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Annotated {
    pub(crate) kind: String,
    pub(crate) name: String,
    /// Where its attribute stands: `src/stitch.rs:12`.
    pub(crate) src: String,
}

/// Reads what a program printed.
pub(crate) fn read(path: &Path) -> anyhow::Result<Vec<Annotated>> {
    let shown = path.display();
    let text = fs::read_to_string(path).with_context(|| format!("cannot read the catalogue `{shown}`"))?;
    let list: Vec<Value> = serde_json::from_str(&text).with_context(|| {
        format!("`{shown}` is no catalogue; it is to be what the program prints of `logwright::catalogue()` as JSON")
    })?;
    let annotated = list.iter().map(|entry| {
        let text = |key: &str| entry[key].as_str().map(str::to_owned);
        let src = format!("{}:{}", text("file").unwrap_or_default(), entry["line"]);
        Some(Annotated { kind: text("kind")?, name: text("name")?, src })
    });
    let annotated: Option<_> = annotated.collect();
    annotated.with_context(|| format!("`{shown}` is no catalogue: an entry has no `kind` or no `name`"))
}

/// Those of which no record tells. A retry says nothing as long as nothing fails, so it is none of them.
pub(crate) fn never_ran<'a>(catalogue: &'a [Annotated], analysis: &Analysis) -> Vec<&'a Annotated> {
    let is_told = |one: &&Annotated| {
        analysis.summary.operation(&analysis.names, &one.name).is_some_and(|found| !found.is_empty())
    };
    catalogue.iter().filter(|one| one.kind != "retry" && !is_told(one)).collect()
}

#[cfg(test)]
mod tests {
    use logwright::record::Record;

    use super::*;
    use crate::analysis::tests::analysis;

    #[test]
    fn what_no_record_tells_of_never_ran() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("catalogue.json");
        fs::write(
            &path,
            r#"[{"kind":"log_time","name":"stitch","file":"a.rs","line":3},{"kind":"log_time","name":"clean","file":"a.rs","line":9},
                {"kind":"retry","name":"fetch","file":"b.rs","line":1}]"#,
        )
        .unwrap();
        let catalogue = read(&path).unwrap();
        let call = Record { operation: Some("stitch".into()), duration_ns: Some(1), ..Record::default() };
        let never: Vec<_> =
            never_ran(&catalogue, &analysis(&[call])).iter().map(|one| (&*one.name, &*one.src)).collect();
        assert_eq!(never, [("clean", "a.rs:9")]);
    }

    #[test]
    fn what_is_no_catalogue_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("c.json");
        let message = |text: &str| {
            fs::write(&path, text).unwrap();
            format!("{:#}", read(&path).unwrap_err())
        };
        assert!(message("{}").contains("is no catalogue; it is to be what the program prints"));
        assert!(message("[{}]").contains("an entry has no `kind` or no `name`"));
        assert!(
            format!("{:#}", read(Path::new("nothere")).unwrap_err())
                .starts_with("cannot read the catalogue `nothere`")
        );
    }
}
