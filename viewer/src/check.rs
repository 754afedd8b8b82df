//! `logwright check`: what a `logwright.toml` comes to.

use std::fs;
use std::io::{self, Write as _};

use anyhow::Context as _;
use logwright::record::Printable;

use crate::args::Check;
use crate::{DONE, MET, complain};

pub(crate) fn check(args: &Check) -> anyhow::Result<u8> {
    let shown = args.file.display();
    let text = fs::read_to_string(&args.file).with_context(|| format!("cannot read `{shown}`"))?;
    let checked = logwright::check_config(&text);
    let lines = checked.settings.lines().map(|line| format!("{}\n", Printable(line)));
    io::stdout().write_all(lines.collect::<String>().as_bytes()).context("cannot write the settings")?;
    for problem in &checked.problems {
        complain(&format!("{shown}:{problem}"));
    }
    Ok(if checked.problems.is_empty() { DONE } else { MET })
}
