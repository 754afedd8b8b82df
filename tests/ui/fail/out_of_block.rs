use logwright::{log_time, retry};

#[log_time(skip)]
fn free() {}

#[retry(only = "pub")]
fn narrowed() -> Result<(), String> {
    Ok(())
}

struct Site;

#[log_time]
impl Site {
    #[log_time(skip, level = "info")]
    fn both(&self) {}

    #[log_time(skip = true)]
    fn value(&self) {}
}

fn main() {
    free();
    let _ = narrowed();
    Site.both();
    Site.value();
}
