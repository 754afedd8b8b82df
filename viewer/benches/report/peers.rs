//! The same questions, asked of others.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use super::measure;

/// How many records there are of each level and of each logger, and how many calls of each operation, with the time that 95
/// of 100 of them took at most.
const DUCKDB: &str = r#"
import duckdb, json, sys
path = sys.argv[1]
lines = f"""read_csv('{path}', columns={{'line': 'VARCHAR'}}, delim='\x01', quote='', escape='', header=false)"""
objects = f"""read_json('{path}', format='newline_delimited', columns={{'level': 'VARCHAR', 'logger': 'VARCHAR',
    'kind': 'VARCHAR', 'operation': 'VARCHAR', 'duration_ns': 'UBIGINT'}})"""
parts = r"'^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} - (.*?) - ([A-Z]+) - (.*)$', ['logger', 'level', 'message']"
timing = r"'(\S+) executed in ([0-9.]+) seconds', ['operation', 'seconds']"
text = f"""select p.logger, p.level, t.operation, try_cast(t.seconds as double) as seconds from
    (select p, regexp_extract(p.message, {timing}) as t from (select regexp_extract(line, {parts}) as p from {lines}))"""
query = text if path.endswith('.log') else f"""select logger, level,
    case when kind = 'op.end' then operation end as operation, duration_ns / 1e9 as seconds from {objects}"""
out = {}
connection = duckdb.connect()
connection.execute('set enable_progress_bar = false')
connection.execute('set preserve_insertion_order = false')
rows = connection.execute(f"""select logger, level, nullif(operation, '') as o, count(*),
    quantile_disc(seconds, 0.95) from ({query}) group by grouping sets ((level), (logger), (o))""").fetchall()
for logger, level, operation, count, p95 in rows:
    if level: out['level ' + level] = count
    elif logger: out['logger ' + logger] = count
    elif operation: out['operation ' + operation] = [count, p95]
print(json.dumps(out))
"#;

/// What DuckDB answers, if it is there.
pub(super) fn duckdb(file: &Path, folder: &Path) -> Option<Value> {
    let is_there = Command::new("python3").args(["-c", "import duckdb"]).output().unwrap().status.success();
    if !is_there {
        println!("DuckDB is not there: pip install duckdb");
        return None;
    }
    let mut command = Command::new("python3");
    let name = file.file_name().unwrap().to_str().unwrap();
    Some(measure(command.args(["-c", DUCKDB]).arg(file), folder, name, "DuckDB").output(folder))
}

/// Both have to find the same.
pub(super) fn compare(report: &Value, answers: &Value) {
    let mut ours = BTreeMap::new();
    for (level, count) in report["levels"].as_object().unwrap() {
        ours.insert(format!("level {level}"), count.clone());
    }
    for logger in report["loggers"].as_array().unwrap() {
        ours.insert(format!("logger {}", logger["logger"].as_str().unwrap()), logger["count"].clone());
    }
    for operation in report["operations"].as_array().unwrap() {
        let name = operation["operation"].as_str().unwrap();
        let theirs = &answers[format!("operation {name}")];
        // A report may not have that yet.
        if let Some(p95) = operation["p95"].as_f64() {
            let exact = theirs[1].as_f64().unwrap();
            assert!((p95 - exact).abs() <= exact * 0.032, "p95 of {name}: {p95}, exactly {exact}");
        }
        ours.insert(format!("operation {name}"), operation["count"].clone());
    }
    let count = |value: &Value| if value.is_array() { value[0].clone() } else { value.clone() };
    let theirs: BTreeMap<_, _> =
        answers.as_object().unwrap().iter().map(|(key, value)| (key.clone(), count(value))).collect();
    assert_eq!(ours, theirs);
}

/// The script of the guide, as it stands there; it takes a part of the file, since it is slow.
pub(super) fn guides_script(guide: &Path, file: &Path, folder: &Path) {
    const PART: usize = 30_000_000;
    let Ok(guide) = fs::read_to_string(guide) else {
        return println!("The guide is not there.");
    };
    let blocks = guide.split("```python\n").filter_map(|block| block.split("```").next());
    let script = blocks.into_iter().find(|block| block.contains("def analyze_logs")).unwrap();
    let (script_file, part) = (folder.join("script.py"), folder.join("part.log"));
    fs::write(&script_file, script).unwrap();
    let bytes = fs::read(file).unwrap();
    let end = bytes.iter().take(PART).rposition(|&byte| byte == b'\n').unwrap();
    fs::write(&part, &bytes[..=end]).unwrap();
    measure(Command::new("python3").arg(&script_file).arg(&part), folder, "part.log", "the guide's");
}
