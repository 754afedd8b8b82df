//! The text report in colour: headings and levels. Works on the finished text, in which nothing of a log begins a line.

use anstyle::{AnsiColor, Style};

const HEADING: Style = Style::new().bold();
/// Only here is a word at the beginning of a line a level.
const LEVELS: &str = "Log Level Distribution:";

/// The same text with colours.
pub(crate) fn painted(text: &str) -> String {
    let mut is_in_levels = false;
    let mut out = String::with_capacity(text.len() + 256);
    for line in text.split_inclusive('\n') {
        let body = line.trim_end_matches('\n');
        if is_heading(body) {
            is_in_levels = body == LEVELS;
            out.push_str(&format!("{HEADING}{body}{HEADING:#}"));
        } else {
            out.push_str(&level(body).filter(|_| is_in_levels).unwrap_or_else(|| body.to_owned()));
        }
        out.push_str(&line[body.len()..]);
    }
    out
}

fn is_heading(line: &str) -> bool {
    line.starts_with(|c: char| c.is_ascii_uppercase())
        && (line.ends_with(':') || line.starts_with("Log Analysis for "))
}

/// `  ERROR:  12`, the word in its colour.
fn level(line: &str) -> Option<String> {
    let (word, rest) = line.trim_start().split_once(':')?;
    let style = match word {
        "CRITICAL" => AnsiColor::Red.on_default().bold(),
        "ERROR" => AnsiColor::Red.on_default(),
        "WARNING" => AnsiColor::Yellow.on_default(),
        "INFO" => AnsiColor::Green.on_default(),
        "DEBUG" | "TRACE" => Style::new().dimmed(),
        _ => return None,
    };
    let indent = &line[..line.len() - line.trim_start().len()];
    Some(format!("{indent}{style}{word}:{style:#}{rest}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_and_levels_are_painted_and_nothing_else_changes() {
        let text = "Log Analysis for a\n==\nPeriod: 1 to 2\n\nLog Level Distribution:\n  ERROR:  1\n\n\
                    Logger Distribution:\n  INFO:  1\n\nErrors (1):\n  1. ERROR: x:\n";
        let expected = "\u{1b}[1mLog Analysis for a\u{1b}[0m\n==\nPeriod: 1 to 2\n\n\
                        \u{1b}[1mLog Level Distribution:\u{1b}[0m\n  \u{1b}[31mERROR:\u{1b}[0m  1\n\n\
                        \u{1b}[1mLogger Distribution:\u{1b}[0m\n  INFO:  1\n\n\
                        \u{1b}[1mErrors (1):\u{1b}[0m\n  1. ERROR: x:\n";
        assert_eq!(painted(text), expected);
        assert_eq!(anstream::adapter::strip_str(&painted(text)).to_string(), text);
    }
}
