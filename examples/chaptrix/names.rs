//! Makes text from a web site fit for file names and for messages.

/// Long enough for a title, short enough for every file system (255 bytes) with something added.
const MAX_NAME_BYTES: usize = 80;
const MAX_TEXT_CHARS: usize = 300;

/// A file or folder name made from `title`: no separators, no control characters, no `..`, never empty.
pub(crate) fn safe_name(title: &str) -> String {
    let mut name = String::new();
    for c in title.chars() {
        let c = if c.is_alphanumeric() || " -_.,'()&!".contains(c) { c } else { '_' };
        if c == '_' && name.ends_with('_') {
            continue;
        }
        if name.len() + c.len_utf8() > MAX_NAME_BYTES {
            break;
        }
        name.push(c);
    }
    // A leading dot hides a file, a trailing one is lost on Windows.
    let name = name.trim_matches(|c: char| c == '.' || c == ' ');
    match name {
        "" => "untitled".to_owned(),
        _ if is_device(name) => format!("_{name}"),
        _ => name.to_owned(),
    }
}

/// One line of `text` that cannot move the cursor, colour the terminal or reverse the line.
pub(crate) fn printable(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let line = words.join(" ");
    line.chars().take(MAX_TEXT_CHARS).map(|c| if is_invisible(c) { '\u{fffd}' } else { c }).collect()
}

/// The first number in `text`: 23 in "Chapter 23", 10.5 in "Ch. 10.5 - Extra".
pub(crate) fn first_number(text: &str) -> Option<f64> {
    let start = text.find(|c: char| c.is_ascii_digit())?;
    let rest = &text[start..];
    let whole = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let fraction = rest[whole..].strip_prefix('.').map_or(0, |tail| {
        let digits = tail.find(|c: char| !c.is_ascii_digit()).unwrap_or(tail.len());
        if digits == 0 { 0 } else { digits + 1 }
    });
    rest[..whole + fraction].parse().ok()
}

fn is_invisible(c: char) -> bool {
    let reorders = matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    c.is_control() || reorders
}

/// Windows opens a device for these, whatever the extension.
fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name).to_ascii_uppercase();
    let numbered = ["COM", "LPT"].iter().any(|d| stem.len() == 4 && stem.starts_with(d));
    numbered || ["CON", "PRN", "AUX", "NUL"].contains(&stem.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_inside_their_folder() {
        assert_eq!(safe_name("../../etc/passwd"), "_.._etc_passwd");
        assert_eq!(safe_name(".."), "untitled");
        assert_eq!(safe_name("C:\\a\0b\x1b[31m"), "C_a_b_31m");
        assert_eq!(safe_name("nul.txt"), "_nul.txt");
    }

    #[test]
    fn long_names_are_cut_between_characters() {
        let name = safe_name(&"月".repeat(200));
        assert!(name.len() <= MAX_NAME_BYTES && name.chars().all(|c| c == '月'));
    }

    #[test]
    fn printable_text_has_no_control_characters() {
        assert_eq!(printable("a\x1b[31m\r\n b\u{202e}c"), "a\u{fffd}[31m b\u{fffd}c");
    }

    #[test]
    fn numbers_are_found_in_titles() {
        assert_eq!(first_number("Chapter 23"), Some(23.0));
        assert_eq!(first_number("第112話 月下"), Some(112.0));
        assert_eq!(first_number("Ch. 10.5 - Extra"), Some(10.5));
        assert_eq!(first_number("Ep. 4. The End"), Some(4.0));
        assert_eq!(first_number("Prologue"), None);
    }
}
