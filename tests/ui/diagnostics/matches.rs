//! A `match` that leaves something out.

// #[attribute]
fn plain(n: Option<u32>) -> Result<u32, String> {
    match n {
        Some(0) => Err(String::new()),
        None => Ok(1),
    }
}

// #[attribute]
async fn asynchronous(n: Option<u32>) -> Result<u32, String> {
    let Some(n) = n;
    match n {
        0 => Ok(1),
    }
}

fn main() {}
