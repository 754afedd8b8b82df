// What only the compiler knows of a value is told where it was named.
use logwright::{AttemptTimeout, log_time, retry, structured_op};

struct Opaque;

#[log_time(logger = "adapter")]
fn logger() {}

#[structured_op(err(debug))]
fn undebuggable() -> Result<(), Opaque> {
    Err(Opaque)
}

#[retry(attempt_timeout = "1s")]
async fn no_from() -> Result<(), Opaque> {
    Err(Opaque)
}

#[log_time(fields(page))]
fn field(page: Opaque) {
    let _ = page;
}

fn main() {
    logger();
    let _ = (undebuggable(), no_from());
    field(Opaque);
    let _: Option<AttemptTimeout> = None;
}
