//! Where the last records of a file begin, found from its end on, in as much memory as a block and a line take.

use std::fs::File;
use std::io;

use super::follow::read_at;

/// How much is read at a time.
const BLOCK: u64 = 1 << 16;

/// A line that is longer is taken for as many.
const MAX_LINE: usize = 1 << 20;

/// Goes back over the lines of a file of that many bytes until `wanted` was true for as many as are left to find. What
/// stands behind the last line feed is a line that has not ended, and no one of these. The byte that reading begins with.
pub(super) fn last(
    file: &File,
    bytes: u64,
    left: &mut usize,
    wanted: &dyn Fn(&[u8]) -> bool,
) -> io::Result<u64> {
    let mut start = bytes;
    // What is known of the line that begins before `start`, and whether its end was seen.
    let (mut rest, mut is_ended) = (Vec::new(), false);
    loop {
        let from = start.saturating_sub(BLOCK);
        let mut block = read_at(file, from, start - from)?;
        while let Some(feed) = block.iter().rposition(|&byte| byte == b'\n') {
            let mut line = block.split_off(feed + 1);
            line.append(&mut rest);
            let begin = from + feed as u64 + 1;
            if is_ended && wanted(&line) {
                *left = left.saturating_sub(1);
            }
            if *left == 0 {
                return Ok(begin);
            }
            is_ended = true;
            block.pop();
        }
        block.append(&mut rest);
        rest = block;
        rest.truncate(MAX_LINE);
        start = from;
        if start == 0 {
            *left -= usize::from(is_ended && wanted(&rest));
            return Ok(0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From which byte a file of that content has so many lines with an `x`, and how many are missing.
    #[track_caller]
    fn check(content: &str, wanted: usize, expected: (u64, usize)) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.log");
        std::fs::write(&path, content).unwrap();
        let mut left = wanted;
        let has_x = |line: &[u8]| line.contains(&b'x');
        let start = last(&File::open(path).unwrap(), content.len() as u64, &mut left, &has_x).unwrap();
        assert_eq!((start, left), expected);
    }

    #[test]
    fn the_last_lines_that_are_wanted_are_found() {
        check("x1\nx2\nx3\n", 2, (3, 0));
        check("x1\nx2\nx3\n", 0, (9, 0));
        check("x1\nx2\nx3\n", 3, (0, 0));
        check("x1\nx2\nx3\n", 5, (0, 2));
        check("x1\n--\n--\n", 1, (0, 0));
        check("--\nx2\n--\n", 1, (3, 0));
        check("", 3, (0, 3));
    }

    #[test]
    fn a_line_that_has_not_ended_is_not_one_of_them() {
        check("x1\nx2\nx3", 1, (3, 0));
        check("x1\nx2\nx3", 0, (6, 0));
        check("x1", 1, (0, 1));
    }

    #[test]
    fn lines_longer_than_a_block_are_whole() {
        let long = "-".repeat(200_000);
        check(&format!("{long}x\n{long}\n{long}"), 1, (0, 0));
        check(&format!("--\n{long}x\n{long}\n"), 1, (3, 0));
    }
}
