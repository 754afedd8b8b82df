//! Downloads the pages of a chapter, a few at a time, and from the mirror when the image host fails.

use std::io;
use std::path::{Path, PathBuf};

use futures::{StreamExt, TryStreamExt, stream};
use tokio::fs;

use crate::error::{ComicError, FetchError, chain};
use crate::http::Http;
use crate::picture;
use crate::progress::Progress;

/// Pages of one chapter that are fetched together, on one task.
const TOGETHER: usize = 4;

/// Where a page is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PageLink {
    pub(crate) url: String,
    pub(crate) mirror: Option<String>,
}

/// What became of a page.
#[derive(Debug)]
pub(crate) enum PageOutcome {
    Downloaded {
        path: PathBuf,
        origin: Origin,
    },
    /// The site says on every host that it does not have the page.
    Missing {
        reason: String,
    },
    Failed {
        reason: String,
    },
}

impl PageOutcome {
    pub(crate) fn path(&self) -> Option<&PathBuf> {
        match self {
            Self::Downloaded { path, .. } => Some(path),
            Self::Missing { .. } | Self::Failed { .. } => None,
        }
    }
}

/// How a page came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    FirstAttempt,
    Retry,
    Mirror,
}

/// The part of downloading that is the same for every site.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Downloader<'a> {
    pub(crate) http: &'a Http,
    pub(crate) progress: &'a Progress,
}

impl Downloader<'_> {
    /// The outcomes in page order. Only the disk can make this fail.
    pub(crate) async fn download(
        &self,
        links: Vec<PageLink>,
        dir: &Path,
    ) -> Result<Vec<PageOutcome>, ComicError> {
        let disk = |source| ComicError::Disk { path: dir.to_owned(), source };
        fs::create_dir_all(dir).await.map_err(disk)?;
        self.progress.expect(links.len());
        let pages =
            links.into_iter().enumerate().map(|(index, link)| self.download_page(link, dir, index + 1));
        // In the order in which they are done, so that one slow page does not hold up the rest.
        let mut done: Vec<(usize, PageOutcome)> =
            stream::iter(pages).buffer_unordered(TOGETHER).try_collect().await?;
        done.sort_by_key(|(number, _)| *number);
        Ok(done.into_iter().map(|(_, outcome)| outcome).collect())
    }

    async fn download_page(
        &self,
        link: PageLink,
        dir: &Path,
        number: usize,
    ) -> Result<(usize, PageOutcome), ComicError> {
        let fetched = self.fetch(&link).await;
        self.progress.page_done();
        let (file, origin) = match fetched {
            Ok(page) => page,
            Err(error) => return Ok((number, lost(number, &error))),
        };
        let path = dir.join(format!("{number:03}.{}", picture::extension(&file)));
        match write_whole(&path, &file).await {
            Ok(()) => Ok((number, PageOutcome::Downloaded { path, origin })),
            Err(source) => Err(ComicError::Disk { path, source }),
        }
    }

    async fn fetch(&self, link: &PageLink) -> Result<(Vec<u8>, Origin), FetchError> {
        let error = match self.http.fetch_page(&link.url).await {
            Ok(file) if self.http.had_trouble(&link.url) => return Ok((file, Origin::Retry)),
            Ok(file) => return Ok((file, Origin::FirstAttempt)),
            Err(error) => error,
        };
        let Some(mirror) = &link.mirror else { return Err(error) };
        logwright::warn!(url = link.url, mirror, "Trying the mirror");
        match self.http.fetch_page(mirror).await {
            Ok(file) => Ok((file, Origin::Mirror)),
            // A page that the first host may still have is not lost.
            Err(on_mirror) if on_mirror.is_missing() => Err(error),
            Err(on_mirror) => Err(on_mirror),
        }
    }
}

/// A page that neither host has given.
fn lost(number: usize, error: &FetchError) -> PageOutcome {
    let reason = chain(error);
    if error.is_missing() {
        logwright::warn!(page = number, "The site has lost page {number}: {reason}");
        PageOutcome::Missing { reason }
    } else {
        logwright::error!(page = number, "Cannot download page {number}: {reason}");
        PageOutcome::Failed { reason }
    }
}

/// Writes beside `path` and renames, so that a file with the right name is always whole.
async fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let part = path.with_extension("part");
    fs::write(&part, bytes).await?;
    fs::rename(&part, path).await
}
