use logwright::{log_time, structured_op};

#[log_time(level = "wran")]
fn misspelt() {}

#[log_time(level = "loud")]
fn unknown() {}

#[structured_op(level = info)]
fn bare() {}

#[structured_op(level = 3)]
fn number() {}

#[structured_op(level)]
fn without_value() {}

fn main() {
    misspelt();
    unknown();
    bare();
    number();
    without_value();
}
