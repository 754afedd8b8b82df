use logwright::log_time;

#[log_time(level = "info" name = "x")]
fn comma() {}

#[log_time("info")]
fn positional() {}

#[log_time(fields = url)]
fn list(url: &str) {
    let _ = url;
}

#[log_time(fields(1))]
fn field() {}

#[log_time(fields(?n = 1))]
fn sigil() {}

#[log_time(fields(url.len()))]
fn expression(url: &str) {
    let _ = url;
}

fn main() {
    expression("");
    comma();
    positional();
    list("");
    field();
    sigil();
}
