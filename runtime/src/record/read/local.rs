//! Local times to moments. A zone's rules are slow to ask, and the records of a log are mostly of the hour of those
//! before them.

use std::cell::Cell;

use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, TimeZone};

use super::values::{Civil, LAST_SECOND, digits};
use crate::record::Timestamp;

thread_local! {
    static LAST: Cell<Option<Hour>> = const { Cell::new(None) };
}

/// `2026-11-22 12:45:15`, as a time of this machine's zone.
pub(super) fn time(text: &str) -> Option<Timestamp> {
    let mut last = LAST.get();
    let before = last;
    let found = time_in(text, TimeZone::system, &mut last);
    if last != before {
        LAST.set(last);
    }
    found
}

/// An hour of wall time in which clocks are not changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Hour {
    /// Its date and hour, as they are written: `2026-11-22 12`.
    text: [u8; 13],
    /// When it begins, in seconds since 1970 in UTC.
    start: i64,
}

fn time_in(text: &str, mut zone: impl FnMut() -> TimeZone, last: &mut Option<Hour>) -> Option<Timestamp> {
    let hour = text.as_bytes().first_chunk();
    let known = last.as_ref().filter(|last| Some(&last.text) == hour);
    if let Some(seconds) = known.and_then(|hour| Some(hour.start + into_hour(text.as_bytes().last_chunk()?)?))
    {
        return Some(Timestamp::from_micros(seconds * 1_000_000));
    }
    let zone = zone();
    *last = hour.and_then(|hour| steady_hour(text, *hour, &zone)).or(*last);
    general(text, &zone)
}

/// How many seconds `:45:15` is into its hour.
fn into_hour(text: &[u8; 6]) -> Option<i64> {
    let (minute, second) = (digits(&text[1..3])?, digits(&text[4..])?);
    let is_one = text[0] == b':' && text[3] == b':' && minute < 60 && second < 60;
    is_one.then(|| i64::from(minute * 60 + second))
}

/// The hour that the time is in, if it has one offset.
fn steady_hour(text: &str, hour: [u8; 13], zone: &TimeZone) -> Option<Hour> {
    let civil = Civil::read(text.as_bytes().try_into().ok()?, b' ')?;
    let start = civil.seconds() - civil.seconds().rem_euclid(3600) - steady_offset(text, zone)?;
    // All of it can be shown.
    (start + 3600 < LAST_SECOND).then_some(Hour { text: hour, start })
}

/// The offset of the whole hour that the time is in, if it has one.
fn steady_offset(text: &str, zone: &TimeZone) -> Option<i64> {
    let at =
        |rest: &str| match zone.to_ambiguous_zoned(parse(&format!("{}{rest}", text.get(..13)?))?).offset() {
            AmbiguousOffset::Unambiguous { offset } => Some(offset),
            AmbiguousOffset::Gap { .. } | AmbiguousOffset::Fold { .. } => None,
        };
    let (first, last) = (at(":00:00")?, at(":59:59")?);
    (first == last).then(|| first.seconds().into())
}

/// The same for every time: one that clocks leave out is moved on, and of two the first is meant.
fn general(text: &str, zone: &TimeZone) -> Option<Timestamp> {
    let zoned = parse(text)?.to_zoned(zone.clone()).ok()?;
    Some(Timestamp::from_micros(zoned.timestamp().as_microsecond()))
}

fn parse(text: &str) -> Option<DateTime> {
    DateTime::strptime("%Y-%m-%d %H:%M:%S", text).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// New York, an hour's change; Lord Howe, half an hour's; India, none; Troll, two; and one that changes within an hour.
    const ZONES: &[&str] = &[
        "EST5EDT,M3.2.0,M11.1.0",
        "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0",
        "IST-5:30",
        "<+00>0<+02>-2,M3.5.0/1,M10.5.0/3",
        "AAA3BBB,M3.2.0/2:20,M11.1.0/1:40",
    ];

    proptest! {
        #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn a_time_is_what_the_general_parser_reads_whatever_came_before(
            zone in prop::sample::select(ZONES.to_vec()),
            year in prop_oneof![Just(2026_u32), 1..=9999_u32],
            month in prop_oneof![Just(3_u32), Just(4_u32), Just(10_u32), Just(11_u32), 0..=13_u32],
            days in prop::collection::vec((0..=32_u32, 0..=24_u32), 1..3),
            minutes in prop::collection::vec((0..=60_u32, 0..=61_u32), 20),
        ) {
            let (zone, mut last) = (TimeZone::posix(zone).unwrap(), None);
            for (day, hour) in days {
                for (minute, second) in &minutes {
                    for hour in hour.saturating_sub(1)..=hour + 1 {
                        let text = format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}");
                        let found = time_in(&text, || zone.clone(), &mut last);
                        prop_assert_eq!(found, general(&text, &zone), "{}", text);
                    }
                }
            }
        }
    }

    #[test]
    fn every_minute_around_a_change_of_clocks_is_as_the_zone_says() {
        for (zone, day) in
            [(0, "2026-03-08"), (0, "2026-11-01"), (1, "2026-10-04"), (1, "2026-04-05"), (4, "2026-03-08")]
        {
            let (zone, mut last) = (TimeZone::posix(ZONES[zone]).unwrap(), None);
            for minute in 0..5 * 60 {
                let text = format!("{day} {:02}:{:02}:30", minute / 60, minute % 60);
                assert_eq!(time_in(&text, || zone.clone(), &mut last), general(&text, &zone), "{text}");
            }
        }
    }

    #[test]
    fn a_time_beyond_the_last_is_none() {
        let zone = TimeZone::posix("IST-5:30").unwrap();
        for text in
            ["9999-12-31 03:29:59", "9999-12-31 03:30:00", "9999-12-31 03:30:01", "9999-12-31 23:59:59"]
        {
            assert_eq!(time_in(text, || zone.clone(), &mut None), general(text, &zone), "{text}");
        }
    }

    #[test]
    fn the_zone_is_asked_once_an_hour() {
        let (mut asked, mut last) = (0, None);
        for minute in 0..120 {
            let text = format!("2026-11-22 {:02}:{:02}:30", 12 + minute / 60, minute % 60);
            let zone = || {
                asked += 1;
                TimeZone::posix("EST5EDT,M3.2.0,M11.1.0").unwrap()
            };
            assert!(time_in(&text, zone, &mut last).is_some());
        }
        assert_eq!(asked, 2);
    }
}
