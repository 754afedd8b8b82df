//! A value of another type: at the end, in the middle, by `return`.

// #[attribute]
fn tail(n: u32) -> Result<String, String> {
    let _ = n;
    Ok(n)
}

// #[attribute]
async fn tail_async(n: u32) -> Result<String, String> {
    let _ = n;
    Ok(n)
}

// #[attribute]
fn bare(n: u32) -> Result<u32, String> {
    n
}

// #[attribute]
async fn bare_async(n: u32) -> Result<u32, String> {
    n
}

// #[attribute]
fn returned(n: u32) -> Result<u32, String> {
    if n == 0 {
        return 1;
    }
    Err(n)
}

// #[attribute]
async fn returned_async(n: u32) -> Result<u32, String> {
    if n == 0 {
        return 1;
    }
    Err(n)
}

// #[attribute]
fn inside(n: u32) -> Result<u32, String> {
    let text: String = n;
    Ok(text.len() as u32)
}

// #[attribute]
async fn inside_async(n: u32) -> Result<u32, String> {
    let text: String = n;
    Ok(text.len() as u32)
}

fn main() {}
