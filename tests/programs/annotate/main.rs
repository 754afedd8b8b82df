//! Puts an attribute on every function of somebody else's crate, in a copy of it, and on nothing of its tests:
//! `annotate CRATE ATTRIBUTE OUT [--blocks] [--live] [--list] [--skip path::of::function]..`
//!
//! `--blocks` puts it on every `impl` and `trait` instead. `--live` makes each program that uses the copy write JSON
//! lines of all levels, into `LOGWRIGHT_DIR`. `--list` names each function: its path, its file, its lines.
//! `--skip` leaves out a function, or all of a module or an `impl`, by the path that `--list` shows; with `--blocks`,
//! the block that it is in.

mod copy;
mod find;
mod tests;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use find::{Found, Wanted};

/// The attribute as it is inserted. One attempt is what the function does without it.
const ATTRIBUTES: [(&str, &str); 3] = [
    ("log_time", "#[::logwright::log_time] "),
    ("retry", "#[::logwright::retry(max_attempts = 1)] "),
    ("structured_op", "#[::logwright::structured_op] "),
];

struct Task {
    source: PathBuf,
    attribute: &'static str,
    out: PathBuf,
    wanted: Wanted,
    live: bool,
    list: bool,
}

fn main() -> ExitCode {
    match Task::read(std::env::args().skip(1)).and_then(|task| task.run()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

impl Task {
    fn read(mut arguments: impl Iterator<Item = String>) -> Result<Self, Box<dyn Error>> {
        let (mut paths, mut wanted, mut live, mut list) = (Vec::new(), Wanted::default(), false, false);
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--blocks" => wanted.blocks = true,
                "--live" => live = true,
                "--list" => list = true,
                "--skip" => {
                    wanted.skip.push(arguments.next().ok_or("`--skip` needs the path of a function")?)
                }
                _ => paths.push(argument),
            }
        }
        let [source, name, out] = <[String; 3]>::try_from(paths)
            .map_err(|_| "three arguments are needed: the crate, the attribute, the directory of the copy")?;
        let (_, attribute) = ATTRIBUTES
            .into_iter()
            .find(|(known, _)| *known == name)
            .ok_or_else(|| format!("`{name}` is none of `log_time`, `retry`, `structured_op`"))?;
        wanted.only_results = name == "retry";
        Ok(Self { source: source.into(), attribute, out: out.into(), wanted, live, list })
    }

    fn run(&self) -> Result<(), Box<dyn Error>> {
        copy::folder(&self.source, &self.out)?;
        copy::add_logwright(&self.out, self.live)?;
        let source = self.out.join("src");
        let mut found = Found::default();
        for file in tests::files_without(&source, &mut found)? {
            let before = found.places.len();
            let text = std::fs::read_to_string(&file)?;
            find::places(&text, file.strip_prefix(&source)?, &self.wanted, &mut found)?;
            std::fs::write(&file, self.insert(&text, &found, before))?;
            if self.list {
                list(&found, before, &file);
            }
        }
        self.report(&found);
        Ok(())
    }

    /// The text with the attribute before each place from `first` on: on the line that is there, so that no line
    /// gets another number.
    fn insert(&self, text: &str, found: &Found, first: usize) -> String {
        let mut offsets: Vec<usize> = found.places[first..].iter().map(|place| place.offset).collect();
        offsets.sort_unstable();
        let mut text = text.to_owned();
        for offset in offsets.into_iter().rev() {
            text.insert_str(offset, self.attribute);
        }
        text
    }

    fn report(&self, found: &Found) {
        let functions: usize = found.places.iter().map(|place| place.functions).sum();
        if self.wanted.blocks {
            println!("blocks {}", found.places.len());
        }
        println!("annotated {functions}");
        for (reason, count) in &found.left_out {
            println!("left out {count}: {reason}");
        }
    }
}

fn list(found: &Found, first: usize, file: &Path) {
    for place in &found.places[first..] {
        println!("{}\t{}\t{}\t{}", place.path, file.display(), place.lines.start(), place.lines.end());
    }
}
