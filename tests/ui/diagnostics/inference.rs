//! A type that is not known.

// #[attribute]
fn plain() -> Result<u32, String> {
    let list = Vec::new();
    Ok("1".parse().unwrap())
}

// #[attribute]
async fn asynchronous() -> Result<u32, String> {
    let list = Vec::new();
    Ok("1".parse().unwrap())
}

// #[attribute]
fn collected() -> Result<u32, String> {
    let list = [1].into_iter().collect();
    Ok(1)
}

// #[attribute]
async fn collected_async() -> Result<u32, String> {
    let list = [1].into_iter().collect();
    Ok(1)
}

fn main() {}
