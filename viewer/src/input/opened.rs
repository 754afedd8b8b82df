//! Opens what is to be read, decompressed where it is compressed.

use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::PathBuf;

use super::compressed::{Bytes, decompress};

/// Something to read.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Source {
    Stdin,
    File(PathBuf),
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stdin => f.write_str("standard input"),
            Self::File(path) => write!(f, "{}", path.display()),
        }
    }
}

pub(super) fn open(source: &Source) -> io::Result<Bytes> {
    let path = match source {
        Source::Stdin => return decompress(Box::new(io::stdin())),
        Source::File(path) => path,
    };
    let file = File::open(path)?;
    let metadata = file.metadata()?;
    let length = if metadata.is_file() { metadata.len() } else { 0 };
    decompress(Box::new(Whole { file, length, read: 0 }))
}

/// The first bytes of what is in a file, as many as tell it from other logs.
pub(super) fn head(source: &Source) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    open(source)?.take(1 << 16).read_to_end(&mut head)?;
    Ok(head)
}

/// A file, of which as much is read as there was when it was opened, or more: it may grow.
struct Whole {
    file: File,
    length: u64,
    read: u64,
}

impl Read for Whole {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(bytes)?;
        self.read += read as u64;
        if read == 0 && !bytes.is_empty() && self.read < self.length {
            let had = self.length;
            return Err(io::Error::other(format!("it was cut while it was read; it had {had} bytes")));
        }
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    #[test]
    fn a_file_that_is_cut_while_it_is_read_is_told_from_one_that_ends() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.log");
        let mut file = File::create(&path).unwrap();
        file.write_all(&[b'x'; 100]).unwrap();
        let read = |change: &dyn Fn()| {
            let mut bytes = open(&Source::File(path.clone())).unwrap();
            bytes.read_exact(&mut [0; 60]).unwrap();
            change();
            let mut rest = Vec::new();
            bytes.read_to_end(&mut rest).map_err(|error| error.to_string())
        };
        assert_eq!(read(&|| {}), Ok(40));
        assert_eq!(read(&|| (&file).write_all(b"more").unwrap()), Ok(44));
        assert_eq!(
            read(&|| file.set_len(70).unwrap()),
            Err("it was cut while it was read; it had 104 bytes".to_owned())
        );
        assert_eq!(
            read(&|| file.set_len(0).unwrap()),
            Err("it was cut while it was read; it had 70 bytes".to_owned())
        );
    }
}
