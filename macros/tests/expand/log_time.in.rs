#[log_time(level = "info", fields(url))]
fn fetch(url: &str, page: Page) -> Result<Vec<u8>, Error> {
    save(url, page)
}
