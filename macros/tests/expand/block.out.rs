impl<T> Adapter for Site<T> {
    const NAME: &str = "site";
    #[::logwright::structured_op(@block("Site" level = "debug", context(url)))]
    #[structured_op(name = "fetching")]
    async fn fetch(&self, url: &str) -> Result<Vec<u8>, Error> {
        get(url).await
    }
    #[::logwright::structured_op(@block("Site" level = "debug", context(url)))]
    #[log_time]
    fn pages(&self) -> usize {
        self.pages.len()
    }
}
