//! What a URL asks for: the filter, the time, and what the section needs besides. Its whole state is the query string, and
//! keys that are not known are kept in every link.

use form_urlencoded::Serializer;
use logwright::record::Timestamp;

use crate::query::{Moment, Query, TimeRange};

/// The keys that all sections share; a link to another section keeps these and those that are not known.
const SHARED: [&str; 6] = ["q", "since", "until", "days", "problem", "run"];
/// Those of one section alone.
const OWN: [&str; 9] = ["page", "at", "op", "id", "by", "a", "b", "token", "around"];

/// A request for a page.
#[derive(Debug, Default)]
pub(super) struct View {
    pub(super) path: String,
    pairs: Vec<(String, String)>,
    pub(super) query: Query,
    pub(super) range: TimeRange,
    /// What is wrong with the filter or the time; everything is shown then.
    pub(super) error: Option<String>,
}

impl View {
    pub(super) fn of(path: &str, query: &str, now: Timestamp) -> Self {
        let pairs = form_urlencoded::parse(query.as_bytes()).into_owned();
        // A form sends the fields that nothing was written in.
        let pairs = pairs.filter(|(_, value)| !value.is_empty()).collect();
        let mut view = Self { path: path.to_owned(), pairs, ..Self::default() };
        view.take_in_terms();
        match Query::parse(view.get("q")) {
            Ok(query) => view.query = query,
            Err(error) => view.error = Some(format!("the filter: {error}")),
        }
        match view.times(now) {
            Ok(range) => view.range = range,
            Err(error) => view.error = Some(format!("the time: {error}")),
        }
        view
    }

    /// What lists and fields of a form add to the filter: `add` is a term, `text` what is looked for.
    fn take_in_terms(&mut self) {
        let mut q = self.get("q").to_owned();
        for (key, value) in &self.pairs {
            let term = match &**key {
                "add" => value.clone(),
                "text" => quoted(value),
                _ => continue,
            };
            q = if q.is_empty() { term } else { format!("{q} {term}") };
        }
        self.pairs.retain(|(key, _)| !["q", "add", "text"].contains(&&**key));
        if !q.is_empty() {
            self.pairs.insert(0, ("q".to_owned(), q));
        }
    }

    fn times(&self, now: Timestamp) -> Result<TimeRange, crate::query::QueryError> {
        let moment =
            |key| Some(self.get(key)).filter(|text| !text.is_empty()).map(str::parse::<Moment>).transpose();
        let (mut since, until) = (moment("since")?, moment("until")?);
        if let (None, Some(days)) = (&since, self.days()) {
            since = Some(format!("-{}h", days * 24).parse()?);
        }
        TimeRange::new(since.as_ref(), until.as_ref(), &"utc".parse()?, now)
    }

    /// How many days back from now are shown, where that was chosen.
    pub(super) fn days(&self) -> Option<u32> {
        self.get("days").parse().ok().filter(|days| (1..=36_500).contains(days))
    }

    /// The value of a key; empty where there is none.
    pub(super) fn get(&self, key: &str) -> &str {
        self.pairs.iter().rev().find(|(known, _)| known == key).map_or("", |(_, value)| value)
    }

    /// The same for a number.
    pub(super) fn number(&self, key: &str) -> Option<u64> {
        self.get(key).parse().ok()
    }

    /// All keys but these: what a form that asks for these has to send besides.
    pub(super) fn others<'a>(&'a self, keys: &'a [&str]) -> impl Iterator<Item = (&'a str, &'a str)> {
        let pairs = self.pairs.iter().map(|(key, value)| (&**key, &**value));
        pairs.filter(move |(key, _)| !keys.contains(key) && !["page", "token"].contains(key))
    }

    /// A link to a section with the same filter and time.
    pub(super) fn to(&self, path: &str) -> String {
        self.link(path, &[])
    }

    /// The same with some keys set, or with an empty value taken out. Within the section its own keys stay.
    pub(super) fn link(&self, path: &str, set: &[(&str, &str)]) -> String {
        let stays = |key: &str| key != "token" && (path == self.path || !OWN.contains(&key));
        let mut out = Serializer::for_suffix(format!("{path}?"), path.len() + 1);
        for (key, value) in &self.pairs {
            if stays(key) && !set.iter().any(|(known, _)| known == key) {
                out.append_pair(key, value);
            }
        }
        set.iter().filter(|(_, value)| !value.is_empty()).for_each(|(key, value)| {
            out.append_pair(key, value);
        });
        let link = out.finish();
        link.strip_suffix('?').unwrap_or(&link).to_owned()
    }

    /// A link to a section with a term more in the filter.
    pub(super) fn with_term(&self, path: &str, term: &str) -> String {
        let known = self.get("q");
        let is_in = format!(" {known} ").contains(&format!(" {term} "));
        let q = if known.is_empty() || is_in { term.to_owned() } else { format!("{known} {term}") };
        self.link(path, &[("q", if is_in { known } else { &q })])
    }

    /// What a selection of facts depends on.
    pub(super) fn key(&self) -> String {
        let problem = (self.get("problem"), self.get("run"));
        format!("{:?} {:?} {} {:?}", self.range.since, self.range.until, self.query, problem)
    }

    /// What is set of the filter and the time, to be shown and taken out.
    pub(super) fn filters(&self) -> impl Iterator<Item = (&'static str, &str)> {
        SHARED.into_iter().map(|key| (key, self.get(key))).filter(|(_, value)| !value.is_empty())
    }
}

/// `key="value"` as the filter language reads it.
pub(super) fn term(key: &str, value: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "_./:@+,%-".contains(c);
    let is_bare = !value.is_empty() && value.chars().all(is_plain);
    format!("{key}={}", if is_bare { value.to_owned() } else { quoted(value) })
}

fn quoted(value: &str) -> String {
    let mut quoted = "\"".to_owned();
    for c in value.chars() {
        quoted.push_str(if matches!(c, '*' | '"' | '\\') { "\\" } else { "" });
        quoted.push(c);
    }
    quoted + "\""
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view(query: &str) -> View {
        View::of("/explorer", query, Timestamp::from_micros(0))
    }

    #[test]
    fn unknown_keys_stay_in_every_link() {
        let view = view("q=a&new=1&page=3&op=x");
        assert_eq!(view.to("/"), "/?q=a&new=1");
        assert_eq!(view.link("/explorer", &[("page", "4")]), "/explorer?q=a&new=1&op=x&page=4");
        assert_eq!(view.link("/", &[("q", ""), ("new", "")]), "/");
    }

    #[test]
    fn a_term_is_added_once_and_reads_back() {
        let view = view("q=level%3Derror");
        let link = view.with_term("/explorer", &term("op", "a \"b\"*"));
        let again = View::of("/explorer", link.split_once('?').unwrap().1, Timestamp::from_micros(0));
        assert_eq!(again.get("q"), r#"level=error op="a \"b\"\*""#);
        assert!(again.error.is_none(), "{:?}", again.error);
        assert_eq!(again.with_term("/explorer", "level=error"), again.to("/explorer"));
    }

    #[test]
    fn a_filter_that_cannot_be_read_is_said() {
        assert!(view("q=levl%3D1").error.unwrap().contains("did you mean `level`?"));
        assert!(view("since=soon").error.is_some());
    }

    #[test]
    fn days_are_counted_back_from_now() {
        let now = Timestamp::from_micros(30 * 86_400_000_000);
        let view = View::of("/", "days=7", now);
        assert_eq!(view.range.since, Some(Timestamp::from_micros(23 * 86_400_000_000)));
        assert_eq!(View::of("/", "days=0", now).range, TimeRange::default());
    }
}
