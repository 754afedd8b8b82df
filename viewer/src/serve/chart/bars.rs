//! Bars that stand one upon the other: how many of each kind, for each of some columns.

use maud::{Markup, html};

use super::{Figure, HEIGHT, WIDTH, px};

/// One bar.
#[derive(Clone, Debug, Default)]
pub(in crate::serve) struct Column {
    /// What it is, with its numbers.
    pub(in crate::serve) label: String,
    pub(in crate::serve) link: String,
    /// How high its parts are, from below, and the class that each is painted by.
    pub(in crate::serve) parts: Vec<(&'static str, u64)>,
}

/// The bars, and what stands below them at equal distances; over a span of time in microseconds a part of it can be chosen
/// with the mouse.
pub(in crate::serve) fn bars(
    figure: &Figure<'_>,
    columns: &[Column],
    ticks: &[String],
    span: Option<(i64, i64)>,
) -> Markup {
    let total = |column: &Column| column.parts.iter().map(|(_, count)| count).sum::<u64>();
    let highest = columns.iter().map(total).max().unwrap_or(0).max(1) as f64;
    let width = WIDTH / columns.len().max(1) as f64;
    let picture = html! {
        svg.bars.brush[span.is_some()] viewBox={"0 0 " (WIDTH) " " (HEIGHT)} preserveAspectRatio="none" role="group"
            aria-labelledby=(figure.labelled_by())
            data-from=[span.map(|(from, _)| from)] data-to=[span.map(|(_, to)| to)] {
            (figure.heading())
            @for (at, column) in columns.iter().enumerate() {
                @let total = total(column);
                @if total > 0 {
                    a href=(column.link) aria-label=(column.label) {
                        title { (column.label) }
                        rect.hit x=(px(at as f64 * width)) y="0" width=(px(width)) height=(HEIGHT) {}
                        @for (class, y, height) in stack(&column.parts, highest) {
                            rect class=(class) x=(px(at as f64 * width)) y=(px(y)) width=(px(width * 0.9)) height=(px(height)) {}
                        }
                    }
                }
            }
        }
        div.axis aria-hidden="true" { @for tick in ticks { span { (tick) } } }
    };
    figure.around(&picture)
}

/// From where each part begins, seen from above, and how high it is; what is there at all can be seen.
fn stack(parts: &[(&'static str, u64)], highest: f64) -> Vec<(&'static str, f64, f64)> {
    let mut bottom = HEIGHT;
    let held = parts.iter().filter(|(_, count)| *count > 0);
    let place = |&(class, count): &(&'static str, u64)| {
        let height = (count as f64 / highest * HEIGHT).max(1.5);
        bottom -= height;
        (class, bottom, height)
    };
    held.map(place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::serve::chart::tests::figure;

    #[test]
    fn bars_are_as_high_as_their_numbers() {
        let column = |parts: &[(&'static str, u64)]| Column {
            label: "<x>".into(),
            link: "/?a=1&b=2".into(),
            parts: parts.to_vec(),
        };
        let columns = [column(&[("info", 1), ("error", 1)]), column(&[("info", 1)]), Column::default()];
        let text = bars(&figure(), &columns, &["<t>".into()], Some((5, 9))).into_string();
        assert!(text.contains(r#"class="info" x="0" y="90" width="288" height="90""#), "{text}");
        assert!(text.contains(r#"class="error" x="0" y="0" width="288" height="90""#), "{text}");
        assert!(text.contains(r#"class="info" x="320" y="90""#), "{text}");
        assert!(
            text.contains("href=\"/?a=1&amp;b=2\"") && text.contains("<title>&lt;x&gt;</title>"),
            "{text}"
        );
        assert_eq!(text.matches("<a ").count(), 2);
        assert!(text.contains("<span>&lt;t&gt;</span>"), "{text}");
        assert!(text.contains(r#"data-from="5" data-to="9""#) && !text.contains("style="));
    }
}
