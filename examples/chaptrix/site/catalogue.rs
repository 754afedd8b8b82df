//! What the site publishes: series, chapters, pages and their addresses.

use super::dice::Dice;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layout {
    Webtoon,
    Baozimh,
}

#[derive(Debug)]
pub(crate) struct Series {
    pub(crate) slug: &'static str,
    pub(crate) title: &'static str,
    pub(crate) layout: Layout,
    /// The number of the last chapter.
    pub(crate) latest: u32,
    /// How many chapters came out since the bundled `comics.json` was written.
    pub(crate) fresh: u32,
    /// Chapters take their titles from here in turn.
    pub(crate) chapter_titles: &'static [&'static str],
}

pub(crate) const SERIES: [Series; 4] = [
    Series {
        slug: "tower-of-dust",
        title: "Tower of Dust",
        layout: Layout::Webtoon,
        latest: 26,
        fresh: 3,
        chapter_titles: &["The Well", "Nine Hundred Steps", "A Door with No Room"],
    },
    Series {
        slug: "lantern-keeper",
        title: "The Lantern Keeper",
        layout: Layout::Webtoon,
        latest: 10,
        fresh: 3,
        // A title no program should use as a path, or print as it is.
        chapter_titles: &["Oil & Wick", "../../..\\<b>The Bell</b>\u{1b}[31m", "Low Tide"],
    },
    Series {
        slug: "moonlit-traveller",
        title: "月下旅人",
        layout: Layout::Baozimh,
        latest: 115,
        fresh: 3,
        chapter_titles: &["渡口", "無名之客", "雨夜"],
    },
    Series {
        slug: "ink-and-iron",
        title: "Ink & Iron",
        layout: Layout::Baozimh,
        latest: 40,
        fresh: 0,
        chapter_titles: &["Proof", "Press", "Ash"],
    },
];

/// A list page shows this many chapters.
const LISTED: u32 = 6;

impl Series {
    pub(crate) fn find(layout: Layout, slug: &str) -> Option<&'static Self> {
        SERIES.iter().find(|series| series.layout == layout && series.slug == slug)
    }

    pub(crate) fn path(&self) -> String {
        match self.layout {
            Layout::Webtoon => format!("/webtoon/comic/{}", self.slug),
            Layout::Baozimh => format!("/baozimh/comic/{}", self.slug),
        }
    }

    /// The listed chapters, oldest first.
    pub(crate) fn listed(&'static self) -> impl DoubleEndedIterator<Item = Chapter> {
        (self.latest + 1 - LISTED..=self.latest).map(move |number| Chapter { series: self, number })
    }

    pub(crate) fn chapter(&'static self, number: u32) -> Option<Chapter> {
        self.listed().find(|chapter| chapter.number == number)
    }
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Chapter {
    pub(crate) series: &'static Series,
    pub(crate) number: u32,
}

impl Chapter {
    /// The chapters that the bundled `comics.json` does not know yet.
    pub(crate) fn all_fresh() -> impl Iterator<Item = Self> {
        SERIES.iter().flat_map(|series| series.listed().rev().take(series.fresh as usize))
    }

    pub(crate) fn title(&self) -> &'static str {
        let titles = self.series.chapter_titles;
        titles[self.number as usize % titles.len()]
    }

    pub(crate) fn path(&self) -> String {
        let Self { series, number } = self;
        match series.layout {
            Layout::Webtoon => format!("/webtoon/viewer/{}/{number}", series.slug),
            Layout::Baozimh => format!("/baozimh/chapter/{}/{number}", series.slug),
        }
    }

    /// The pages, named by their path below an image host.
    pub(crate) fn pages(&self, seed: u64) -> Vec<String> {
        let mut dice = Dice::new(seed, &self.path());
        let count = dice.between(6, 9);
        (1..=count)
            .map(|page| {
                let extension = if dice.between(1, 4) == 1 { "png" } else { "jpg" };
                format!("{}/{}/{page:02}.{extension}", self.series.slug, self.number)
            })
            .collect()
    }
}

/// Where a page is served first.
pub(crate) fn cdn(page: &str) -> String {
    format!("/cdn/{page}")
}

/// Where a page is served as well.
pub(crate) fn mirror(page: &str) -> String {
    format!("/mirror/{page}")
}
