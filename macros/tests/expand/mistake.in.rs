#[log_time(levl = "info", min = "soon")]
fn fetch() {
    get();
}
