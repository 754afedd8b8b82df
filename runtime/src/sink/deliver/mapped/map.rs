//! A file as memory. What is stored here is the kernel's at once, so it outlives the process, without a call of the system.

#![allow(
    unsafe_code,
    reason = "mapped memory has no safe interface; this one is words that any thread may store and load"
)]

use std::fs::File;
use std::io;
use std::sync::atomic::AtomicU64;

use memmap2::{MmapOptions, MmapRaw};

pub(super) struct Map(MmapRaw);

impl Map {
    /// Maps the whole file, which must not be made shorter afterwards: what is not there any more cannot be loaded, and the
    /// system ends a program that tries.
    pub(super) fn new(file: &File) -> io::Result<Self> {
        MmapOptions::new().populate().map_raw(file).map(Self)
    }

    /// Its memory. What other processes do to it at the same time are loads and stores too.
    pub(super) fn words(&self) -> &[AtomicU64] {
        let start = self.0.as_mut_ptr().cast::<AtomicU64>();
        // SAFETY: a map begins at a page, so it is aligned, and is readable and writable for all of its length as long as
        // `self` lives; any bytes are an atomic number, and nobody has another kind of reference to them.
        unsafe { std::slice::from_raw_parts(start, self.0.len() / size_of::<AtomicU64>()) }
    }
}
