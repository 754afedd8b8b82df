//! What other attributes of a function make the compiler say where it is called.
#![deny(warnings)]

// #[attribute]
#[must_use = "somebody has to count them"]
fn above() -> Result<u32, String> {
    Ok(1)
}

#[must_use = "somebody has to count them"]
// #[attribute]
fn below() -> Result<u32, String> {
    Ok(1)
}

// #[attribute]
#[must_use = "somebody has to count them"]
async fn asynchronous() -> Result<u32, String> {
    Ok(1)
}

// #[attribute]
#[deprecated = "nobody counts any more"]
fn old() -> Result<u32, String> {
    Ok(1)
}

// #[attribute]
#[cfg(any())]
fn absent() -> Result<u32, String> {
    Ok(1)
}

// #[attribute]
fn documented() -> Result<u32, String> {
    #![doc = "Documented from inside."]
    #![deprecated = "nobody reads it"]
    Ok(1)
}

fn main() {
    above();
    below();
    asynchronous();
    let _ = old();
    let _ = absent();
    let _ = documented();
}
