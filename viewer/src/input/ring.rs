//! The files in which records wait that a program has not yet written to its log: `LOG.xxxxxxxx.ring`.

use std::fs::File;
use std::path::Path;

/// Whether that is such a file, by its name.
pub(super) fn is_ring(name: &str) -> bool {
    let digits = name.strip_suffix(".ring").and_then(|name| name.rsplit_once('.'));
    digits.is_some_and(|(log, digits)| {
        !log.is_empty() && digits.len() == 8 && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
    })
}

/// Whether its program is gone: while it runs it holds a lock on the file. One that cannot be opened counts as left behind.
pub(super) fn is_left_behind(path: &Path) -> bool {
    // Shared, so that two reports do not take each other for the program.
    File::open(path).map_or(true, |file| file.try_lock_shared().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ring_is_told_by_its_name() {
        assert!(["a.log.0123abcd.ring", "a.jsonl.ffffffff.ring"].into_iter().all(is_ring));
        let other =
            ["a.log.ring", "a.log.0123abc.ring", "a.log.0123abcg.ring", ".0123abcd.ring", "a.log", "ring"];
        assert!(!other.into_iter().any(is_ring));
    }
}
