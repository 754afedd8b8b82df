use logwright::retry;

struct Site;

impl Site {
    #[retry]
    fn fetch(self) -> Result<(), String> {
        Ok(())
    }
}

#[retry]
fn save(page: Vec<u8>) -> Result<(), String> {
    drop(page);
    Ok(())
}

fn main() {
    let _ = Site.fetch();
    let _ = save(Vec::new());
}
