//! The unified workflow: look for new chapters, download them, stitch them; for every comic, whatever became
//! of the others.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use logwright::structured_op;
use reqwest::Url;

use crate::adapters::{AdapterKind, BaozimhAdapter, Chapter, SiteAdapter, WebtoonAdapter};
use crate::download::{Downloader, PageOutcome};
use crate::error::{ComicError, chain};
use crate::library::Comic;
use crate::names::{printable, safe_name};
use crate::report::{ChapterReport, ComicReport, RunReport};
use crate::settings::Settings;
use crate::stitch;

/// What is the same for all comics of a run.
#[derive(Debug)]
pub(crate) struct Workflow<'a> {
    pub(crate) site: Url,
    pub(crate) settings: &'a Settings,
    pub(crate) folders: Folders,
    pub(crate) downloader: Downloader<'a>,
}

/// Where the files go.
#[derive(Debug, Clone)]
pub(crate) struct Folders {
    pub(crate) downloads: PathBuf,
    pub(crate) processed: PathBuf,
}

impl Folders {
    /// Creates them, so that a run that cannot write ends before it begins.
    pub(crate) fn create(out: &Path, settings: &Settings) -> Result<Self> {
        let folders = Self {
            downloads: out.join(&settings.download_path),
            processed: out.join(&settings.processed_path),
        };
        for folder in [&folders.downloads, &folders.processed] {
            std::fs::create_dir_all(folder)
                .with_context(|| format!("cannot create `{}`", folder.display()))?;
        }
        Ok(folders)
    }

    fn chapter(&self, comic: &Comic, chapter: &Chapter) -> Self {
        let comic = safe_name(&comic.name);
        let chapter = safe_name(&format!("Chapter {} - {}", chapter.number, chapter.title));
        Self {
            downloads: self.downloads.join(&comic).join(&chapter),
            processed: self.processed.join(&comic).join(&chapter),
        }
    }
}

impl Workflow<'_> {
    /// Processes the comics one after the other. A comic that fails is counted and does not stop the rest.
    pub(crate) async fn run(&self, comics: &[Comic]) -> RunReport {
        let mut report = RunReport::default();
        for comic in comics {
            match self.process(comic).await {
                Ok(processed) => report.add_comic(processed),
                Err(error) => {
                    let line = format!("{}: {}", printable(&comic.name), chain(&error));
                    logwright::error!("Error processing comic {line}");
                    report.add_failed_comic(line);
                }
            }
        }
        report
    }

    /// Chooses the adapter by the comic's address.
    async fn process(&self, comic: &Comic) -> Result<ComicReport, ComicError> {
        let unknown = || ComicError::UnknownSite { url: printable(&comic.url) };
        let url = self.site.join(&comic.url).map_err(|_| unknown())?;
        match AdapterKind::of(&url).ok_or_else(unknown)? {
            AdapterKind::Webtoon => {
                self.process_comic(comic, &WebtoonAdapter::new(self.downloader), &url).await
            }
            AdapterKind::Baozimh => {
                self.process_comic(comic, &BaozimhAdapter::new(self.downloader), &url).await
            }
        }
    }

    /// Fails only if the chapters cannot be listed; a chapter that fails is counted.
    #[structured_op(
        context(comic = comic.name, site = adapter.site_name()),
        result(chapters = ret.chapters.len(), failed = ret.failed.len())
    )]
    async fn process_comic<A: SiteAdapter>(
        &self,
        comic: &Comic,
        adapter: &A,
        url: &Url,
    ) -> Result<ComicReport, ComicError> {
        let name = &comic.name;
        logwright::info!("Processing comic: {name}");
        logwright::debug!("Checking for new chapters after {}", comic.last_known_chapter);
        let new_chapters = adapter.get_chapters(url.as_str(), comic.last_number()).await?;
        let count = new_chapters.len();
        logwright::event!("chapters_checked", count);
        match count {
            0 => logwright::info!("No new chapters found for {name}"),
            _ => logwright::info!(count, "Found {count} new chapter(s) for {name}"),
        }
        let mut report = ComicReport::default();
        for chapter in &new_chapters {
            match self.process_chapter(comic, adapter, chapter).await {
                Ok(processed) => report.chapters.push(processed),
                Err(error) => {
                    let line = format!("{}: {}", label(comic, chapter), chain(&error));
                    logwright::event!("chapter_failed", chapter = %chapter.number);
                    logwright::error!(chapter = %chapter.number, "Error processing {line}");
                    report.failed.push(line);
                }
            }
        }
        Ok(report)
    }

    async fn process_chapter<A: SiteAdapter>(
        &self,
        comic: &Comic,
        adapter: &A,
        chapter: &Chapter,
    ) -> Result<ChapterReport, ComicError> {
        let folders = self.folders.chapter(comic, chapter);
        logwright::event!("download_started", chapter = %chapter.number);
        let outcomes = adapter.download_chapter_images(&chapter.url, &folders.downloads).await?;
        logwright::event!("download_completed", chapter = %chapter.number);
        logwright::event!("stitch_started", chapter = %chapter.number);
        let stitched = self.stitch(&outcomes, &folders)?;
        logwright::event!("stitch_completed", chapter = %chapter.number, files = stitched.files.len());
        Ok(ChapterReport::new(&label(comic, chapter), outcomes, stitched))
    }

    fn stitch(&self, outcomes: &[PageOutcome], folders: &Folders) -> Result<stitch::Stitched, ComicError> {
        let pages: Vec<PathBuf> = outcomes.iter().filter_map(PageOutcome::path).cloned().collect();
        // Stays on this task, so that what it logs belongs to this chapter.
        tokio::task::block_in_place(|| stitch::stitch_chapter(&pages, &folders.processed, self.settings))
    }
}

fn label(comic: &Comic, chapter: &Chapter) -> String {
    format!("{}, chapter {}", printable(&comic.name), chapter.number)
}
