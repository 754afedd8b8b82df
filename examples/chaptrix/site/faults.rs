//! Which requests the site answers badly. The plan depends on the seed, the path and how often that path was
//! asked for, never on the order of requests, so a run can be repeated.

use std::collections::HashMap;

use super::catalogue::{Chapter, Layout, SERIES, cdn, mirror};
use super::dice::Dice;

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Level {
    /// Every request is answered
    None,
    /// Nearly everything is there by the third attempt or on the mirror
    Default,
    /// A chapter, some pages and a comic cannot be had
    Harsh,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// 503.
    Unavailable,
    /// 503, with the wish to be asked again in a second.
    Busy,
    /// Silence for longer than the client waits.
    Stall,
    /// The connection is closed before the announced end.
    CutShort,
    /// All the announced bytes come, but they are only part of the file.
    CutFile,
    /// 404.
    Lost,
}

use Fault::{Busy, CutFile, CutShort, Lost, Stall, Unavailable};

/// What one path answers: faults for the first requests, then one for all later requests, or none.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Script {
    first: &'static [Fault],
    later: Option<Fault>,
}

const GOOD: Script = first(&[]);

const fn first(faults: &'static [Fault]) -> Script {
    Script { first: faults, later: None }
}

const fn always(fault: Fault) -> Script {
    Script { first: &[], later: Some(fault) }
}

/// The scripts dealt to the pages, one each: on the image host and on the mirror.
const DEFAULT_PAGES: &[(Script, Script)] = &[
    (always(Lost), always(Lost)),
    (always(Unavailable), GOOD),
    (always(CutShort), first(&[Busy])),
    (first(&[Unavailable]), GOOD),
    (first(&[Busy]), GOOD),
    (first(&[Stall]), GOOD),
    (first(&[CutShort]), GOOD),
    (first(&[CutFile]), GOOD),
    (first(&[Unavailable, CutFile]), GOOD),
    (first(&[Busy, CutShort]), GOOD),
];
const HARSH_PAGES: &[(Script, Script)] = &[
    (always(Unavailable), always(CutShort)),
    (always(CutFile), always(Unavailable)),
    (always(Lost), always(Busy)),
    (always(Lost), always(Lost)),
    (always(Lost), GOOD),
    (always(Stall), first(&[CutFile, CutShort])),
    (first(&[Busy]), GOOD),
    (first(&[CutShort]), GOOD),
    (first(&[CutFile, CutFile]), GOOD),
    (first(&[CutShort, Unavailable]), GOOD),
    (first(&[CutShort, Stall]), GOOD),
];
const DEFAULT_CHAPTERS: &[Script] = &[first(&[Unavailable]), first(&[Stall])];
const HARSH_CHAPTERS: &[Script] = &[always(Unavailable), first(&[Busy, Unavailable]), first(&[CutShort])];

#[derive(Debug)]
pub(crate) struct Plan {
    scripts: HashMap<String, Script>,
}

impl Plan {
    pub(crate) fn new(level: Level, seed: u64) -> Self {
        let mut plan = Self { scripts: HashMap::new() };
        match level {
            Level::None => {}
            Level::Default => plan.deal(seed, DEFAULT_PAGES.to_vec(), DEFAULT_CHAPTERS.to_vec()),
            Level::Harsh => {
                plan.deal(
                    seed,
                    [DEFAULT_PAGES, HARSH_PAGES].concat(),
                    [HARSH_CHAPTERS, DEFAULT_CHAPTERS].concat(),
                );
                plan.break_comic();
            }
        }
        plan
    }

    /// What to do to the request for `path` (with its query), which was asked for `before` times already.
    pub(crate) fn fault(&self, path: &str, before: usize) -> Option<Fault> {
        let script = self.scripts.get(path)?;
        script.first.get(before).copied().or(script.later)
    }

    fn deal(&mut self, seed: u64, pages: Vec<(Script, Script)>, chapters: Vec<Script>) {
        let shuffled = shuffle(seed, Chapter::all_fresh().collect(), Chapter::path);
        let mut whole = shuffled.clone();
        for (chapter, script) in shuffled.iter().zip(chapters) {
            self.scripts.insert(chapter.path(), script);
            if script.later.is_some() {
                // Nobody asks for the pages of a broken chapter, so a script would be wasted on them.
                whole.retain(|other| other.path() != chapter.path());
            }
        }
        let fresh: Vec<String> = whole.iter().flat_map(|chapter| chapter.pages(seed)).collect();
        for (page, (on_cdn, on_mirror)) in shuffle(seed, fresh, String::clone).iter().zip(pages) {
            self.scripts.insert(cdn(page), on_cdn);
            self.scripts.insert(mirror(page), on_mirror);
        }
    }

    /// Makes one comic unavailable and another slow to come; not one whose pages have scripts of their own.
    fn break_comic(&mut self) {
        for series in &SERIES {
            let script = match (series.layout, series.fresh) {
                (_, 0) => always(Unavailable),
                (Layout::Baozimh, _) => first(&[Busy]),
                (Layout::Webtoon, _) => continue,
            };
            self.scripts.insert(series.path(), script);
        }
    }
}

fn shuffle<T>(seed: u64, mut items: Vec<T>, name: impl Fn(&T) -> String) -> Vec<T> {
    items.sort_by_cached_key(|item| Dice::new(seed, &name(item)).roll());
    items
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_plan_and_another_seed_another() {
        let plan = |seed| Plan::new(Level::Harsh, seed).scripts;
        assert_eq!(plan(7), plan(7));
        assert_ne!(plan(7), plan(8));
    }

    #[test]
    fn every_script_finds_a_page_whatever_the_seed() {
        for seed in 0..50 {
            let plan = Plan::new(Level::Harsh, seed);
            let pages = plan.scripts.keys().filter(|path| path.starts_with("/cdn/")).count();
            assert_eq!(pages, DEFAULT_PAGES.len() + HARSH_PAGES.len(), "seed {seed}");
        }
    }

    #[test]
    fn the_default_plan_loses_exactly_one_page() {
        let plan = Plan::new(Level::Default, 7);
        let lost = |host: &str| {
            plan.scripts
                .iter()
                .filter(|(path, script)| path.starts_with(host) && script.later == Some(Lost))
                .count()
        };
        assert_eq!((lost("/cdn/"), lost("/mirror/")), (1, 1));
    }
}
