//! What logs of the real world have in them, each of which some reader of logs has stumbled over.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;

use logwright::Level;
use logwright::record::{Record, json};
use serde_json::{Value, json};

use crate::viewer::{Run, folder, json_line, log, run};

const TEXT: &str = "2026-11-22 12:45:15,642 - adapter-b - ERROR - no - ERROR - page\n";

fn analyze(folder: &Path, path: &str) -> Run {
    run(folder, &["analyze", "--format=json", path], b"")
}

/// What is reported of a file of that content, which can be read to its end.
#[track_caller]
fn report(content: impl AsRef<[u8]>) -> Value {
    let folder = folder(&[("a.log", content.as_ref())]);
    let run = analyze(folder.path(), "a.log");
    assert!(matches!(run.code, Some(0 | 3)), "{}{}", run.stdout, run.stderr);
    run.report()
}

#[track_caller]
fn check(report: &Value, coverage: &[(&str, u64)]) {
    for (what, expected) in coverage {
        assert_eq!(report["coverage"][what], json!(expected), "{what}: {report:#}");
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Longer than what is read at a time, with a traceback on every cut.
#[test]
fn a_traceback_stays_with_its_record_wherever_the_file_is_cut_into_blocks() {
    let traceback =
        format!("Traceback (most recent call last):\n{}ValueError: x\n", "  File \"x.py\"\n".repeat(6000));
    let report = report(format!("{TEXT}{traceback}").repeat(50));
    check(&report, &[("records", 50), ("continuation", 50 * 6002), ("unparsed", 0)]);
}

#[test]
fn records_of_two_writers_on_one_line_are_both_read() {
    let (a, b) = (json_line(&log(Level::Info, "a")), json_line(&log(Level::Error, "b")));
    let glued = format!("{}{b}", a.trim_end());
    let torn = format!("{}{b}", &a[..80]);
    let report = report(format!("{glued}{torn}").repeat(3));
    assert_eq!(report["levels"], json!({"INFO": 3, "ERROR": 6}));
    check(&report, &[("glued", 6), ("truncated", 3)]);
}

#[test]
fn a_rotated_set_is_read_by_its_numbers_and_what_was_just_compressed_once() {
    let line = |n: u32| format!("2026-11-22 12:45:15,642 - a - ERROR - {n}\n").into_bytes();
    let files = [
        ("a.log", line(0)),
        ("a.log.1", line(1)),
        ("a.log.1.gz", gzip(&line(1))),
        ("a.log.2.gz", gzip(&line(2))),
        ("a.log.10", line(10)),
    ];
    let folder = folder(&files.each_ref().map(|(name, bytes)| (*name, bytes.as_slice())));
    let run = analyze(folder.path(), ".");
    let report = run.report();
    let first = report["errors"]["first"].as_array().unwrap();
    let messages: Vec<_> = first.iter().map(|error| error["message"].as_str().unwrap()).collect();
    assert_eq!((run.code, messages), (Some(0), vec!["10", "2", "1", "0"]), "{report:#}");
    check(&report, &[("files", 4), ("skipped", 1)]);
}

#[test]
fn what_a_dying_program_wrote_last_is_reported() {
    let line = json_line(&log(Level::Info, "a"));
    for cut in [1, line.len() / 2, line.len() - 2] {
        let report = report(format!("{line}{}", &line[..cut]));
        check(&report, &[("records", 1), ("truncated", 1), ("bytes", (line.len() + cut) as u64)]);
        assert_eq!(report["coverage"]["complete"], json!(false));
    }
}

#[test]
fn three_formats_in_one_file_and_the_marks_of_other_systems_are_read() {
    let ours = json_line(&log(Level::Info, "a"));
    let foreign = "{\"time\":\"2026-11-22T12:45:15Z\",\"level\":\"warn\",\"msg\":\"b\"}";
    let lines = format!(
        "\u{feff}{TEXT}{}\r\n{foreign}\r\n\r\n{}{ours}{}",
        ours.trim_end(),
        "\0".repeat(5000),
        "\0".repeat(5000)
    );
    let report = report(lines);
    assert_eq!(report["levels"], json!({"ERROR": 1, "INFO": 2, "WARNING": 1}), "{report:#}");
    check(&report, &[("unparsed", 0), ("with_nul", 2)]);
}

#[test]
fn bytes_that_are_no_text_cost_one_line_at_most() {
    let mut bytes = TEXT.repeat(20_000).into_bytes();
    let middle = TEXT.len() * 10_000 + TEXT.len() - 3;
    bytes[middle] = 0xe9;
    let report = report(bytes);
    check(&report, &[("records", 20_000), ("not_utf8", 1), ("unparsed", 0)]);
}

#[test]
fn a_huge_line_is_passed_over_in_little_memory() {
    let folder = tempfile::tempdir().unwrap();
    let mut file = File::create(folder.path().join("a.log")).unwrap();
    file.write_all(TEXT.as_bytes()).unwrap();
    let piece = vec![b'x'; 1 << 20];
    (0..200).for_each(|_| file.write_all(&piece).unwrap());
    file.write_all(format!("\n{TEXT}{{{}\n{TEXT}", "\"a\":[".repeat(100_000)).as_bytes()).unwrap();
    let report = analyze(folder.path(), "a.log").report();
    check(&report, &[("records", 3), ("overlong", 1), ("unparsed", 2)]);
}

#[test]
#[cfg(target_os = "linux")]
fn memory_does_not_grow_with_the_input() {
    use std::process::{Command, Stdio};
    // Zeroes are one line without end, and never a record.
    let script = "ulimit -v 300000; head -c 2000000000 /dev/zero | \"$0\" analyze --format=json -";
    let status = Command::new("sh")
        .args(["-c", script])
        .arg(crate::support::built("logwright"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .unwrap();
    assert_eq!(status.code(), Some(3));
}

#[test]
fn names_and_messages_may_have_dashes_and_levels_other_words() {
    let lines = format!(
        "{TEXT}2026-11-22 12:45:15,642 - adapter-b - WARN - a - CRITICAL - b\n\
         2026-11-22 12:45:15,642 - a - FATAL - no - INFO - \n"
    );
    let report = report(lines);
    assert_eq!(report["levels"], json!({"ERROR": 1, "WARNING": 1, "CRITICAL": 1}));
    assert_eq!(report["loggers"][0], json!({"logger": "adapter-b", "count": 2}));
}

#[test]
fn numbers_of_every_kind_are_read_or_refused_and_stop_nothing() {
    let with = |key: &str, value: &str| {
        let line = json_line(&log(Level::Info, "a"));
        format!("{},\"{key}\":{value}}}\n", line.trim_end().strip_suffix('}').unwrap())
    };
    let taken = [
        ("x", "1e400"),
        ("x", "-0.5E-3"),
        ("seq", "18446744073709551615"),
        ("duration_ns", "null"),
        ("context", "{\"id\":123456789012345678901234567890}"),
    ];
    let refused = [
        ("seq", "18446744073709551616"),
        ("duration_ns", "-5"),
        ("x", "NaN"),
        ("x", "Infinity"),
        ("seq", "1.5"),
    ];
    let lines: String = taken.iter().chain(&refused).map(|(key, value)| with(key, value)).collect();
    // What is no JSON at all begins as a record of ours does, and counts as one that is torn.
    check(&report(lines), &[("records", taken.len() as u64), ("unparsed", 3), ("truncated", 2)]);
    let text = "2026-11-22 12:45:15,642 - a - INFO - f executed in";
    let report = report(format!(
        "{text} 1.5 seconds\n{text} -1.5 seconds\n{text} nan seconds\n{text} 1e400 seconds\n"
    ));
    assert_eq!(report["operations"].as_array().map(Vec::len), Some(1), "{report:#}");
    assert_eq!((&report["operations"][0]["count"], &report["levels"]), (&json!(1), &json!({"INFO": 4})));
}

#[test]
fn what_came_out_of_a_compressed_file_that_is_cut_counts_and_is_told_of() {
    let whole = gzip(TEXT.repeat(100_000).as_bytes());
    let folder = folder(&[("a.log", &whole[..whole.len() / 2]), ("b.log", TEXT.as_bytes())]);
    let run = run(folder.path(), &["analyze", "--format=json", "a.log", "b.log", "gone.log"], b"");
    let report = run.report();
    let records = report["coverage"]["records"].as_u64().unwrap();
    assert!((10_000..100_000).contains(&records), "{report:#}");
    assert_eq!((run.code, &report["coverage"]["unreadable"]), (Some(3), &json!(2)), "{report:#}");
}

#[test]
fn compressed_input_of_several_members_is_read_from_standard_input() {
    let bytes = [gzip(TEXT.as_bytes()), gzip(TEXT.as_bytes())].concat();
    let run = run(Path::new("."), &["analyze", "--format=json", "-"], &bytes);
    assert_eq!((run.code, &run.report()["levels"]), (Some(0), &json!({"ERROR": 2})), "{}", run.stderr);
}

#[test]
fn an_object_ends_where_its_line_does() {
    let line = json_line(&log(Level::Info, "a"));
    let line = line.trim_end();
    let lines: String =
        ["TRAILER", "}", ",", "]", "\u{0}x", " x"].map(|more| format!("{line}{more}\n")).concat();
    let report = report(format!("{lines}{line}\n"));
    assert_eq!(report["coverage"]["records"], json!(1), "{report:#}");
}

#[test]
fn a_pattern_is_understood_where_no_shell_did_so() {
    let folder = folder(&[("a.log", TEXT.as_bytes()), ("b.log", TEXT.as_bytes()), ("c.txt", b"x")]);
    let run = analyze(folder.path(), "?.log");
    assert_eq!((run.code, &run.report()["coverage"]["files"]), (Some(0), &json!(2)), "{}", run.stderr);
}

#[test]
fn a_file_that_is_cut_while_it_is_read_ends_there() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.jsonl");
    let mut line = String::new();
    json::write(&mut line, &Record { message: "a".into(), ..Record::default() });
    fs::write(&path, line.repeat(300_000)).unwrap();
    let cut = std::thread::scope(|threads| {
        let run = threads.spawn(|| analyze(folder.path(), "a.jsonl"));
        File::options().write(true).open(&path).unwrap().set_len(line.len() as u64).unwrap();
        run.join().unwrap()
    });
    // Before, while or after it was read: never a crash, and never a record that is not there.
    let records = cut.report()["coverage"]["records"].as_u64().unwrap();
    assert!(matches!(cut.code, Some(0 | 3)) && (1..=300_000).contains(&records), "{}", cut.stderr);
}
