//! Durations as queries have them: `2s`, `150ms`, `1m30s`; the units of the attributes, with those above and below.

/// The longest first.
const UNITS: [(&str, u64); 8] = [
    ("d", 86_400_000_000_000),
    ("h", 3_600_000_000_000),
    ("m", 60_000_000_000),
    ("s", 1_000_000_000),
    ("ms", 1_000_000),
    ("us", 1_000),
    ("µs", 1_000),
    ("ns", 1),
];

/// What to write instead of what is no duration.
pub(super) const HINT: &str = "write `2s`, `150ms` or `1m30s`; the units are d, h, m, s, ms, us, ns";

/// Reads numbers with units, a longer unit before a shorter one, to nanoseconds.
pub(super) fn read(text: &str) -> Option<u64> {
    let (mut rest, mut sum, mut last) = (text, 0_u64, u64::MAX);
    while !rest.is_empty() {
        let (number, after) = rest.split_at(rest.find(|c: char| !c.is_ascii_digit() && c != '.')?);
        let (unit, after) = after.split_at(after.find(|c: char| !c.is_alphabetic()).unwrap_or(after.len()));
        let (_, ns) = UNITS.into_iter().find(|&(name, ns)| name == unit && ns < last)?;
        sum = sum.checked_add(times(number, ns)?)?;
        (rest, last) = (after, ns);
    }
    (!text.is_empty()).then_some(sum)
}

/// A decimal number times a unit, without a float, so that `0.1s` is 100 ms.
fn times(number: &str, unit: u64) -> Option<u64> {
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    let digits: u128 = format!("{whole}{part}").parse().ok()?;
    let places = u32::try_from(part.len()).ok()?;
    u64::try_from(digits.checked_mul(unit.into())? / 10_u128.checked_pow(places)?).ok()
}

/// The same duration in the longest unit of which it is a whole number.
pub(super) fn show(ns: u64) -> String {
    let whole = UNITS.into_iter().find(|(_, unit)| ns > 0 && ns.is_multiple_of(*unit));
    whole.map_or("0s".to_owned(), |(name, unit)| format!("{}{name}", ns / unit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_numbers_with_units() {
        for (text, ns) in [
            ("2s", 2_000_000_000),
            ("150ms", 150_000_000),
            ("1m30s", 90_000_000_000),
            ("0.1s", 100_000_000),
            (".5us", 500),
            ("7µs1ns", 7001),
            ("1d", 86_400_000_000_000),
        ] {
            assert_eq!(read(text), Some(ns), "{text}");
            assert_eq!(read(&show(ns)), Some(ns), "{text}");
        }
        assert_eq!([show(0), show(90_000_000_000), show(1_500_000_000)], ["0s", "90s", "1500ms"]);
    }

    #[test]
    fn what_is_no_duration_is_refused() {
        for text in ["", "2", "s", "2 s", "-2s", "2sec", "1s1m", "1s1s", "1.2.3s", ".s", "1e3s", "9999999d"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
