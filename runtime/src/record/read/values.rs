//! The values of a line, read by hand where they are written as we write them, and by the general parsers otherwise.

use crate::level::Level;
use crate::record::Timestamp;

/// A level; `None` for another word.
pub(super) fn level(word: &str) -> Option<Level> {
    // The names as they are written are found without making them upper case.
    Level::ALL.into_iter().find(|level| level.as_str() == word).or_else(|| word.parse().ok())
}

/// `2026-11-22T12:45:13.299121Z`; any other way to write a time is for the general parser.
pub(super) fn utc(text: &[u8; 27]) -> Option<Timestamp> {
    if (text[10], text[19], text[26]) != (b'T', b'.', b'Z') {
        return None;
    }
    let seconds = Civil::read(text.first_chunk()?, b'T')?.seconds();
    let micros = digits(&text[20..26])?;
    // Later ones are refused by the general parser.
    (seconds < LAST_SECOND).then(|| Timestamp::from_micros(seconds * 1_000_000 + i64::from(micros)))
}

/// 9999-12-30T22:00:00Z, from which on a zone's local time may have no year.
pub(super) const LAST_SECOND: i64 = 253_402_207_200;

/// A date and a time of day, without a zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Civil {
    days: i64,
    hour: u32,
    minute: u32,
    second: u32,
}

impl Civil {
    /// Reads `2026-11-22 12:45:13`; `None` for anything that is no such time, leap seconds included.
    pub(super) fn read(text: &[u8; 19], separator: u8) -> Option<Self> {
        if [text[4], text[7], text[10], text[13], text[16]] != [b'-', b'-', separator, b':', b':'] {
            return None;
        }
        let (year, month, day) = (digits(&text[..4])?, digits(&text[5..7])?, digits(&text[8..10])?);
        let (hour, minute, second) = (digits(&text[11..13])?, digits(&text[14..16])?, digits(&text[17..])?);
        let is_one = (1..=12).contains(&month) && day >= 1 && day <= days_of(year, month);
        (is_one && hour < 24 && minute < 60 && second < 60).then(|| Self {
            days: days(year, month, day),
            hour,
            minute,
            second,
        })
    }

    /// Seconds since 1970-01-01 00:00:00, as if every day had as many.
    pub(super) fn seconds(self) -> i64 {
        self.days * 86_400 + i64::from(self.hour * 3600 + self.minute * 60 + self.second)
    }
}

/// Days from 1970-01-01, in the Gregorian calendar.
fn days(year: u32, month: u32, day: u32) -> i64 {
    // Years that begin in March have the odd day at their end.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year.wrapping_sub(1), month + 9) };
    let year = i64::from(year as i32);
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    // From 0000-03-01 on; months of 31 and 30 days in that order come every five.
    year * 365 + leap_days + i64::from((month * 153 + 2) / 5 + day) - 719_469
}

fn days_of(year: u32, month: u32) -> u32 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// A number of so few digits that it cannot be too large.
pub(super) fn digits(text: &[u8]) -> Option<u32> {
    text.iter().try_fold(0, |number, digit| {
        let digit = digit.wrapping_sub(b'0');
        (digit < 10).then(|| number * 10 + u32::from(digit))
    })
}

/// A number of digits only.
pub(super) fn number(digits: &[u8]) -> Option<u64> {
    let digit = |digit: &u8| u64::from(digit - b'0');
    // So many are never too large.
    if digits.len() <= 19 {
        return Some(digits.iter().fold(0, |number, next| number * 10 + digit(next)));
    }
    digits.iter().try_fold(0_u64, |number, next| number.checked_mul(10)?.checked_add(digit(next)))
}

/// Seconds as they are printed, such as `1.50`, in nanoseconds; `None` for what is no time that a call may take.
pub(super) fn nanos(seconds: &str) -> Option<u64> {
    let (whole, part) = seconds.split_once('.').unwrap_or((seconds, "0"));
    // With so few digits the number below would be the same.
    if (1..=6).contains(&whole.len()) && (1..=9).contains(&part.len()) {
        let whole_and_part = digits(whole.as_bytes()).zip(digits(part.as_bytes()));
        if let Some((whole, part_ns)) = whole_and_part {
            return Some(
                u64::from(whole) * 1_000_000_000 + u64::from(part_ns) * 10_u64.pow(9 - part.len() as u32),
            );
        }
    }
    let seconds = seconds.parse::<f64>().ok().filter(|seconds| (0.0..1e9).contains(seconds))?;
    Some((seconds * 1e9).round() as u64)
}

/// A number of hex digits, `a` to `f` in lower case; their count is a multiple of 8, and no more than 32.
pub(super) fn hex(digits: &[u8]) -> Option<u128> {
    digits.chunks(8).try_fold(0, |number, digits| Some(number << 32 | u128::from(hex8(digits)?)))
}

/// Eight of them at once.
fn hex8(digits: &[u8]) -> Option<u32> {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    let text = u64::from_be_bytes(digits.try_into().ok()?);
    let letters = (text >> 6) & ONES;
    let nibbles = (text & (ONES * 15)) + letters * 9;
    // Only what these are written as is taken; a byte over 15 comes of no digit.
    let above_nine = ((nibbles + ONES * 6) >> 4) & ONES;
    let written = nibbles + ONES * u64::from(b'0') + above_nine * u64::from(b'a' - b'0' - 10);
    if written != text || nibbles & (ONES * 0xf0) != 0 {
        return None;
    }
    // Each step puts neighbours together: nibbles, then bytes, then pairs of these.
    let bytes = (nibbles | nibbles >> 4) & 0x00ff_00ff_00ff_00ff;
    let pairs = (bytes | bytes >> 8) & 0x0000_ffff_0000_ffff;
    Some((pairs | pairs >> 16) as u32)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_time_is_what_the_general_parser_reads(
            (year, month, day) in (0..=9999_u32, 0..=13_u32, 0..=32_u32),
            (hour, minute, second, micros) in (0..=24_u32, 0..=60_u32, 0..=60_u32, 0..1_000_000_u32),
            wrong in prop::option::weighted(0.2, (0..27_usize, any::<u8>().prop_map(|byte| byte % 128))),
        ) {
            let text = format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{micros:06}Z");
            let mut bytes = text.into_bytes();
            wrong.into_iter().for_each(|(at, byte)| bytes[at] = byte);
            let text = String::from_utf8(bytes).unwrap();
            let found = utc(text.as_bytes().try_into().unwrap());
            prop_assert!(found.is_none() || found == Timestamp::parse(&text));
        }

        #[test]
        fn every_time_as_we_write_it_is_read(micros in -62_135_596_800_000_000..253_402_207_200_000_000_i64) {
            let time = Timestamp::from_micros(micros);
            prop_assert_eq!(utc(time.to_string().as_bytes().try_into().unwrap()), Some(time));
        }

        #[test]
        fn seconds_are_what_the_general_parser_reads(text in r"[0-9]{0,8}(\.[0-9]{0,11})?|-1\.5|1e[0-9]|inf|NaN|\+2") {
            let general = text.parse::<f64>().ok().filter(|seconds| (0.0..1e9).contains(seconds));
            prop_assert_eq!(nanos(&text), general.map(|seconds| (seconds * 1e9).round() as u64));
        }

        #[test]
        fn hex_is_what_the_general_parser_reads(text in "[0-9a-fA-F:@`g+-]{8}", any in any::<[u8; 8]>()) {
            let is_plain = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
            for text in [text.as_bytes(), &any] {
                let general = std::str::from_utf8(text).ok().and_then(|text| u32::from_str_radix(text, 16).ok());
                let expected = general.filter(|_| text.iter().all(|&byte| is_plain(byte)));
                prop_assert_eq!(hex8(text), expected);
            }
        }

        #[test]
        fn a_number_of_hex_digits_comes_back(number in any::<u128>()) {
            let text = format!("{number:032x}");
            prop_assert_eq!(hex(text.as_bytes()), Some(number));
        }
    }

    #[test]
    fn every_day_is_the_one_after_the_day_before() {
        let mut expected = days(0, 1, 1);
        assert_eq!(expected, -719_528);
        for year in 0..=9999 {
            for month in 1..=12 {
                for day in 1..=days_of(year, month) {
                    assert_eq!(days(year, month, day), expected, "{year}-{month}-{day}");
                    expected += 1;
                }
            }
        }
        assert_eq!(days(1970, 1, 1), 0);
    }

    #[test]
    fn the_last_time_that_a_line_can_show_is_the_last_that_is_read() {
        for text in
            ["9999-12-30T21:59:59.999999Z", "9999-12-30T22:00:00.000000Z", "9999-12-30T22:00:00.000001Z"]
        {
            let found = utc(text.as_bytes().try_into().unwrap());
            assert_eq!(found, Timestamp::parse(text).filter(|_| text.contains("T21")), "{text}");
        }
    }

    #[test]
    fn a_level_is_any_of_its_names() {
        for (word, expected) in [("INFO", Some(Level::Info)), (" warn", Some(Level::Warning)), ("", None)] {
            assert_eq!(level(word), expected, "{word}");
        }
    }
}
