// Both are told, the function is still there, and nothing else is said.
use logwright::retry;

struct Site;

impl Site {
    #[retry(max_attempts = 0, dealy = 2)]
    fn fetch(&self) -> Result<(), String> {
        Ok(())
    }
}

fn main() {
    let _ = Site.fetch();
}
