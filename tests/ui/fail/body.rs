// A mistake in the body is told as in a plain function.
use logwright::{log_time, structured_op};

#[log_time]
fn tail() -> Result<u32, String> {
    "x"
}

#[structured_op]
async fn semicolon() -> Result<u32, String> {
    Ok(1);
}

#[log_time]
fn unused() -> u32 {
    let page: u32 = "x";
    2
}

fn main() {
    let _ = (tail(), semicolon(), unused());
}
