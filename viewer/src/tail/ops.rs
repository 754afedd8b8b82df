//! The table of open operations, drawn in place again and again.

use std::collections::HashSet;

use logwright::record::{Printable, Timestamp};

use super::entry::Entry;
use crate::input::Place;
use crate::query::Wanted;
use crate::report::table::push;
use crate::runs::{Runs, Started};

/// No more rows than this: a table must fit on the screen to be drawn in place.
const MAX_ROWS: usize = 16;

/// The terminal is not to wrap lines but to cut them, so that a row is one line.
const NO_WRAP: &str = "\x1b[?7l";
const WRAP: &str = "\x1b[?7h";

#[derive(Debug, Default)]
pub(super) struct Table {
    filter: Wanted,
    runs: Runs,
    /// What stands on the screen.
    drawn: String,
}

impl Table {
    pub(super) fn new(filter: Wanted) -> Self {
        Self { filter, ..Self::default() }
    }

    pub(super) fn add(&mut self, entry: &Entry) {
        entry.records.iter().for_each(|record| self.runs.add(record, Place::default()));
    }

    /// Appends what puts the table of this moment in the place of the one before.
    pub(super) fn draw(&mut self, out: &mut String, now: Timestamp) {
        let text = render(&self.runs.open.wanted(&self.filter), self.runs.open.is_rough, now);
        if text == self.drawn {
            return;
        }
        match self.drawn.lines().count() {
            0 => {}
            lines => push(out, format_args!("\x1b[{lines}A\r\x1b[J")),
        }
        push(out, format_args!("{NO_WRAP}{text}{WRAP}"));
        self.drawn = text;
    }
}

/// The operations with what each has been called from above it, the earliest first.
fn render(open: &[&Started], is_rough: bool, now: Timestamp) -> String {
    let mut rows = Vec::new();
    let ids: HashSet<_> = open.iter().map(|op| (op.run, op.op_id)).collect();
    let is_root = |op: &Started| {
        op.parent_id.is_none_or(|parent| parent == op.op_id || !ids.contains(&(op.run, parent)))
    };
    for root in open.iter().filter(|op| is_root(op)).take(MAX_ROWS) {
        push_tree(&mut rows, open, root, 0);
    }
    let or_more = if is_rough { " or more" } else { "" };
    let mut text = format!("{}{or_more} operations open\n", open.len());
    for (op, depth) in rows.iter().take(MAX_ROWS) {
        let indent = "  ".repeat(*depth);
        push(
            &mut text,
            format_args!("{:>10}  {indent}{}\n", age(op.timestamp, now), Printable(&op.operation)),
        );
    }
    match open.len() - rows.len().min(MAX_ROWS) {
        0 => {}
        more => push(&mut text, format_args!("{:>10}  and {more} more\n", "")),
    }
    text
}

/// Adds an operation and those within it. No more than are shown are looked for.
fn push_tree<'a>(rows: &mut Vec<(&'a Started, usize)>, open: &[&'a Started], op: &'a Started, depth: usize) {
    rows.push((op, depth));
    // Ids of a log may go round in circles.
    if depth >= MAX_ROWS || rows.len() > MAX_ROWS {
        return;
    }
    let is_within =
        |other: &Started| other.run == op.run && other.parent_id == Some(op.op_id) && other.op_id != op.op_id;
    for child in open.iter().filter(|other| is_within(other)) {
        push_tree(rows, open, child, depth + 1);
    }
}

/// `4.2 s`, `42 s`, `3 min 7 s`, `2 h 5 min`.
fn age(started: Timestamp, now: Timestamp) -> String {
    let tenths = now.as_micros().saturating_sub(started.as_micros()).max(0) / 100_000;
    let seconds = tenths / 10;
    match seconds {
        0..10 => format!("{seconds}.{} s", tenths % 10),
        10..60 => format!("{seconds} s"),
        60..3600 => format!("{} min {} s", seconds / 60, seconds % 60),
        _ => format!("{} h {} min", seconds / 3600, seconds / 60 % 60),
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZero;

    use logwright::record::{Kind, OpId, Record};

    use super::*;

    fn add(table: &mut Table, kind: Kind, second: i64, name: &'static str, id: u64, parent: u64) {
        let id_of = |id| NonZero::new(id).map(OpId);
        let record = Record {
            kind,
            timestamp: Timestamp::from_micros(second * 1_000_000),
            operation: Some(name.into()),
            op_id: id_of(id),
            parent_id: id_of(parent),
            ..Record::default()
        };
        table.add(&Entry { records: vec![record], ..Entry::default() });
    }

    fn drawn(table: &mut Table, second: i64) -> String {
        let mut out = String::new();
        table.draw(&mut out, Timestamp::from_micros(second * 1_000_000));
        out
    }

    #[test]
    fn operations_stand_below_those_they_were_called_from() {
        let mut table = Table::default();
        add(&mut table, Kind::OpStart, 10, "chapter", 1, 0);
        add(&mut table, Kind::OpStart, 11, "other", 2, 0);
        add(&mut table, Kind::OpStart, 12, "fetch\x1b[2J", 3, 1);
        let expected = "3 operations open\n    1 min 5 s  chapter\n      1 min 3 s    fetch\\u{1b}[2J\n    1 min 4 s  other\n";
        let plain: String = drawn(&mut table, 75).replace(NO_WRAP, "").replace(WRAP, "");
        assert_eq!(
            plain.split_whitespace().collect::<Vec<_>>(),
            expected.split_whitespace().collect::<Vec<_>>()
        );
        assert!(plain.contains("    fetch") && !plain.contains('\x1b'), "{plain}");
    }

    #[test]
    fn a_table_takes_the_place_of_the_one_before() {
        let mut table = Table::default();
        assert_eq!(drawn(&mut table, 0), format!("{NO_WRAP}0 operations open\n{WRAP}"));
        assert_eq!(drawn(&mut table, 1), "", "nothing has changed");
        add(&mut table, Kind::OpStart, 1, "fetch", 1, 0);
        assert!(drawn(&mut table, 2).starts_with("\x1b[1A\r\x1b[J"));
        add(&mut table, Kind::OpEnd, 3, "fetch", 1, 0);
        let last = drawn(&mut table, 4);
        assert!(last.starts_with("\x1b[2A\r\x1b[J") && last.contains("\x1b[?7l0 operations open"), "{last}");
    }

    #[test]
    fn no_more_rows_are_drawn_than_fit_whatever_the_ids_say() {
        let mut table = Table::default();
        for id in 1..100 {
            add(&mut table, Kind::OpStart, 1, "fetch", id, id % 99 + 1);
        }
        let text = drawn(&mut table, 2);
        assert!(text.lines().count() <= MAX_ROWS + 2, "{text}");
        for id in 100..150 {
            add(&mut table, Kind::OpStart, 1, "fetch", id, 0);
        }
        assert!(drawn(&mut table, 2).contains("and 133 more\n"));
    }

    #[test]
    fn an_age_is_short() {
        for (seconds, expected) in
            [(-5, "0.0 s"), (4, "4.0 s"), (59, "59 s"), (187, "3 min 7 s"), (7500, "2 h 5 min")]
        {
            assert_eq!(age(Timestamp::default(), Timestamp::from_micros(seconds * 1_000_000)), expected);
        }
    }
}
