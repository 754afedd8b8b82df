//! The command line: every flag is defined here and nowhere else.

use std::path::PathBuf;

use clap::Parser;
use reqwest::Url;

use crate::site::Level;

/// Downloads the new chapters of a few web comics and stitches their pages together.
///
/// The comic site is part of the program: it is served on the loopback address and answers with faults,
/// so that there is something to retry and to log.
#[derive(Debug, Parser)]
#[command(name = "chaptrix", after_help = MORE)]
pub(crate) struct Args {
    /// Use the comic site at this address instead of the one inside the program
    #[arg(long, value_name = "URL", value_parser = site_url)]
    pub(crate) site: Option<Url>,

    /// How badly the site inside the program behaves
    #[arg(long, value_enum, default_value_t = Level::Default)]
    pub(crate) faults: Level,

    /// What the site's pages and faults are drawn from; the same seed gives the same run
    #[arg(long, value_name = "N", default_value_t = 7)]
    pub(crate) seed: u64,

    /// The folder for logs, downloads and processed chapters; comics.json and settings.json in it are used
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub(crate) out: PathBuf,

    /// Print every annotated function of the program as JSON, with the options of its attribute, and end
    #[arg(long)]
    pub(crate) operations: bool,
}

/// All of DEBUG would include what the HTTP and HTML libraries say.
const MORE: &str = "For more in the logs: LOGWRIGHT_LEVEL=info,chaptrix=debug,adapter=debug";

fn site_url(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|error| error.to_string())?;
    match url.scheme() {
        "http" | "https" => Ok(url),
        other => Err(format!("`{other}` is not http or https")),
    }
}
