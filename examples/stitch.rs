//! Stitches two drawn pages into one image and logs how long that took.

use std::path::Path;

use image::{ImageResult, Rgb, RgbImage, imageops};
use logwright::{log_time, structured_op};

fn main() -> ImageResult<()> {
    let _log = logwright::init("stitch");
    let file = Path::new("stitched.png");
    let pages = [draw(Rgb([240, 220, 180]), 600), draw(Rgb([30, 60, 90]), 400)];
    make_chapter(&pages, file)?;
    println!("{}", file.display());
    Ok(())
}

/// One operation: the timed call and the event are inside it.
#[structured_op(context(pages = pages.len(), file = %file.display()), result(height = *ret))]
fn make_chapter(pages: &[RgbImage], file: &Path) -> ImageResult<u32> {
    let strip = stitch(pages);
    logwright::event!("stitch_completed", height = strip.height());
    strip.save(file)?;
    Ok(strip.height())
}

#[log_time(level = "info")]
fn stitch(pages: &[RgbImage]) -> RgbImage {
    let width = pages.iter().map(RgbImage::width).max().unwrap_or(0);
    let mut strip = RgbImage::new(width, pages.iter().map(RgbImage::height).sum());
    let mut top = 0;
    for page in pages {
        imageops::replace(&mut strip, page, 0, top);
        top += i64::from(page.height());
    }
    strip
}

fn draw(colour: Rgb<u8>, height: u32) -> RgbImage {
    RgbImage::from_pixel(800, height, colour)
}
