//! Numbers to pictures: pure functions to the text of an SVG. No script is needed to see one, no style stands in one, and each comes
//! with its title, a sentence for those who cannot see it, and its numbers as a table.

mod bars;
mod line;
mod spark;
mod heatmap;
mod waterfall;
mod flame;

use maud::{Markup, html};

pub(super) use bars::{Column, bars};
pub(super) use flame::flame;
pub(super) use heatmap::{Cell, heatmap};
pub(super) use line::{Line, line};
pub(super) use spark::spark;
pub(super) use waterfall::{Span, waterfall};

/// How wide and high the pictures are, in their own units; a page scales them.
const WIDTH: f64 = 960.0;
const HEIGHT: f64 = 180.0;

/// A picture with what belongs to it.
#[derive(Debug)]
pub(super) struct Figure<'a> {
    /// Unique on the page.
    pub(super) id: &'a str,
    pub(super) title: &'a str,
    /// What there is to see, in a sentence.
    pub(super) says: String,
    pub(super) columns: &'a [&'a str],
    pub(super) rows: Vec<Vec<String>>,
}

impl Figure<'_> {
    pub(super) fn around(&self, picture: &Markup) -> Markup {
        const MOST: usize = 100;
        let left_out = self.rows.len().saturating_sub(MOST);
        html! {
            figure id=(self.id) {
                figcaption { (self.title) }
                p.says { (self.says) }
                (picture)
                details {
                    summary { "Numbers of “" (self.title) "”" }
                    div.scroll tabindex="0" role="region" aria-label={"Numbers of " (self.title)} {
                        table {
                            thead { tr { @for column in self.columns { th scope="col" { (column) } } } }
                            tbody { @for row in self.rows.iter().take(MOST) {
                                tr { @for cell in row { td { (cell) } } }
                            } }
                        }
                        @if left_out > 0 { p { (left_out) " more rows are left out; the JSON of this page has them" } }
                    }
                }
            }
        }
    }

    /// The beginning of the picture: its name and its sentence, for those who hear them.
    fn heading(&self) -> Markup {
        html! {
            title id={(self.id) "-title"} { (self.title) }
            desc id={(self.id) "-desc"} { (self.says) }
        }
    }

    fn labelled_by(&self) -> String {
        format!("{}-title {}-desc", self.id, self.id)
    }
}

/// A number of the picture, short.
fn px(number: f64) -> String {
    let text = format!("{number:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A figure for tests: `<` in every text.
    pub(super) fn figure() -> Figure<'static> {
        Figure { id: "f", title: "a<b", says: "c<d".into(), columns: &["x"], rows: vec![vec!["1<2".into()]] }
    }

    #[test]
    fn a_picture_has_its_numbers_as_a_table() {
        let text = figure().around(&html! { svg {} }).into_string();
        for part in [
            "<figcaption>a&lt;b</figcaption>",
            "<svg></svg>",
            "<details>",
            "<td>1&lt;2</td>",
            "tabindex=\"0\"",
        ] {
            assert!(text.contains(part), "{part} in {text}");
        }
    }

    #[test]
    fn numbers_are_short() {
        assert_eq!([1.0, 1.504, 0.0, 100.0].map(px), ["1", "1.5", "0", "100"]);
    }
}
