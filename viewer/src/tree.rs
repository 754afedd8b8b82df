//! `logwright tree`: calls below those they were made in, with when and how long each was. Reads its input twice: once to find
//! which are wanted, once to collect these, so that it need not keep them all.

use std::io::{self, Write as _};

use anyhow::Context as _;
use logwright::record::Status;

use crate::args::{Tree, paths};
use crate::input;
use crate::report::table::{count, push, shown, time};
use crate::traces::{Calls, Choice, Forest, MAX_CALLS, Node, Traces};

/// How many marks wide a bar is.
const BAR: usize = 24;
const MAX_TEXT: usize = 100;
const MAX_FIELDS: usize = 60;

/// Why there may be none although there are records.
pub(crate) const NO_CALLS: &str =
    "no record tells of a call; JSON lines (`app.jsonl`) do, of functions with `#[structured_op]`";

/// Writes the trees; whether all of the input could be read.
pub(crate) fn tree(args: &Tree) -> anyhow::Result<input::Coverage> {
    let (paths, wanted) = (paths("tree", &args.paths), args.select.wanted("tree"));
    anyhow::ensure!(
        !paths.iter().any(|path| path.as_os_str() == "-"),
        "the input is read twice, so standard input cannot be it; write it to a file first"
    );
    let mut choice = Choice::new(traces(args));
    let coverage = input::read(&paths, &mut |record, place| {
        if wanted.matches(record) {
            choice.add(record, place);
        }
    });
    let traces = choice.traces();
    let mut calls = Calls::of(&traces);
    input::read(&paths, &mut |record, place| calls.add(record, place));
    let left_out = calls.left_out;
    let why = if choice.has_calls { "no call is what is asked for" } else { NO_CALLS };
    let text = render(&Forest::of(calls.into_calls()), why, left_out);
    io::stdout().write_all(text.as_bytes()).context("cannot write the trees")?;
    Ok(coverage)
}

fn traces(args: &Tree) -> Traces {
    match &args.id {
        Some(id) => Traces::Id(id.to_ascii_lowercase()),
        None if args.failed => Traces::Failed(args.number),
        None if args.open => Traces::Open(args.number),
        None => Traces::Slowest(args.number),
    }
}

/// The trees, the one that took longest first, each followed by an empty line.
fn render(forest: &Forest, why: &str, left_out: u64) -> String {
    let mut roots: Vec<_> = forest.roots().collect();
    roots.sort_by_key(|&root| std::cmp::Reverse(forest.span(root).1));
    let mut out = String::new();
    for root in roots {
        tree_of(&mut out, forest, root);
        out.push('\n');
    }
    if forest.nodes.is_empty() {
        push(&mut out, format_args!("{why}\n"));
    }
    if left_out > 0 {
        let (kept, more) = (count(MAX_CALLS as u64), count(left_out));
        push(&mut out, format_args!("only {kept} calls are shown; {more} more were left out\n"));
    }
    out
}

fn tree_of(out: &mut String, forest: &Forest, root: usize) {
    let (begin, length) = forest.span(root);
    let call = &forest.nodes[root].call;
    push(out, format_args!("trace {}", call.trace.map_or("-".to_owned(), |id| id.to_string())));
    push(
        out,
        format_args!(
            "  run {}  began {begin}\n",
            call.run.map_or("-".to_owned(), |run| format!("{run:08x}"))
        ),
    );
    let range = forest.tree(root);
    let name = |node: &Node| format!("{}{}", "  ".repeat(node.depth), shown(&node.call.name, MAX_TEXT));
    let width = forest.nodes[range.clone()].iter().map(|node| name(node).chars().count()).max().unwrap_or(0);
    for node in &forest.nodes[range] {
        let mark = if node.is_critical { '*' } else { ' ' };
        let bar = bar(node.call.start_ns(begin), node.call.end_ns(begin), length);
        let took = node.call.duration_ns.map_or("open".to_owned(), |ns| time(ns as f64));
        push(out, format_args!("{mark} {:<width$}  |{bar}|  {took:>8}{}\n", name(node), remarks(node)));
    }
}

/// What else there is to say of a call.
fn remarks(node: &Node) -> String {
    let call = &node.call;
    let mut text = String::new();
    match call.status {
        Some(status @ (Status::Failure | Status::Panicked | Status::Cancelled)) => {
            push(&mut text, format_args!("  {}", status.as_str().to_uppercase()));
        }
        None if call.duration_ns.is_some() => text.push_str("  status unknown"),
        _ => {}
    }
    if let Some(attempts) = call.attempts {
        push(&mut text, format_args!("  {attempts} attempts"));
    }
    if let Some(wait) = call.retry_wait_ms.filter(|&wait| wait > 0) {
        push(&mut text, format_args!(", waited {}", time(wait as f64 * 1e6)));
    }
    if let Some(error) = &call.error {
        push(&mut text, format_args!("  {}", shown(error, MAX_TEXT)));
    }
    if !call.context.is_empty() && call.context != "{}" {
        push(&mut text, format_args!("  {}", shown(&call.context, MAX_FIELDS)));
    }
    if let (Some(why), Some(parent)) = (node.orphan, call.parent_id) {
        push(&mut text, format_args!("  (made in {parent}, which {why})"));
    }
    text
}

/// Where in the whole time a call was.
fn bar(start: i128, end: Option<i128>, length: i128) -> String {
    let length = length.max(1);
    let mark = |ns: i128| (ns.clamp(0, length) * BAR as i128 / length) as usize;
    let from = mark(start).min(BAR - 1);
    let to = end.map_or(BAR, mark).clamp(from + 1, BAR);
    let (full, rest) = (if end.is_some() { '█' } else { '░' }, BAR - to);
    let repeat = |c: char, times| std::iter::repeat_n(c, times);
    repeat(' ', from).chain(repeat(full, to - from)).chain(repeat(' ', rest)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::traces::tests::call;

    #[test]
    fn a_tree_shows_when_each_call_was() {
        let mut failed = call(3, 1, 60, 40);
        (failed.status, failed.error) = (Some(Status::Failure), Some("no\u{1b}[2J room".into()));
        let forest = Forest::of(vec![call(1, 0, 0, 100), call(2, 1, 0, 50), failed, call(4, 3, 70, 0)]);
        let expected = "\
trace 00000000000000000000000000000001  run 00000001  began 1970-01-01T00:00:00.000000Z
* op1      |████████████████████████|    100 µs
*   op2    |████████████            |   50.0 µs
*   op3    |              ██████████|   40.0 µs  FAILURE  no\\u{1b}[2J room
*     op4  |                ░░░░░░░░|      open

";
        assert_eq!(render(&forest, "", 0), expected);
    }

    #[test]
    fn what_is_not_there_is_said() {
        let text = render(&Forest::of(vec![call(2, 7, 0, 50)]), "", 3);
        assert!(text.contains("(made in 0000000000000007, which is not here)"), "{text}");
        assert!(text.ends_with("only 500,000 calls are shown; 3 more were left out\n"), "{text}");
        assert_eq!(render(&Forest::default(), "none", 0), "none\n");
    }
}
