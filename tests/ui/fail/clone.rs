use logwright::retry;

struct Page;

#[retry(clone(page))]
fn save(page: Page) -> Result<(), String> {
    drop(page);
    Ok(())
}

#[retry(clone(pgae, width))]
fn resize(page: Vec<u8>, (width, _): (u32, u32)) -> Result<(), String> {
    let _ = (page, width);
    Ok(())
}

fn main() {
    let _ = (save(Page), resize(Vec::new(), (1, 2)));
}
