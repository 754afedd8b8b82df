//! The numbers that a condition can be on: their names, their limits, and where they come from.

use super::duration;
use super::error::instead;

/// The numbers of a report.
pub(crate) trait Numbers {
    /// A number of the whole log; `None` where it is not counted.
    fn total(&self, total: Total) -> Option<u64>;

    fn operations(&self) -> Vec<(&str, &dyn Calls)>;
}

/// The calls of one operation; times are in nanoseconds.
pub(crate) trait Calls {
    fn count(&self) -> u64;
    fn failed(&self) -> u64;
    fn cancelled(&self) -> u64;
    fn average(&self) -> Option<f64>;
    /// The shortest and the longest.
    fn range(&self) -> Option<(u64, u64)>;
    /// All of them together.
    fn sum(&self) -> u128;
    /// The time that this share of the calls (from 0 to 1) took at most.
    fn percentile(&self, share: f64) -> Option<u64>;
}

/// A number of the whole log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Total {
    Records,
    Warnings,
    /// ERROR and CRITICAL.
    Errors,
    Retries,
    Unfinished,
}

/// A number of the log or of each operation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Metric {
    Of(Total),
    Count,
    Failed(Unit),
    Cancelled(Unit),
    Average,
    Min,
    Max,
    Sum,
    /// The time that so many per cent of the calls took at most.
    Percentile(f64),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    Number,
    Percent,
    Nanoseconds,
}

const METRICS: [(&str, Metric); 12] = [
    ("records", Metric::Of(Total::Records)),
    ("warnings", Metric::Of(Total::Warnings)),
    ("errors", Metric::Of(Total::Errors)),
    ("retries", Metric::Of(Total::Retries)),
    ("unfinished", Metric::Of(Total::Unfinished)),
    ("count", Metric::Count),
    ("failed", Metric::Failed(Unit::Number)),
    ("cancelled", Metric::Cancelled(Unit::Number)),
    ("avg", Metric::Average),
    ("min", Metric::Min),
    ("max", Metric::Max),
    ("total", Metric::Sum),
];

impl Metric {
    /// The number of that name; otherwise what to do instead.
    pub(super) fn read(name: &str) -> Result<Self, String> {
        let named = METRICS.iter().find(|(known, _)| *known == name).map(|(_, metric)| *metric);
        named.or_else(|| percentile(name)).ok_or_else(|| {
            let known = METRICS.iter().map(|(known, _)| *known).chain(["p50", "p95", "p99"]);
            format!("unknown number `{name}`; {}", instead(name, known))
        })
    }

    fn unit(self) -> Unit {
        match self {
            Self::Of(_) | Self::Count => Unit::Number,
            Self::Failed(unit) | Self::Cancelled(unit) => unit,
            Self::Average | Self::Min | Self::Max | Self::Sum | Self::Percentile(_) => Unit::Nanoseconds,
        }
    }

    pub(super) fn name(self) -> String {
        match self {
            Self::Percentile(percent) => format!("p{percent}"),
            Self::Failed(_) => "failed".to_owned(),
            Self::Cancelled(_) => "cancelled".to_owned(),
            _ => METRICS.iter().find(|(_, metric)| *metric == self).map_or("", |(name, _)| name).to_owned(),
        }
    }

    pub(super) fn of(self, calls: &dyn Calls) -> Option<f64> {
        let part = |number: u64, unit| match unit {
            Unit::Percent => (calls.count() > 0).then(|| number as f64 * 100.0 / calls.count() as f64),
            _ => Some(number as f64),
        };
        match self {
            Self::Of(_) => None,
            Self::Count => Some(calls.count() as f64),
            Self::Failed(unit) => part(calls.failed(), unit),
            Self::Cancelled(unit) => part(calls.cancelled(), unit),
            Self::Average => calls.average(),
            Self::Min => calls.range().map(|(min, _)| min as f64),
            Self::Max => calls.range().map(|(_, max)| max as f64),
            Self::Sum => calls.range().map(|_| calls.sum() as f64),
            Self::Percentile(percent) => calls.percentile(percent / 100.0).map(|ns| ns as f64),
        }
    }

    pub(super) fn show(self, value: f64) -> String {
        match self.unit() {
            Unit::Number => value.to_string(),
            Unit::Percent => format!("{value}%"),
            Unit::Nanoseconds => {
                let units = [(1e9, "s"), (1e6, "ms"), (1e3, "us")];
                let (scale, unit) =
                    units.into_iter().find(|(scale, _)| value >= *scale).unwrap_or((1.0, "ns"));
                format!("{}{unit}", value / scale)
            }
        }
    }
}

/// `p95`, `p99.9`
fn percentile(name: &str) -> Option<Metric> {
    let percent: f64 = name.strip_prefix('p')?.parse().ok()?;
    (percent > 0.0 && percent < 100.0).then_some(Metric::Percentile(percent))
}

/// A limit in the unit of the number; of calls, a share as well, which makes the number one.
pub(super) fn limit(metric: Metric, value: &str) -> Result<(Metric, f64), String> {
    let percent = value.strip_suffix('%');
    let metric = match metric {
        Metric::Failed(_) if percent.is_some() => Metric::Failed(Unit::Percent),
        Metric::Cancelled(_) if percent.is_some() => Metric::Cancelled(Unit::Percent),
        other => other,
    };
    let unsigned =
        |text: &str| text.parse::<f64>().ok().filter(|number| number.is_finite() && *number >= 0.0);
    let limit = match metric.unit() {
        Unit::Percent => percent.and_then(unsigned).ok_or("no share; write it as in `failed>1%`".to_owned()),
        Unit::Number => value
            .parse::<u64>()
            .map(|number| number as f64)
            .map_err(|_| "this must be a whole number".to_owned()),
        Unit::Nanoseconds => {
            duration::read(value).map(|ns| ns as f64).ok_or(format!("no duration; {}", duration::HINT))
        }
    };
    Ok((metric, limit?))
}
