//! How large the future of an annotated function is, with an argument that lives across an await.

use std::hint::black_box;

use crate::subjects::SUBJECTS;
use crate::support::{self, Error};

pub(crate) const ARGUMENT: usize = 1024;
type Page = [u8; ARGUMENT];

async fn plain(page: Page) -> Result<usize, Error> {
    std::future::ready(()).await;
    Ok(black_box(&page).len())
}

async fn guarded(page: Page) -> Result<usize, Error> {
    let _guard = support::Guard::new("guarded");
    std::future::ready(()).await;
    Ok(black_box(&page).len())
}

#[tracing::instrument(skip_all)]
async fn instrumented(page: Page) -> Result<usize, Error> {
    std::future::ready(()).await;
    Ok(black_box(&page).len())
}

#[fastrace::trace]
async fn traced(page: Page) -> Result<usize, Error> {
    std::future::ready(()).await;
    Ok(black_box(&page).len())
}

#[logwright::log_time]
async fn timed(page: Page) -> Result<usize, Error> {
    std::future::ready(()).await;
    Ok(black_box(&page).len())
}

#[logwright::structured_op]
async fn operation(page: Page) -> Result<usize, Error> {
    std::future::ready(()).await;
    Ok(black_box(&page).len())
}

#[logwright::retry(max_attempts = 3, delay = "2s")]
async fn retried(page: Page) -> Result<usize, Error> {
    std::future::ready(()).await;
    Ok(black_box(&page).len())
}

/// The size of each subject's future.
pub(crate) fn bytes() -> [f64; SUBJECTS.len()] {
    let page = [0; ARGUMENT];
    [
        size_of_val(&plain(page)),
        size_of_val(&guarded(page)),
        size_of_val(&instrumented(page)),
        size_of_val(&traced(page)),
        size_of_val(&timed(page)),
        size_of_val(&operation(page)),
        size_of_val(&retried(page)),
    ]
    .map(|size| size as f64)
}
