//! The calls of a trace upon each other, each as wide as it took long.

use maud::{Markup, html};

use super::waterfall::Span;
use super::{Figure, WIDTH, px};

const ROW: f64 = 22.0;
/// Narrower ones have no room for a name.
const NAMED: f64 = 60.0;
const LETTER: f64 = 7.0;

pub(in crate::serve) fn flame(figure: &Figure<'_>, spans: &[Span]) -> Markup {
    let deepest = spans.iter().map(|span| span.depth).max().unwrap_or(0);
    let height = (deepest + 1) as f64 * ROW;
    let picture = html! {
        svg.flame viewBox={"0 0 " (WIDTH) " " (height)} role="group" aria-labelledby=(figure.labelled_by()) {
            (figure.heading())
            @for span in spans {
                @let (x, y) = (span.from * WIDTH, span.depth as f64 * ROW);
                @let width = ((span.to - span.from) * WIDTH).max(1.0);
                a href=(span.link) aria-label=(span.label) {
                    rect.{"span " (span.class)}.critical[span.is_critical] x=(px(x)) y=(px(y)) width=(px(width)) height=(px(ROW - 2.0)) {}
                    @if width > NAMED {
                        text x=(px(x + 4.0)) y=(px(y + 15.0)) { (span.label.chars().take((width / LETTER) as usize).collect::<String>()) }
                    }
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
    fn a_call_stands_upon_the_one_it_was_made_in() {
        let span = |depth, from, to| Span {
            label: "call".into(),
            link: "/".into(),
            depth,
            from,
            to,
            class: "ok",
            is_critical: false,
        };
        let text = flame(&figure(), &[span(0, 0.0, 1.0), span(1, 0.5, 0.501)]).into_string();
        assert!(text.contains(r#"<rect class="span ok" x="480" y="22" width="1" height="20">"#), "{text}");
        assert_eq!(text.matches("<text").count(), 1, "a narrow one has no name: {text}");
    }
}
