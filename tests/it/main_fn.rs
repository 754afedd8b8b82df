//! `#[logwright::main]` with other attributes on `main`, in every order.

use logwright::record::{Kind, Record};

use crate::support::{program, records, text};

/// Every order of the words.
fn orders(words: &[&'static str]) -> Vec<Vec<&'static str>> {
    if words.is_empty() {
        return vec![Vec::new()];
    }
    let first = |word: &'static str| {
        let rest: Vec<_> = words.iter().copied().filter(|other| *other != word).collect();
        orders(&rest).into_iter().map(move |order| [vec![word], order].concat())
    };
    words.iter().copied().flat_map(first).collect()
}

/// What a `main` with its attributes in that order writes.
fn written(order: &[&str]) -> Vec<Record<'static>> {
    let dir = tempfile::tempdir().unwrap();
    let environment = [("LOGWRIGHT_LEVEL", "debug"), ("LOGWRIGHT_DIR", dir.path().to_str().unwrap())];
    let output = program(env!("CARGO_BIN_EXE_mains"), &environment).arg(order.join(" ")).output().unwrap();
    assert_eq!(output.status.code(), Some(7), "{order:?}: {}", text(&output.stderr));
    records(dir.path().join("mains.jsonl"))
}

fn what(record: &Record<'_>) -> &'static str {
    match record.kind {
        Kind::OpStart => "start",
        Kind::OpEnd => "end",
        _ if record.message.starts_with("main executed in ") => "time",
        _ if record.message == "main failed: refused" => "failed",
        _ if record.message == "working" => "work",
        _ => "set up",
    }
}

/// Logging is set up before the others say anything, and what they say is not lost.
#[track_caller]
fn assert_all_are_told(order: &[&str], records: &[Record<'_>]) {
    let at = |word| order.iter().position(|other| *other == word);
    let told: Vec<_> = records.iter().map(what).collect();
    let expected = if at("time") < at("op") {
        ["set up", "set up", "start", "work", "end", "time", "failed"]
    } else {
        ["set up", "set up", "start", "work", "time", "end", "failed"]
    };
    assert_eq!(told, expected, "{order:?}");
}

#[test]
fn a_plain_main_is_watched_in_every_order() {
    for order in orders(&["main", "time", "op"]) {
        assert_all_are_told(&order, &written(&order));
    }
}

/// Above `#[tokio::main]` an attribute is on the async function, which the runtime runs; below, and around one that is
/// below, it is on the function that starts the runtime.
#[test]
fn an_async_main_is_watched_with_its_runtime_or_without() {
    for order in orders(&["main", "tokio", "time", "op"]) {
        let records = written(&order);
        assert_all_are_told(&order, &records);
        let runtime = order.iter().position(|word| *word == "tokio").unwrap();
        for (word, kind) in [("time", "time"), ("op", "end")] {
            let at = order.iter().position(|other| *other == word).unwrap();
            let with_runtime = order[runtime.max(at)..].iter().any(|below| ["time", "op"].contains(below));
            let record = records.iter().find(|record| what(record) == kind).unwrap();
            assert_eq!(record.busy_ns.is_none(), with_runtime, "{word} of {order:?}");
        }
    }
}
