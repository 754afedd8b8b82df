//! Numbers over time as lines.

use maud::{Markup, html};

use super::{Figure, HEIGHT, WIDTH, px};

/// One line: what it is called, the class that it is drawn by, and its values at equal distances; where there is none, it is broken.
#[derive(Clone, Debug)]
pub(in crate::serve) struct Line {
    pub(in crate::serve) name: &'static str,
    pub(in crate::serve) class: &'static str,
    pub(in crate::serve) values: Vec<Option<f64>>,
}

pub(in crate::serve) fn line(figure: &Figure<'_>, lines: &[Line]) -> Markup {
    let highest = lines.iter().flat_map(|line| line.values.iter().flatten()).fold(0.0_f64, |a, b| a.max(*b));
    let picture = html! {
        svg.lines viewBox={"0 0 " (WIDTH) " " (HEIGHT)} preserveAspectRatio="none" role="img" aria-labelledby=(figure.labelled_by()) {
            (figure.heading())
            @for line in lines { path.{"line " (line.class)} d=(path(&line.values, highest)) {} }
        }
        p.legend { @for line in lines { span.{"key " (line.class)} { (line.name) } " " } }
    };
    figure.around(&picture)
}

fn path(values: &[Option<f64>], highest: f64) -> String {
    let step = WIDTH / values.len().saturating_sub(1).max(1) as f64;
    let (mut path, mut pen) = (String::new(), 'M');
    for (at, value) in values.iter().enumerate() {
        let Some(value) = value else {
            pen = 'M';
            continue;
        };
        let (x, y) =
            (at as f64 * step, HEIGHT - value / highest.max(f64::MIN_POSITIVE) * (HEIGHT - 4.0) - 2.0);
        path.push_str(&format!("{pen}{} {}", px(x), px(y)));
        // A point by itself is seen only if it has some width.
        if pen == 'M' {
            path.push_str("h1");
        }
        pen = 'L';
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::serve::chart::tests::figure;

    #[test]
    fn a_line_is_broken_where_nothing_is_known() {
        let values = vec![Some(0.0), Some(2.0), None, Some(1.0)];
        let text = line(&figure(), &[Line { name: "p50", class: "p50", values }]).into_string();
        assert!(text.contains(r#"d="M0 178h1L320 2M960 90h1""#), "{text}");
    }
}
