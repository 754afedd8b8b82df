//! What came of a run, comic by comic, and the counts over all of it. Knows nothing of printing.

use crate::download::{Origin, PageOutcome};
use crate::stitch::Stitched;

/// One chapter that was downloaded, perhaps not with all pages.
#[derive(Debug)]
pub(crate) struct ChapterReport {
    pub(crate) counts: Counts,
    /// One line for every page that is not there.
    pub(crate) missing: Vec<String>,
    pub(crate) failed: Vec<String>,
}

impl ChapterReport {
    pub(crate) fn new(label: &str, outcomes: Vec<PageOutcome>, stitched: Stitched) -> Self {
        let mut counts = Counts { files: stitched.files.len(), ..Counts::default() };
        let (mut missing, mut failed) = (Vec::new(), stitched.left_out);
        for (index, outcome) in outcomes.into_iter().enumerate() {
            let line = |reason| format!("{label}, page {}: {reason}", index + 1);
            match outcome {
                PageOutcome::Downloaded { origin, .. } => counts.add_page(origin),
                PageOutcome::Missing { reason } => missing.push(line(reason)),
                PageOutcome::Failed { reason } => failed.push(line(reason)),
            }
        }
        Self { counts, missing, failed }
    }
}

#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Counts {
    pub(crate) pages: usize,
    /// Of the pages: there after more than one attempt on the image host.
    pub(crate) by_retry: usize,
    /// Of the pages: there only on the mirror.
    pub(crate) by_mirror: usize,
    /// Stitched files.
    pub(crate) files: usize,
}

impl Counts {
    fn add_page(&mut self, origin: Origin) {
        self.pages += 1;
        match origin {
            Origin::FirstAttempt => {}
            Origin::Retry => self.by_retry += 1,
            Origin::Mirror => self.by_mirror += 1,
        }
    }

    fn add(&mut self, other: Self) {
        self.pages += other.pages;
        self.by_retry += other.by_retry;
        self.by_mirror += other.by_mirror;
        self.files += other.files;
    }
}

#[derive(Debug, Default)]
pub(crate) struct ComicReport {
    pub(crate) chapters: Vec<ChapterReport>,
    /// One line for every chapter that failed as a whole.
    pub(crate) failed: Vec<String>,
}

#[derive(Debug, Default)]
pub(crate) struct RunReport {
    pub(crate) comics: usize,
    pub(crate) chapters: usize,
    pub(crate) counts: Counts,
    pub(crate) missing_pages: Vec<String>,
    pub(crate) failed_pages: Vec<String>,
    pub(crate) failed_chapters: Vec<String>,
    pub(crate) failed_comics: Vec<String>,
}

impl RunReport {
    pub(crate) fn add_comic(&mut self, comic: ComicReport) {
        self.comics += 1;
        self.failed_chapters.extend(comic.failed);
        for chapter in comic.chapters {
            self.chapters += 1;
            self.counts.add(chapter.counts);
            self.missing_pages.extend(chapter.missing);
            self.failed_pages.extend(chapter.failed);
        }
    }

    pub(crate) fn add_failed_comic(&mut self, line: String) {
        self.failed_comics.push(line);
    }

    /// Everything that the site has is here.
    pub(crate) fn is_complete(&self) -> bool {
        self.failed_pages.is_empty() && self.failed_chapters.is_empty() && self.failed_comics.is_empty()
    }
}
