//! A rotation that was killed between any two of its steps, and files of unusual sizes and numbers.

use std::path::Path;

use crate::programs::{Obedient, all_numbers};
use crate::support::{names, read, written};

/// A directory with these files, each of which holds its first name: `program.jsonl.1=program.jsonl` was moved.
fn there(files: &[&str]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for file in files {
        let (name, content) = file.split_once('=').unwrap_or((file, file));
        std::fs::write(dir.path().join(name), format!("{content}\n")).unwrap();
    }
    dir
}

/// The first line of each file, the newest first.
fn first_lines(dir: &Path) -> Vec<String> {
    let mut names: Vec<_> = names(dir).into_iter().collect();
    names.sort_by_key(|name| name.rsplit('.').next().and_then(|number| number.parse::<u32>().ok()));
    let line = |name: &String| read(dir.join(name)).lines().next().unwrap_or_default().to_owned();
    names.iter().map(line).collect()
}

#[test]
fn a_program_killed_between_any_two_steps_of_a_rotation_leaves_each_record_once() {
    let [log, one, two, three] = ["program.jsonl", "program.jsonl.1", "program.jsonl.2", "program.jsonl.3"];
    let steps: [&[&str]; 5] = [
        &[log, one, two, three],
        &[log, one, two, "program.jsonl.4=program.jsonl.3"],
        &[log, one, "program.jsonl.3=program.jsonl.2", "program.jsonl.4=program.jsonl.3"],
        &[
            log,
            "program.jsonl.2=program.jsonl.1",
            "program.jsonl.3=program.jsonl.2",
            "program.jsonl.4=program.jsonl.3",
        ],
        &[
            "program.jsonl.1=program.jsonl",
            "program.jsonl.2=program.jsonl.1",
            "program.jsonl.3=program.jsonl.2",
            "program.jsonl.4=program.jsonl.3",
        ],
    ];
    for files in steps {
        let dir = there(files);
        let mut program = Obedient::start(dir.path(), &[("MAX_BYTES", "1000"), ("KEEP", "20")]);
        program.tell("log 20");
        assert_eq!(program.end(), "");
        let lines = first_lines(dir.path());
        let old: Vec<_> = lines.iter().filter(|line| !line.starts_with('{')).collect();
        assert_eq!(old, [log, one, two, three], "{files:?}");
        assert!(lines.len() > 6, "{lines:?}");
    }
}

#[test]
fn a_file_of_one_byte_has_one_record() {
    let dir = tempfile::tempdir().unwrap();
    let mut program = Obedient::start(dir.path(), &[("MAX_BYTES", "1")]);
    program.tell("log 10");
    assert_eq!(program.end(), "");
    assert_eq!(names(dir.path()).len(), 2 + 10);
    assert_eq!(all_numbers(dir.path()), (0..10).collect());
}

#[test]
fn with_one_older_file_there_are_two_and_with_none_one() {
    for (keep, files) in [("0", 1), ("1", 2)] {
        let dir = tempfile::tempdir().unwrap();
        let mut program = Obedient::start(dir.path(), &[("MAX_BYTES", "1000"), ("KEEP", keep)]);
        program.tell("log 50");
        assert_eq!(program.end(), "");
        assert_eq!(names(dir.path()).len(), files);
        assert!(all_numbers(dir.path()).contains(&49));
    }
}

#[test]
fn the_highest_number_is_the_last_and_what_is_over_it_is_foreign() {
    let dir = tempfile::tempdir().unwrap();
    let older: Vec<_> = (1..=9999).map(|number| format!("program.jsonl.{number}")).collect();
    older.iter().for_each(|name| written(dir.path(), name, std::time::Duration::ZERO));
    written(dir.path(), "program.jsonl.10000", std::time::Duration::ZERO);
    let mut program = Obedient::start(dir.path(), &[]);
    assert_eq!(program.tell("rotate"), "Ok(())");
    assert_eq!(program.end(), "");
    assert_eq!(read(dir.path().join("program.jsonl.9999")), "program.jsonl.9998");
    assert_eq!(read(dir.path().join("program.jsonl.10000")), "program.jsonl.10000");
    assert_eq!(names(dir.path()).len(), 1 + 9999 + 1);
}
