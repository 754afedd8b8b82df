//! `?` in a function that returns nothing, or no `Result`.

// #[attribute]
fn nothing() {
    "1".parse::<u32>()?;
}

// #[attribute]
async fn nothing_async() {
    "1".parse::<u32>()?;
}

// #[attribute]
fn number() -> u32 {
    "1".parse::<u32>()?
}

// #[attribute]
async fn number_async() -> u32 {
    "1".parse::<u32>()?
}

fn main() {}
