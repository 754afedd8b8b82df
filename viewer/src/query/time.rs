//! From when to when records are wanted, and in which zone times without one are meant and shown.

use std::fmt;
use std::str::FromStr;

use jiff::civil::{Date, DateTime, Time};
use jiff::fmt::strtime;
use jiff::tz::TimeZone;
use logwright::record::Timestamp;

use super::duration;
use super::error::{QueryError, instead};

const HINT: &str = "no time; write `-3h` (so long ago), `now`, `today`, `yesterday`, `10:30` (today), `2026-11-22`, \
                    `2026-11-22 12:00` or `2026-11-22T12:00:00Z`";

/// A time zone: `local`, `utc`, what it is ahead of UTC as in `+08:00`, or a name of the zone database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Zone(TimeZone);

impl FromStr for Zone {
    type Err = QueryError;

    fn from_str(text: &str) -> Result<Self, QueryError> {
        match text.to_ascii_lowercase().as_str() {
            "local" => Ok(Self(TimeZone::system())),
            "utc" => Ok(Self(TimeZone::UTC)),
            offset if offset.starts_with(['+', '-']) => strtime::parse("%:z", offset)
                .ok()
                .and_then(|parsed| parsed.offset())
                .map(|offset| Self(offset.to_time_zone()))
                .ok_or_else(|| QueryError::new(text, 0, "no time zone; write it as in `+08:00`")),
            _ => TimeZone::get(text).map(Self).map_err(|_| unknown(text)),
        }
    }
}

/// All of the names would be too many to show.
fn unknown(zone: &str) -> QueryError {
    let names: Vec<_> = jiff::tz::db().available().map(|name| name.to_string()).collect();
    let near = instead(zone, names.iter().map(String::as_str));
    let near = if near.starts_with("did") { format!("; {near}") } else { String::new() };
    let what =
        format!("unknown time zone; write `local`, `utc`, `+08:00` or a name such as `Asia/Shanghai`{near}");
    QueryError::new(zone, 0, what)
}

impl Zone {
    /// A moment as the clocks of the zone show it, with what they are ahead of UTC: `2026-11-22 20:00:00+08:00`.
    pub(crate) fn show(&self, time: Timestamp) -> String {
        let second = jiff::Timestamp::from_second(time.as_micros().div_euclid(1_000_000)).unwrap_or_default();
        second.to_zoned(self.0.clone()).strftime("%Y-%m-%d %H:%M:%S%:z").to_string()
    }

    fn date(&self, now: Timestamp) -> Option<Date> {
        let now = jiff::Timestamp::from_microsecond(now.as_micros()).ok()?;
        Some(now.to_zoned(self.0.clone()).date())
    }

    fn moment(&self, time: DateTime) -> Option<Timestamp> {
        let zoned = time.to_zoned(self.0.clone()).ok()?;
        Some(Timestamp::from_micros(zoned.timestamp().as_microsecond()))
    }
}

/// A moment as it is written; which one it is depends on the present one, and on the zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Moment {
    written: String,
    form: Form,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Form {
    /// So many nanoseconds ago.
    Ago(u64),
    /// The beginning of the day so many days ago.
    Day(i64),
    /// That time of today.
    Time(Time),
    Local(DateTime),
    At(Timestamp),
}

impl FromStr for Moment {
    type Err = QueryError;

    fn from_str(text: &str) -> Result<Self, QueryError> {
        let form = Form::read(text.trim()).ok_or_else(|| QueryError::new(text, 0, HINT))?;
        Ok(Self { written: text.to_owned(), form })
    }
}

impl Form {
    fn read(text: &str) -> Option<Self> {
        match text {
            "now" => return Some(Self::Ago(0)),
            "today" => return Some(Self::Day(0)),
            "yesterday" => return Some(Self::Day(1)),
            _ => {}
        }
        if let Some(ago) = text.strip_prefix('-') {
            return duration::read(ago).map(Self::Ago);
        }
        if let Some(time) = Timestamp::parse(text) {
            return Some(Self::At(time));
        }
        let is_time = text.contains(':') && !text.contains('-');
        // What has a zone is read by now; what only seems to have one is not taken for local time.
        let is_local = !text.contains(['+', '[']);
        let time = || text.parse().ok().map(Self::Time);
        let local = || text.parse().ok().map(Self::Local);
        if is_time { time() } else { local().filter(|_| is_local) }
    }
}

impl Moment {
    fn resolve(&self, zone: &Zone, now: Timestamp) -> Result<Timestamp, QueryError> {
        let found = match self.form {
            Form::Ago(ns) => Some(Timestamp::from_micros(now.as_micros() - (ns / 1000) as i64)),
            Form::At(time) => Some(time),
            Form::Local(time) => zone.moment(time),
            Form::Day(back) => zone.date(now).and_then(|today| {
                let date = today.checked_sub(jiff::Span::new().days(back)).ok()?;
                zone.moment(date.to_datetime(Time::midnight()))
            }),
            Form::Time(time) => zone.date(now).and_then(|today| zone.moment(today.to_datetime(time))),
        };
        found.ok_or_else(|| QueryError::new(&self.written, 0, "there is no such time in that zone"))
    }
}

/// From a moment on, and up to one; that one itself is left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct TimeRange {
    pub(crate) since: Option<Timestamp>,
    pub(crate) until: Option<Timestamp>,
}

impl TimeRange {
    pub(crate) fn new(
        since: Option<&Moment>,
        until: Option<&Moment>,
        zone: &Zone,
        now: Timestamp,
    ) -> Result<Self, QueryError> {
        let resolve = |moment: &Moment| moment.resolve(zone, now);
        let range = Self { since: since.map(resolve).transpose()?, until: until.map(resolve).transpose()? };
        match (range.since, range.until, until) {
            (Some(from), Some(to), Some(until)) if from >= to => {
                let what = format!(
                    "no record is between them: `since` is {} and `until`, which is left out itself, {}",
                    zone.show(from),
                    zone.show(to)
                );
                Err(QueryError::new(&until.written, 0, what))
            }
            _ => Ok(range),
        }
    }

    pub(crate) fn contains(&self, time: Timestamp) -> bool {
        self.since.is_none_or(|since| since <= time) && self.until.is_none_or(|until| time < until)
    }

    /// Whether every time is in it.
    pub(crate) fn is_all(&self) -> bool {
        *self == Self::default()
    }

    /// `since .. until ..`, as the clocks of a zone show it.
    pub(crate) fn show<'a>(&'a self, zone: &'a Zone) -> impl fmt::Display + 'a {
        let part =
            |word: &str, time: Option<Timestamp>| time.map(|time| format!("{word} {}", zone.show(time)));
        [part("since", self.since), part("until", self.until)]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a moment is, where it is half past one in the night eight hours ahead of UTC.
    #[track_caller]
    fn check(text: &str, zone: &str, expected: &str) {
        let now = Timestamp::parse("2026-11-21T17:30:00Z").unwrap();
        let zone: Zone = zone.parse().unwrap();
        let found = text.parse::<Moment>().unwrap().resolve(&zone, now).unwrap();
        assert_eq!(found, Timestamp::parse(expected).unwrap(), "{text}: {found}");
    }

    #[test]
    fn moments_are_those_of_the_zone() {
        check("now", "utc", "2026-11-21T17:30:00Z");
        check("-1h30m", "utc", "2026-11-21T16:00:00Z");
        check("today", "utc", "2026-11-21T00:00:00Z");
        check("today", "+08:00", "2026-11-21T16:00:00Z");
        check("yesterday", "+08:00", "2026-11-20T16:00:00Z");
        check("10:30", "utc", "2026-11-21T10:30:00Z");
        check("10:30", "+08:00", "2026-11-22T02:30:00Z");
        check("2026-11-22", "+08:00", "2026-11-21T16:00:00Z");
        check("2026-11-22 12:00", "+08:00", "2026-11-22T04:00:00Z");
        check("2026-11-22T12:00:01.5", "utc", "2026-11-22T12:00:01.5Z");
        check("2026-11-22T12:00:00+01:00", "+08:00", "2026-11-22T11:00:00Z");
    }

    #[test]
    fn what_is_no_moment_is_refused() {
        for text in
            ["", "noon", "-3", "-3x", "3h", "2026", "2026-13-01", "1030", "25:00", "2026-11-22T12:00[x]"]
        {
            let error = text.parse::<Moment>().unwrap_err().to_string();
            assert!(error.starts_with("no time; write `-3h`"), "{text}: {error}");
        }
    }

    #[test]
    fn an_unknown_zone_is_refused() {
        for (text, start) in
            [("Asia/Shanghi", "unknown time zone; write `local`"), ("+8", "no time zone; write it as in")]
        {
            let error = text.parse::<Zone>().unwrap_err().to_string();
            assert!(error.starts_with(start), "{error}");
        }
        // Only where the machine has a database of zones.
        if "Asia/Shanghai".parse::<Zone>().is_ok() {
            assert!(unknown("Asia/Shanghi").to_string().contains("did you mean `Asia/Shanghai`?"));
        }
    }

    #[test]
    fn the_end_of_a_range_is_left_out() {
        let moment = |text: &str| text.parse::<Moment>().unwrap();
        let (zone, now) = (Zone(TimeZone::UTC), Timestamp::parse("2026-11-21T17:30:00Z").unwrap());
        let range = TimeRange::new(Some(&moment("yesterday")), Some(&moment("today")), &zone, now).unwrap();
        let is_in = |text: &str| range.contains(Timestamp::parse(text).unwrap());
        assert!(is_in("2026-11-20T00:00:00Z") && is_in("2026-11-20T23:59:59.999999Z"));
        assert!(!is_in("2026-11-21T00:00:00Z") && !is_in("2026-11-19T23:59:59Z"));
        let shown = "since 2026-11-20 00:00:00+00:00 until 2026-11-21 00:00:00+00:00";
        assert_eq!(range.show(&zone).to_string(), shown);
        let error =
            TimeRange::new(Some(&moment("today")), Some(&moment("2026-11-21")), &zone, now).unwrap_err();
        assert!(error.to_string().starts_with("no record is between them: `since` is 2026-11-21"), "{error}");
    }
}
