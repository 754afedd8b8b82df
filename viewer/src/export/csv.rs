//! Records as comma-separated values (RFC 4180), safe to open in a spreadsheet: a cell that one would take for a formula
//! begins with an apostrophe.

use std::fmt::Display;

use logwright::record::{Printable, Record};

const COLUMNS: [&str; 16] = [
    "timestamp",
    "level",
    "logger",
    "kind",
    "message",
    "operation",
    "duration_seconds",
    "status",
    "error",
    "op_id",
    "parent_id",
    "trace_id",
    "run",
    "seq",
    "pid",
    "context",
];

pub(super) fn head() -> String {
    COLUMNS.join(",") + "\r\n"
}

pub(super) fn push(line: &mut String, record: &Record<'_>) {
    fn text(value: &Option<impl Display>) -> String {
        value.as_ref().map(ToString::to_string).unwrap_or_default()
    }
    let cells: [String; COLUMNS.len()] = [
        record.timestamp.to_string(),
        record.level.to_string(),
        record.logger.to_string(),
        record.kind.as_str().to_owned(),
        record.message.to_string(),
        text(&record.operation),
        text(&record.seconds()),
        text(&record.status.map(|status| status.as_str())),
        text(&record.error),
        text(&record.op_id),
        text(&record.parent_id),
        text(&record.trace_id),
        text(&record.run.map(|run| format!("{run:08x}"))),
        text(&record.seq),
        text(&record.pid),
        record.context.as_str().to_owned(),
    ];
    for (at, cell) in cells.iter().enumerate() {
        if at > 0 {
            line.push(',');
        }
        push_cell(line, cell);
    }
    line.push_str("\r\n");
}

/// One cell, with quotes only where it takes them.
fn push_cell(line: &mut String, cell: &str) {
    let shown = Printable(cell).to_string();
    let is_number = shown.parse::<f64>().is_ok();
    let guard = if !is_number && shown.starts_with(['=', '+', '-', '@']) { "'" } else { "" };
    if shown.contains(['"', ',']) {
        line.push('"');
        line.push_str(guard);
        line.push_str(&shown.replace('"', "\"\""));
        line.push('"');
    } else {
        line.push_str(guard);
        line.push_str(&shown);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_never_a_formula_and_never_two() {
        for (cell, expected) in [
            ("=1+1", "'=1+1"),
            ("-5", "-5"),
            ("-x", "'-x"),
            ("a,\"b\"", "\"a,\"\"b\"\"\""),
            ("a\nb\u{1b}", "a\\nb\\u{1b}"),
            ("+a,b", "\"'+a,b\""),
        ] {
            let mut line = String::new();
            push_cell(&mut line, cell);
            assert_eq!(line, expected);
        }
    }

    #[test]
    fn a_record_has_a_cell_for_each_column() {
        let mut line = String::new();
        push(&mut line, &Record { seq: Some(3), message: "hello".into(), ..Record::default() });
        assert_eq!(line, "1970-01-01T00:00:00.000000Z,INFO,,log,hello,,,,,,,,,3,,\r\n");
        assert_eq!(head().matches(',').count(), line.matches(',').count());
    }
}
