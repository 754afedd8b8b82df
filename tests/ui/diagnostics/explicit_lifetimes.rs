//! A borrow that the signature does not promise.

// #[attribute]
fn other_lifetime<'a>(one: &'a str, _two: &str) -> Result<&'a str, String> {
    Ok(_two)
}

fn main() {}
