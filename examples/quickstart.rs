//! The three attributes on three functions. Look into `logs/` afterwards.

use logwright::{log_time, retry, structured_op};

#[structured_op(context(comic), result(pages = *ret))]
fn process_comic(comic: &str) -> Result<usize, String> {
    let page = download_page(1)?;
    logwright::event!("page_saved", page = 1);
    Ok(stitch(&[page]))
}

#[retry(max_attempts = 3, delay = "50ms", bind = attempt)]
fn download_page(number: u32) -> Result<String, String> {
    (attempt.number() > 1).then(|| format!("page {number}")).ok_or("503 Service Unavailable".to_owned())
}

#[log_time(level = "info")]
fn stitch(pages: &[String]) -> usize {
    pages.len()
}

#[logwright::main]
fn main() -> Result<(), String> {
    process_comic("Tower of Dust").map(|pages| println!("{pages} page"))
}
