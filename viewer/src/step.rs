//! What a retry said, read back: from the fields of our own records, and from the sentence alone where a line has no
//! fields, as the guide's have not.

use std::borrow::Cow;
use std::sync::LazyLock;

use logwright::record::{Kind, Record};
use memchr::memmem::FinderRev;
use serde_json::Value;

/// A decision of a retry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Step {
    /// How many attempts there were so far.
    pub(crate) attempts: u32,
    /// How many there may be, where that is said.
    pub(crate) max_attempts: Option<u32>,
    /// The wait to come, or all waits where it is over.
    pub(crate) wait_ms: u32,
    pub(crate) verdict: Verdict,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Verdict {
    /// The attempt failed; another one follows.
    Again,
    /// A later attempt succeeded.
    Recovered,
    /// All attempts are used up.
    Exhausted,
    /// It is over for another reason: a deadline, a budget, a wait too long.
    Stopped,
    /// The error was not worth another attempt.
    Declined,
}

impl Step {
    /// The step, and the name of the function that is retried.
    pub(crate) fn of<'a>(record: &'a Record<'_>) -> Option<(Cow<'a, str>, Self)> {
        if record.kind != Kind::Log || !is_told(&record.message) {
            return None;
        }
        let told = if record.context.as_str().is_empty() { None } else { fields(record) };
        told.or_else(|| sentence(record))
    }
}

/// The error that a retry tells of, as its message has it: without what is said around it.
pub(crate) fn error_of(message: &str) -> Option<&str> {
    let (said, _) = parts(message);
    is_told(said).then_some(())?;
    // Before the first colon there is nothing of the error's.
    let error = said[said.find(':')? + 1..].strip_prefix(' ')?;
    Some(waits(error).map_or(error, |(error, _)| error))
}

/// What stands before `. Retrying in 2 seconds...`, and how many seconds that are.
fn waits(said: &str) -> Option<(&str, f64)> {
    let (before, seconds) = said.strip_suffix(" seconds...")?.rsplit_once(' ')?;
    Some((before.strip_suffix(". Retrying in")?, seconds.parse().ok()?))
}

/// The sentence, and the fields that our own text lines have behind it.
fn parts(message: &str) -> (&str, &str) {
    static NAME: LazyLock<FinderRev<'static>> = LazyLock::new(|| FinderRev::new(" name=\""));
    let at = if message.ends_with("...") { None } else { NAME.rfind(message) };
    at.map_or((message, ""), |at| message.split_at(at))
}

/// Whether a message may be a retry's: asked for every record, so a look at its first word must do.
fn is_told(message: &str) -> bool {
    ["Attempt ", "Failed after ", "Succeeded after ", "Not retrying: "]
        .iter()
        .any(|start| message.starts_with(start))
}

fn fields<'a>(record: &Record<'_>) -> Option<(Cow<'a, str>, Step)> {
    let fields = record.context.to_value();
    let number = |key: &str| fields[key].as_u64().map(|number| u32::try_from(number).unwrap_or(u32::MAX));
    let name = fields["name"].as_str()?.to_owned();
    let verdict = match fields["reason"].as_str() {
        Some("max_attempts") => Verdict::Exhausted,
        Some("not_retryable") => Verdict::Declined,
        Some(_) => Verdict::Stopped,
        None if fields["attempt"] != Value::Null => Verdict::Again,
        None => Verdict::Recovered,
    };
    let again = verdict == Verdict::Again;
    let step = Step {
        attempts: number(if again { "attempt" } else { "attempts" })?,
        max_attempts: number("max_attempts"),
        wait_ms: number(if again { "delay_ms" } else { "slept_ms" }).unwrap_or(0),
        verdict,
    };
    Some((Cow::Owned(name), step))
}

/// `Attempt 1 failed: .. Retrying in 2 seconds...`, `Failed after 3 attempts: ..`, `Succeeded after 2 attempts`, with ` name="fetch" ..`
/// behind it where it is ours.
fn sentence<'a>(record: &'a Record<'_>) -> Option<(Cow<'a, str>, Step)> {
    let (said, fields) = parts(&record.message);
    let mut step = said_step(said)?;
    let Some(name) = fields.split('"').nth(1) else { return Some((Cow::Borrowed(&record.logger), step)) };
    let field = |key: &str| {
        let rest = fields.split(' ').find_map(|field| field.strip_prefix(key)?.strip_prefix('='))?;
        rest.trim_matches('"').parse::<u32>().ok()
    };
    step.max_attempts = field("max_attempts");
    step.wait_ms = field("delay_ms").or(field("slept_ms")).unwrap_or(step.wait_ms);
    step.verdict = match fields.split("reason=\"").nth(1).and_then(|rest| rest.split('"').next()) {
        None | Some("max_attempts") => step.verdict,
        Some("not_retryable") => Verdict::Declined,
        Some(_) => Verdict::Stopped,
    };
    Some((Cow::Borrowed(name), step))
}

fn said_step(message: &str) -> Option<Step> {
    let number = |text: &str, behind: &str| {
        let rest = text.strip_prefix(behind)?;
        rest[..rest.find(' ')?].parse::<u32>().ok()
    };
    let over = |attempts, verdict| Step { attempts, max_attempts: None, wait_ms: 0, verdict };
    if let Some(attempts) = number(message, "Failed after ") {
        return Some(over(attempts, Verdict::Exhausted));
    }
    if let Some(attempts) = number(message, "Succeeded after ") {
        return Some(over(attempts, Verdict::Recovered));
    }
    if message.starts_with("Not retrying: ") {
        return Some(over(1, Verdict::Declined));
    }
    let attempts = number(message, "Attempt ")?;
    let (_, wait) = waits(message).filter(|(_, seconds)| (0.0..4e6).contains(seconds))?;
    let wait_ms = (wait * 1000.0).round() as u32;
    Some(Step { attempts, max_attempts: None, wait_ms, verdict: Verdict::Again })
}

#[cfg(test)]
pub(crate) mod tests {
    use logwright::record::json;

    use super::*;

    /// What a retry writes, as it is read back from a line.
    pub(crate) fn told(message: &str, context: &str) -> Record<'static> {
        let mut line = String::new();
        json::write(
            &mut line,
            &Record { logger: "a.b".into(), message: message.into(), ..Record::default() },
        );
        if !context.is_empty() {
            line.truncate(line.rfind('}').unwrap());
            line.push_str(&format!(",\"context\":{context}}}"));
        }
        json::read(&line).unwrap().into_owned()
    }

    #[track_caller]
    fn check(message: &str, context: &str, expected: Option<(&str, u32, u32, Verdict)>) {
        let record = told(message, context);
        let found = Step::of(&record);
        let found = found.as_ref().map(|(name, step)| (&**name, step.attempts, step.wait_ms, step.verdict));
        assert_eq!(found, expected, "{message}");
    }

    #[test]
    fn our_own_fields_are_read() {
        let again = r#"{"name":"fetch","attempt":1,"max_attempts":3,"delay_ms":120}"#;
        check(
            "Attempt 1 failed: x. Retrying in 0.12 seconds...",
            again,
            Some(("fetch", 1, 120, Verdict::Again)),
        );
        let over = r#"{"name":"fetch","attempts":3,"reason":"max_attempts","slept_ms":320}"#;
        check("Failed after 3 attempts: x", over, Some(("fetch", 3, 320, Verdict::Exhausted)));
        let over = r#"{"name":"fetch","attempts":2,"reason":"deadline","slept_ms":9}"#;
        check("Failed after 2 attempts: x", over, Some(("fetch", 2, 9, Verdict::Stopped)));
        let over = r#"{"name":"fetch","attempts":1,"reason":"not_retryable","slept_ms":0}"#;
        check("Not retrying: gone", over, Some(("fetch", 1, 0, Verdict::Declined)));
        let over = r#"{"name":"fetch","attempts":2,"slept_ms":120}"#;
        check("Succeeded after 2 attempts", over, Some(("fetch", 2, 120, Verdict::Recovered)));
    }

    #[test]
    fn our_own_text_lines_say_the_same_as_the_fields() {
        let again = r#"Attempt 1 failed: a name="b". Retrying in 0.12 seconds... name="fetch" attempt=1 max_attempts=3 delay_ms=120"#;
        check(again, "", Some(("fetch", 1, 120, Verdict::Again)));
        let over = r#"Failed after 3 attempts: x name="fetch" attempts=3 reason="deadline" slept_ms=320"#;
        check(over, "", Some(("fetch", 3, 320, Verdict::Stopped)));
        check(
            r#"Succeeded after 2 attempts name="fetch" attempts=2 slept_ms=9"#,
            "",
            Some(("fetch", 2, 9, Verdict::Recovered)),
        );
        assert_eq!(error_of(again), Some(r#"a name="b""#));
        assert_eq!((error_of(over), error_of("Not retrying: gone")), (Some("x"), Some("gone")));
        assert_eq!((error_of("no: room"), error_of("Succeeded after 2 attempts")), (None, None));
    }

    #[test]
    fn sentences_without_fields_are_read() {
        let of = |attempts, wait, verdict| Some(("a.b", attempts, wait, verdict));
        check("Attempt 1 failed: a - b. Retrying in 2 seconds...", "", of(1, 2000, Verdict::Again));
        check("Attempt 2 failed: x. Retrying in 0.5 seconds...", "", of(2, 500, Verdict::Again));
        check("Failed after 3 attempts: gone", "", of(3, 0, Verdict::Exhausted));
        for other in ["Attempt to fetch", "Attempt 1 failed: x", "Failed after all", "Succeeded after 2", "x"]
        {
            check(other, "", None);
        }
    }
}
