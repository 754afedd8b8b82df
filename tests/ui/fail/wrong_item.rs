use logwright::{log_time, structured_op};

#[log_time]
struct Page;

#[log_time]
const fn constant() -> u8 {
    1
}

trait Adapter {
    #[structured_op]
    fn fetch(&self);
}

fn main() {
    let _ = Page;
    constant();
}
