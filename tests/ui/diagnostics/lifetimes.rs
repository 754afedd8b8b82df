//! A lifetime that is missing.

// #[attribute]
fn plain(one: &str, two: &str) -> Result<&str, String> {
    Ok(if one.is_empty() { two } else { one })
}

// #[attribute]
async fn asynchronous(one: &str, two: &str) -> Result<&str, String> {
    Ok(if one.is_empty() { two } else { one })
}

fn main() {}
