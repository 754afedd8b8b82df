//! The settings of a run: the built-in `settings.json`, or the one in the output folder.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use serde::de::DeserializeOwned;

const BUILT_IN: &str = include_str!("settings.json");

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Settings {
    /// Every page is scaled to this width.
    pub(crate) image_width: u32,
    /// A stitched file is at most this high.
    pub(crate) image_height: u32,
    /// The JPEG quality of stitched files.
    pub(crate) image_quality: u8,
    /// Take the site's banner off the first page of a chapter.
    pub(crate) enable_banner_cropping: bool,
    /// Folder of the single pages, inside the output folder.
    pub(crate) download_path: PathBuf,
    /// Folder of the stitched chapters, inside the output folder.
    pub(crate) processed_path: PathBuf,
}

impl Settings {
    pub(crate) fn load(out: &Path) -> Result<Self> {
        let (settings, origin) = read_json::<Self>(out, "settings.json", BUILT_IN)?;
        settings.check().with_context(|| origin)?;
        Ok(settings)
    }

    /// A JPEG cannot be larger than 65,535 in either direction.
    fn check(&self) -> Result<()> {
        ensure!((16..=10_000).contains(&self.image_width), "`image_width` must be 16 to 10000");
        ensure!((16..=65_000).contains(&self.image_height), "`image_height` must be 16 to 65000");
        ensure!((1..=100).contains(&self.image_quality), "`image_quality` must be 1 to 100");
        Ok(())
    }
}

/// Reads `name` from the output folder, or the built-in text if there is no such file. Also returns what to
/// call the place in error messages.
pub(crate) fn read_json<T: DeserializeOwned>(out: &Path, name: &str, built_in: &str) -> Result<(T, String)> {
    let path = out.join(name);
    let (text, origin) = match fs::read_to_string(&path) {
        Ok(text) => (text, format!("`{}`", path.display())),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            (built_in.to_owned(), format!("the built-in {name}"))
        }
        Err(error) => return Err(error).with_context(|| format!("cannot read `{}`", path.display())),
    };
    let value = serde_json::from_str(&text).with_context(|| origin.clone())?;
    Ok((value, origin))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error_of(settings: &str) -> String {
        let out = tempfile::tempdir().unwrap();
        fs::write(out.path().join("settings.json"), settings).unwrap();
        format!("{:#}", Settings::load(out.path()).unwrap_err())
    }

    #[test]
    fn the_built_in_settings_are_valid() {
        let out = tempfile::tempdir().unwrap();
        assert_eq!(Settings::load(out.path()).unwrap().image_height, 12_000);
    }

    #[test]
    fn a_misspelt_key_is_named_with_its_file_and_line() {
        let error = error_of("{\n  \"imge_width\": 800\n}");
        assert!(error.contains("settings.json`: unknown field `imge_width`"), "{error}");
        assert!(error.contains("line 2"), "{error}");
    }

    #[test]
    fn a_value_out_of_range_is_refused() {
        let error = error_of(&BUILT_IN.replace("90", "0"));
        assert!(error.contains("`image_quality` must be 1 to 100"), "{error}");
    }
}
