//! The files that pages name, built into the program. Their names change with what they hold, so a browser keeps them for ever
//! and never shows an old one.

use std::sync::LazyLock;

const SCRIPT: &str = include_str!("../../assets/app.js");
const STYLE: &str = include_str!("../../assets/style.css");
const ICON: &str = include_str!("../../assets/favicon.svg");

/// A file: its path in URLs, its type, its content.
#[derive(Debug)]
pub(super) struct Asset {
    pub(super) path: String,
    pub(super) mime: &'static str,
    pub(super) content: &'static str,
}

pub(super) static APP: LazyLock<Asset> =
    LazyLock::new(|| asset("app", "js", "text/javascript; charset=utf-8", SCRIPT));
pub(super) static CSS: LazyLock<Asset> =
    LazyLock::new(|| asset("style", "css", "text/css; charset=utf-8", STYLE));
pub(super) static FAVICON: LazyLock<Asset> = LazyLock::new(|| asset("favicon", "svg", "image/svg+xml", ICON));

/// The file with that path.
pub(super) fn find(path: &str) -> Option<&'static Asset> {
    let all: [&'static Asset; 3] = [&APP, &CSS, &FAVICON];
    all.into_iter().find(|asset| asset.path == path)
}

fn asset(name: &str, extension: &str, mime: &'static str, content: &'static str) -> Asset {
    // FNV-1a, 64 bits.
    let hash = content.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    Asset { path: format!("/assets/{name}.{hash:016x}.{extension}"), mime, content }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_keeps_its_budget() {
        assert!(SCRIPT.len() <= 15_000, "{} bytes", SCRIPT.len());
    }

    #[test]
    fn a_name_is_that_of_the_content() {
        assert_ne!(asset("a", "js", "", "x").path, asset("a", "js", "", "y").path);
        assert!(find(&APP.path).is_some_and(|found| found.content == SCRIPT));
        assert!(find("/assets/../Cargo.toml").is_none());
    }
}
