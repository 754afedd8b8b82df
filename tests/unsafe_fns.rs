//! Unsafe functions and foreign ABIs. The tests' own package forbids them; this is checked in one of its own, see
//! `it/editions.rs`.
#![deny(warnings)]

use logwright::{log_time, retry, structured_op};

struct Memory(u32);

impl Memory {
    /// # Safety
    /// `at` points to a number.
    #[log_time(fields(?at))]
    pub unsafe fn read(&self, at: *const u32) -> u32 {
        self.0 + unsafe { *at }
    }
}

/// # Safety
/// `at` points to a number.
#[structured_op(context(?at), result(value = *ret))]
pub unsafe fn read(at: *const u32) -> Result<u32, String> {
    Ok(unsafe { *at })
}

/// # Safety
/// `at` points to a number.
#[retry(max_attempts = 2, delay = 0)]
pub unsafe fn retried(at: *const u32) -> Result<u32, String> {
    Ok(unsafe { *at })
}

/// # Safety
/// `at` points to a number.
#[structured_op]
#[log_time]
#[retry]
pub async unsafe fn later(at: &'static u32) -> Result<u32, String> {
    let at: *const u32 = at;
    Ok(unsafe { *at })
}

/// # Safety
/// `at` points to a number.
#[allow(unsafe_op_in_unsafe_fn, reason = "the body is unsafe as a whole, as it always is in edition 2021")]
#[structured_op(result(value = *ret))]
#[retry]
pub unsafe fn unmarked(at: *const u32) -> Result<u32, String> {
    Ok(*at)
}

/// # Safety
/// `at` points to a number.
#[allow(unsafe_op_in_unsafe_fn, reason = "the body is unsafe as a whole, as it always is in edition 2021")]
#[log_time]
#[retry]
pub async unsafe fn unmarked_later(at: &'static u32) -> Result<u32, String> {
    let at: *const u32 = at;
    Ok(*at)
}

#[log_time]
pub extern "C" fn foreign(n: u32) -> u32 {
    n + 1
}

/// # Safety
/// Nothing to see to.
#[structured_op(result(value = *ret))]
pub unsafe extern "C" fn foreign_and_unsafe(n: u32) -> u32 {
    n + 1
}

fn main() {
    let number = 7;
    let at = &raw const number;
    let sum = unsafe { Memory(1).read(at) + read(at).unwrap_or(0) + retried(at).unwrap_or(0) };
    let call: extern "C" fn(u32) -> u32 = foreign;
    let unsafe_call: unsafe extern "C" fn(u32) -> u32 = foreign_and_unsafe;
    drop(unsafe { (later(&7), unmarked_later(&7)) });
    assert_eq!(unsafe { unmarked(at) }, Ok(7));
    assert_eq!(sum + call(1) + unsafe { unsafe_call(1) }, 26);
}
