//! `?` where nothing can take the error.

// #[attribute]
fn other_error() -> Result<u32, String> {
    let n: u32 = "1".parse()?;
    Ok(n)
}

// #[attribute]
async fn other_error_async() -> Result<u32, String> {
    let n: u32 = "1".parse()?;
    Ok(n)
}

fn main() {}
