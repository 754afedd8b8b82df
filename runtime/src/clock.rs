//! Wall-clock time as lines show it: RFC 3339 in UTC for JSON, local time with milliseconds for text.
//! Durations never come from here; they are measured with `Instant`.

use std::cell::RefCell;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use jiff::tz::{Offset, TimeZone};

use crate::digits::push_padded;

const MICROS: i64 = 1_000_000;

/// A duration as records have it.
pub(crate) fn nanos(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

/// A moment of wall-clock time, in microseconds since 1970-01-01T00:00:00Z.
///
/// Good for showing and grouping, never for ordering or for durations: a wall clock may be set back.
///
/// ```
/// # use logwright::record::Timestamp;
/// let stamp = Timestamp::parse("2026-11-22T12:45:13.299121Z").unwrap();
/// assert_eq!(stamp.to_string(), "2026-11-22T12:45:13.299121Z");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The present moment.
    #[must_use]
    pub fn now() -> Self {
        Self::at(SystemTime::now())
    }

    /// That moment; what was before 1970 is its beginning.
    pub(crate) fn at(time: SystemTime) -> Self {
        let since_epoch = time.duration_since(UNIX_EPOCH).unwrap_or_default();
        Self::from_micros(i64::try_from(since_epoch.as_micros()).unwrap_or(i64::MAX))
    }

    /// The day in this machine's time zone, counted from 1970-01-01.
    pub(crate) fn local_day(self) -> i64 {
        self.day_in(&TimeZone::system())
    }

    fn day_in(self, zone: &TimeZone) -> i64 {
        let second = self.0.div_euclid(MICROS);
        let stamp = jiff::Timestamp::from_second(second).unwrap_or_default();
        (second + i64::from(zone.to_offset(stamp).seconds())).div_euclid(24 * 60 * 60)
    }

    /// A moment by its microseconds since the epoch, kept within the years that a line can show (to 9999).
    #[must_use]
    pub fn from_micros(micros: i64) -> Self {
        Self(micros.clamp(-62_135_596_800 * MICROS, 253_402_207_200 * MICROS))
    }

    /// Microseconds since the epoch.
    #[must_use]
    pub const fn as_micros(self) -> i64 {
        self.0
    }

    /// Reads an RFC 3339 timestamp, as [`Display`](std::fmt::Display) writes it.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        text.parse::<jiff::Timestamp>().ok().map(|stamp| Self::from_micros(stamp.as_microsecond()))
    }

    /// Appends `2026-11-22T12:45:15.642007Z`.
    pub(crate) fn push_utc(self, out: &mut String) {
        self.push(out, &UTC, b'T', |_| Offset::UTC, ..);
        out.push('.');
        push_padded::<6>(out, self.micros());
        out.push('Z');
    }

    /// Appends `2026-11-22 12:45:15,642`, in this machine's time zone.
    pub(crate) fn push_local(self, out: &mut String) {
        self.push(out, &LOCAL, b' ', local_offset, ..);
        out.push(',');
        push_padded::<3>(out, self.micros() / 1000);
    }

    /// `20261122_124515`, in this machine's time zone: what the files of a run are called by.
    pub(crate) fn local_stamp(self) -> String {
        let mut text = String::new();
        self.push_local(&mut text);
        let (second, _) = text.split_once(',').unwrap_or((&text, ""));
        second.replace(['-', ':'], "").replace(' ', "_")
    }

    /// The microseconds of its second.
    fn micros(self) -> u32 {
        self.0.rem_euclid(MICROS) as u32
    }

    /// Appends `12:45:15` of the local time.
    pub(crate) fn push_local_time(self, out: &mut String) {
        self.push(out, &LOCAL, b' ', local_offset, 11..);
    }

    /// Appends a part of date and time to the second. Each thread keeps the text of the second it wrote last, since
    /// records come many to a second and a zone's rules are slow to ask.
    fn push(
        self,
        out: &mut String,
        cache: &'static std::thread::LocalKey<RefCell<Second>>,
        separator: u8,
        offset: fn(jiff::Timestamp) -> Offset,
        part: impl std::slice::SliceIndex<str, Output = str> + Clone,
    ) {
        let second = self.0.div_euclid(MICROS);
        let render = || {
            let stamp = jiff::Timestamp::from_second(second).unwrap_or_default();
            let time = offset(stamp).to_datetime(stamp);
            format!(
                "{:04}-{:02}-{:02}{}{:02}:{:02}:{:02}",
                time.year(),
                time.month(),
                time.day(),
                char::from(separator),
                time.hour(),
                time.minute(),
                time.second()
            )
        };
        let cached = cache.try_with(|cell| {
            let mut last = cell.borrow_mut();
            if last.0 != second || last.1.is_empty() {
                *last = Second(second, render());
            }
            out.push_str(&last.1[part.clone()]);
        });
        // The thread is ending and its cache is gone.
        if cached.is_err() {
            out.push_str(&render()[part]);
        }
    }
}

fn local_offset(stamp: jiff::Timestamp) -> Offset {
    TimeZone::system().to_offset(stamp)
}

impl std::fmt::Display for Timestamp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut text = String::with_capacity(27);
        self.push_utc(&mut text);
        f.write_str(&text)
    }
}

/// A second since the epoch and how it is written.
struct Second(i64, String);

thread_local! {
    static UTC: RefCell<Second> = const { RefCell::new(Second(0, String::new())) };
    static LOCAL: RefCell<Second> = const { RefCell::new(Second(0, String::new())) };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn utc_is_written_as_it_is_read() {
        for text in [
            "1970-01-01T00:00:00.000000Z",
            "2026-11-22T12:45:13.299121Z",
            "1969-12-31T23:59:59.999999Z",
            "2024-02-29T23:59:59.000001Z",
        ] {
            assert_eq!(Timestamp::parse(text).unwrap().to_string(), text);
        }
    }

    #[test]
    fn a_stamp_is_the_local_time_to_the_second() {
        let now = Timestamp::now();
        let mut local = String::new();
        now.push_local(&mut local);
        let digits = |text: &str| text.replace(|c: char| !c.is_ascii_digit(), "");
        let stamp = now.local_stamp();
        assert_eq!((stamp.len(), stamp.find('_')), (15, Some(8)), "{stamp}");
        assert_eq!(digits(&stamp), digits(&local)[..14]);
    }

    #[track_caller]
    fn check_day(zone: &str, text: &str, expected: &str) {
        let zone = TimeZone::posix(zone).unwrap();
        let midnight = Timestamp::parse(&format!("{expected}T00:00:00Z")).unwrap();
        let day = Timestamp::parse(text).unwrap().day_in(&zone);
        assert_eq!(day, midnight.as_micros() / MICROS / 86_400, "{text} is not on {expected}");
    }

    #[test]
    fn a_day_is_from_midnight_to_midnight_where_the_machine_is() {
        check_day("UTC0", "2026-11-22T23:59:59.999999Z", "2026-11-22");
        check_day("UTC0", "2026-11-23T00:00:00Z", "2026-11-23");
        check_day("<+08>-8", "2026-11-22T15:59:59Z", "2026-11-22");
        check_day("<+08>-8", "2026-11-22T16:00:00Z", "2026-11-23");
        check_day("<-11>11", "2026-11-22T10:59:59Z", "2026-11-21");
        check_day("UTC0", "1969-12-31T23:59:59.999999Z", "1969-12-31");
        check_day("UTC0", "1970-01-01T00:00:00Z", "1970-01-01");
        check_day("UTC0", "9999-12-30T21:59:59Z", "9999-12-30");
    }

    #[test]
    fn a_day_of_summer_time_has_23_or_25_hours() {
        let new_york = "EST5EDT,M3.2.0,M11.1.0";
        check_day(new_york, "2026-03-08T05:00:00Z", "2026-03-08");
        check_day(new_york, "2026-03-09T03:59:59Z", "2026-03-08");
        check_day(new_york, "2026-03-09T04:00:00Z", "2026-03-09");
        check_day(new_york, "2026-11-01T04:00:00Z", "2026-11-01");
        check_day(new_york, "2026-11-02T04:59:59Z", "2026-11-01");
        check_day(new_york, "2026-11-02T05:00:00Z", "2026-11-02");
        // Where the hour after midnight is left out, and the one before it comes twice.
        let sao_paulo = "<-03>3<-02>,M10.3.0/0,M2.3.0/0";
        check_day(sao_paulo, "2026-10-18T02:59:59Z", "2026-10-17");
        check_day(sao_paulo, "2026-10-18T03:00:00Z", "2026-10-18");
        check_day(sao_paulo, "2026-02-15T01:59:59Z", "2026-02-14");
        check_day(sao_paulo, "2026-02-15T02:00:00Z", "2026-02-14");
        check_day(sao_paulo, "2026-02-15T03:00:00Z", "2026-02-15");
    }

    #[test]
    fn moments_out_of_range_are_kept_writable() {
        for micros in [i64::MIN, i64::MAX] {
            assert_eq!(Timestamp::from_micros(micros).to_string().len(), 27);
        }
    }
}
