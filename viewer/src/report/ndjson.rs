//! A report as JSON lines, one object for each row, which names its section first.

use serde_json::Value;

use super::json::printable;
use super::sections::Section;

pub(super) fn render(sections: &[Section]) -> String {
    let mut out = String::new();
    for section in sections {
        for row in &section.rows {
            out.push_str(&format!("{{\"section\":{}", Value::from(section.name.as_str())));
            let members = section.columns.iter().filter_map(|column| Some((column, row.get(column)?)));
            for (key, value) in members {
                out.push_str(&format!(",{}:{value}", Value::from(key.as_str())));
            }
            out.push_str("}\n");
        }
    }
    printable(&out)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::sections;
    use super::*;

    #[test]
    fn each_row_is_a_line_that_names_its_section() {
        let report =
            json!({"operations": [{"operation": "a\u{1b}\n", "count": 1}, {"operation": "b", "avg": null}]});
        let expected = "{\"section\":\"operation\",\"operation\":\"a\\u001b\\n\",\"count\":1}\n\
                        {\"section\":\"operation\",\"operation\":\"b\",\"avg\":null}\n";
        assert_eq!(render(&sections::of(&report)), expected);
    }
}
