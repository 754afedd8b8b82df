//! One file, followed by what it is and not by its name: it may be moved, removed, cut and written anew. Tells whether
//! what was read of it still stands in it. Knows nothing of the files beside it.

use std::fs::{File, Metadata};
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use super::partial::Partial;

/// How many bytes at its beginning, and before the place where reading goes on, tell its content from another one: more than
/// a record takes, and no two are alike.
const MARK: u64 = 512;

/// How much is read at a time.
const BLOCK: u64 = 1 << 18;

/// For so long nothing was written to a file that is no longer the newest: it need not be kept open.
const QUIET: Duration = Duration::from_secs(5);

/// What the system knows a file by, whatever its name is. Not for ever: when a file is gone, the next may get its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Id(u64, u64);

impl Id {
    #[cfg(unix)]
    pub(super) fn of(metadata: &Metadata) -> Self {
        use std::os::unix::fs::MetadataExt as _;
        Self(metadata.dev(), metadata.ino())
    }

    #[cfg(windows)]
    pub(super) fn of(metadata: &Metadata) -> Self {
        use std::os::windows::fs::MetadataExt as _;
        Self(0, metadata.creation_time())
    }
}

/// How a file looks from outside: where this is the same, nothing was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Look {
    pub(super) bytes: u64,
    modified: Option<SystemTime>,
}

impl Look {
    pub(super) fn of(metadata: &Metadata) -> Self {
        Self { bytes: metadata.len(), modified: metadata.modified().ok() }
    }
}

#[derive(Debug)]
pub(super) struct Follower {
    pub(super) id: Id,
    /// Where it was last seen.
    pub(super) path: PathBuf,
    /// Whether it has the log's own name: it is the one that is written.
    pub(super) is_own: bool,
    /// Whether it was there when its directory was last looked at.
    pub(super) is_there: bool,
    /// Whether what was read of it does not stand in it any more.
    pub(super) is_cut: bool,
    /// Closed where it is quiet and not the newest.
    file: Option<File>,
    look: Option<Look>,
    /// Up to where it was read, and is to be read now.
    offset: u64,
    until: u64,
    head: Vec<u8>,
    joint: Vec<u8>,
    partial: Partial,
    grown: Instant,
}

impl Follower {
    /// A file that is read from its beginning.
    pub(super) fn open(path: &Path, is_own: bool, now: Instant) -> io::Result<Self> {
        let file = File::open(path)?;
        let metadata = file.metadata()?;
        let head = read_at(&file, 0, MARK)?;
        Ok(Self {
            id: Id::of(&metadata),
            path: path.to_owned(),
            is_own,
            is_there: true,
            is_cut: false,
            file: Some(file),
            look: None,
            offset: 0,
            until: 0,
            head,
            joint: Vec::new(),
            partial: Partial::default(),
            grown: now,
        })
    }

    /// What is written behind that place is new; it is the beginning of a line.
    pub(super) fn skip_to(&mut self, offset: u64) -> io::Result<()> {
        let Some(file) = &self.file else { return Ok(()) };
        let start = offset.saturating_sub(MARK);
        self.joint = read_at(file, start, offset - start)?;
        (self.offset, self.until, self.look) = (offset, offset, None);
        Ok(())
    }

    /// It was found in its directory under that name.
    pub(super) fn found(&mut self, path: &Path, is_own: bool, look: Look) {
        (self.is_there, self.is_own) = (true, is_own);
        if self.path != path {
            path.clone_into(&mut self.path);
        }
        if self.file.is_none() && self.look != Some(look) {
            // Another one may be there by now, which then is found by its own number.
            self.file =
                File::open(path).ok().filter(|file| file.metadata().is_ok_and(|it| Id::of(&it) == self.id));
        }
    }

    /// Sees how far it goes now, and whether what was read still stands there. What is written after that is left to the
    /// next time.
    pub(super) fn look(&mut self) -> io::Result<()> {
        let Some(file) = &self.file else { return Ok(()) };
        let look = Look::of(&file.metadata()?);
        if self.look == Some(look) {
            return Ok(());
        }
        let (head, joint) =
            (read_at(file, 0, MARK)?, read_at(file, self.joint_at(), self.joint.len() as u64)?);
        self.is_cut = look.bytes < self.offset || !head.starts_with(&self.head) || joint != self.joint;
        if !self.is_cut {
            (self.head, self.look, self.until) = (head, Some(look), look.bytes);
        }
        Ok(())
    }

    fn joint_at(&self) -> u64 {
        self.offset - self.joint.len() as u64
    }

    /// Whether something is to be read now.
    pub(super) fn has_more(&self) -> bool {
        self.offset < self.until
    }

    /// Whether nothing was read of what is in it.
    pub(super) fn is_unread(&self) -> bool {
        self.offset == 0
    }

    /// Reads the next block of what is to be read now.
    pub(super) fn read(&mut self, now: Instant, each: &mut dyn FnMut(&[u8])) -> io::Result<()> {
        let (at, known) = (self.joint_at(), self.joint.len());
        let Some(file) = &self.file else { return Ok(()) };
        let mut bytes = read_at(file, at, self.until.min(self.offset + BLOCK) - at)?;
        let before = if at == 0 { &self.head[..self.head.len().min(bytes.len())] } else { &self.joint[..] };
        if bytes.len() <= known || !bytes.starts_with(before) {
            // It was cut just now. The next look finds that out.
            (self.look, self.until) = (None, self.offset);
            return Ok(());
        }
        self.partial.push(&bytes[known..], each);
        self.offset = at + bytes.len() as u64;
        bytes.drain(..bytes.len().saturating_sub(MARK as usize));
        (self.joint, self.grown) = (bytes, now);
        Ok(())
    }

    /// Whether both begin alike, as far as they go: one is a copy of the other.
    pub(super) fn begins_like(&self, other: &Self) -> bool {
        let common = self.head.len().min(other.head.len());
        common > 0 && self.head[..common] == other.head[..common]
    }

    /// Whether all that was read of the other stands in this one too, and more.
    pub(super) fn goes_on(&self, other: &Self) -> bool {
        let stands = |at, bytes: &[u8]| {
            let file = self.file.as_ref();
            file.and_then(|file| read_at(file, at, bytes.len() as u64).ok())
                .is_some_and(|found| found == bytes)
        };
        let bytes = self.file.as_ref().and_then(|file| file.metadata().ok()).map_or(0, |it| it.len());
        bytes > other.offset && stands(0, &other.head) && stands(other.joint_at(), &other.joint)
    }

    /// Goes on where the other one was, which was cut: this is a copy of what it held.
    pub(super) fn take_over(&mut self, cut: &mut Self) -> io::Result<()> {
        (self.offset, self.joint) = (cut.offset, std::mem::take(&mut cut.joint));
        self.head.clone_from(&cut.head);
        self.partial = std::mem::take(&mut cut.partial);
        self.look()
    }

    /// Begins anew: what is in it now is not what was read.
    pub(super) fn restart(&mut self) {
        (self.offset, self.until, self.look, self.is_cut) = (0, 0, None, false);
        self.head.clear();
        self.joint.clear();
        self.partial = Partial::default();
    }

    /// The last line, where it has no end and will get none.
    pub(super) fn take_partial(&mut self) -> Option<Vec<u8>> {
        self.partial.take()
    }

    /// Leaves it alone until it looks otherwise: it could not be read.
    pub(super) fn close(&mut self) {
        (self.file, self.look, self.until) = (None, None, self.offset);
    }

    /// Whether nothing was written to it for so long.
    pub(super) fn is_quiet(&self, now: Instant, since: Duration) -> bool {
        !self.has_more() && now.saturating_duration_since(self.grown) > since
    }

    /// Closes the file where it is not likely to be written to. When it is, it is found to look otherwise.
    pub(super) fn rest(&mut self, now: Instant) {
        if self.is_there && self.look.is_some() && self.is_quiet(now, QUIET) {
            self.file = None;
        }
    }

    pub(super) fn is_open(&self) -> bool {
        self.file.is_some()
    }

    /// The opened file, and its size.
    pub(super) fn opened(&self) -> io::Result<Option<(&File, u64)>> {
        self.file.as_ref().map(|file| Ok((file, file.metadata()?.len()))).transpose()
    }
}

/// That many bytes from there, or as many as there are.
pub(super) fn read_at(mut file: &File, at: u64, bytes: u64) -> io::Result<Vec<u8>> {
    let mut found = Vec::with_capacity(bytes.min(BLOCK + MARK) as usize);
    file.seek(SeekFrom::Start(at))?;
    file.take(bytes).read_to_end(&mut found)?;
    Ok(found)
}
