//! The times of others: texts with a zone or without, and numbers since 1970 in whatever unit.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use logwright::record::Timestamp;
use serde_json::Value;

/// A time by a text or a number; `None` for what is none.
pub(super) fn read(value: &Value) -> Option<Timestamp> {
    match value {
        Value::String(text) => from_text(text),
        Value::Number(number) => from_number(number.as_i64(), number.as_f64()?),
        _ => None,
    }
}

fn from_text(text: &str) -> Option<Timestamp> {
    // Python has a comma before the milliseconds.
    let text = text.replacen(',', ".", 1);
    Timestamp::parse(&text).or_else(|| {
        // Without a zone it is the local time.
        let local = text.parse::<DateTime>().ok()?.to_zoned(TimeZone::system()).ok()?;
        Some(Timestamp::from_micros(local.timestamp().as_microsecond()))
    })
}

/// The unit is told by the size: what is meant is a time between 1973 and 2286, or before 1970 in seconds.
fn from_number(whole: Option<i64>, number: f64) -> Option<Timestamp> {
    const UNITS: [(f64, f64); 4] = [(1e10, 1e6), (1e13, 1e3), (1e16, 1.0), (1e19, 1e-3)];
    let (_, micros) = UNITS.into_iter().find(|(limit, _)| number.abs() < *limit)?;
    Some(Timestamp::from_micros(match whole {
        // No more digits than such a number has are certain in a float.
        Some(whole) if micros < 1.0 => whole.div_euclid(1000),
        Some(whole) => whole.checked_mul(micros as i64)?,
        None => (number * micros).round() as i64,
    }))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(value: Value, expected: Option<&str>) {
        assert_eq!(read(&value).map(|time| time.to_string()).as_deref(), expected, "{value}");
    }

    #[test]
    fn numbers_are_in_the_unit_that_makes_a_time_of_them() {
        check(json!(1_795_351_513), Some("2026-11-22T12:45:13.000000Z"));
        check(json!(1_795_351_513.299_121), Some("2026-11-22T12:45:13.299121Z"));
        check(json!(1_795_351_513_299_i64), Some("2026-11-22T12:45:13.299000Z"));
        check(json!(1_795_351_513_299.5), Some("2026-11-22T12:45:13.299500Z"));
        check(json!(1_795_351_513_299_121_i64), Some("2026-11-22T12:45:13.299121Z"));
        check(json!(1_795_351_513_299_121_999_i64), Some("2026-11-22T12:45:13.299121Z"));
        check(json!(0), Some("1970-01-01T00:00:00.000000Z"));
        check(json!(-1.5), Some("1969-12-31T23:59:58.500000Z"));
        check(json!(1e300), None);
        check(json!(u64::MAX), None);
    }

    #[test]
    fn texts_have_a_zone_or_are_local() {
        check(json!("2026-11-22T12:45:13.299121Z"), Some("2026-11-22T12:45:13.299121Z"));
        check(json!("2026-11-22 12:45:13+01:00"), Some("2026-11-22T11:45:13.000000Z"));
        let local = "2026-11-22 12:45:13,299";
        let line = format!("{local} - a - INFO - x");
        let expected = logwright::record::text::read(&line).unwrap().timestamp.to_string();
        check(json!(local), Some(&expected));
        check(json!("2026-11-22T12:45:13.299"), Some(&expected));
        for other in [json!("noon"), json!(""), json!(null), json!(true), json!(["2026-11-22T12:45:13Z"])] {
            check(other, None);
        }
    }
}
