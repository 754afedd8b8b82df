use logwright::retry;

#[retry(jitter = ful)]
fn a_word() -> Result<(), String> {
    Ok(())
}

#[retry(jitter = "0%")]
fn nothing() -> Result<(), String> {
    Ok(())
}

#[retry(jitter = "101%")]
fn too_much() -> Result<(), String> {
    Ok(())
}

#[retry(jitter = 20)]
fn no_percent() -> Result<(), String> {
    Ok(())
}

#[retry(backoff = quadratic)]
fn no_growth() -> Result<(), String> {
    Ok(())
}

fn main() {
    let _ = (a_word(), nothing(), too_much(), no_percent(), no_growth());
}
