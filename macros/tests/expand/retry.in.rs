#[retry(max_attempts = 5, delay = "250ms", when = Error::is_temporary, clone(page))]
fn save(&self, mut page: Page) -> Result<(), Error> {
    self.disk.write(page)
}
