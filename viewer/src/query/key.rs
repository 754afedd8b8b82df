//! What can be asked for by name, and what kind of value that is.

use std::borrow::Cow;
use std::fmt;

use logwright::Level;
use logwright::record::{Kind, Status};

use super::error::instead;

/// Something that a record may have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Key {
    Level,
    Operation,
    Logger,
    Duration,
    Status,
    Kind,
    Message,
    Error,
    ErrorType,
    Attempts,
    RetryWait,
    Busy,
    Run,
    Pid,
    Thread,
    Src,
    Seq,
    Depth,
    OpId,
    ParentId,
    TraceId,
    Lost,
    /// A field of the context, by its path.
    Context(String),
    /// A field of the operation's result.
    Result(String),
}

/// What a record has there.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value<'a> {
    /// Nothing.
    Missing,
    Level(Level),
    /// A count, an id, or a time in nanoseconds.
    Number(u128),
    Text(Cow<'a, str>),
}

/// How the values of a key are written and compared.
#[derive(Clone, Copy, Debug)]
pub(super) enum Form {
    Level,
    /// One of a few words.
    Word(fn() -> Vec<&'static str>),
    Text,
    Duration,
    Count,
    /// Hex digits, as many as that.
    Id(usize),
    /// A field of the program's own.
    Any,
}

/// The name first that a query is printed with.
static KEYS: [(&[&str], Key, Form); 22] = [
    (&["level"], Key::Level, Form::Level),
    (&["op", "operation"], Key::Operation, Form::Text),
    (&["logger"], Key::Logger, Form::Text),
    (&["dur", "duration"], Key::Duration, Form::Duration),
    (&["status"], Key::Status, Form::Word(statuses)),
    (&["kind"], Key::Kind, Form::Word(kinds)),
    (&["message", "msg"], Key::Message, Form::Text),
    (&["error"], Key::Error, Form::Text),
    (&["error_type"], Key::ErrorType, Form::Text),
    (&["attempts"], Key::Attempts, Form::Count),
    (&["wait", "retry_wait"], Key::RetryWait, Form::Duration),
    (&["busy"], Key::Busy, Form::Duration),
    (&["run"], Key::Run, Form::Id(8)),
    (&["pid"], Key::Pid, Form::Count),
    (&["thread"], Key::Thread, Form::Text),
    (&["src"], Key::Src, Form::Text),
    (&["seq"], Key::Seq, Form::Count),
    (&["depth"], Key::Depth, Form::Count),
    (&["op_id"], Key::OpId, Form::Id(16)),
    (&["parent_id"], Key::ParentId, Form::Id(16)),
    (&["trace_id", "trace"], Key::TraceId, Form::Id(32)),
    (&["lost"], Key::Lost, Form::Count),
];

fn statuses() -> Vec<&'static str> {
    Status::ALL.map(Status::as_str).to_vec()
}

fn kinds() -> Vec<&'static str> {
    // What a file says of itself, `log.open`, is no record of a program's.
    use Kind::{Log, LogLoss, OpEnd, OpEvent, OpStart, Panic};
    [Log, OpStart, OpEvent, OpEnd, Panic, LogLoss].map(Kind::as_str).to_vec()
}

impl Key {
    /// The key of that name; otherwise what to do instead.
    pub(super) fn read(name: &str) -> Result<Self, String> {
        if let Some((_, key, _)) = KEYS.iter().find(|(names, ..)| names.contains(&name)) {
            return Ok(key.clone());
        }
        let field = |prefixes: &[&str]| {
            let path = prefixes.iter().find_map(|prefix| name.strip_prefix(prefix));
            path.filter(|path| !path.is_empty()).map(str::to_owned)
        };
        let context = field(&["ctx.", "context."]).map(Key::Context);
        context.or_else(|| field(&["result."]).map(Key::Result)).ok_or_else(|| {
            let names = KEYS.iter().flat_map(|(names, ..)| names.iter().copied());
            let way_out = instead(name, names.chain(["ctx.NAME", "result.NAME"]));
            format!("unknown key `{name}`; {way_out} (a text with such a sign in it needs quotes)")
        })
    }

    pub(super) fn form(&self) -> Form {
        KEYS.iter().find(|(_, key, _)| key == self).map_or(Form::Any, |(_, _, form)| *form)
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Context(path) => write!(f, "ctx.{path}"),
            Self::Result(path) => write!(f, "result.{path}"),
            _ => f.write_str(KEYS.iter().find(|(_, key, _)| key == self).map_or("", |(names, ..)| names[0])),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_leads_to_its_key() {
        for (names, key, _) in &KEYS {
            assert!(names.iter().all(|name| Key::read(name).as_ref() == Ok(key)));
            assert_eq!(key.to_string(), names[0]);
        }
        assert_eq!(Key::read("ctx.a.b"), Ok(Key::Context("a.b".into())));
        assert_eq!(Key::read("context.a").unwrap().to_string(), "ctx.a");
        for name in ["ctx.", "result", "Level"] {
            assert!(Key::read(name).unwrap_err().starts_with(&format!("unknown key `{name}`; ")), "{name}");
        }
    }
}
