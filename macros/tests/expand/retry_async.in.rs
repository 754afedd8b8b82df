#[retry(3, "2s", backoff = exponential, attempt_timeout = "30s", bind = attempt, recover_level = "off")]
async fn fetch(url: &str) -> Result<Vec<u8>, Error> {
    get(url, attempt.number()).await
}
