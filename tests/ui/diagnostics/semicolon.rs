//! A semicolon that takes the value away.

// #[attribute]
fn plain(n: u32) -> Result<u32, String> {
    Ok(n + 1);
}

// #[attribute]
async fn asynchronous(n: u32) -> Result<u32, String> {
    Ok(n + 1);
}

fn main() {}
