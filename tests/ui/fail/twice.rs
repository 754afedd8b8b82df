use logwright::{log_time, retry, structured_op};

#[retry(3)]
#[log_time]
#[retry(2)]
fn attempts() -> Result<(), String> {
    Ok(())
}

#[log_time]
#[logwright::log_time(level = "info")]
fn time() {}

struct Site;

#[structured_op]
#[structured_op]
impl Site {
    fn fetch(&self) {}
}

fn main() {
    let _ = attempts();
    time();
    Site.fetch();
}
