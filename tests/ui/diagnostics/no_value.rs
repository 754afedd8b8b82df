//! A way through the body that ends without a value.

// #[attribute]
fn plain(n: u32) -> Result<u32, String> {
    if n > 1 {
        Ok(1)
    }
}

// #[attribute]
async fn asynchronous(n: u32) -> Result<u32, String> {
    if n > 1 {
        Ok(1)
    }
}

// #[attribute]
fn empty(_n: u32) -> Result<u32, String> {}

// #[attribute]
async fn empty_async(_n: u32) -> Result<u32, String> {}

fn main() {}
