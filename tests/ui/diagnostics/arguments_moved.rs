//! An argument that is used after it was given away.

// #[attribute]
fn plain(text: String) -> Result<usize, String> {
    drop(text);
    Ok(text.len())
}

// #[attribute]
async fn asynchronous(text: String) -> Result<usize, String> {
    drop(text);
    Ok(text.len())
}

fn main() {}
