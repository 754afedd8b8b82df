//! Older log files that are compressed.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;
use std::process::Child;
use std::time::Duration;

use flate2::read::GzDecoder;
use logwright::record::json;

use crate::support::{logs, names, program, text as lossy, written};

/// What the file holds, compressed or not.
fn content(path: &Path) -> String {
    let mut text = String::new();
    let file = std::fs::File::open(path).unwrap();
    let mut reader: Box<dyn Read> =
        if path.extension().unwrap() == "gz" { Box::new(GzDecoder::new(file)) } else { Box::new(file) };
    reader.read_to_string(&mut text).unwrap();
    text
}

/// How many records there are of each run. None is missing from the middle of a run, none is there twice, and no file
/// is left from halfway.
#[track_caller]
fn whole_runs(dir: &Path) -> Vec<u64> {
    let mut runs = BTreeMap::<_, Vec<u64>>::new();
    for name in names(dir) {
        assert!(name.starts_with("program.jsonl") && !name.ends_with(".tmp"), "{name}");
        for line in content(&dir.join(name)).lines() {
            let record = json::read(line).unwrap();
            // What a file says of itself has no number.
            runs.entry(record.run).or_default().extend(record.seq);
        }
    }
    for (run, seqs) in &mut runs {
        seqs.sort_unstable();
        let expected: Vec<u64> = (0..seqs.len() as u64).collect();
        assert_eq!(*seqs, expected, "of run {run:?}");
    }
    runs.into_values().map(|seqs| seqs.len() as u64).collect()
}

/// How many older files are compressed, and how many are not.
fn older(dir: &Path) -> (usize, usize) {
    let names = names(dir);
    let older = names.iter().filter(|name| name.starts_with("program.jsonl."));
    let (packed, plain): (Vec<_>, Vec<_>) = older.partition(|name| name.ends_with(".gz"));
    (packed.len(), plain.len())
}

fn start(dir: &Path) -> Child {
    program(env!("CARGO_BIN_EXE_logs"), &[("RECORDS", "3000")]).arg("compressed").arg(dir).spawn().unwrap()
}

#[test]
fn older_files_are_compressed_while_the_program_runs() {
    let dir = tempfile::tempdir().unwrap();
    let output = logs("compressed", dir.path(), &[("RECORDS", "3000")]);
    assert!(output.status.success() && output.stderr.is_empty(), "{}", lossy(&output.stderr));
    let (packed, plain) = older(dir.path());
    assert!(packed > 20 && plain == 1, "{packed} and {plain}");
    assert_eq!(whole_runs(dir.path()), [2 + 3000]);
    let sizes = (2..).map_while(|n| dir.path().join(format!("program.jsonl.{n}.gz")).metadata().ok());
    assert!(sizes.map(|metadata| metadata.len()).all(|bytes| bytes < 20_000 / 4));
}

#[test]
fn what_one_run_could_not_compress_the_next_does() {
    let dir = tempfile::tempdir().unwrap();
    for name in ["program.jsonl.1", "program.jsonl.2", "program.jsonl.3"] {
        written(dir.path(), name, Duration::ZERO);
    }
    let output = logs("compressed", dir.path(), &[]);
    assert!(output.status.success() && output.stderr.is_empty(), "{}", lossy(&output.stderr));
    let expected = ["program.jsonl", "program.jsonl.1", "program.jsonl.2.gz", "program.jsonl.3.gz"];
    assert_eq!(names(dir.path()), expected.map(str::to_owned).into());
    assert_eq!(content(&dir.path().join("program.jsonl.3.gz")), "program.jsonl.3");
}

#[test]
fn processes_that_are_killed_while_they_compress_lose_and_double_nothing() {
    let dir = tempfile::tempdir().unwrap();
    // The first files are compressed when a second or so has passed.
    for milliseconds in [1210, 1230, 1260, 1300, 1350] {
        let mut processes = [start(dir.path()), start(dir.path())];
        std::thread::sleep(Duration::from_millis(milliseconds));
        for process in &mut processes {
            process.kill().unwrap();
            process.wait().unwrap();
        }
    }
    assert!(start(dir.path()).wait().unwrap().success());
    let (packed, plain) = older(dir.path());
    assert!(packed > 20 && plain == 1, "{packed} and {plain}");
    // How far those came that were killed depends on the machine.
    assert!(whole_runs(dir.path()).contains(&(2 + 3000)));
}

#[test]
fn what_a_killed_process_left_halfway_goes_at_the_start() {
    let dir = tempfile::tempdir().unwrap();
    written(dir.path(), "program.jsonl.gz.tmp", Duration::ZERO);
    logs("compressed", dir.path(), &[]);
    assert_eq!(names(dir.path()), ["program.jsonl".to_owned()].into());
}
