use logwright::retry;

#[retry]
fn number() -> u8 {
    1
}

#[retry]
fn nothing() {}

type Page = Vec<u8>;

#[retry]
fn alias() -> Page {
    Vec::new()
}

#[retry]
fn future() -> impl Future<Output = Result<(), String>> {
    async { Ok(()) }
}

fn main() {
    number();
    nothing();
    alias();
    drop(future());
}
