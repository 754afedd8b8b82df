//! What the compiler warns of.
#![deny(warnings)]

// #[attribute]
fn unused_variable(n: u32) -> Result<u32, String> {
    let left = 1;
    Ok(2)
}

// #[attribute]
async fn unused_variable_async(n: u32) -> Result<u32, String> {
    let left = 1;
    Ok(2)
}

// #[attribute]
fn unused_mut(mut n: u32) -> Result<u32, String> {
    let mut same = n;
    Ok(same)
}

// #[attribute]
async fn unused_mut_async(mut n: u32) -> Result<u32, String> {
    let mut same = n;
    Ok(same)
}

// #[attribute]
fn unreachable() -> Result<u32, String> {
    return Ok(1);
    Ok(2)
}

// #[attribute]
async fn unreachable_async() -> Result<u32, String> {
    return Ok(1);
    Ok(2)
}

// #[attribute]
fn unused_result() -> Result<u32, String> {
    "1".parse::<u32>();
    Ok(1)
}

// #[attribute]
async fn unused_result_async() -> Result<u32, String> {
    "1".parse::<u32>();
    std::future::ready(1);
    Ok(1)
}

// #[attribute]
fn parentheses() -> Result<u32, String> {
    let n = (1);
    Ok((n))
}

// #[attribute]
async fn parentheses_async() -> Result<u32, String> {
    let n = (1);
    Ok((n))
}

// #[attribute]
fn dead_code() -> Result<u32, String> {
    fn never_called() {}
    let mut n = 1;
    n = 2;
    Ok(n)
}

// #[attribute]
async fn dead_code_async() -> Result<u32, String> {
    fn never_called() {}
    let mut n = 1;
    n = 2;
    Ok(n)
}

// #[attribute]
fn never_used() -> Result<u32, String> {
    Ok(1)
}

// #[attribute]
async fn never_used_async() -> Result<u32, String> {
    Ok(1)
}

fn main() {
    let _ = unused_variable(1).and(unused_mut(1)).and(unreachable()).and(unused_result()).and(dead_code());
    let _ = parentheses();
    let _ = async {
        let _ = unused_variable_async(1).await.and(unused_mut_async(1).await).and(unreachable_async().await);
        unused_result_async().await.and(dead_code_async().await).and(parentheses_async().await)
    };
}
