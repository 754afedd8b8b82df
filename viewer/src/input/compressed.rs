//! Undoes gzip and zstd, whatever a file is called: the first bytes tell.

use std::io::{self, BufRead, BufReader, Read};

use flate2::bufread::MultiGzDecoder;
use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

/// Bytes from wherever they come.
pub(super) type Bytes = Box<dyn Read + Send>;

/// What each begins with; of zstd there are frames as well that hold nothing to read.
const GZIP: &[u8] = &[0x1f, 0x8b];
const ZSTD: &[u8] = &[0x28, 0xb5, 0x2f, 0xfd];
const ZSTD_SKIPPED: &[u8] = &[0x2a, 0x4d, 0x18];

/// How far back a zstd file may refer; all of it is in memory. `zstd` goes beyond that only when it is told to.
const MAX_WINDOW: u64 = 32 << 20;

/// The bytes, or what they are of once they are decompressed.
pub(super) fn decompress(mut bytes: Bytes) -> io::Result<Bytes> {
    let mut start = Vec::new();
    (&mut bytes).take(ZSTD.len() as u64).read_to_end(&mut start)?;
    let is_gzip = start.starts_with(GZIP);
    let is_zstd = start == ZSTD || start.get(1..) == Some(ZSTD_SKIPPED);
    let all = io::Cursor::new(start).chain(bytes);
    let buffered = |bytes| BufReader::with_capacity(1 << 16, bytes);
    Ok(match (is_gzip, is_zstd) {
        (true, _) => Box::new(MultiGzDecoder::new(buffered(all))),
        (_, true) => Box::new(Zstd::new(buffered(all))),
        _ => Box::new(all),
    })
}

/// All frames of a zstd file.
struct Zstd<R> {
    source: R,
    decoder: FrameDecoder,
    is_in_frame: bool,
}

impl<R: BufRead> Zstd<R> {
    fn new(source: R) -> Self {
        let mut decoder = FrameDecoder::new();
        decoder.set_max_window_size(MAX_WINDOW);
        Self { source, decoder, is_in_frame: false }
    }

    /// Begins the next frame; whether there is one.
    fn begin(&mut self) -> io::Result<bool> {
        while !self.source.fill_buf()?.is_empty() {
            match self.decoder.init(&mut self.source) {
                Ok(()) => return Ok(true),
                Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame {
                    length,
                    ..
                })) => {
                    let skipped = (&mut self.source).take(length.into());
                    io::copy(&mut { skipped }, &mut io::sink())?;
                }
                Err(error) => return Err(io::Error::other(error)),
            }
        }
        Ok(false)
    }
}

impl<R: BufRead> Read for Zstd<R> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        loop {
            if !self.is_in_frame && !self.begin()? {
                return Ok(0);
            }
            self.is_in_frame = true;
            while self.decoder.can_collect() == 0 && !self.decoder.is_finished() {
                let one = BlockDecodingStrategy::UptoBlocks(1);
                self.decoder.decode_blocks(&mut self.source, one).map_err(io::Error::other)?;
            }
            let read = self.decoder.read(bytes)?;
            if read > 0 || bytes.is_empty() {
                return Ok(read);
            }
            self.is_in_frame = false;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn gzip(text: &str) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(text.as_bytes()).unwrap();
        encoder.finish().unwrap()
    }

    fn zstd(text: &str) -> Vec<u8> {
        ruzstd::encoding::compress_to_vec(text.as_bytes(), ruzstd::encoding::CompressionLevel::Fastest)
    }

    /// What comes out, and whether that is all.
    #[track_caller]
    fn check(bytes: Vec<u8>, expected: &str, is_whole: bool) {
        let mut found = Vec::new();
        let end = decompress(Box::new(io::Cursor::new(bytes))).unwrap().read_to_end(&mut found);
        assert_eq!((String::from_utf8_lossy(&found).as_ref(), end.is_ok()), (expected, is_whole), "{end:?}");
    }

    #[test]
    fn the_first_bytes_tell_what_a_file_is() {
        check(Vec::new(), "", true);
        check(b"x".to_vec(), "x", true);
        check(b"text as it is".to_vec(), "text as it is", true);
        check(gzip("a\nb\n"), "a\nb\n", true);
        check(zstd("a\nb\n"), "a\nb\n", true);
    }

    #[test]
    fn several_members_and_frames_are_one_text() {
        check([gzip("a\n"), gzip("b\n"), gzip("")].concat(), "a\nb\n", true);
        let skipped = [&[0x50], ZSTD_SKIPPED, &[3, 0, 0, 0], b"xyz"].concat();
        check(
            [skipped.clone(), zstd("a\n"), skipped.clone(), zstd(""), zstd("b\n"), skipped].concat(),
            "a\nb\n",
            true,
        );
    }

    #[test]
    fn what_came_out_of_a_file_that_is_cut_counts() {
        let text = "some line of a log\n".repeat(50_000);
        for whole in [gzip(&text), zstd(&text)] {
            let mut found = Vec::new();
            let cut = whole[..whole.len() * 3 / 4].to_vec();
            let end = decompress(Box::new(io::Cursor::new(cut))).unwrap().read_to_end(&mut found);
            assert!(end.is_err() && found.len() > text.len() / 3, "{end:?}: {}", found.len());
            assert!(text.as_bytes().starts_with(&found));
        }
    }
}
