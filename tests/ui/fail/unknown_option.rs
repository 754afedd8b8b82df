use logwright::{log_time, retry, structured_op};

#[log_time(levl = "info")]
fn near() {}

#[retry(colour = 3)]
fn far() -> Result<(), String> {
    Ok(())
}

#[retry(attempts = 3)]
fn part() -> Result<(), String> {
    Ok(())
}

#[structured_op(max_attempts = 3)]
fn of_another() {}

#[log_time(info)]
fn level() {}

#[logwright::main(application = "comics")]
fn main() {
    near();
    level();
    let _ = (far(), part());
    of_another();
}
