use logwright::retry;

fn is_temporary(_: &u32) -> bool {
    true
}

#[retry(when = is_temporary)]
fn fetch() -> Result<(), String> {
    Ok(())
}

fn main() {
    let _ = fetch();
}
