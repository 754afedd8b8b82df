//! What the borrow checker refuses.

// #[attribute]
fn both_ways(list: &mut Vec<String>) -> Result<usize, String> {
    let first = &list[0];
    list.push(String::new());
    Ok(first.len())
}

// #[attribute]
async fn both_ways_async(list: &mut Vec<String>) -> Result<usize, String> {
    let first = &list[0];
    list.push(String::new());
    Ok(first.len())
}

// #[attribute]
fn dangling() -> Result<&'static str, String> {
    let text = String::new();
    Ok(&text)
}

// #[attribute]
async fn dangling_async() -> Result<&'static str, String> {
    let text = String::new();
    Ok(&text)
}

// #[attribute]
fn immutable(list: Vec<u32>) -> Result<usize, String> {
    list.push(1);
    Ok(list.len())
}

// #[attribute]
async fn immutable_async(list: Vec<u32>) -> Result<usize, String> {
    list.push(1);
    Ok(list.len())
}

fn main() {}
