use logwright::log_time;

#[log_time(crate = logwright)]
fn relative() {}

#[log_time(crate = "::logwright")]
fn text() {}

fn main() {
    relative();
    text();
}
