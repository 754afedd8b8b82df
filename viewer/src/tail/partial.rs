//! Cuts what is read of a file into lines. What stands behind the last line feed waits for more: a writer may be in the
//! middle of it.

/// How much of a line is kept.
const MAX_LINE: usize = 1 << 20;

/// The beginning of a line whose end was not read yet.
#[derive(Debug, Default)]
pub(super) struct Partial(Vec<u8>);

impl Partial {
    /// Hands on each line that ends in these bytes, without its line feed.
    pub(super) fn push(&mut self, mut bytes: &[u8], each: &mut dyn FnMut(&[u8])) {
        while let Some(end) = bytes.iter().position(|&byte| byte == b'\n') {
            if self.0.is_empty() {
                each(&bytes[..end]);
            } else {
                self.keep(&bytes[..end]);
                each(&self.0);
                self.0.clear();
            }
            bytes = &bytes[end + 1..];
        }
        self.keep(bytes);
    }

    fn keep(&mut self, bytes: &[u8]) {
        let room = MAX_LINE - self.0.len();
        self.0.extend_from_slice(&bytes[..bytes.len().min(room)]);
    }

    /// The line as far as it goes, where nothing more will come of it.
    pub(super) fn take(&mut self) -> Option<Vec<u8>> {
        Some(std::mem::take(&mut self.0)).filter(|line| !line.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The lines that come of such pieces, and what is left.
    #[track_caller]
    fn check(pieces: &[&str], lines: &[&str], left: Option<&str>) {
        let (mut partial, mut found) = (Partial::default(), Vec::new());
        for piece in pieces {
            partial.push(piece.as_bytes(), &mut |line| found.push(String::from_utf8(line.to_vec()).unwrap()));
        }
        assert_eq!(
            (found, partial.take()),
            (lines.iter().map(ToString::to_string).collect(), left.map(Into::into))
        );
    }

    #[test]
    fn a_line_is_whole_when_its_line_feed_has_come() {
        check(&["ab", "c\nd"], &["abc"], Some("d"));
        check(&["a\n\nb\n"], &["a", "", "b"], None);
        check(&["a", "", "\n"], &["a"], None);
    }

    #[test]
    fn a_huge_line_is_cut_and_the_next_one_is_whole() {
        let (mut partial, mut lengths) = (Partial::default(), Vec::new());
        for _ in 0..5 {
            partial.push(&[b'x'; MAX_LINE / 2], &mut |_| panic!("it has no end"));
        }
        partial.push(b"\nab\n", &mut |line| lengths.push(line.len()));
        assert_eq!(lengths, [MAX_LINE, 2]);
    }
}
