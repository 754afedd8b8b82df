//! What comes through a pipe or standard input: nobody can look how far it goes, so a thread waits for it.

use std::io::{self, Read};
use std::sync::mpsc::{Receiver, TryRecvError, sync_channel};

use super::entry::Entry;
use super::partial::Partial;

/// So many blocks wait to be shown; who writes faster waits.
const MAX_WAITING: usize = 16;

#[derive(Debug)]
pub(super) struct Stream {
    pub(super) name: String,
    blocks: Receiver<Vec<u8>>,
    partial: Partial,
    pub(super) is_over: bool,
}

impl Stream {
    /// `open` may wait for somebody who writes.
    pub(super) fn new<R: Read>(name: &str, open: impl FnOnce() -> io::Result<R> + Send + 'static) -> Self {
        let (sender, blocks) = sync_channel(MAX_WAITING);
        std::thread::spawn(move || {
            let Ok(mut from) = open() else { return };
            let mut block = vec![0; 1 << 16];
            while let Some(bytes) = from.read(&mut block).ok().filter(|bytes| *bytes > 0) {
                if sender.send(block[..bytes].to_vec()).is_err() {
                    return;
                }
            }
        });
        Self { name: name.to_owned(), blocks, partial: Partial::default(), is_over: false }
    }

    /// Hands on what has come.
    pub(super) fn read(&mut self, each: &mut dyn FnMut(Entry)) -> bool {
        for _ in 0..MAX_WAITING {
            match self.blocks.try_recv() {
                Ok(block) => self.partial.push(&block, &mut |line| each(Entry::read(line, false))),
                Err(TryRecvError::Empty) => return false,
                Err(TryRecvError::Disconnected) => {
                    self.is_over = true;
                    self.end(each);
                    return false;
                }
            }
        }
        true
    }

    /// Gives up on a line that has not ended.
    pub(super) fn end(&mut self, each: &mut dyn FnMut(Entry)) {
        self.partial.take().into_iter().for_each(|line| each(Entry::read(&line, true)));
    }
}
