//! The site that lists the oldest chapter first and spreads a chapter over several documents.

use std::path::Path;

use logwright::{Logger, log_time, structured_op};
use reqwest::Url;

use super::{Chapter, SiteAdapter, base_of, document, download_all, found, link, newer_than, selector};
use crate::download::{Downloader, PageLink, PageOutcome};
use crate::error::ComicError;
use crate::names::{first_number, printable};

/// Ends a chapter whose documents lead in a circle.
const MAX_PARTS: usize = 30;

pub(crate) struct BaozimhAdapter<'a> {
    downloader: Downloader<'a>,
    logger: Logger,
}

impl<'a> BaozimhAdapter<'a> {
    pub(crate) fn new(downloader: Downloader<'a>) -> Self {
        Self { downloader, logger: logwright::get_logger("adapter.baozimh") }
    }

    /// The pages in all documents of a chapter.
    async fn page_links(&self, chapter_url: &str) -> Result<Vec<PageLink>, ComicError> {
        let mut links = Vec::new();
        let mut next = Some(chapter_url.to_owned());
        for _ in 0..MAX_PARTS {
            let Some(url) = next else { break };
            let html = self.downloader.http.fetch_html(&url).await?;
            let part = parse_part(&html, &base_of(&url)?);
            links.extend(part.links);
            next = part.next;
        }
        Ok(links)
    }
}

impl SiteAdapter for BaozimhAdapter<'_> {
    fn site_name(&self) -> &'static str {
        "baozimh"
    }

    #[log_time]
    async fn get_chapters(&self, comic_url: &str, last_chapter: f64) -> Result<Vec<Chapter>, ComicError> {
        logwright::info!(logger: self.logger, "Fetching chapters for {comic_url}");
        let html = self.downloader.http.fetch_html(comic_url).await?;
        let chapters = parse_chapters(&html, &base_of(comic_url)?).ok_or_else(|| ComicError::Layout {
            url: printable(comic_url),
            expected: "chapter list (.comics-chapters)",
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
        let links = self.page_links(chapter_url).await?;
        let found = found(links, chapter_url, "pages (.comic-contain amp-img)")?;
        download_all(self.downloader, self.logger, found, dir).await
    }
}

/// Nothing if the document has no chapter list at all.
fn parse_chapters(html: &str, base: &Url) -> Option<Vec<Chapter>> {
    let document = document(html);
    let list = document.select(&selector(".comics-chapters")).next()?;
    let items = selector("a.comics-chapters__item");
    let chapters = list.select(&items).filter_map(|a| {
        let heading: String = a.text().collect();
        // "第112話 渡口"
        let title = heading.split_once(' ').map_or(heading.as_str(), |(_, title)| title);
        Some(Chapter {
            number: first_number(&heading)?,
            title: printable(title),
            url: link(a, "href", base)?,
        })
    });
    Some(chapters.collect())
}

#[derive(Debug, PartialEq)]
struct Part {
    links: Vec<PageLink>,
    next: Option<String>,
}

fn parse_part(html: &str, base: &Url) -> Part {
    let document = document(html);
    let (images, fallback) = (selector(".comic-contain amp-img"), selector("img[fallback]"));
    let links = document.select(&images).map(|image| PageLink {
        url: link(image, "src", base).unwrap_or_default(),
        mirror: image.select(&fallback).next().and_then(|image| link(image, "src", base)),
    });
    let next = document.select(&selector("a.next_chapter")).next().and_then(|a| link(a, "href", base));
    Part { links: links.collect(), next }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_has_pages_with_mirrors_and_leads_to_the_next() {
        let html = r#"<section class="comic-contain"><amp-img src="/c/1.jpg"><img fallback src="/m/1.jpg"></amp-img>
            <amp-img src="/c/2.jpg"></amp-img></section><a class="next_chapter" href="?part=2">more</a>"#;
        let page = |url: &str, mirror: Option<&str>| PageLink {
            url: format!("http://site/{url}"),
            mirror: mirror.map(|mirror| format!("http://site/{mirror}")),
        };
        let expected = Part {
            links: vec![page("c/1.jpg", Some("m/1.jpg")), page("c/2.jpg", None)],
            next: Some("http://site/baozimh/chapter/x/1?part=2".to_owned()),
        };
        assert_eq!(parse_part(html, &Url::parse("http://site/baozimh/chapter/x/1").unwrap()), expected);
    }

    #[test]
    fn chapters_are_read_with_their_titles() {
        let html = r#"<div class="comics-chapters"><a class="comics-chapters__item" href="/c/12"><span>第12話 渡口</span></a></div>"#;
        let chapters = parse_chapters(html, &Url::parse("http://site/").unwrap()).unwrap();
        assert_eq!((chapters[0].number, chapters[0].title.as_str()), (12.0, "渡口"));
    }
}
