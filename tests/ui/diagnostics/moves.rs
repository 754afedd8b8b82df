//! What is used after it was given away.

// #[attribute]
fn local() -> Result<usize, String> {
    let text = String::new();
    drop(text);
    Ok(text.len())
}

// #[attribute]
async fn local_async() -> Result<usize, String> {
    let text = String::new();
    drop(text);
    Ok(text.len())
}

// #[attribute]
fn behind_a_reference(list: &Vec<String>) -> Result<String, String> {
    Ok(list[0])
}

// #[attribute]
async fn behind_a_reference_async(list: &Vec<String>) -> Result<String, String> {
    Ok(list[0])
}

fn main() {}
