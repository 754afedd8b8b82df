//! A disk without room costs records, which are counted exactly, and neither the program nor a record that is there.

use std::path::Path;
use std::time::{Duration, Instant};

use logwright::record::{Kind, json};

use crate::programs::{NO_XFSZ, Obedient, is_root, limit, numbers, scenario, through, tool};
use crate::support::{names, read, records};

/// Longer than it is waited until writing is tried again.
const PAUSE: Duration = Duration::from_millis(300);

fn start(dir: &Path, environment: &[(&str, &str)]) -> Obedient {
    Obedient::run(&mut through(NO_XFSZ, &scenario("obeys", dir, environment)))
}

/// A program whose disk is full after so many bytes more, once for a record, and once for the next one, which has to own
/// up to what was lost.
#[track_caller]
fn fill(first: u64, second: u64) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("program.jsonl");
    let mut program = start(dir.path(), &[]);
    program.tell("log 1");
    for room in [first, second] {
        let size = path.metadata().unwrap().len();
        limit(program.pid(), "fsize", &(size + room).to_string());
        program.tell("log 1");
        std::thread::sleep(PAUSE);
    }
    limit(program.pid(), "fsize", "unlimited");
    program.tell("log 1");
    let stats = program.tell("stats");
    program.end();

    let content = read(&path);
    let records: Vec<_> = content.lines().filter_map(|line| json::read(line).ok()).collect();
    let torn = content.lines().count() - records.len();
    let written = records.iter().filter(|record| record.kind == Kind::Log).count() as u64;
    let owned: u64 = records.iter().filter_map(|record| record.lost).sum();
    assert!(torn <= 2 && content.ends_with('\n'), "{first}, {second}: {content}");
    assert_eq!(written + owned, 2 + 4, "{first}, {second}: {content}");
    assert_eq!(
        stats,
        format!("{written} written, {owned} lost [{owned}, 0]"),
        "{first}, {second}: {content}"
    );
}

#[test]
fn what_is_written_and_what_is_lost_are_all_at_whatever_byte_the_disk_is_full() {
    // A record is shorter than the first, together with one that owns up to a loss than the second.
    let rooms: Vec<_> = (0..280).step_by(1).map(|room| (room, 0)).collect();
    let rooms = [rooms, (0..600).step_by(5).map(|room| (0, room)).collect()].concat();
    std::thread::scope(|threads| {
        for rooms in rooms.chunks(rooms.len().div_ceil(40)) {
            threads.spawn(move || rooms.iter().for_each(|(first, second)| fill(*first, *second)));
        }
    });
}

#[test]
fn a_record_without_its_end_does_not_become_one_with_anothers() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("program.jsonl");
    let size = || path.metadata().unwrap().len();
    let (mut program, mut other) = (start(dir.path(), &[]), start(dir.path(), &[]));
    other.tell("log 1");
    program.tell("log 1");
    let before = size();
    program.tell("log 1");
    // There is room for all but the line's end.
    limit(program.pid(), "fsize", &(size() + (size() - before) - 1).to_string());
    program.tell("log 1");
    other.tell("log 2");
    limit(program.pid(), "fsize", "unlimited");
    std::thread::sleep(PAUSE);
    program.tell("log 1");
    let pid = program.pid();
    let stats = program.tell("stats");
    program.end();
    other.end();
    let content = read(&path);
    let records: Vec<_> = content.lines().filter_map(|line| json::read(line).ok()).collect();
    let own = |kind| records.iter().filter(move |record| record.kind == kind && record.pid == Some(pid));
    assert_eq!(own(Kind::Log).count(), 2 + 3, "{content}");
    assert_eq!(own(Kind::LogLoss).filter_map(|record| record.lost).sum::<u64>(), 1, "{content}");
    assert_eq!(stats, "5 written, 1 lost [1, 0]", "{content}");
    assert_eq!(content.lines().count() - records.len(), 1, "{content}");
}

/// A file system of 512 KiB, which is gone in the end.
struct Small(tempfile::TempDir);

impl Small {
    fn mount() -> Self {
        let dir = tempfile::tempdir().unwrap();
        tool("mount", &["-t", "tmpfs", "-o", "size=512k", "tmpfs", dir.path().to_str().unwrap()]);
        Self(dir)
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn remount(&self, option: &str) {
        tool("mount", &["-o", &format!("remount,{option}"), self.path().to_str().unwrap()]);
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        tool("umount", &["--lazy", self.path().to_str().unwrap()]);
    }
}

/// Lets it write until it can again; how long that took.
fn until_written(program: &mut Obedient) -> Duration {
    let since = Instant::now();
    let written = |program: &mut Obedient| program.tell("stats").split(' ').next().unwrap().parse::<u64>();
    let before = written(program);
    while written(program) == before && since.elapsed() < Duration::from_secs(10) {
        program.tell("log 1");
        std::thread::sleep(Duration::from_millis(5));
    }
    since.elapsed()
}

/// How many were written and lost.
fn counts(stats: &str) -> (u64, u64) {
    let numbers: Vec<u64> = stats.split(' ').filter_map(|word| word.parse().ok()).collect();
    (numbers[0], numbers[1])
}

#[test]
fn a_full_disk_is_survived_again_and_again() {
    if !is_root() {
        return eprintln!("SKIP: only the superuser can mount a small file system");
    }
    let small = Small::mount();
    let mut program = start(small.path(), &[("KEEP", "0")]);
    for _ in 0..3 {
        std::fs::write(small.path().join("ballast"), vec![0; 512 * 1024]).unwrap_err();
        program.tell("log 100");
        program.tell("error");
        std::fs::remove_file(small.path().join("ballast")).unwrap();
        let waited = until_written(&mut program);
        assert!(waited < Duration::from_secs(2), "{waited:?}");
        program.tell("log 100");
    }
    let stats = program.tell("stats");
    let said = program.end();
    let (written, lost) = counts(&stats);
    let content = read(small.path().join("program.jsonl"));
    let records: Vec<_> = content.lines().filter_map(|line| json::read(line).ok()).collect();
    assert_eq!(records.iter().filter(|record| record.kind == Kind::Log).count() as u64, written, "{stats}");
    assert_eq!(records.iter().filter_map(|record| record.lost).sum::<u64>(), lost, "{stats}");
    assert!(lost >= 3 && content.lines().count() - records.len() <= 3, "{stats}");
    // One line when it begins and one when it is over.
    assert_eq!(said.lines().count(), 2 * 3, "{said}");
}

#[test]
#[cfg(unix)]
fn a_ring_that_has_no_room_on_the_disk_ends_no_program() {
    if !is_root() {
        return eprintln!("SKIP: only the superuser can mount a small file system");
    }
    let small = Small::mount();
    let holes = |name: &str, header: &[u8]| {
        let path = small.path().join(format!("program.jsonl.{name}.ring"));
        std::fs::write(&path, header).unwrap();
        std::fs::File::options().write(true).open(path).unwrap().set_len((1 << 20) + 4096).unwrap();
    };
    let tail = [&b"lwring01"[..], &[0; 120], &(1_u64 << 20).to_ne_bytes(), &[0; 88]].concat();
    holes("00000001", &[]);
    holes("00000002", &tail);
    std::fs::write(small.path().join("ballast"), vec![0; 512 * 1024]).unwrap_err();
    assert!(start(small.path(), &[]).end().contains("is damaged"));
    assert_eq!(names(small.path()).iter().filter(|name| name.ends_with(".ring")).count(), 0);
}

#[test]
fn a_disk_that_becomes_read_only_is_survived() {
    if !is_root() {
        return eprintln!("SKIP: only the superuser can remount a file system");
    }
    let small = Small::mount();
    let mut program = start(small.path(), &[("KEEP", "0")]);
    program.tell("log 10");
    // No file may be open for that.
    std::fs::rename(small.path().join("program.jsonl"), small.path().join("moved.jsonl")).unwrap();
    program.tell("log 64");
    let path = small.path().join("program.jsonl");
    std::fs::remove_file(&path).unwrap();
    std::fs::create_dir(&path).unwrap();
    program.tell("log 64");
    small.remount("ro");
    std::thread::sleep(PAUSE);
    program.tell("log 10");
    small.remount("rw");
    std::fs::remove_dir(&path).unwrap();
    until_written(&mut program);
    let (_, lost) = counts(&program.tell("stats"));
    assert!(program.end().contains("Read-only file system") || lost >= 10);
    assert_eq!(records(&path).iter().filter_map(|record| record.lost).sum::<u64>(), lost);
}

#[test]
fn a_program_without_a_free_file_descriptor_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    let mut program = start(dir.path(), &[("MAX_BYTES", "5000")]);
    program.tell("log 10");
    limit(program.pid(), "nofile", "1");
    program.tell("log 100");
    limit(program.pid(), "nofile", "1024");
    until_written(&mut program);
    program.tell("log 10");
    let (written, lost) = counts(&program.tell("stats"));
    let said = program.end();
    assert_eq!(lost, 0, "the file that is open is written on: {said}");
    assert!(said.contains("writing on: Too many open files") && said.lines().count() == 1, "{said}");
    let found: usize = names(dir.path()).iter().map(|name| numbers(dir.path().join(name)).len()).sum();
    assert_eq!(found as u64 + 2, written);
}
