//! Reads image files: whole or not at all.

use std::io::Cursor;

use image::error::{DecodingError, ImageFormatHint};
use image::{ImageError, ImageFormat, ImageReader, ImageResult, Limits, RgbImage};

const JPEG_END: [u8; 2] = [0xff, 0xd9];

/// The pixels of a whole JPEG or PNG file.
pub(crate) fn decode(file: &[u8]) -> ImageResult<RgbImage> {
    let format = format(file)?;
    // The decoder paints the lost rest of a cut JPEG grey; a reader wants the page.
    if format == ImageFormat::Jpeg && !file.trim_ascii_end().ends_with(&JPEG_END) {
        return Err(broken("the end of the file is missing"));
    }
    let mut reader = ImageReader::with_format(Cursor::new(file), format);
    reader.limits(limits());
    Ok(reader.decode()?.into_rgb8())
}

/// A small file can unpack to any size; no page needs more than these.
fn limits() -> Limits {
    let mut limits = Limits::default();
    limits.max_image_width = Some(4_000);
    limits.max_image_height = Some(20_000);
    limits.max_alloc = Some(128 << 20);
    limits
}

pub(crate) fn check(file: &[u8]) -> ImageResult<()> {
    // Decoding keeps a core busy for some milliseconds; other tasks go on elsewhere.
    tokio::task::block_in_place(|| decode(file)).map(drop)
}

/// What the file is, whatever its address calls it.
pub(crate) fn extension(file: &[u8]) -> &'static str {
    match format(file) {
        Ok(ImageFormat::Png) => "png",
        _ => "jpg",
    }
}

fn format(file: &[u8]) -> ImageResult<ImageFormat> {
    match image::guess_format(file)? {
        format @ (ImageFormat::Jpeg | ImageFormat::Png) => Ok(format),
        _ => Err(broken("neither JPEG nor PNG")),
    }
}

fn broken(reason: &str) -> ImageError {
    ImageError::Decoding(DecodingError::new(ImageFormatHint::Unknown, reason))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(format: ImageFormat) -> Vec<u8> {
        let mut file = Cursor::new(Vec::new());
        RgbImage::from_fn(64, 64, |x, y| image::Rgb([x as u8, y as u8, 9]))
            .write_to(&mut file, format)
            .unwrap();
        file.into_inner()
    }

    #[test]
    fn cut_files_are_refused() {
        for format in [ImageFormat::Jpeg, ImageFormat::Png] {
            let file = file(format);
            assert!(decode(&file).is_ok());
            assert!(decode(&file[..file.len() / 2]).is_err(), "{format:?}");
            assert!(decode(&file[..file.len() - 40]).is_err(), "{format:?}");
        }
    }

    #[test]
    fn a_file_that_unpacks_to_a_giant_is_refused() {
        let mut file = Cursor::new(Vec::new());
        image::GrayImage::new(22_000, 2_000).write_to(&mut file, ImageFormat::Png).unwrap();
        assert!(matches!(decode(&file.into_inner()), Err(ImageError::Limits(_))));
    }

    #[test]
    fn a_page_of_html_is_no_image() {
        assert!(decode(b"<!DOCTYPE html>").is_err());
    }
}
