//! How large the future of an annotated function is, with an argument of 1,024 bytes that lives across an await.

use std::hint::black_box;

use logwright::{log_time, structured_op};
use tracing::instrument;

use crate::subjects::Odd;

const ARGUMENT: usize = 1024;
type Page = [u8; ARGUMENT];

async fn plain(page: Page) -> Result<usize, Odd> {
    std::future::ready(()).await;
    Ok(black_box(&page).len())
}

#[log_time]
async fn timed(page: Page) -> Result<usize, Odd> {
    std::future::ready(()).await;
    Ok(black_box(&page).len())
}

#[structured_op]
async fn operation(page: Page) -> Result<usize, Odd> {
    std::future::ready(()).await;
    Ok(black_box(&page).len())
}

#[instrument(skip_all)]
async fn instrumented(page: Page) -> Result<usize, Odd> {
    std::future::ready(()).await;
    Ok(black_box(&page).len())
}

#[instrument(skip_all, err)]
async fn instrumented_err(page: Page) -> Result<usize, Odd> {
    std::future::ready(()).await;
    Ok(black_box(&page).len())
}

/// Prints the sizes; ours may grow by the argument, which the body takes over, and 64 bytes.
pub(crate) fn print() {
    const MAY_GROW: usize = ARGUMENT + 64;
    let page = [0; ARGUMENT];
    let reference = size_of_val(&plain(page));
    println!("\nsize of the future in bytes, argument of {ARGUMENT}");
    for (name, size, has_budget) in [
        ("plain", reference, false),
        ("#[log_time]", size_of_val(&timed(page)), true),
        ("#[structured_op]", size_of_val(&operation(page)), true),
        ("#[instrument]", size_of_val(&instrumented(page)), false),
        ("#[instrument(err)]", size_of_val(&instrumented_err(page)), false),
    ] {
        let growth = size - reference;
        let verdict = match has_budget {
            true if growth <= MAY_GROW => format!("  <= + {MAY_GROW}  met"),
            true => format!("  <= + {MAY_GROW}  NOT MET"),
            false => String::new(),
        };
        println!("  {name:<36} {size:>9}  + {growth}{verdict}");
    }
}
