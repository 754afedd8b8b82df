// Functions that `#[retry]` cannot ask, as far as can be seen without their types.
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

fn main() {
    let _ = (two_arguments(), no_argument(), no_function());
}
