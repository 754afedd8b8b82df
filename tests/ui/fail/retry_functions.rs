// Options of `#[retry]` that take functions, parameters and times, and were given nothing of the kind.
use logwright::retry;

#[retry(when = |_, _| true)]
fn two_arguments() -> Result<(), String> {
    Ok(())
}

#[retry(when_ok = || true)]
fn no_argument() -> Result<(), String> {
    Ok(())
}

#[retry(retry_after = "2s")]
fn no_function() -> Result<(), String> {
    Ok(())
}

#[retry(clone())]
fn no_clones(n: u32) -> Result<u32, String> {
    Ok(n)
}

#[retry(clone(n, n))]
fn two_clones(n: u32) -> Result<u32, String> {
    Ok(n)
}

#[retry(attempt_timeout = 0)]
async fn no_time() -> Result<(), String> {
    Ok(())
}

#[retry(attempt_timeout = "1s", when_ok = |n| *n > 1)]
async fn no_error() -> u8 {
    1
}

#[retry(bind = self)]
fn no_name() -> Result<(), String> {
    Ok(())
}

fn main() {
    let _ = (two_arguments(), no_argument(), no_function(), no_clones(1), two_clones(1));
    drop((no_time(), no_error()));
    let _ = no_name();
}
