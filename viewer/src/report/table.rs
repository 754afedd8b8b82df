//! Columns, numbers and names as the text report shows them. Knows nothing of what they count.

use logwright::record::Printable;

/// Appends rows in columns: the first one left-aligned, the others right-aligned, each row indented.
pub(super) fn push_table(out: &mut String, rows: &[Vec<String>]) {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<_> = (0..columns).map(width).collect();
    for row in rows {
        let mut line = String::from(" ");
        for (column, (cell, &width)) in row.iter().zip(&widths).enumerate() {
            let cell = if column == 0 { format!(" {cell:<width$}") } else { format!("  {cell:>width$}") };
            line.push_str(&cell);
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
}

/// Text from a log, printable and of at most `max` characters of the original.
pub(super) fn shown(text: &str, max: usize) -> String {
    let end = text.char_indices().nth(max).map_or(text.len(), |(at, _)| at);
    let mark = if end < text.len() { "…" } else { "" };
    format!("{}{mark}", Printable(&text[..end]))
}

/// A count with its thousands set apart: `12,345`.
pub(super) fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.char_indices() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Nanoseconds as seconds: two decimals, and more where these would show less than three digits that count; down
/// to the microsecond, below which it is nanoseconds that are shown.
pub(super) fn seconds(ns: f64) -> String {
    let seconds = ns / 1e9;
    let decimals = match seconds {
        _ if seconds >= 1.0 || seconds <= 0.0 => 2,
        _ if seconds >= 0.1 => 3,
        _ if seconds >= 0.01 => 4,
        _ if seconds >= 0.001 => 5,
        _ if seconds >= 0.000_001 => 6,
        _ => 9,
    };
    format!("{seconds:.decimals$}s")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_below_each_other() {
        let rows = [vec!["a".into(), "1".into()], vec!["漫画b".into(), "10".into(), "x".into()], vec![]];
        let mut out = String::new();
        push_table(&mut out, &rows);
        assert_eq!(out, "  a     1\n  漫画b  10  x\n\n");
    }

    #[test]
    fn text_is_cut_and_made_printable() {
        assert_eq!(shown("漫a\u{1b}[2Jb", 99), r"漫a\u{1b}[2Jb");
        assert_eq!(shown("漫ab", 2), "漫a…");
        assert_eq!(shown("ab", 2), "ab");
    }

    #[test]
    fn counts_are_grouped() {
        for (number, expected) in
            [(0, "0"), (999, "999"), (1000, "1,000"), (u64::MAX, "18,446,744,073,709,551,615")]
        {
            assert_eq!(count(number), expected);
        }
    }

    #[test]
    fn short_times_are_not_zero() {
        for (ns, expected) in [
            (0.0, "0.00s"),
            (1.0, "0.000000001s"),
            (7_400.0, "0.000007s"),
            (123_000.0, "0.000123s"),
            (45_600_000.0, "0.0456s"),
            (999_999_999.0, "1.000s"),
            (1_234_000_000.0, "1.23s"),
            (u64::MAX as f64, "18446744073.71s"),
        ] {
            assert_eq!(seconds(ns), expected);
        }
    }
}
