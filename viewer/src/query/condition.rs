//! Conditions of `--fail-on`: `op=stitch p95>2s`, `errors>10`. A number of the report, an operator and a limit, and which
//! operations it is asked of; without `op=`, each. Pure: the numbers come from whoever has them.

use std::str::FromStr;

use super::error::{QueryError, instead};
use super::metric::{Calls, Metric, Numbers, limit};
use super::pattern::Pattern;
use super::term::Order;
use super::words::{Operator, Word, words};

/// A condition as it was written, and what it means.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Condition {
    text: String,
    operations: Option<Pattern>,
    metric: Metric,
    order: Order,
    limit: f64,
}

/// What a condition comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Finding {
    Holds,
    /// It is met, by which value.
    Hit(String),
    /// There was nothing to compare.
    Unmeasured(String),
}

impl FromStr for Condition {
    type Err = QueryError;

    fn from_str(text: &str) -> Result<Self, QueryError> {
        let (mut operations, mut compared) = (None, None);
        for word in words(text)? {
            match word.key {
                Some(("op" | "operation", Operator::Equal)) if !word.negated && operations.is_none() => {
                    operations = Some(Pattern::read(word.value));
                }
                Some((name, operator)) if !word.negated && compared.is_none() => {
                    compared = Some((comparison(text, &word, name, operator)?, word.at));
                }
                _ => {
                    return Err(QueryError::new(
                        text,
                        word.at,
                        "a condition is one comparison, with `op=NAME` where it is of an operation, as in `op=stitch p95>2s`",
                    ));
                }
            }
        }
        let Some(((metric, order, limit), at)) = compared else {
            return Err(QueryError::new(
                text,
                text.len(),
                "nothing is compared; write `errors>10` or `op=stitch p95>2s`",
            ));
        };
        if operations.is_some() && matches!(metric, Metric::Of(_)) {
            return Err(QueryError::new(text, at, "this number is one of the whole log; leave `op=` out"));
        }
        Ok(Self { text: text.to_owned(), operations, metric, order, limit })
    }
}

/// Reads `p95>2s`.
fn comparison(
    text: &str,
    word: &Word<'_>,
    name: &str,
    operator: Operator,
) -> Result<(Metric, Order, f64), QueryError> {
    let metric = Metric::read(name).map_err(|what| QueryError::new(text, word.at, what))?;
    let order = Order::of(operator).filter(|_| operator != Operator::Unequal);
    let Some(order) = order else {
        return Err(QueryError::new(text, word.at, "a number is compared by >, >=, <, <= or ="));
    };
    let (metric, limit) =
        limit(metric, word.value).map_err(|what| QueryError::new(text, word.value_at, what))?;
    Ok((metric, order, limit))
}

impl Condition {
    /// As it was written.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Whether these numbers meet it.
    pub(crate) fn check(&self, numbers: &dyn Numbers) -> Finding {
        let name = self.metric.name();
        let Metric::Of(total) = self.metric else { return self.check_operations(&numbers.operations()) };
        match numbers.total(total) {
            Some(found) if self.is_met_by(found as f64) => Finding::Hit(format!("{name} is {found}")),
            Some(_) => Finding::Holds,
            None => Finding::Unmeasured(format!("{name} are not counted")),
        }
    }

    fn check_operations(&self, operations: &[(&str, &dyn Calls)]) -> Finding {
        let is_asked = |name: &str| self.operations.as_ref().is_none_or(|pattern| pattern.is(name));
        let asked: Vec<_> = operations.iter().filter(|(name, _)| is_asked(name)).collect();
        if asked.is_empty() {
            return self.without_calls(operations.iter().map(|(name, _)| *name));
        }
        let values = asked.iter().filter_map(|(name, calls)| Some((*name, self.metric.of(*calls)?)));
        let values: Vec<_> = values.collect();
        let hits: Vec<_> = values.iter().filter(|(_, value)| self.is_met_by(*value)).collect();
        let metric = self.metric.name();
        match &*hits {
            [] if values.is_empty() => Finding::Unmeasured(format!("{metric} was not measured")),
            [] => Finding::Holds,
            [(name, value), more @ ..] => {
                let more =
                    if more.is_empty() { String::new() } else { format!(" (and {} more)", more.len()) };
                Finding::Hit(format!("{metric} of {name} is {}{more}", self.metric.show(*value)))
            }
        }
    }

    fn is_met_by(&self, value: f64) -> bool {
        self.order.holds(value.partial_cmp(&self.limit))
    }

    /// Of an operation that never ran, the calls can be counted, and nothing else is known.
    fn without_calls<'a>(&self, known: impl Iterator<Item = &'a str>) -> Finding {
        let asked = self.operations.as_ref().map_or("*".to_owned(), ToString::to_string);
        if self.metric == Metric::Count && self.is_met_by(0.0) {
            return Finding::Hit(format!("count of {asked} is 0"));
        }
        if self.metric == Metric::Count {
            return Finding::Holds;
        }
        let known: Vec<_> = known.collect();
        let way_out = if known.is_empty() { String::new() } else { format!("; {}", instead(&asked, known)) };
        Finding::Unmeasured(format!("no operation is called {asked}{way_out}"))
    }
}

#[cfg(test)]
mod tests {
    use super::super::metric::Total;
    use super::*;

    struct Log(Vec<(&'static str, Times)>);

    struct Times(Vec<u64>);

    impl Numbers for Log {
        fn total(&self, total: Total) -> Option<u64> {
            (total != Total::Retries).then_some(12)
        }

        fn operations(&self) -> Vec<(&str, &dyn Calls)> {
            self.0.iter().map(|(name, times)| (*name, times as &dyn Calls)).collect()
        }
    }

    impl Calls for Times {
        fn count(&self) -> u64 {
            self.0.len() as u64
        }
        fn failed(&self) -> u64 {
            1
        }
        fn cancelled(&self) -> u64 {
            0
        }
        fn average(&self) -> Option<f64> {
            Some(self.sum() as f64 / self.0.len() as f64)
        }
        fn range(&self) -> Option<(u64, u64)> {
            self.0.iter().copied().min().zip(self.0.iter().copied().max())
        }
        fn sum(&self) -> u128 {
            self.0.iter().map(|ns| u128::from(*ns)).sum()
        }
        fn percentile(&self, share: f64) -> Option<u64> {
            let mut sorted = self.0.clone();
            sorted.sort_unstable();
            sorted.get(((share * sorted.len() as f64).ceil() as usize).saturating_sub(1)).copied()
        }
    }

    fn finding(condition: &str) -> Finding {
        let times = |ms: &[u64]| Times(ms.iter().map(|ms| ms * 1_000_000).collect());
        let log = Log(vec![
            ("stitch", times(&[1000, 1500, 3000, 2500])),
            ("fetch_page", times(&[5])),
            ("none", Times(vec![])),
        ]);
        condition.parse::<Condition>().unwrap().check(&log)
    }

    #[test]
    fn a_hit_says_what_was_found() {
        for (condition, expected) in [
            ("op=stitch p95>2s", "p95 of stitch is 3s"),
            ("p50>=1.5s", "p50 of stitch is 1.5s"),
            ("op=stitch p99.9>2s", "p99.9 of stitch is 3s"),
            ("op=stitch failed>1%", "failed of stitch is 25%"),
            ("op=* failed>0", "failed of stitch is 1 (and 2 more)"),
            ("op=*_page max<6ms", "max of fetch_page is 5ms"),
            ("op=stitch avg=2s", "avg of stitch is 2s"),
            ("op=stitch total>1s", "total of stitch is 8s"),
            ("op=stich count<1", "count of stich is 0"),
            ("errors>10", "errors is 12"),
        ] {
            assert_eq!(finding(condition), Finding::Hit(expected.to_owned()), "{condition}");
        }
    }

    #[test]
    fn a_limit_that_is_kept_is_no_hit() {
        for condition in
            ["op=stitch p95>3s", "errors>12", "op=stitch count<1", "op=x count>3", "op=stitch failed>25%"]
        {
            assert_eq!(finding(condition), Finding::Holds, "{condition}");
        }
    }

    #[test]
    fn what_was_not_measured_is_told_and_is_no_hit() {
        for (condition, expected) in [
            ("op=stich p95>2s", "no operation is called stich; did you mean `stitch`?"),
            ("op=none max>2s", "max was not measured"),
            ("retries>2", "retries are not counted"),
        ] {
            assert_eq!(finding(condition), Finding::Unmeasured(expected.to_owned()), "{condition}");
        }
    }

    #[test]
    fn what_is_no_condition_is_refused_where_it_stands() {
        for (text, column, start) in [
            ("", 1, "nothing is compared"),
            ("op=stitch", 10, "nothing is compared"),
            ("op=stitch p100>2s", 11, "unknown number `p100`"),
            ("op=stitch p95>2", 15, "no duration"),
            ("erors>1", 1, "unknown number `erors`; did you mean `errors`?"),
            ("errors>1%", 8, "this must be a whole number"),
            ("errors!=1", 1, "a number is compared by"),
            ("op=x errors>1", 6, "this number is one of the whole log"),
            ("errors>1 warnings>1", 10, "a condition is one comparison"),
            ("-errors>1", 2, "a condition is one comparison"),
        ] {
            let error = text.parse::<Condition>().unwrap_err();
            assert!(error.to_string().starts_with(start), "{error}");
            assert_eq!(error.column(), column, "{error}");
        }
    }
}
