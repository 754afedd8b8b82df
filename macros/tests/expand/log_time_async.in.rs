#[log_time(slow = "2s")]
async fn fetch(&self, url: &str) -> Result<Vec<u8>, Error> {
    self.client.get(url).await?
}
