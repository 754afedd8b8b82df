#[log_time]
pub fn pages(&self) -> usize {
    self.pages.len()
}
