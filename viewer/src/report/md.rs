//! A report as tables of Markdown. What comes from a log is text there: no link, no image and no HTML.

use logwright::record::Printable;

use super::sections::{Section, cell};

pub(super) fn render(sections: &[Section]) -> String {
    let mut out = String::new();
    for (at, section) in sections.iter().enumerate() {
        out.push_str(if at > 0 { "\n" } else { "" });
        out.push_str(&format!("## {}\n\n", escaped(&section.name)));
        push_row(&mut out, section.columns.iter().map(|column| escaped(column)));
        push_row(&mut out, section.columns.iter().map(|_| "---".to_owned()));
        for row in &section.rows {
            push_row(&mut out, section.columns.iter().map(|column| escaped(&cell(row, column))));
        }
    }
    out
}

fn push_row(out: &mut String, cells: impl Iterator<Item = String>) {
    cells.for_each(|cell| out.push_str(&format!("| {cell} ")));
    out.push_str("|\n");
}

/// Printable, and with a backslash before what has a meaning. An address becomes no link behind one.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in Printable(text).to_string().chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '&' => out.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '#' | '!' | ':' | '@' => out.extend(['\\', c]),
            _ => out.push(c),
        }
    }
    out.replace("www.", "www\\.")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::sections;
    use super::*;

    #[test]
    fn a_section_is_a_table() {
        let report = json!({"loggers": [{"logger": "a", "count": 1}], "levels": {"INFO": 2}});
        let expected = "## level\n\n| level | count |\n| --- | --- |\n| INFO | 2 |\n\n\
                        ## logger\n\n| logger | count |\n| --- | --- |\n| a | 1 |\n";
        assert_eq!(render(&sections::of(&report)), expected);
    }

    #[test]
    fn hostile_text_stays_text() {
        let expected = "a \\| \\!\\[x\\](y) &lt;b> \\\\n http\\://z www\\.z";
        assert_eq!(escaped("a | ![x](y) <b> \n http://z www.z"), expected);
    }
}
