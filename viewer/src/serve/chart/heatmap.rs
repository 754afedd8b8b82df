//! How many calls took how long, when: the darker, the more. Each cell leads to one of its calls.

use maud::{Markup, html};

use super::{Figure, HEIGHT, WIDTH, px};

/// Shades that are told apart.
const SHADES: f64 = 8.0;

#[derive(Clone, Debug)]
pub(in crate::serve) struct Cell {
    pub(in crate::serve) column: usize,
    /// From below.
    pub(in crate::serve) row: usize,
    pub(in crate::serve) count: u64,
    pub(in crate::serve) failed: bool,
    pub(in crate::serve) label: String,
    pub(in crate::serve) link: String,
}

pub(in crate::serve) fn heatmap(figure: &Figure<'_>, size: (usize, usize), cells: &[Cell]) -> Markup {
    let (width, height) = (WIDTH / size.0.max(1) as f64, HEIGHT / size.1.max(1) as f64);
    let most = cells.iter().map(|cell| cell.count).max().unwrap_or(1) as f64;
    // Few calls among many are what one looks for, so shades are steps of a logarithm.
    let shade = |count: u64| ((count as f64).ln_1p() / most.ln_1p() * SHADES).ceil().clamp(1.0, SHADES);
    let picture = html! {
        svg.heatmap viewBox={"0 0 " (WIDTH) " " (HEIGHT)} preserveAspectRatio="none" role="group" aria-labelledby=(figure.labelled_by()) {
            (figure.heading())
            @for cell in cells {
                a href=(cell.link) aria-label=(cell.label) {
                    rect.{"shade" (shade(cell.count))}.failed[cell.failed] x=(px(cell.column as f64 * width))
                        y=(px(HEIGHT - (cell.row + 1) as f64 * height)) width=(px(width * 0.96)) height=(px(height * 0.94)) {}
                }
            }
        }
    };
    figure.around(&picture)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::serve::chart::tests::figure;

    #[test]
    fn cells_stand_where_they_belong_and_lead_somewhere() {
        let cell = |column, row, count| Cell {
            column,
            row,
            count,
            failed: row == 1,
            label: "l".into(),
            link: "/t".into(),
        };
        let text = heatmap(&figure(), (2, 2), &[cell(0, 0, 1), cell(1, 1, 100)]).into_string();
        assert!(text.contains(r#"<rect class="shade2" x="0" y="90""#), "{text}");
        assert!(text.contains(r#"<rect class="shade8 failed" x="480" y="0""#), "{text}");
        assert_eq!(text.matches("href=\"/t\"").count(), 2);
    }
}
