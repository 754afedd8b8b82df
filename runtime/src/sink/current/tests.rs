//! What the file that is written to does when others are in the way.

use super::*;
use crate::level::Level;
use crate::sink::block::End;
use crate::sink::block::Lines;

fn put(current: &mut Current, line: &str) {
    let end = [End { at: line.len(), level: Level::Info }];
    let batch = Batch { lines: Lines::new(line.as_bytes(), &end), loss: "", opening: "" };
    // By its time it looked a moment ago.
    let now = current.checked_at;
    assert_eq!(current.append(&batch, now, &()).lines, 1);
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap()
}

#[test]
fn who_stood_still_while_the_file_was_removed_writes_once_more() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("x.log");
    let mut current = Current::new(path.clone(), Rotation::default());
    current.start().unwrap();
    put(&mut current, "one\n");
    std::fs::rename(&path, dir.path().join("x.log.1")).unwrap();
    current.looked_at = Instant::now() - Duration::from_secs(2);
    put(&mut current, "two\n");
    assert_eq!(read(&dir.path().join("x.log.1")), "one\ntwo\n", "it has a name");
    put(&mut current, "three\n");
    assert_eq!(read(&path), "three\n", "it looks again");
    std::fs::remove_file(&path).unwrap();
    current.looked_at = Instant::now() - Duration::from_secs(2);
    put(&mut current, "four\n");
    assert_eq!(read(&path), "four\n");
    // What stood still behind its write is in what was made of the file.
    std::thread::sleep(Duration::from_millis(50));
    std::fs::remove_file(&path).unwrap();
    current.looked_at = Instant::now() - Duration::from_secs(2);
    assert!(!current.is_nowhere());
}

#[test]
fn who_never_lets_go_of_the_directory_is_waited_for_once() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("x.log");
    let mut current = Current::new(path.clone(), Rotation { max_bytes: 5, keep: 1, ..Rotation::default() });
    current.start().unwrap();
    put(&mut current, "one\n");
    let lock = disk::lock_dir(&path).unwrap().unwrap();
    put(&mut current, "two\n");
    let start = Instant::now();
    for seconds in [2, 4, 8, 16, 32, 60, 60] {
        let stuck = current.stuck.as_mut().unwrap();
        stuck.0 = Instant::now();
        put(&mut current, "more\n");
        let (until, pause) = current.stuck.unwrap();
        assert_eq!(pause, Duration::from_secs(seconds));
        assert!(until.elapsed() == Duration::ZERO);
    }
    assert!(start.elapsed() < Duration::from_millis(900), "{:?}", start.elapsed());
    drop(lock);
    current.stuck = Some((start, Duration::from_secs(60)));
    put(&mut current, "new\n");
    assert_eq!((read(&path), current.stuck), ("new\n".to_owned(), None));
}
