#[log_time]
fn fetch(url: String) -> impl Future<Output = Result<Vec<u8>, Error>> {
    async move { get(&url).await }
}
