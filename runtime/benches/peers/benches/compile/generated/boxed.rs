pub fn boxed_NUMBER<'a>(
    site: &'a Site,
    chapter: u32,
    seen: &'a mut Vec<String>,
) -> Pin<Box<dyn Future<Output = Result<VALUE, ERROR>> + 'a>> {
    Box::pin(page_NUMBER(site, chapter, seen))
}
