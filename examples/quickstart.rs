//! The three attributes on three functions. Look into `logs/` afterwards.

use std::sync::atomic::{AtomicU32, Ordering};

use logwright::{log_time, retry, structured_op};

#[logwright::main]
fn main() -> Result<(), String> {
    process_comic("Tower of Dust").map(|pages| println!("{pages} pages"))
}

/// A record at the start, one at the end, and what happened between them.
#[structured_op(context(comic), result(pages = *ret))]
fn process_comic(comic: &str) -> Result<usize, String> {
    let page = download_page(1)?;
    logwright::event!("download_completed", page = 1);
    Ok(stitch(&[page]))
}

/// Fails the first time.
#[retry(max_attempts = 3, delay = "50ms")]
fn download_page(number: u32) -> Result<String, String> {
    static CALLS: AtomicU32 = AtomicU32::new(0);
    match CALLS.fetch_add(1, Ordering::Relaxed) {
        0 => Err(format!("page {number}: 503 Service Unavailable")),
        _ => Ok(format!("page {number}")),
    }
}

#[log_time(level = "info")]
fn stitch(pages: &[String]) -> usize {
    pages.len()
}
