//! A value where none is returned.

// #[attribute]
fn plain(n: u32) {
    n + 1
}

// #[attribute]
async fn asynchronous(n: u32) {
    n + 1
}

// #[attribute]
fn call(n: u32) {
    if n > 1 {
        return 1;
    }
    "1".parse::<u32>()
}

// #[attribute]
async fn call_async(n: u32) {
    if n > 1 {
        return 1;
    }
    "1".parse::<u32>()
}

fn main() {}
