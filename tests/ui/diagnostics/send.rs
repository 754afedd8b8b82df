//! A future that may not cross threads.

use std::rc::Rc;

fn spawn(_: impl Future + Send + 'static) {}

// #[attribute]
async fn keeps(n: u32) -> Result<u32, String> {
    let shared = Rc::new(n);
    std::future::ready(()).await;
    Ok(*shared)
}

fn main() {
    spawn(keeps(1));
}
