//! A report as CSV (RFC 4180): its tables one below the other, each with a line for its name and one for its columns. No cell is a
//! formula to a spreadsheet.

use std::fmt::Write as _;

use logwright::record::Printable;
use serde_json::{Map, Value};

use super::sections::{Section, cell};

const END: &str = "\r\n";

pub(super) fn render(sections: &[Section]) -> String {
    let mut out = String::new();
    for (at, section) in sections.iter().enumerate() {
        if at > 0 {
            out.push_str(END);
        }
        push_line(&mut out, [section.name.clone()]);
        push_line(&mut out, section.columns.iter().cloned());
        for row in &section.rows {
            push_line(&mut out, section.columns.iter().map(|column| safe(row, column)));
        }
    }
    out
}

/// A text that a spreadsheet would take for a formula begins with an apostrophe; numbers are what they are.
fn safe(row: &Map<String, Value>, column: &str) -> String {
    let is_text = row.get(column).is_some_and(Value::is_string);
    let text = cell(row, column);
    let is_formula = is_text && text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    format!("{}{}", if is_formula { "'" } else { "" }, Printable(&text))
}

fn push_line(out: &mut String, cells: impl IntoIterator<Item = String>) {
    for (at, cell) in cells.into_iter().enumerate() {
        out.push_str(if at > 0 { "," } else { "" });
        let needs_quotes =
            cell.contains([',', '"', '\r', '\n']) || cell.starts_with(' ') || cell.ends_with(' ');
        let written = if needs_quotes {
            write!(out, "\"{}\"", cell.replace('"', "\"\""))
        } else {
            write!(out, "{cell}")
        };
        written.expect("writing to a string cannot fail");
    }
    out.push_str(END);
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::sections;
    use super::*;

    #[test]
    fn cells_are_quoted_where_they_must_be() {
        let report = json!({"loggers": [{"logger": "a,\"b\"\nc", "count": 1}], "levels": {"INFO": 2}});
        let expected =
            "level\r\nlevel,count\r\nINFO,2\r\n\r\nlogger\r\nlogger,count\r\n\"a,\"\"b\"\"\\nc\",1\r\n";
        assert_eq!(render(&sections::of(&report)), expected);
    }

    #[test]
    fn no_text_is_a_formula() {
        for text in ["=1+1", "+1", "-1", "@a", "\ta", "\ra"] {
            let report = json!({"loggers": [{"logger": text, "count": -1}]});
            let csv = render(&sections::of(&report));
            assert!(csv.ends_with(&format!("'{},-1\r\n", Printable(text))), "{csv}");
        }
    }
}
