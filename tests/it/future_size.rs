//! What an attribute adds to the size of a future.

use logwright::{log_time, structured_op};

use crate::support::run;

const ARGUMENT: usize = 1024;
/// What may come on top of one more copy of the arguments, which is what one more `async` block costs.
const MARGIN: usize = 64;

type Page = [u8; ARGUMENT];

async fn sum(page: &Page) -> u32 {
    tokio::task::yield_now().await;
    page.iter().copied().map(u32::from).sum()
}

macro_rules! sizes {
    ($($name:ident($page:ident): $(#[$attribute:meta])*;)*) => {$(
        $(#[$attribute])*
        async fn $name($page: Page) -> Result<u32, String> {
            let sum = sum(&$page).await;
            tokio::task::yield_now().await;
            Ok(sum + u32::from($page[0]))
        }
    )*};
}

sizes! {
    plain(page):;
    timed(page): #[log_time];
    timed_with_options(page): #[log_time(fields(first = page[0], ?page), err(level = "warn", debug), slow = "2s")];
    operation(page): #[structured_op];
    operation_with_options(page): #[structured_op(context(first = page[0]), result(sum = *ret), bind = _op)];
}

#[test]
fn a_future_grows_by_no_more_than_its_arguments() {
    const PAGE: Page = [1; ARGUMENT];
    let plain_size = size_of_val(&plain(PAGE));
    let sizes = [
        ("timed", size_of_val(&timed(PAGE))),
        ("timed_with_options", size_of_val(&timed_with_options(PAGE))),
        ("operation", size_of_val(&operation(PAGE))),
        ("operation_with_options", size_of_val(&operation_with_options(PAGE))),
    ];
    for (name, size) in sizes {
        assert!(size <= plain_size + ARGUMENT + MARGIN, "`{name}` has {size} bytes, plain {plain_size}");
    }
}

#[test]
fn what_is_measured_works() {
    let page = [1; ARGUMENT];
    for answer in [
        run(plain(page)),
        run(timed(page)),
        run(timed_with_options(page)),
        run(operation(page)),
        run(operation_with_options(page)),
    ] {
        assert_eq!(answer, Ok(1025));
    }
}
