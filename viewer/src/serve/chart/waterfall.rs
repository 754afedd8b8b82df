//! The calls of a trace below each other, each from when it began to when it was over.

use maud::{Markup, html};

use super::{Figure, WIDTH, px};

const ROW: f64 = 20.0;

/// One call.
#[derive(Clone, Debug)]
pub(in crate::serve) struct Span {
    pub(in crate::serve) label: String,
    pub(in crate::serve) link: String,
    pub(in crate::serve) depth: usize,
    /// From when to when, as shares of the whole.
    pub(in crate::serve) from: f64,
    pub(in crate::serve) to: f64,
    /// What it is painted by: `ok`, `failed`, `open`.
    pub(in crate::serve) class: &'static str,
    pub(in crate::serve) is_critical: bool,
}

pub(in crate::serve) fn waterfall(figure: &Figure<'_>, spans: &[Span]) -> Markup {
    let height = spans.len().max(1) as f64 * ROW;
    let picture = html! {
        svg.waterfall viewBox={"0 0 " (WIDTH) " " (height)} role="group" aria-labelledby=(figure.labelled_by()) {
            (figure.heading())
            @for (at, span) in spans.iter().enumerate() {
                @let (x, y) = (span.from * WIDTH, at as f64 * ROW);
                @let width = ((span.to - span.from) * WIDTH).max(1.5);
                a href=(span.link) aria-label=(span.label) {
                    rect.hit x="0" y=(px(y)) width=(WIDTH) height=(ROW) {}
                    rect.{"span " (span.class)} x=(px(x)) y=(px(y + 3.0)) width=(px(width)) height=(px(ROW - 6.0)) {}
                    @if span.is_critical {
                        rect.on-path x=(px(x)) y=(px(y + ROW - 3.0)) width=(px(width)) height="2" {}
                    }
                    // Within it, or else on the side where there is more room.
                    @if width > WIDTH / 3.0 {
                        text x=(px(x + 4.0)) y=(px(y + 14.0)) { (span.label) }
                    } @else if span.from + span.to > 1.0 {
                        text x=(px((x - 4.0).max(0.0))) y=(px(y + 14.0)) text-anchor="end" { (span.label) }
                    } @else {
                        text x=(px(x + width + 4.0)) y=(px(y + 14.0)) { (span.label) }
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
    fn a_call_reaches_from_its_beginning_to_its_end() {
        let span = |from, to, is_critical| Span {
            label: "a<b".into(),
            link: "/".into(),
            depth: 0,
            from,
            to,
            class: "failed",
            is_critical,
        };
        let text = waterfall(&figure(), &[span(0.0, 0.5, true), span(0.75, 1.0, false)]).into_string();
        assert!(
            text.contains(r#"<rect class="span failed" x="720" y="23" width="240" height="14">"#),
            "{text}"
        );
        assert_eq!(text.matches("class=\"on-path\"").count(), 1);
        assert!(text.contains(r#"<text x="4" y="14">a&lt;b</text>"#), "{text}");
        assert!(text.contains(r#"text-anchor="end">a&lt;b</text>"#), "{text}");
    }
}
