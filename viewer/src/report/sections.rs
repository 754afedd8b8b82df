//! A report as tables: what the lists and objects of its JSON value are to formats that have rows only. So every number of
//! the JSON report is in them as well.

use serde_json::{Map, Value};

/// Rows of one kind.
#[derive(Debug, PartialEq)]
pub(super) struct Section {
    pub(super) name: String,
    /// The keys of the rows, in the order of columns.
    pub(super) columns: Vec<String>,
    pub(super) rows: Vec<Map<String, Value>>,
}

/// What a list or an object of the report is called where each row is one of them.
const NAMES: [(&str, &str); 9] = [
    ("", "report"),
    ("selection", "selection"),
    ("levels", "level"),
    ("loggers", "logger"),
    ("operations", "operation"),
    ("unfinished", "unfinished"),
    ("errors.first", "error"),
    ("coverage", "coverage"),
    ("coverage.notes", "note"),
];

/// The columns that come first; the others follow in the order of the alphabet.
const FIRST: [&str; 14] = [
    "name",
    "operation",
    "timestamp",
    "level",
    "logger",
    "message",
    "count",
    "failed",
    "cancelled",
    "avg",
    "min",
    "max",
    "total",
    "filter",
];

/// The tables of a report, what it says as a whole first.
pub(super) fn of(report: &Value) -> Vec<Section> {
    let mut sections = Vec::new();
    collect("", report, &mut sections);
    let place =
        |section: &Section| NAMES.iter().position(|(_, name)| *name == section.name).unwrap_or(NAMES.len());
    sections.sort_by_key(place);
    sections
}

fn collect(path: &str, value: &Value, sections: &mut Vec<Section>) {
    match value {
        Value::Array(rows) => {
            let rows = rows.iter().filter_map(Value::as_object).cloned();
            push(path, rows.collect(), sections);
        }
        Value::Object(members) if path == "levels" => push(path, levels(members), sections),
        Value::Object(members) => {
            let (parts, row): (Vec<_>, Vec<_>) = members.iter().partition(|(_, value)| is_section(value));
            push(
                path,
                vec![row.into_iter().map(|(key, value)| (key.clone(), value.clone())).collect()],
                sections,
            );
            for (key, part) in parts {
                let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                collect(&path, part, sections);
            }
        }
        _ => {}
    }
}

/// What has rows of its own, or would have, if there were any.
fn is_section(value: &Value) -> bool {
    value.is_object() || value.as_array().is_some_and(|list| list.iter().all(Value::is_object))
}

fn push(path: &str, rows: Vec<Map<String, Value>>, sections: &mut Vec<Section>) {
    let name = NAMES.iter().find(|(known, _)| *known == path).map_or(path, |(_, name)| name);
    let mut columns: Vec<_> = rows.iter().flat_map(Map::keys).cloned().collect();
    let place = |key: &String| FIRST.iter().position(|first| first == key).unwrap_or(FIRST.len());
    columns.sort_by_key(|key| (place(key), key.clone()));
    columns.dedup();
    if !columns.is_empty() {
        sections.push(Section { name: name.to_owned(), columns, rows });
    }
}

/// The most frequent one first.
fn levels(members: &Map<String, Value>) -> Vec<Map<String, Value>> {
    let mut levels: Vec<_> = members.iter().collect();
    levels.sort_by_key(|(_, count)| std::cmp::Reverse(count.as_u64()));
    let row = |(level, count): (&String, &Value)| {
        Map::from_iter([("level".to_owned(), level.clone().into()), ("count".to_owned(), count.clone())])
    };
    levels.into_iter().map(row).collect()
}

/// What stands in the cell of a column.
pub(super) fn cell(row: &Map<String, Value>, column: &str) -> String {
    match row.get(column) {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_list_and_object_of_a_report_is_a_section() {
        let report = json!({
            "first": null, "paths": ["a", "b"], "levels": {"DEBUG": 1, "ERROR": 2}, "loggers": [],
            "operations": [{"avg": 0.5, "operation": "a", "count": 1}, {"operation": "b", "buckets": [1, 2]}],
            "errors": {"count": 1, "first": [{"message": "x"}]},
        });
        let found: Vec<_> = of(&report)
            .iter()
            .map(|section| {
                let cells = |row| {
                    section.columns.iter().map(|column| cell(row, column)).collect::<Vec<_>>().join("|")
                };
                let rows: Vec<_> = section.rows.iter().map(cells).collect();
                format!("{}: {}: {}", section.name, section.columns.join("|"), rows.join("; "))
            })
            .collect();
        assert_eq!(
            found,
            [
                "report: first|paths: |[\"a\",\"b\"]",
                "level: level|count: ERROR|2; DEBUG|1",
                "operation: operation|count|avg|buckets: a|1|0.5|; b|||[1,2]",
                "error: message: x",
                "errors: count: 1",
            ]
        );
    }
}
