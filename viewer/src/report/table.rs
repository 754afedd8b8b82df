//! Columns, numbers and names as the text report shows them. Knows nothing of what they count.

use std::fmt::Write as _;

use logwright::record::Printable;

/// Appends what is formatted.
pub(crate) fn push(out: &mut String, text: std::fmt::Arguments<'_>) {
    out.write_fmt(text).expect("writing to a string cannot fail");
}

/// Appends rows in columns: the first one left-aligned, the others right-aligned, each row indented.
pub(crate) fn push_table(out: &mut String, rows: &[Vec<String>]) {
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
pub(crate) fn shown(text: &str, max: usize) -> String {
    let end = text.char_indices().nth(max).map_or(text.len(), |(at, _)| at);
    let mark = if end < text.len() { "…" } else { "" };
    format!("{}{mark}", Printable(&text[..end]))
}

/// A count with its thousands set apart: `12,345`.
pub(crate) fn count(number: u64) -> String {
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

/// A time with three digits that count, in the unit that suits it: `313 ns`, `50.3 ms`, `1.65 s`, `3725 s`.
pub(crate) fn time(ns: f64) -> String {
    let (value, unit) = match ns {
        _ if ns < 999.5 => (ns, "ns"),
        _ if ns < 999.5e3 => (ns / 1e3, "µs"),
        _ if ns < 999.5e6 => (ns / 1e6, "ms"),
        _ => (ns / 1e9, "s"),
    };
    let decimals = match value {
        _ if unit == "ns" || value >= 99.95 => 0,
        _ if value >= 9.995 => 1,
        _ => 2,
    };
    format!("{value:.decimals$} {unit}")
}

/// Numbers as marks of eight heights: the tallest is the largest number, and only nothing has no mark.
pub(crate) fn marks(numbers: impl Iterator<Item = u64> + Clone) -> String {
    const MARKS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let most = numbers.clone().max().unwrap_or(0);
    let height = |number: u64| (u128::from(number) * 8).div_ceil(u128::from(most).max(1)) as usize;
    numbers.map(|number| height(number).checked_sub(1).map_or(' ', |at| MARKS[at.min(7)])).collect()
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
    fn marks_are_as_high_as_their_numbers() {
        assert_eq!(marks([0, 1, 4, 8, u64::MAX].into_iter()), " ▁▁▁█");
        assert_eq!(marks([0, 1, 4, 8].into_iter()), " ▁▄█");
        assert_eq!(marks([0, 0].into_iter()), "  ");
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
    fn times_have_three_digits_and_a_unit() {
        for (ns, expected) in [
            (0.0, "0 ns"),
            (313.0, "313 ns"),
            (7_400.0, "7.40 µs"),
            (123_000.0, "123 µs"),
            (45_600_000.0, "45.6 ms"),
            (999_999_999.0, "1.00 s"),
            (12_340_000_000.0, "12.3 s"),
            (3_725_000_000_000.0, "3725 s"),
        ] {
            assert_eq!(time(ns), expected);
        }
    }
}
