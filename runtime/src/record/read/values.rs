//! The values of a line, read by hand where they are written as we write them, and by the general parsers otherwise.

use std::num::NonZero;

use crate::level::Level;
use crate::record::{OpId, Timestamp, TraceId};

/// A level; `None` for another word.
pub(super) fn level(word: &str) -> Option<Level> {
    // The names as they are written are found without making them upper case.
    Level::ALL.into_iter().find(|level| level.as_str() == word).or_else(|| word.parse().ok())
}

/// RFC 3339, such as `2026-11-22T12:45:13.299121Z`.
pub(super) fn time(text: &str) -> Option<Timestamp> {
    utc(text.as_bytes()).or_else(|| Timestamp::parse(text))
}

/// A time as we write it, and no other.
fn utc(text: &[u8]) -> Option<Timestamp> {
    let text: &[u8; 27] = text.try_into().ok()?;
    if (text[10], text[19], text[26]) != (b'T', b'.', b'Z') {
        return None;
    }
    let seconds = Civil::read(text.first_chunk()?, b'T')?.seconds();
    let micros = number(&text[20..26])?;
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
        let (year, month, day) = (number(&text[..4])?, number(&text[5..7])?, number(&text[8..10])?);
        let (hour, minute, second) = (number(&text[11..13])?, number(&text[14..16])?, number(&text[17..])?);
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
        self.hours() * 3600 + i64::from(self.minute * 60 + self.second)
    }

    /// Whole hours of the same.
    pub(super) fn hours(self) -> i64 {
        self.days * 24 + i64::from(self.hour)
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
pub(super) fn number(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |number, digit| {
        let digit = digit.wrapping_sub(b'0');
        (digit < 10).then(|| number * 10 + u32::from(digit))
    })
}

/// A whole number as JSON has it, without a sign.
pub(super) fn integer(text: &str) -> Option<u64> {
    let is_plain = matches!(text.as_bytes(), [b'0'] | [b'1'..=b'9', ..]);
    // It takes a sign, which is not plain.
    if is_plain { text.parse().ok() } else { None }
}

pub(super) fn op_id(text: &str) -> Option<OpId> {
    let number = hex16(text.as_bytes()).or_else(|| u64::from_str_radix(text, 16).ok());
    number.and_then(NonZero::new).map(OpId)
}

pub(super) fn trace_id(text: &str) -> Option<TraceId> {
    let halves =
        text.as_bytes().split_at_checked(16).and_then(|(high, low)| Some((hex16(high)?, hex16(low)?)));
    let number = halves.map(|(high, low)| u128::from(high) << 64 | u128::from(low));
    number.or_else(|| u128::from_str_radix(text, 16).ok()).and_then(NonZero::new).map(TraceId)
}

pub(super) fn run(text: &str) -> Option<u32> {
    hex8(text.as_bytes()).or_else(|| u32::from_str_radix(text, 16).ok())
}

fn hex16(digits: &[u8]) -> Option<u64> {
    let (high, low) = digits.split_at_checked(8)?;
    Some(u64::from(hex8(high)?) << 32 | u64::from(hex8(low)?))
}

/// Eight digits at once, `a` to `f` in lower case.
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
            prop_assert_eq!(time(&text), Timestamp::parse(&text));
            if let Some(found) = utc(text.as_bytes()) {
                prop_assert_eq!(Some(found), Timestamp::parse(&text));
            }
        }

        #[test]
        fn hex_is_what_the_general_parser_reads(text in "[0-9a-fA-F:@`g+-]{8}|[0-9a-f]{8}", other in any::<[u8; 8]>()) {
            let general = u32::from_str_radix(&text, 16).ok();
            prop_assert_eq!(run(&text), general);
            prop_assert!(hex8(text.as_bytes()).is_none_or(|found| Some(found) == general));
            let other_text = std::str::from_utf8(&other).ok();
            prop_assert!(hex8(&other).is_none_or(|found| other_text.and_then(run) == Some(found)));
        }

        #[test]
        fn ids_come_back(number in 1..=u128::MAX) {
            let text = format!("{number:032x}");
            prop_assert_eq!(trace_id(&text).map(|id| id.0.get()), Some(number));
            let low = NonZero::new(number as u64);
            prop_assert_eq!(op_id(&text[16..]), low.map(OpId));
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
            assert_eq!(time(text), Timestamp::parse(text), "{text}");
        }
    }

    #[test]
    fn a_level_is_any_of_its_names() {
        for (word, expected) in [("INFO", Some(Level::Info)), (" warn", Some(Level::Warning)), ("", None)] {
            assert_eq!(level(word), expected, "{word}");
        }
    }
}
