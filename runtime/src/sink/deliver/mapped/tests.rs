//! What waits in a ring, around its end, and what becomes of it after the process.

use std::fs::File;
use std::sync::atomic::Ordering::Relaxed;

use super::*;
use crate::level::Level;
use crate::record::Timestamp;
use crate::sink::WriteMode;
use crate::sink::block::{Block, End, Lines};
use crate::sink::deliver::behind::Store;
use crate::sink::disk::Place;
use crate::sink::journal::Journal;

fn log() -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let log = dir.path().join("x.log");
    std::fs::write(&log, "").unwrap();
    (dir, log)
}

fn writer(log: &Path) -> Writer {
    let format = Arc::new(Format::new(Line::Text, ""));
    Writer::open(log.to_owned(), Rotation::default(), format, Arc::default())
}

fn push(ring: &Ring, lines: &[&str]) {
    for line in lines {
        ring.push(line.as_bytes(), Level::Info).unwrap();
    }
}

/// Recovers that ring alone.
fn recover_one(ring: &Path, log: &Path) -> io::Result<Option<u64>> {
    Left::open(ring)?.map(|left| recover::recover(&left, log, &mut writer(log))).transpose()
}

/// Recovers all that can be.
fn all_in(dir: &Path) -> Vec<Recovered> {
    super::recover(dir).unwrap().into_iter().filter_map(Result::ok).collect()
}

/// Takes the lines, says where they are to be written, and writes so many bytes of them, as one that is killed then.
fn killed_while_writing(ring: &Ring, log: &Path, bytes: usize) {
    let mut block = Block::default();
    ring.take(&mut block);
    write_part(ring, &block, log, bytes);
}

fn killed_while_recovering(ring: &Left, log: &Path, bytes: usize) {
    write_part(ring, &ring.take().unwrap(), log, bytes);
}

fn write_part(ring: &dyn Journal, block: &Block, log: &Path, bytes: usize) {
    let mut file = std::fs::File::options().append(true).open(log).unwrap();
    let size = file.metadata().unwrap().len();
    ring.begin(block.lines(), &mut || Place::of(&file, size)).unwrap();
    std::io::Write::write_all(&mut file, &block.lines().bytes()[..bytes]).unwrap();
}

fn read(log: &Path) -> String {
    std::fs::read_to_string(log).unwrap()
}

#[test]
fn what_a_process_left_is_written_once() {
    let (_dir, log) = log();
    let ring = Ring::create(&log, 0).unwrap();
    push(&ring, &["one\n", "two\n"]);
    let path = recover::rings_of(&log).unwrap().remove(0);
    assert_eq!(recover_one(&path, &log).unwrap(), None, "its process lives");
    drop(ring);
    assert_eq!(recover_one(&path, &log).unwrap(), Some(2));
    assert_eq!((read(&log), path.exists()), ("one\ntwo\n".to_owned(), false));
}

#[test]
fn what_was_being_written_is_not_doubled_wherever_the_kill_came() {
    let lines = ["one\n", "two two\n", "three\n"];
    let whole = lines.concat();
    for (bytes, is_alone) in (0..=whole.len()).flat_map(|bytes| [(bytes, false), (bytes, true)]) {
        let (_dir, log) = log();
        std::fs::write(&log, "before\none\n").unwrap();
        let ring = Ring::create(&log, 0).unwrap();
        push(&ring, &lines);
        killed_while_writing(&ring, &log, bytes);
        // Another process goes on meanwhile.
        let other = [End { at: 6, level: Level::Info }];
        writer(&log).put(Lines::new(b"other\n", &other[usize::from(is_alone)..]), Timestamp::now(), &());
        drop(ring);
        let path = recover::rings_of(&log).unwrap().remove(0);
        recover_one(&path, &log).unwrap();
        let content = read(&log);
        for line in lines {
            let expected = if line == "one\n" { 2 } else { 1 };
            let count = content.lines().filter(|found| *found == line.trim_end()).count();
            assert_eq!(count, expected, "{line:?} after {bytes} bytes in {content:?}");
        }
    }
}

#[test]
fn what_was_being_written_behind_half_a_line_is_not_doubled_wherever_the_kill_came() {
    let lines = ["one one\n\tmore\n", "two\n", "three\n\tlast\n"];
    let half_written = |log: &Path, bytes: usize| {
        std::fs::write(log, "half of the line of anoth").unwrap();
        let ring = Ring::create(log, 0).unwrap();
        push(&ring, &lines);
        let place = Place::of(&File::open(log).unwrap(), 0);
        let mut block = Block::default();
        ring.take(&mut block);
        ring.begin(block.lines(), &mut || place).unwrap();
        let mut file = File::options().append(true).open(log).unwrap();
        // All of them, and the first once more.
        let written = [&lines[..], &["other\n", lines[0]]].concat().concat();
        std::io::Write::write_all(&mut file, &written.as_bytes()[..bytes.min(written.len())]).unwrap();
    };
    for bytes in 0..=lines.concat().len() + 6 + lines[0].len() {
        let (_dir, log) = log();
        half_written(&log, bytes);
        recovered(&log, writer(&log));
        let content = format!("\n{}\n", read(&log));
        for line in lines {
            assert_eq!(
                content.matches(&format!("\n{line}")).count(),
                1,
                "{line:?} after {bytes} bytes in {content:?}"
            );
        }
    }
}

#[test]
fn what_was_being_written_is_found_where_the_file_was_moved_to() {
    let (dir, log) = log();
    let ring = Ring::create(&log, 0).unwrap();
    push(&ring, &["one\n", "two\n"]);
    killed_while_writing(&ring, &log, 8);
    push(&ring, &["three\n"]);
    std::fs::rename(&log, dir.path().join("x.log.1")).unwrap();
    drop(ring);
    recovered(&log, writer(&log));
    assert_eq!(
        (read(&dir.path().join("x.log.1")), read(&log)),
        ("one\ntwo\n".to_owned(), "three\n".to_owned())
    );
}

#[test]
fn what_was_being_written_is_found_in_a_copy_and_under_any_name() {
    for (before, is_copied) in [("before\n", false), ("before\n", true), ("", true)] {
        let (dir, log) = log();
        std::fs::write(&log, before).unwrap();
        let ring = Ring::create(&log, 0).unwrap();
        push(&ring, &["one\n", "two\n"]);
        killed_while_writing(&ring, &log, 8);
        let aside = dir.path().join("x.log-20261122");
        if is_copied {
            std::fs::copy(&log, &aside).unwrap();
            std::fs::write(&log, "").unwrap();
        } else {
            std::fs::rename(&log, &aside).unwrap();
        }
        drop(ring);
        recovered(&log, writer(&log));
        assert_eq!((read(&aside), read(&log)), (format!("{before}one\ntwo\n"), String::new()));
    }
}

#[test]
fn a_recovery_that_is_killed_is_gone_on_with() {
    let (_dir, log) = log();
    let ring = Ring::create(&log, 0).unwrap();
    push(&ring, &["one\n", "two\n", "three\n"]);
    drop(ring);
    let path = recover::rings_of(&log).unwrap().remove(0);
    let second = Left::open(&path).unwrap().unwrap();
    killed_while_recovering(&second, &log, 5);
    drop(second);
    recovered(&log, writer(&log));
    assert_eq!(read(&log), "one\nt\ntwo\nthree\n");
}

#[test]
fn a_file_that_was_never_finished_goes_and_foreign_ones_stay() {
    let (dir, log) = log();
    for name in [
        "x.log.0123abcd.ring",
        "x.log.0123ABCD.ring",
        "x.log.123.ring",
        "y.log.01234567.ring",
        "01234567.ring",
    ] {
        std::fs::write(dir.path().join(name), "").unwrap();
    }
    recovered(&log, writer(&log));
    let mut left: Vec<_> = dir.path().read_dir().unwrap().map(|entry| entry.unwrap().file_name()).collect();
    left.sort();
    assert_eq!(
        left,
        ["01234567.ring", "x.log", "x.log.0123ABCD.ring", "x.log.123.ring", "y.log.01234567.ring"]
    );
}

#[test]
fn what_only_has_the_name_of_a_ring_stays_as_it_is_and_no_log_is_made_for_it() {
    let (dir, log) = log();
    let long = [&[0; 5000][..], b"x\n"].concat();
    for (name, content) in [("song", &b"precious"[..]), ("x.log", b"mine"), ("disk", &long)] {
        std::fs::write(dir.path().join(format!("{name}.0123abcd.ring")), content).unwrap();
    }
    // More than a ring can be.
    File::create(dir.path().join("holes.0123abcd.ring")).unwrap().set_len(3 << 30).unwrap();
    let alive = Ring::create(&dir.path().join("alive"), 0).unwrap();
    let start = std::time::Instant::now();
    recovered(&log, writer(&log));
    let results = super::recover(dir.path()).unwrap();
    assert!(results.len() == 4 && results.iter().all(Result::is_err), "{results:?}");
    assert!(start.elapsed() < std::time::Duration::from_secs(5), "{:?}", start.elapsed());
    let names = || dir.path().read_dir().unwrap().map(|entry| entry.unwrap().file_name());
    assert_eq!(names().count(), 6, "{:?}", names().collect::<Vec<_>>());
    assert_eq!(read(&dir.path().join("song.0123abcd.ring")), "precious");
    drop(alive);
}

#[test]
fn a_ring_with_holes_is_damaged_and_one_of_zeros_was_never_finished() {
    let (_dir, log) = log();
    for header in [0, 4096] {
        let ring = Ring::create(&log, 0).unwrap();
        push(&ring, &["one\n"]);
        drop(ring);
        let path = recover::rings_of(&log).unwrap().remove(0);
        let file = File::options().write(true).open(&path).unwrap();
        file.set_len(header).unwrap();
        file.set_len(1 << 20).unwrap();
        assert_eq!(recover_one(&path, &log).unwrap(), (header > 0).then_some(0));
        assert!(!path.exists() && read(&log).is_empty());
    }
}

#[test]
fn a_damaged_ring_costs_what_is_behind_the_damage_and_no_more() {
    let (_dir, log) = log();
    let ring = Ring::create(&log, 0).unwrap();
    push(&ring, &["one\n", "two\n", "three\n"]);
    ring.data()[2].store(u64::MAX, Relaxed);
    let taken = || {
        let mut block = Block::default();
        ring.take(&mut block);
        ring.end(block.lines());
        String::from_utf8(block.lines().bytes().to_vec()).unwrap()
    };
    assert_eq!([taken(), taken()], ["one\n", ""]);
    assert_eq!(ring.done(), ring.pushed());
    push(&ring, &["four\n"]);
    assert_eq!(taken(), "four\n");
}

#[test]
fn a_directory_is_recovered_and_one_that_is_not_there_has_nothing() {
    let (dir, log) = log();
    let ring = Ring::create(&log, 0).unwrap();
    push(&ring, &["one\n"]);
    assert!(super::recover(dir.path()).unwrap().is_empty());
    drop(ring);
    assert_eq!(all_in(dir.path()), [Recovered { log: log.clone(), records: 1 }]);
    assert_eq!(read(&log), "one\n");
    assert!(super::recover(dir.path().join("none")).unwrap().is_empty());
}

#[test]
fn a_ring_that_cannot_be_recovered_keeps_nobody_from_those_after_it() {
    let (dir, log) = log();
    std::fs::write(dir.path().join("a.log.00000000.ring"), "foreign").unwrap();
    let ring = Ring::create(&log, 0).unwrap();
    push(&ring, &["one\n"]);
    drop(ring);
    let results = super::recover(dir.path()).unwrap();
    let error = results[0].as_ref().unwrap_err().to_string();
    assert!(error.ends_with("a.log.00000000.ring`"), "{error}");
    assert_eq!(results[1].as_ref().unwrap().records, 1);
    assert_eq!(read(&log), "one\n");
}

#[test]
fn what_is_no_line_is_damage_and_stops_nobody() {
    let (_dir, log) = log();
    for (index, word) in [(0, 0), (1, u64::from_ne_bytes(*b"one\0\0\0\0\0"))] {
        let ring = Ring::create(&log, 0).unwrap();
        push(&ring, &["one\n", "two\n"]);
        // Nothing but zeros, as where a page never came to the disk; and a line without its end.
        ring.data()[index].store(word, Relaxed);
        drop(ring);
        recovered(&log, writer(&log));
        assert!(recover::rings_of(&log).unwrap().is_empty());
        assert_eq!(read(&log), "");
    }
}

#[test]
fn what_no_writer_of_ours_would_have_written_is_not_brought_into_the_log() {
    for line in
        [&b"\x1b[2J\n"[..], b"one\x07\n", b"\xff\n", b"one\ntwo\n", b"one\ttwo\n", "\u{202e}\n".as_bytes()]
    {
        let (_dir, log) = log();
        let ring = Ring::create(&log, 0).unwrap();
        push(&ring, &["one\n\tmore \u{e4}\n"]);
        ring.push(line, Level::Info).unwrap();
        drop(ring);
        recovered(&log, writer(&log));
        assert_eq!(read(&log), "one\n\tmore \u{e4}\n", "{line:?}");
    }
}

#[test]
fn a_record_of_several_lines_is_not_doubled() {
    let (_dir, log) = log();
    let ring = Ring::create(&log, 0).unwrap();
    push(&ring, &["one\n\tmore\n\tand more\n", "two\n", "three\n\tlast\n"]);
    killed_while_writing(&ring, &log, 27);
    drop(ring);
    recovered(&log, writer(&log));
    let content = read(&log);
    assert_eq!(content, "one\n\tmore\n\tand more\ntwo\nthr\nthree\n\tlast\n");
}

#[test]
fn a_ring_of_another_version_is_kept_and_a_link_is_not_written_through() {
    let (dir, log) = log();
    let ring = Ring::create(&log, 0).unwrap();
    push(&ring, &["one\n"]);
    drop(ring);
    let path = recover::rings_of(&log).unwrap().remove(0);
    let foreign = dir.path().join("y.log.01234567.ring");
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[..8].copy_from_slice(b"lwring99");
    std::fs::write(&foreign, bytes).unwrap();
    let outside = dir.path().join("outside");
    std::fs::write(&outside, "").unwrap();
    std::fs::remove_file(&log).unwrap();
    std::os::unix::fs::symlink(&outside, &log).unwrap();
    let results = super::recover(dir.path()).unwrap();
    assert!(results.len() == 2 && results.iter().all(Result::is_err), "{results:?}");
    assert_eq!(read(&outside), "");
    std::fs::remove_file(&log).unwrap();
    let results = super::recover(dir.path()).unwrap();
    assert!(results[0].is_ok() && results[1].is_err(), "{results:?}");
    assert!(foreign.exists() && !path.exists(), "the one of another version is left");
}

#[test]
fn where_the_ring_is_taken_away_records_are_written_at_once() {
    let (_dir, log) = log();
    let to = log.clone();
    let open = move || writer(&to);
    let delivery = crate::sink::deliver::by(WriteMode::Mapped { bytes: 0 }, &log, open, &Arc::default());
    std::fs::remove_file(recover::rings_of(&log).unwrap().remove(0)).unwrap();
    let put = || delivery.put(b"line\n", Level::Info, Timestamp::now());
    put();
    assert_eq!(delivery.flush(std::time::Instant::now() + std::time::Duration::from_secs(10)), 0);
    put();
    assert_eq!(read(&log), "line\nline\n");
}

#[test]
fn what_an_earlier_process_left_does_not_count_as_written() {
    let (_dir, log) = log();
    let ring = Ring::create(&log, 0).unwrap();
    push(&ring, &["one\n"]);
    drop(ring);
    let counts = Arc::<Counts>::default();
    let (to, own) = (log.clone(), Arc::clone(&counts));
    let format = Arc::new(Format::new(Line::Text, ""));
    let open = move || Writer::open(to.clone(), Rotation::default(), Arc::clone(&format), Arc::clone(&own));
    let delivery = crate::sink::deliver::by(WriteMode::Sync, &log, open, &counts);
    assert_eq!((read(&log), counts.stats(String::new()).written()), ("one\n".to_owned(), 0));
    delivery.put(b"two\n", Level::Info, Timestamp::now());
    assert_eq!(counts.stats(String::new()).written(), 1);
}
