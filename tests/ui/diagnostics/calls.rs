//! Calls that do not fit.

fn two(_: u32, _: &str) -> Result<u32, std::fmt::Error> {
    Ok(1)
}

// #[attribute]
fn plain(n: u32) -> Result<u32, String> {
    two(n)?;
    two("x", n)
}

// #[attribute]
async fn asynchronous(n: u32) -> Result<u32, String> {
    two(n)?;
    two("x", n).await
}

fn main() {}
