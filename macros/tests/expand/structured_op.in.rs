#[structured_op(name = "download", context(chapter), result(pages = ret.len()), bind = op)]
fn download(chapter: u32) -> Result<Vec<Page>, Error> {
    pages(chapter, op)
}
