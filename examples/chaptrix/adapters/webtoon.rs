//! The site that lists the newest chapter first and keeps image addresses in `data-src`.

use std::path::Path;

use logwright::{Logger, log_time, structured_op};
use reqwest::Url;

use super::{Chapter, SiteAdapter, base_of, document, download_all, found, link, newer_than, selector};
use crate::download::{Downloader, PageLink, PageOutcome};
use crate::error::ComicError;
use crate::names::{first_number, printable};

pub(crate) struct WebtoonAdapter<'a> {
    downloader: Downloader<'a>,
    logger: Logger,
}

impl<'a> WebtoonAdapter<'a> {
    pub(crate) fn new(downloader: Downloader<'a>) -> Self {
        Self { downloader, logger: logwright::get_logger("adapter.webtoon") }
    }
}

impl SiteAdapter for WebtoonAdapter<'_> {
    fn site_name(&self) -> &'static str {
        "webtoon"
    }

    #[log_time]
    async fn get_chapters(&self, comic_url: &str, last_chapter: f64) -> Result<Vec<Chapter>, ComicError> {
        logwright::info!(logger: self.logger, "Fetching chapters for {comic_url}");
        let html = self.downloader.http.fetch_html(comic_url).await?;
        let chapters = parse_chapters(&html, &base_of(comic_url)?).ok_or_else(|| ComicError::Layout {
            url: printable(comic_url),
            expected: "chapter list (ul#episodes)",
        })?;
        Ok(newer_than(chapters, last_chapter))
    }

    #[structured_op(name = "download_chapter", context(url = chapter_url), result(pages = ret.len()))]
    async fn download_chapter_images(
        &self,
        chapter_url: &str,
        dir: &Path,
    ) -> Result<Vec<PageOutcome>, ComicError> {
        logwright::info!(logger: self.logger, "Downloading images from {chapter_url} to {}", dir.display());
        let html = self.downloader.http.fetch_html(chapter_url).await?;
        let links = parse_pages(&html, &base_of(chapter_url)?);
        let found = found(links, chapter_url, "pages (#viewer img.page)")?;
        download_all(self.downloader, self.logger, found, dir).await
    }
}

/// Nothing if the document has no chapter list at all.
fn parse_chapters(html: &str, base: &Url) -> Option<Vec<Chapter>> {
    let document = document(html);
    let list = document.select(&selector("ul#episodes")).next()?;
    let (anchor, subject) = (selector("li.episode a"), selector(".subj"));
    let chapters = list.select(&anchor).filter_map(|a| {
        let heading: String = a.select(&subject).next()?.text().collect();
        // "Ep. 24 - The Well"
        let title = heading.split_once(" - ").map_or(heading.as_str(), |(_, title)| title);
        Some(Chapter {
            number: first_number(&heading)?,
            title: printable(title),
            url: link(a, "href", base)?,
        })
    });
    Some(chapters.collect())
}

fn parse_pages(html: &str, base: &Url) -> Vec<PageLink> {
    let document = document(html);
    let images = selector("#viewer img.page");
    let links = document.select(&images).map(|image| PageLink {
        url: link(image, "data-src", base).unwrap_or_default(),
        mirror: link(image, "data-mirror", base),
    });
    links.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base() -> Url {
        Url::parse("http://site/webtoon/comic/x").unwrap()
    }

    #[test]
    fn chapters_are_read_with_their_titles() {
        let html = r#"<ul id="episodes"><li class="episode"><a href="/v/9"><span class="subj">Ep. 9 - A - B</span></a></li>
            <li class="episode"><a href="/v/8"><span class="subj">Trailer</span></a></li></ul>"#;
        let expected = Chapter { number: 9.0, title: "A - B".to_owned(), url: "http://site/v/9".to_owned() };
        assert_eq!(parse_chapters(html, &base()), Some(vec![expected]));
    }

    #[test]
    fn a_strange_document_has_no_list_and_no_pages() {
        assert_eq!(parse_chapters("<p>Please log in", &base()), None);
        assert!(parse_pages("<img class=page data-src=/a.jpg>", &base()).is_empty());
    }
}
