//! The attributes on the methods of a trait implementation, and loggers whose names are known at run time
//! only: `adapter.webtoon` and `adapter.baozimh`. No network; try `LOGWRIGHT_LEVEL=adapter.baozimh=debug`.

use std::sync::atomic::{AtomicU32, Ordering};

use logwright::{Logger, log_time, retry, structured_op};

fn main() -> Result<(), SiteError> {
    let _log = logwright::init("adapter");
    let sites: [Box<dyn SiteAdapter>; 2] =
        [Box::new(Site::new("webtoon", 0)), Box::new(Site::new("baozimh", 2))];
    for site in &sites {
        for chapter in site.get_chapters("/comic/tower-of-dust", 23)? {
            let images = site.download_chapter_images(chapter)?;
            println!("{}: chapter {chapter} has {} images", site.site_name(), images.len());
        }
    }
    Ok(())
}

trait SiteAdapter {
    fn site_name(&self) -> &str;
    fn get_chapters(&self, comic_url: &str, last_chapter: u32) -> Result<Vec<u32>, SiteError>;
    fn download_chapter_images(&self, chapter: u32) -> Result<Vec<String>, SiteError>;
}

#[derive(Debug, thiserror::Error)]
enum SiteError {
    #[error("the site is busy")]
    Busy,
    #[error("there is no chapter {0}")]
    NoChapter(u32),
}

impl SiteError {
    /// Another attempt may succeed.
    fn is_temporary(&self) -> bool {
        matches!(self, Self::Busy)
    }
}

/// A site that is busy for the first few calls.
struct Site {
    name: String,
    busy: AtomicU32,
    logger: Logger,
}

impl Site {
    fn new(name: &str, busy: u32) -> Self {
        let logger = logwright::get_logger(&format!("adapter.{name}"));
        Self { name: name.to_owned(), busy: AtomicU32::new(busy), logger }
    }
}

impl SiteAdapter for Site {
    fn site_name(&self) -> &str {
        &self.name
    }

    #[log_time]
    fn get_chapters(&self, comic_url: &str, last_chapter: u32) -> Result<Vec<u32>, SiteError> {
        logwright::info!(logger: self.logger, "Fetching chapters for {comic_url}");
        Ok((last_chapter + 1..=last_chapter + 2).collect())
    }

    /// One record for the operation; inside it up to three attempts.
    #[structured_op(
        name = "download_chapter",
        context(site = self.name, chapter),
        result(images = ret.len())
    )]
    #[retry(max_attempts = 3, delay = "20ms", when = SiteError::is_temporary)]
    fn download_chapter_images(&self, chapter: u32) -> Result<Vec<String>, SiteError> {
        if chapter == 0 {
            return Err(SiteError::NoChapter(chapter));
        }
        let busy = self.busy.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1));
        if busy.is_ok() {
            return Err(SiteError::Busy);
        }
        let images: Vec<String> = (1..=3).map(|page| format!("{chapter}/{page:03}.jpg")).collect();
        let count = images.len();
        logwright::debug!(logger: self.logger, count, "Found {count} images in chapter");
        Ok(images)
    }
}
