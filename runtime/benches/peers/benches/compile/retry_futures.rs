//! How large the futures of the ways to retry are, around a function that takes a number and awaits one future.

use crate::retries::asynchronous as ways;

/// A way's name, the size of its future, and how many bytes it may add.
type Way = (&'static str, usize, Option<usize>);

/// Prints the size without a retry and what each way adds to it; whether the promise is kept.
pub(crate) fn print() -> bool {
    let plain = size_of_val(&ways::once(0));
    let ways: [Way; 7] = [
        ("a loop by hand", size_of_val(&ways::by_hand::<1>(0)), None),
        ("#[logwright::retry]", size_of_val(&ways::logwright(0)), Some(120)),
        ("backon", size_of_val(&ways::backon::<1>(0)), None),
        ("backoff", size_of_val(&ways::backoff::<backoff::ExponentialBackoff>(0)), None),
        ("tokio-retry2", size_of_val(&ways::tokio_retry2::<1>(0)), None),
        ("tryhard", size_of_val(&ways::tryhard::<1>(0)), None),
        ("#[retrying::retry]", size_of_val(&ways::retrying(0)), None),
    ];
    println!("\nthe future of a retry: bytes without one, what each way adds, and its budget\n");
    println!("{:<33}{plain:>9}", "nothing");
    for (name, size, budget) in &ways {
        let verdict = match budget {
            Some(budget) if size - plain <= *budget => format!("  {budget} met"),
            Some(budget) => format!("  {budget} NOT MET"),
            None => String::new(),
        };
        println!("{name:<33}{:>+9}{verdict}", size - plain);
    }
    ways.iter().all(|(_, size, budget)| budget.is_none_or(|budget| size - plain <= budget))
}
