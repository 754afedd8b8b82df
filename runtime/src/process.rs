//! What only the system's C library tells: that the program ends, and that this is a fork of it; and the process's
//! number, which a fork has another of.

#![allow(
    unsafe_code,
    reason = "there is no safe way to be told; what is called touches atomics alone, or is a plain function"
)]

use std::sync::Once;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

/// How many forks there were between the first process and this one.
static FORKS: AtomicU32 = AtomicU32::new(0);

/// The number of this process; 0 until it is asked for.
static ID: AtomicU32 = AtomicU32::new(0);

/// The number of this process. It goes into every record, and to ask the system each time costs as much as a third of a line.
pub(crate) fn id() -> u32 {
    match ID.load(Relaxed) {
        0 => {
            watch_forks();
            let id = std::process::id();
            ID.store(id, Relaxed);
            id
        }
        id => id,
    }
}

/// A number that a fork has another of, since [`watch_forks`] was called.
pub(crate) fn generation() -> u32 {
    FORKS.load(Relaxed)
}

/// Whether this is a fork, since [`watch_forks`] was called: other threads may have had locks that it will never get.
pub(crate) fn is_fork() -> bool {
    generation() > 0
}

/// Notices forks from now on.
pub(crate) fn watch_forks() {
    #[cfg(unix)]
    {
        extern "C" fn mark() {
            FORKS.fetch_add(1, Relaxed);
            ID.store(0, Relaxed);
        }
        type Handler = Option<extern "C" fn()>;
        unsafe extern "C" {
            fn pthread_atfork(prepare: Handler, parent: Handler, child: Handler) -> std::ffi::c_int;
        }
        static ONCE: Once = Once::new();
        // SAFETY: the handler stores atomics, which is allowed in a fork.
        ONCE.call_once(|| _ = unsafe { pthread_atfork(None, None, Some(mark)) });
    }
}

/// Calls that when the program ends by `exit` or by returning from `main`.
pub(crate) fn at_exit(call: extern "C" fn()) {
    unsafe extern "C" {
        fn atexit(call: extern "C" fn()) -> std::ffi::c_int;
    }
    // SAFETY: it is a plain function that does not unwind: it aborts instead.
    let _ = unsafe { atexit(call) };
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    unsafe extern "C" {
        fn fork() -> i32;
        fn waitpid(pid: i32, status: *mut i32, options: i32) -> i32;
        fn _exit(code: i32) -> !;
    }

    #[test]
    fn a_fork_knows_its_own_number() {
        assert_eq!(id(), std::process::id());
        // SAFETY: the fork reads and stores atomics, asks for its number, and is gone.
        let status = unsafe {
            let child = fork();
            if child == 0 {
                _exit(i32::from(id() != std::process::id()));
            }
            let mut status = -1;
            assert_eq!(waitpid(child, &raw mut status, 0), child);
            status
        };
        assert_eq!(status, 0);
    }
}
