ATTRIBUTE
#[inline(never)]
pub ASYNC fn page_NUMBER(site: &Site, chapter: u32, seen: &mut Vec<String>) -> Result<VALUE, ERROR> {
    STATEMENT
    let url = format!("{}/NUMBER/{chapter}", site.root);
    let text = site.fetch(&url) AWAIT?;
    let mut pages = 0_usize;
    for (at, line) in text.lines().enumerate().filter(|(at, line)| at % 3 != NUMBER % 3 && !line.is_empty()) {
        let Some((key, value)) = line.split_once('=') else { continue };
        let number: u32 = value.trim().parse().map_err(|_| Error::Number(format!("{url}:{at}: {value}")))?;
        match key.trim() {
            "page" if number > NUMBER => pages += number as usize,
            "wait" => site.wait(number) AWAIT,
            "stop" => return Ok(MAKE),
            other => seen.push(other.to_owned()),
        }
    }
    if pages == 0 { Err(Error::Empty(url).into()) } else { Ok(MAKE) }
}
