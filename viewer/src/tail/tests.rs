//! What is read of files that somebody writes, moves, cuts and removes meanwhile: each line once, in the order in which they
//! were written.

use std::fs;
use std::io::Write as _;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use super::set::Set;

/// A directory that is followed, or a file in it.
struct Followed {
    root: tempfile::TempDir,
    set: Set,
    now: Instant,
}

/// The line with that number, as a program writes it.
fn line(n: u32) -> String {
    format!("2026-11-22 12:{:02}:{:02},000 - a.b - INFO - {n}\n", n / 60, n % 60)
}

fn lines(numbers: impl IntoIterator<Item = u32>) -> String {
    numbers.into_iter().map(line).collect()
}

impl Followed {
    fn new(name: Option<&str>) -> Self {
        let root = tempfile::tempdir().unwrap();
        let mut set = Set::new(&root.path().join("logs"));
        set.add(name.map(str::to_owned));
        let followed = Self { root, set, now: Instant::now() };
        followed.make();
        followed
    }

    /// One that was found empty, so that all that comes is new.
    fn file() -> Self {
        let mut followed = Self::new(Some("a.log"));
        assert_eq!(followed.read(), "");
        followed
    }

    fn make(&self) {
        fs::create_dir(self.root.path().join("logs")).unwrap();
    }

    fn path(&self, name: &str) -> PathBuf {
        self.root.path().join("logs").join(name)
    }

    fn append(&self, name: &str, text: &str) {
        let mut file = fs::File::options().append(true).create(true).open(self.path(name)).unwrap();
        file.write_all(text.as_bytes()).unwrap();
    }

    fn rename(&self, from: &str, to: &str) {
        fs::rename(self.path(from), self.path(to)).unwrap();
    }

    /// As our own writer makes room.
    fn rotate(&self) {
        for n in (1..9).rev().filter(|n| self.path(&format!("a.log.{n}")).exists()) {
            self.rename(&format!("a.log.{n}"), &format!("a.log.{}", n + 1));
        }
        self.rename("a.log", "a.log.1");
    }

    /// As `logrotate` does it with `copytruncate`.
    fn copy_and_cut(&self, copy: &str) {
        fs::copy(self.path("a.log"), self.path(copy)).unwrap();
        self.cut();
    }

    fn cut(&self) {
        fs::File::options().write(true).open(self.path("a.log")).unwrap().set_len(0).unwrap();
    }

    /// What is new, until there is no more: the messages, and other lines as they are.
    fn read(&mut self) -> String {
        let mut found = Vec::new();
        while self
            .set
            .read(self.now, &mut |_, entry| {
                let messages: Vec<_> =
                    entry.records.iter().map(|record| record.message.to_string()).collect();
                let cut = if entry.is_cut { "[cut]" } else { "" };
                found.push(if messages.is_empty() { entry.line } else { messages.join("+") } + cut);
            })
            .unwrap()
        {}
        found.join(" ")
    }

    fn later(&mut self, seconds: u64) {
        self.now += Duration::from_secs(seconds);
    }
}

#[test]
fn a_line_is_read_when_it_has_ended() {
    let mut a = Followed::file();
    let whole = line(1);
    for (at, byte) in whole.char_indices() {
        assert_eq!(a.read(), "", "{at}");
        a.append("a.log", &byte.to_string());
    }
    assert_eq!(a.read(), "1");
    a.append("a.log", &(lines([2, 3]) + &line(4)[..20]));
    assert_eq!(a.read(), "2 3");
    a.append("a.log", &line(4)[20..]);
    assert_eq!((a.read(), a.read()), ("4".into(), "".into()));
}

#[test]
fn rotations_between_two_looks_are_read_in_order() {
    let mut a = Followed::file();
    a.append("a.log", &line(1));
    assert_eq!(a.read(), "1");
    for n in 1..6 {
        a.append("a.log", &line(10 * n));
        a.rotate();
        a.append("a.log", &line(10 * n + 1));
    }
    assert_eq!(a.read(), "10 11 20 21 30 31 40 41 50 51");
    a.rotate();
    assert_eq!(a.read(), "");
    a.append("a.log", &line(60));
    a.append("a.log.1", &line(52));
    assert_eq!(a.read(), "52 60", "who writes may not have seen that it was moved");
}

#[test]
fn a_file_that_was_moved_out_of_sight_is_read_to_its_end() {
    let mut a = Followed::file();
    a.append("a.log", &lines([1, 2]));
    assert_eq!(a.read(), "1 2");
    a.append("a.log", &line(3));
    a.rename("a.log", "elsewhere");
    a.append("a.log", &line(4));
    a.append("elsewhere", &line(5));
    assert_eq!(a.read(), "3 5 4");
    a.append("elsewhere", &line(6));
    assert_eq!(a.read(), "6");
    a.later(11);
    a.read();
    a.append("elsewhere", &line(7));
    a.append("a.log", &line(8));
    assert_eq!(a.read(), "8", "nobody writes to it so long after");
}

#[test]
fn a_file_that_was_copied_and_cut_begins_anew() {
    // Shorter and longer than it was, so that its size does not tell.
    for after in [vec![7], (7..40).collect()] {
        let mut a = Followed::file();
        a.append("a.log", &lines([1, 2]));
        assert_eq!(a.read(), "1 2");
        a.append("a.log", &(lines([3, 4]) + &line(5)[..9]));
        a.copy_and_cut("a.log.1");
        a.append("a.log", &lines(after.clone()));
        let after = after.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
        assert_eq!(a.read(), format!("3 4 {after}"));
        a.later(2);
        assert_eq!(a.read(), format!("{}[cut]", &line(5)[..9]), "nobody ends a line of a copy");
        a.append("a.log", &line(50));
        assert_eq!((a.read(), a.read()), ("50".into(), "".into()));
    }
}

#[test]
fn a_copy_is_not_read_as_long_as_what_was_copied_is_there() {
    let mut a = Followed::file();
    a.append("a.log", &lines([1, 2]));
    assert_eq!(a.read(), "1 2");
    a.append("a.log", &line(3));
    fs::copy(a.path("a.log"), a.path("a.log.1")).unwrap();
    assert_eq!(a.read(), "3");
    a.append("a.log", &line(4));
    assert_eq!(a.read(), "4");
    // The copy goes on while it is made.
    a.append("a.log.1", &lines([4, 5]));
    a.cut();
    assert_eq!(a.read(), "5");
    a.append("a.log", &line(6));
    assert_eq!(a.read(), "6");
}

#[test]
fn a_copy_of_what_was_written_since_the_cut_is_not_read_either() {
    let mut a = Followed::file();
    a.append("a.log", &lines([1, 2]));
    assert_eq!(a.read(), "1 2");
    a.copy_and_cut("a.log.1");
    assert_eq!(a.read(), "");
    a.append("a.log", &lines([3, 4]));
    fs::copy(a.path("a.log"), a.path("a.log.2")).unwrap();
    assert_eq!(a.read(), "3 4");
    a.cut();
    a.append("a.log", &line(5));
    assert_eq!(a.read(), "5");
}

#[test]
fn a_file_and_its_copy_that_are_both_new_are_read_once() {
    let mut a = Followed::file();
    a.append("a.log", &lines([1, 2]));
    fs::copy(a.path("a.log"), a.path("a.log.1")).unwrap();
    a.append("a.log", &line(3));
    assert_eq!(a.read(), "1 2 3");
    a.copy_and_cut("a.log.2");
    assert_eq!(a.read(), "");
}

#[test]
fn what_was_written_and_cut_between_two_looks_is_read_of_its_copy() {
    let mut a = Followed::file();
    a.append("a.log", &lines([1, 2]));
    assert_eq!(a.read(), "1 2");
    a.append("a.log", &line(3));
    a.copy_and_cut("a.log-1");
    a.append("a.log", &lines(4..20));
    a.copy_and_cut("a.log-2");
    a.append("a.log", &line(20));
    let expected: Vec<_> = (3..21).map(|n| n.to_string()).collect();
    assert_eq!(a.read(), expected.join(" "));
}

#[test]
fn what_was_copied_is_older_than_what_was_not_read_yet() {
    let mut a = Followed::file();
    a.append("a.log", "");
    assert_eq!(a.read(), "");
    for n in [10, 20, 30] {
        a.append("a.log", &lines([n, n + 1]));
        a.copy_and_cut(&format!("a.log-{n}"));
    }
    a.append("a.log", &line(40));
    assert_eq!(a.read(), "10 11 20 21 30 31 40");
}

#[test]
fn a_file_that_was_cut_without_a_copy_loses_only_what_was_not_read() {
    let mut a = Followed::file();
    a.append("a.log", &(lines([1, 2]) + "half"));
    assert_eq!(a.read(), "1 2");
    a.cut();
    assert_eq!(a.read(), "half[cut]");
    a.append("a.log", &line(3));
    assert_eq!(a.read(), "3");
    // Written over in one go.
    fs::write(a.path("a.log"), lines([4, 5, 6])).unwrap();
    assert_eq!(a.read(), "4 5 6");
}

#[test]
fn a_file_that_is_removed_and_made_again_is_read_anew() {
    let mut a = Followed::file();
    a.append("a.log", &(lines([1, 2]) + "half"));
    assert_eq!(a.read(), "1 2");
    fs::remove_file(a.path("a.log")).unwrap();
    assert_eq!(a.read(), "");
    a.later(2);
    assert_eq!(a.read(), "half[cut]", "nobody ends a line of a file that is gone");
    a.append("a.log", &lines([1, 3]));
    assert_eq!(a.read(), "1 3");
    for n in 4..9 {
        // By then nothing is open: the new file may have the number of the old one.
        a.later(20);
        fs::remove_file(a.path("a.log")).unwrap();
        assert_eq!(a.read(), "");
        a.append("a.log", &line(n));
        assert_eq!(a.read(), n.to_string());
    }
}

#[test]
fn a_directory_may_come_go_and_come_back() {
    let mut a = Followed::new(None);
    fs::remove_dir(a.path("")).unwrap();
    assert_eq!(a.read(), "");
    for n in [10, 20] {
        a.make();
        a.append("a.jsonl", "{\"level\":\"info\"}\n");
        a.append("b.log", &lines([n + 2]));
        a.append("b.log.1", &lines([n + 1]));
        assert_eq!(a.read(), "{\"level\":\"info\"}");
        assert_eq!(a.read(), format!("{} {}", n + 1, n + 2), "it might have been a double");
        fs::remove_dir_all(a.path("")).unwrap();
        assert_eq!(a.read(), "");
        a.later(15);
        assert_eq!(a.read(), "");
    }
}

#[test]
fn what_other_logs_hold_as_well_is_passed_over() {
    let mut a = Followed::new(None);
    let json = "{\"schema\":\"logwright/1\",\"kind\":\"log\",\"timestamp\":\"2026-11-22T12:45:13Z\",\"level\":\"INFO\",\
        \"logger\":\"a\",\"message\":\"json\"}\n";
    a.append("a.log", &line(1));
    a.append("a_error.log", &line(1));
    assert_eq!(a.read(), "");
    a.append("a.jsonl", json);
    assert_eq!((a.read(), a.read()), ("json".into(), "".into()));
    a.append("a.log", &line(2));
    a.append("b.log", &line(3));
    a.append("notes.txt", &line(4));
    assert_eq!((a.read(), a.read()), ("".into(), "3".into()));
}

#[test]
fn the_last_records_are_found_across_older_files() {
    for (wanted, expected) in [(0, ""), (1, "6"), (3, "4 5 6"), (5, "2 3 4 5 6"), (99, "1 2 3 4 5 6")] {
        let mut a = Followed::new(Some("a.log"));
        a.append("a.log.2", &lines([1, 2]));
        a.append("a.log.1", &lines([3, 4]));
        a.append("a.log", &(lines([5, 6]) + &line(7)[..8]));
        a.set.skip(a.now, wanted, &|_| true).unwrap();
        assert_eq!(a.read(), expected);
        a.append("a.log", &line(7)[8..]);
        a.rotate();
        assert_eq!(a.read(), "7");
    }
}

#[test]
fn files_that_rest_are_looked_at_again() {
    let mut a = Followed::file();
    a.append("a.log.1", &line(1));
    a.append("a.log", &line(2));
    assert_eq!(a.read(), "1 2");
    a.later(6);
    assert_eq!(a.read(), "");
    a.append("a.log.1", &line(3));
    a.later(3);
    assert_eq!(a.read(), "3");
    // The next file may get the number of one that is not open.
    a.later(6);
    a.read();
    fs::remove_file(a.path("a.log.1")).unwrap();
    a.rotate();
    a.append("a.log", &lines([4, 5]));
    assert_eq!(a.read(), "4 5");
}
