use logwright::retry;

#[retry(delay = "2 sec")]
fn unit() -> Result<(), String> {
    Ok(())
}

#[retry(delay = -1)]
fn negative() -> Result<(), String> {
    Ok(())
}

#[retry(delay = "25h")]
fn long() -> Result<(), String> {
    Ok(())
}

#[retry(backoff = exponental)]
fn growth() -> Result<(), String> {
    Ok(())
}

fn main() {
    let _ = (unit(), negative(), long(), growth());
}
