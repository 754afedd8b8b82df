//! What the workflow wants of a comic site. One file per site, and one line in `AdapterKind::of`.

use std::path::Path;

use logwright::Logger;
use reqwest::Url;
use scraper::{ElementRef, Html, Selector};

use crate::download::{Downloader, PageLink, PageOutcome};
use crate::error::ComicError;

mod webtoon;
mod baozimh;

pub(crate) use baozimh::BaozimhAdapter;
pub(crate) use webtoon::WebtoonAdapter;

/// Reads one site. The HTML behind the two methods is the adapter's own affair.
pub(crate) trait SiteAdapter: Sync {
    fn site_name(&self) -> &'static str;

    /// The chapters after `last_chapter`, oldest first.
    fn get_chapters(
        &self,
        comic_url: &str,
        last_chapter: f64,
    ) -> impl Future<Output = Result<Vec<Chapter>, ComicError>> + Send;

    /// Downloads every page of a chapter into `dir`; a page that fails is an outcome, not an error.
    fn download_chapter_images(
        &self,
        chapter_url: &str,
        dir: &Path,
    ) -> impl Future<Output = Result<Vec<PageOutcome>, ComicError>> + Send;
}

/// The sites there are adapters for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AdapterKind {
    Webtoon,
    Baozimh,
}

impl AdapterKind {
    /// Chooses by the first part of the path, as a real list would by the host.
    pub(crate) fn of(comic_url: &Url) -> Option<Self> {
        match comic_url.path_segments()?.next()? {
            "webtoon" => Some(Self::Webtoon),
            "baozimh" => Some(Self::Baozimh),
            _ => None,
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Chapter {
    /// Not whole for an extra chapter, such as 10.5.
    pub(crate) number: f64,
    /// Printable, but not yet fit for a file name.
    pub(crate) title: String,
    pub(crate) url: String,
}

/// Leaves the chapters after `last_chapter`, oldest first, each number once.
fn newer_than(mut chapters: Vec<Chapter>, last_chapter: f64) -> Vec<Chapter> {
    chapters.retain(|chapter| chapter.number > last_chapter);
    chapters.sort_by(|a, b| a.number.total_cmp(&b.number));
    chapters.dedup_by(|a, b| a.number == b.number);
    chapters
}

/// The pages of a chapter; none at all means that the site looks different today.
fn found(
    links: Vec<PageLink>,
    chapter_url: &str,
    expected: &'static str,
) -> Result<Vec<PageLink>, ComicError> {
    if links.is_empty() {
        return Err(ComicError::Layout { url: crate::names::printable(chapter_url), expected });
    }
    Ok(links)
}

/// Downloads the pages, and tells the adapter's log of it.
async fn download_all(
    downloader: Downloader<'_>,
    logger: Logger,
    links: Vec<PageLink>,
    dir: &Path,
) -> Result<Vec<PageOutcome>, ComicError> {
    let count = links.len();
    logwright::debug!(logger: logger, count, "Found {count} images in chapter");
    let pages = downloader.download(links, dir).await?;
    let count = pages.iter().filter_map(PageOutcome::path).count();
    logwright::info!(logger: logger, count, "Successfully downloaded {count} images");
    Ok(pages)
}

/// The document, or an empty one in the place of one that is nested so deeply that it could only be made to keep
/// the parser, and with it this task, busy.
fn document(html: &str) -> Html {
    const DEEPEST: usize = 1_000;
    Html::parse_document(if nesting(html) > DEEPEST { "" } else { html })
}

/// How deeply elements are nested, at least as the parser would see it.
fn nesting(html: &str) -> usize {
    const WITHOUT_END: [&str; 7] = ["br", "hr", "img", "input", "link", "meta", "source"];
    let (mut depth, mut deepest) = (0_usize, 0);
    for tag in html.split('<').skip(1) {
        if tag.starts_with('/') {
            depth = depth.saturating_sub(1);
        } else if tag.starts_with(|c: char| c.is_ascii_alphabetic())
            && !WITHOUT_END.iter().any(|name| tag.starts_with(name))
        {
            depth += 1;
            deepest = deepest.max(depth);
        }
    }
    deepest
}

fn selector(css: &str) -> Selector {
    Selector::parse(css).expect("selectors are constants of the adapters")
}

/// The address in an attribute, made absolute. What is no address stays as it is: fetching it will say so,
/// where leaving it out would lose a page without a word.
fn link(element: ElementRef<'_>, attribute: &str, base: &Url) -> Option<String> {
    let address = element.attr(attribute)?;
    Some(base.join(address).map_or_else(|_| address.to_owned(), String::from))
}

fn base_of(url: &str) -> Result<Url, ComicError> {
    Url::parse(url).map_err(|_| ComicError::UnknownSite { url: crate::names::printable(url) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_new_chapters_are_left_in_reading_order() {
        let chapter = |number| Chapter { number, title: String::new(), url: String::new() };
        let left = newer_than([12.0, 11.0, 10.5, 10.0, 11.0].map(chapter).to_vec(), 10.0);
        assert_eq!(left, [10.5, 11.0, 12.0].map(chapter));
    }

    #[test]
    fn a_document_made_to_hang_the_parser_is_not_parsed() {
        let began = std::time::Instant::now();
        let count = |html: &str| document(html).select(&selector("div")).count();
        assert_eq!(count(&"<div>".repeat(200_000)), 0);
        assert_eq!(count(&["<div>", "</div>"].map(|tag| tag.repeat(100_000)).concat()), 0);
        assert!(began.elapsed() < std::time::Duration::from_secs(1));
        assert_eq!(count(&"<div><img></div>".repeat(1_000)), 1_000);
    }

    #[test]
    fn the_adapter_is_chosen_by_address() {
        let kind = |url: &str| AdapterKind::of(&Url::parse(url).unwrap());
        assert_eq!(kind("http://127.0.0.1:1/webtoon/comic/x"), Some(AdapterKind::Webtoon));
        assert_eq!(kind("http://127.0.0.1:1/elsewhere"), None);
    }
}
