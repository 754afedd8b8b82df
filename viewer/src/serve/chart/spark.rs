//! A few numbers as a picture of the size of a word.

use maud::{Markup, html};

use super::px;

pub(in crate::serve) fn spark(says: &str, values: &[u64]) -> Markup {
    let highest = values.iter().copied().max().unwrap_or(0).max(1) as f64;
    let bars = values.iter().enumerate().filter(|(_, value)| **value > 0);
    html! {
        svg.spark viewBox={"0 0 " (values.len() * 4) " 20"} role="img" aria-label=(says) {
            title { (says) }
            @for (at, value) in bars {
                @let height = (*value as f64 / highest * 20.0).max(1.0);
                rect x=(at * 4) y=(px(20.0 - height)) width="3" height=(px(height)) {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_is_as_high_as_a_word() {
        let text = spark("x", &[2, 0, 1]).into_string();
        assert!(text.contains(r#"<rect x="0" y="0" width="3" height="20"></rect>"#), "{text}");
        assert!(
            text.contains(r#"<rect x="8" y="10" width="3" height="10"></rect>"#) && !text.contains("x=\"4\"")
        );
    }
}
