use logwright::{log_time, structured_op};

#[log_time()]
fn empty() {}

#[log_time { level = "info" }]
fn braces() {}

#[logwright::retry[3, "2s"]]
fn brackets() -> Result<(), String> {
    Ok(())
}

#[structured_op(err())]
fn empty_list() -> Result<(), String> {
    Ok(())
}

fn main() {
    empty();
    braces();
    let _ = (brackets(), empty_list());
}
