// Options that do not go together, or that ask for something the function is not.
use logwright::{Logger, log_time, retry, structured_op};

#[log_time(target = "stitch", logger = logger)]
fn two_names(logger: Logger) {
    let _ = logger;
}

#[log_time(min = "3s", slow = "2s")]
fn never_slow() {}

#[retry(factor = 2.0)]
fn no_growth() -> Result<(), String> {
    Ok(())
}

#[retry(delay = "2s", backoff = exponential, max_delay = "1s", factor = 11)]
fn cap() -> Result<(), String> {
    Ok(())
}

#[retry(attempt_timeout = "1s")]
fn plain() -> Result<(), String> {
    Ok(())
}

#[structured_op(err(level = "warn"))]
fn no_result() -> u8 {
    1
}

#[structured_op(err(levle = "warn"))]
fn nested() -> Result<(), String> {
    Ok(())
}

#[log_time(name = "", fields(a, a))]
fn empty(a: u8) {
    let _ = a;
}

fn main() {
    two_names(logwright::get_logger("x"));
    never_slow();
    let _ = (no_growth(), cap(), plain(), nested());
    no_result();
    empty(1);
}
