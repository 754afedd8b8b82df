use logwright::structured_op;

#[structured_op(bind = "op")]
fn text() {}

#[structured_op(bind = url)]
fn hides(url: &str) {
    let _ = url;
}

fn main() {
    text();
    hides("");
}
