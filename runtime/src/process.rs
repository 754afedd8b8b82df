//! What only the system's C library tells: that the program ends, and that this is a fork of it.

#![allow(
    unsafe_code,
    reason = "there is no safe way to be told; what is called touches atomics alone, or is a plain function"
)]

use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

static IS_FORK: AtomicBool = AtomicBool::new(false);

/// Whether this process is a fork of one that called [`watch_forks`], and so has none of its threads.
pub(crate) fn is_fork() -> bool {
    IS_FORK.load(Relaxed)
}

/// Notices forks from now on.
pub(crate) fn watch_forks() {
    #[cfg(unix)]
    {
        extern "C" fn mark() {
            IS_FORK.store(true, Relaxed);
        }
        type Handler = Option<extern "C" fn()>;
        unsafe extern "C" {
            fn pthread_atfork(prepare: Handler, parent: Handler, child: Handler) -> std::ffi::c_int;
        }
        static ONCE: Once = Once::new();
        // SAFETY: the handler stores one atomic, which is allowed in a fork.
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
