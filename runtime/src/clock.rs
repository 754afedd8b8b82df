//! Wall-clock time as lines show it: RFC 3339 in UTC for JSON, local time with milliseconds for text.
//! Durations never come from here; they are measured with `Instant`.

use std::cell::RefCell;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use jiff::tz::{Offset, TimeZone};

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
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self::from_micros(i64::try_from(since_epoch.as_micros()).unwrap_or(i64::MAX))
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
        push_digits(out, b'.', self.0.rem_euclid(MICROS), 6);
        out.push('Z');
    }

    /// Appends `2026-11-22 12:45:15,642`, in this machine's time zone.
    pub(crate) fn push_local(self, out: &mut String) {
        self.push(out, &LOCAL, b' ', local_offset, ..);
        push_digits(out, b',', self.0.rem_euclid(MICROS) / 1000, 3);
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

fn push_digits(out: &mut String, mark: u8, value: i64, width: usize) {
    out.push(char::from(mark));
    let mut divisor = 10_i64.pow(u32::try_from(width).unwrap_or(1) - 1);
    for _ in 0..width {
        let digit = (value / divisor % 10) as u8;
        out.push(char::from(b'0' + digit));
        divisor /= 10;
    }
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
    fn moments_out_of_range_are_kept_writable() {
        for micros in [i64::MIN, i64::MAX] {
            assert_eq!(Timestamp::from_micros(micros).to_string().len(), 27);
        }
    }
}
