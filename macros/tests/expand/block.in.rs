#[structured_op(level = "debug", context(url))]
impl<T> Adapter for Site<T> {
    const NAME: &str = "site";

    #[structured_op(name = "fetching")]
    async fn fetch(&self, url: &str) -> Result<Vec<u8>, Error> {
        get(url).await
    }

    #[log_time]
    fn pages(&self) -> usize {
        self.pages.len()
    }
}
