use logwright::{log_time, structured_op};

#[log_time(fields(urll, ?page))]
fn fetch(url: &str, pages: u32) {
    let _ = (url, pages);
}

#[structured_op(context(site))]
fn none() {}

#[structured_op(result(len))]
fn result() -> u32 {
    1
}

fn main() {
    fetch("", 1);
    none();
    result();
}
