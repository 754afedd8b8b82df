//! What an attribute adds to the size of a future.

use logwright::{log_time, structured_op};

use crate::support::run;

const ARGUMENT: usize = 1024;
/// What may come on top of the copies of the arguments. A plain function has two: what it is given, and what its body
/// keeps over an `await`.
const MARGIN: usize = 64;

type Page = [u8; ARGUMENT];
const PAGE: Page = [1; ARGUMENT];

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

#[track_caller]
fn assert_growth<T>(future: &T, copies: usize) {
    let growth = size_of_val(future) - size_of_val(&plain(PAGE));
    assert!(growth <= copies * ARGUMENT + MARGIN, "it grows by {growth} bytes");
}

#[test]
fn a_future_has_no_more_copies_of_its_arguments_than_a_plain_one() {
    assert_growth(&timed(PAGE), 0);
    assert_growth(&operation(PAGE), 0);
}

#[test]
fn fields_cost_one_copy_of_the_arguments() {
    assert_growth(&timed_with_options(PAGE), 1);
    assert_growth(&operation_with_options(PAGE), 1);
}

#[test]
fn what_is_measured_works() {
    for answer in [
        run(plain(PAGE)),
        run(timed(PAGE)),
        run(timed_with_options(PAGE)),
        run(operation(PAGE)),
        run(operation_with_options(PAGE)),
    ] {
        assert_eq!(answer, Ok(1025));
    }
}
