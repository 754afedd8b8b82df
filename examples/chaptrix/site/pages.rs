//! Draws the pages of a chapter: real JPEG and PNG files, the same for the same seed and path.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ImageResult, Rgb, RgbImage};

use super::dice::Dice;

/// The first page of a chapter starts with a strip of one colour.
const BANNER_HEIGHT: u32 = 96;
const BANNER: Rgb<u8> = Rgb([28, 92, 140]);
const WIDTHS: [u32; 6] = [800, 800, 800, 800, 720, 960];

/// The file at `page`, such as `tower-of-dust/24/01.jpg`.
pub(crate) fn draw(seed: u64, page: &str) -> ImageResult<Vec<u8>> {
    let mut dice = Dice::new(seed, page);
    let width = WIDTHS[dice.between(0, 5) as usize];
    let height = dice.between(1100, 2000);
    let mut image = RgbImage::new(width, height);
    let (top, bottom) = (colour(&mut dice), colour(&mut dice));
    gradient(&mut image, Area { x: 0, y: 0, width, height }, top, bottom);
    for panel in panels(&mut dice, width, height) {
        let (top, bottom) = (colour(&mut dice), colour(&mut dice));
        gradient(&mut image, panel.grown(4), Rgb([16, 16, 20]), Rgb([16, 16, 20]));
        gradient(&mut image, panel, top, bottom);
    }
    if page.contains("/01.") {
        gradient(&mut image, Area { x: 0, y: 0, width, height: BANNER_HEIGHT }, BANNER, BANNER);
    }
    encode(&image, page.ends_with(".png"))
}

#[derive(Clone, Copy)]
struct Area {
    x: u32,
    y: u32,
    width: u32,
    height: u32,
}

impl Area {
    /// `by` must not be larger than the distance to the edge.
    fn grown(self, by: u32) -> Self {
        Self { x: self.x - by, y: self.y - by, width: self.width + 2 * by, height: self.height + 2 * by }
    }
}

/// Two to four panels below each other, of different widths.
fn panels(dice: &mut Dice, width: u32, height: u32) -> Vec<Area> {
    let count = dice.between(2, 4);
    let slot = (height - BANNER_HEIGHT) / count;
    (0..count)
        .map(|panel| {
            let x = dice.between(24, width / 4);
            let y = BANNER_HEIGHT + panel * slot + dice.between(16, 40);
            Area { x, y, width: width - x - dice.between(24, width / 4), height: slot - 72 }
        })
        .collect()
}

fn colour(dice: &mut Dice) -> Rgb<u8> {
    Rgb([(); 3].map(|()| dice.between(40, 230) as u8))
}

fn gradient(image: &mut RgbImage, area: Area, top: Rgb<u8>, bottom: Rgb<u8>) {
    for dy in 0..area.height {
        let Rgb([r, g, b]) = mix(top, bottom, dy, area.height);
        let start = ((area.y + dy) * image.width() + area.x) as usize * 3;
        let row = &mut image.as_flat_samples_mut().samples[start..start + area.width as usize * 3];
        for pixel in row.chunks_exact_mut(3) {
            pixel.copy_from_slice(&[r, g, b]);
        }
    }
}

fn mix(from: Rgb<u8>, to: Rgb<u8>, step: u32, steps: u32) -> Rgb<u8> {
    let channel = |i: usize| {
        let (from, to) = (u32::from(from[i]), u32::from(to[i]));
        // A weighted mean of two bytes is a byte.
        ((from * (steps - step) + to * step) / steps) as u8
    };
    Rgb([channel(0), channel(1), channel(2)])
}

fn encode(image: &RgbImage, png: bool) -> ImageResult<Vec<u8>> {
    let mut file = Cursor::new(Vec::new());
    if png {
        image.write_with_encoder(PngEncoder::new_with_quality(
            &mut file,
            CompressionType::Fast,
            FilterType::Up,
        ))?;
    } else {
        image.write_with_encoder(JpegEncoder::new_with_quality(&mut file, 85))?;
    }
    Ok(file.into_inner())
}
