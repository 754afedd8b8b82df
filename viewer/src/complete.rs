//! `logwright completions` and `logwright man`: the command line for shells and for `man`, from its one definition.

use std::io::{self, Write as _};

use anyhow::Context as _;
use clap::CommandFactory as _;

use crate::args::{Args, Completions, Man};

const NAME: &str = "logwright";

pub(crate) fn completions(args: &Completions) -> anyhow::Result<()> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Args::command(), NAME, &mut script);
    io::stdout().write_all(&script)?;
    Ok(())
}

pub(crate) fn man(args: &Man) -> anyhow::Result<()> {
    let mut command = Args::command();
    command.build();
    let page = match &args.command {
        None => command,
        Some(name) => {
            let known: Vec<_> = command.get_subcommands().map(|known| known.get_name().to_owned()).collect();
            let found = command.find_subcommand(name).cloned();
            found.with_context(|| format!("no command `{name}`; there are {}", known.join(", ")))?
        }
    };
    let title = page.get_bin_name().unwrap_or(NAME).replace(' ', "-");
    let mut roff = Vec::new();
    clap_mangen::Man::new(page).title(title.to_uppercase()).render(&mut roff)?;
    io::stdout().write_all(&roff)?;
    Ok(())
}
