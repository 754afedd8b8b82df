//! Joins the pages of a chapter into long JPEG files. A page is cut only if it is longer than a file may be.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use image::codecs::jpeg::JpegEncoder;
use image::imageops;
use image::{ExtendedColorType, ImageError, ImageResult, RgbImage};
use logwright::log_time;

use crate::error::{ComicError, chain};
use crate::picture;
use crate::settings::Settings;

/// A strip of one colour at the top of a chapter is a banner if it is about this high; less is a margin.
const BANNER_ROWS: std::ops::RangeInclusive<u32> = 40..=200;
/// JPEG makes one colour into several that are close.
const SAME_COLOUR: u8 = 6;

/// What came of stitching a chapter.
#[derive(Debug, Default)]
pub(crate) struct Stitched {
    pub(crate) files: Vec<PathBuf>,
    /// Why a page was left out.
    pub(crate) left_out: Vec<String>,
}

/// Stitches `pages`, in this order, into `dir/001.jpg`, `dir/002.jpg` and so on. A page that cannot be read
/// is left out.
#[log_time(level = "info")]
pub(crate) fn stitch_chapter(
    pages: &[PathBuf],
    dir: &Path,
    settings: &Settings,
) -> Result<Stitched, ComicError> {
    fs::create_dir_all(dir).map_err(|source| ComicError::Disk { path: dir.to_owned(), source })?;
    let mut strip = Strip { dir, settings, pixels: Vec::new(), done: Stitched::default() };
    for (index, path) in pages.iter().enumerate() {
        match load(path, index == 0, settings) {
            Ok(page) => strip.add(&page)?,
            Err(error) => strip.leave_out(path, &error),
        }
    }
    strip.finish()
}

/// A page in its final width.
fn load(path: &Path, first: bool, settings: &Settings) -> ImageResult<RgbImage> {
    let mut page = picture::decode(&fs::read(path)?)?;
    if first && settings.enable_banner_cropping {
        let banner = banner_height(&page);
        page = imageops::crop_imm(&page, 0, banner, page.width(), page.height() - banner).to_image();
    }
    if page.width() == settings.image_width {
        return Ok(page);
    }
    let height = u64::from(page.height()) * u64::from(settings.image_width) / u64::from(page.width());
    // The result has to fit into memory; a page can be long, but not that long.
    let height = u32::try_from(height).ok().filter(|height| *height < 1 << 20);
    let height =
        height.ok_or_else(|| ImageError::Limits(image::error::LimitErrorKind::DimensionError.into()))?;
    // Widths differ by little, so averaging is as good as a filter and much faster.
    Ok(imageops::thumbnail(&page, settings.image_width, height.max(1)))
}

/// The number of rows in one colour at the top; 0 if that is no banner.
fn banner_height(page: &RgbImage) -> u32 {
    let Some(colour) = page.pixels().next() else { return 0 };
    let rows = page.rows().take_while(|row| {
        let mut row = row.clone();
        row.all(|pixel| pixel.0.iter().zip(colour.0).all(|(a, b)| a.abs_diff(b) <= SAME_COLOUR))
    });
    // Counted in u32 because an image's height is.
    let height = rows.fold(0, |height, _| height + 1);
    if BANNER_ROWS.contains(&height) && height < page.height() { height } else { 0 }
}

/// The file that is being filled.
struct Strip<'a> {
    dir: &'a Path,
    settings: &'a Settings,
    /// Whole rows, three bytes a pixel.
    pixels: Vec<u8>,
    done: Stitched,
}

impl Strip<'_> {
    fn add(&mut self, page: &RgbImage) -> Result<(), ComicError> {
        let limit = self.row() * self.settings.image_height as usize;
        if self.pixels.len() + page.as_raw().len() > limit {
            self.write()?;
        }
        for piece in page.as_raw().chunks(limit) {
            // Only the last piece of a page can share its file.
            if self.pixels.len() + piece.len() > limit {
                self.write()?;
            }
            self.pixels.extend_from_slice(piece);
        }
        Ok(())
    }

    fn leave_out(&mut self, path: &Path, error: &ImageError) {
        let reason = format!("`{}`: {}", path.display(), chain(error));
        logwright::error!("Left out of the strip: {reason}");
        self.done.left_out.push(reason);
    }

    fn finish(mut self) -> Result<Stitched, ComicError> {
        self.write()?;
        // An earlier run may have made more files of this chapter.
        let mut number = self.done.files.len() + 1;
        while fs::remove_file(self.file(number)).is_ok() {
            number += 1;
        }
        Ok(self.done)
    }

    fn write(&mut self) -> Result<(), ComicError> {
        if self.pixels.is_empty() {
            return Ok(());
        }
        let path = self.file(self.done.files.len() + 1);
        match self.encode(&path) {
            Ok(()) => self.done.files.push(path),
            Err(source) => return Err(ComicError::Encode { path, source }),
        }
        self.pixels.clear();
        Ok(())
    }

    fn encode(&self, path: &Path) -> ImageResult<()> {
        let part = path.with_extension("part");
        let mut file = BufWriter::new(File::create(&part)?);
        // At most `image_height`, which is a u32.
        let height = (self.pixels.len() / self.row()) as u32;
        JpegEncoder::new_with_quality(&mut file, self.settings.image_quality).encode(
            &self.pixels,
            self.settings.image_width,
            height,
            ExtendedColorType::Rgb8,
        )?;
        file.flush()?;
        fs::rename(&part, path)?;
        Ok(())
    }

    fn file(&self, number: usize) -> PathBuf {
        self.dir.join(format!("{number:03}.jpg"))
    }

    fn row(&self) -> usize {
        self.settings.image_width as usize * 3
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Rgb;

    fn settings(image_height: u32) -> Settings {
        Settings {
            image_width: 32,
            image_height,
            image_quality: 80,
            enable_banner_cropping: true,
            download_path: PathBuf::new(),
            processed_path: PathBuf::new(),
        }
    }

    /// Pages of these sizes, and no banner.
    fn pages(dir: &Path, sizes: &[(u32, u32)]) -> Vec<PathBuf> {
        let page = |(index, (width, height)): (usize, &(u32, u32))| {
            let path = dir.join(format!("{index}.png"));
            RgbImage::from_fn(*width, *height, |x, _| Rgb([(x % 32) as u8 * 7, 0, 0])).save(&path).unwrap();
            path
        };
        sizes.iter().enumerate().map(page).collect()
    }

    #[track_caller]
    fn check(limit: u32, sizes: &[(u32, u32)], expected: &[u32]) {
        let dir = tempfile::tempdir().unwrap();
        let stitched = stitch_chapter(&pages(dir.path(), sizes), dir.path(), &settings(limit)).unwrap();
        let heights: Vec<u32> =
            stitched.files.iter().map(|file| image::image_dimensions(file).unwrap().1).collect();
        assert_eq!(heights, expected);
    }

    #[test]
    fn pages_share_a_file_until_it_is_full() {
        check(100, &[(32, 60), (32, 40), (32, 30)], &[100, 30]);
        check(100, &[(32, 60), (32, 41)], &[60, 41]);
    }

    #[test]
    fn pages_are_scaled_to_the_width() {
        check(100, &[(64, 100), (16, 20)], &[90]);
    }

    #[test]
    fn only_a_page_longer_than_a_file_is_cut() {
        check(100, &[(32, 10), (32, 250), (32, 40)], &[10, 100, 100, 90]);
    }

    #[test]
    fn a_bad_page_is_left_out_and_reported() {
        let dir = tempfile::tempdir().unwrap();
        let mut pages = pages(dir.path(), &[(32, 60), (32, 40)]);
        fs::write(&pages[0], b"not an image").unwrap();
        pages.push(dir.path().join("gone.png"));
        let stitched = stitch_chapter(&pages, dir.path(), &settings(100)).unwrap();
        assert_eq!((stitched.files.len(), stitched.left_out.len()), (1, 2));
    }

    #[test]
    fn a_banner_is_cropped_and_a_margin_is_not() {
        let page =
            |strip| RgbImage::from_fn(32, 300, |x, y| Rgb([if y < strip { 9 } else { x as u8 * 7 }, 0, 0]));
        assert_eq!(banner_height(&page(96)), 96);
        assert_eq!(banner_height(&page(20)), 0);
        assert_eq!(banner_height(&page(300)), 0);
    }
}
