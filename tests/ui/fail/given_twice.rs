use logwright::{log_time, structured_op};

#[log_time(level = "info", name = "a", level = "warn")]
fn option() {}

#[log_time(fields(a, b = 1, a = 2))]
fn field(a: u32) {
    let _ = a;
}

#[structured_op(context(a), fields(a))]
fn two_names_for_one_list(a: u32) {
    let _ = a;
}

fn main() {
    option();
    field(1);
    two_names_for_one_list(1);
}
