#[logwright::main]
fn start() {}

fn main() {
    start();
}
