use logwright::retry;

#[retry(max_attempts = 0)]
fn zero() -> Result<(), String> {
    Ok(())
}

#[retry(max_attempts = -1)]
fn negative() -> Result<(), String> {
    Ok(())
}

#[retry(max_attempts = "3")]
fn text() -> Result<(), String> {
    Ok(())
}

#[retry(2000, 3)]
fn swapped() -> Result<(), String> {
    Ok(())
}

fn main() {
    let _ = (zero(), negative(), text(), swapped());
}
