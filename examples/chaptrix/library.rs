//! The comics to follow: the built-in `comics.json`, or the one in the output folder.

use std::collections::HashSet;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

use crate::names::{first_number, safe_name};
use crate::settings::read_json;

const BUILT_IN: &str = include_str!("comics.json");

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Comic {
    pub(crate) name: String,
    /// The comic's page, usually relative to the site.
    pub(crate) url: String,
    /// As the reader writes it, such as "Chapter 23".
    pub(crate) last_known_chapter: String,
}

impl Comic {
    /// The number in `last_known_chapter`; 0 for a comic of which nothing is known yet.
    pub(crate) fn last_number(&self) -> f64 {
        first_number(&self.last_known_chapter).unwrap_or(0.0)
    }
}

pub(crate) fn load(out: &Path) -> Result<Vec<Comic>> {
    let (comics, origin) = read_json::<Vec<Comic>>(out, "comics.json", BUILT_IN)?;
    check(&comics).with_context(|| origin)?;
    Ok(comics)
}

/// Two comics in one folder would overwrite each other's chapters.
fn check(comics: &[Comic]) -> Result<()> {
    let mut folders = HashSet::new();
    for comic in comics {
        let folder = safe_name(&comic.name).to_lowercase();
        ensure!(folders.insert(folder), "the comic {:?} would share its folder with another", comic.name);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_comics_are_valid_and_know_their_last_chapter() {
        let out = tempfile::tempdir().unwrap();
        let comics = load(out.path()).unwrap();
        assert_eq!(comics.len(), 4);
        assert!(comics.iter().all(|comic| comic.last_number() > 0.0));
    }

    #[test]
    fn comics_that_would_share_a_folder_are_refused() {
        let comic = |name: &str| Comic {
            name: name.to_owned(),
            url: String::new(),
            last_known_chapter: String::new(),
        };
        assert!(check(&[comic("Day/Night"), comic("day:night")]).is_err());
    }
}
