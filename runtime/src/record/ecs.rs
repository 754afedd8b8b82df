//! The line in Elastic Common Schema: the same record under that schema's names, keys dotted and in a fixed order. User
//! data is only under `labels`, whose values are scalars.

use std::borrow::Cow;
use std::collections::HashSet;

use super::json::Line;
use super::{Kind, Record, Status};
use crate::json::{members, push_str, string, strings};
use crate::keys::ecs::{self as keys, member};

/// Appends the record as one line, its line feed included. `service` is what the program is called; it may be empty.
///
/// | ECS | of the record |
/// |---|---|
/// | `@timestamp`, `log.level`, `message` | `timestamp`, `level`, `message` |
/// | `ecs.version` | the version of the schema, 8.17.0 |
/// | `service.name`, `event.dataset` | the service, and `<service>.log` |
/// | `service.ephemeral_id` | `run` |
/// | `event.type` | `kind`: `["start"]` and `["end"]` of an operation, `["error"]` of a panic and of lost records, else `["info"]` |
/// | `event.action` | `operation` |
/// | `event.sequence`, `event.start`, `event.duration` | `seq`, `start`, `duration_ns` |
/// | `event.outcome` | `status`: `success`; `failure` of a failure and of a panic; `unknown` of a cancelled call, and before the end |
/// | `log.logger`, `log.origin.file.name`, `log.origin.file.line` | `logger`, `src` |
/// | `process.pid`, `process.thread.name` | `pid`, `thread` |
/// | `trace.id`, `span.id` | `trace_id`, `op_id` |
/// | `error.message`, `error.type`, `error.stack_trace` | `error`, `error_type`, and the `error_chain` as a text |
/// | `labels` | `context` and `result` |
///
/// In the names of labels `.`, `*` and `\\` become `_`; one that is there already has a number behind it. What is no scalar
/// is its JSON text. Labels that begin with `logwright_` have what the schema has no field for: `status`, `parent_id`,
/// `busy_ns`, `attempts`, `retry_wait_ms`, `dropped_events`, `truncated` and `lost`. An operation's `events` are left out; with
/// level DEBUG each is a line of its own.
///
/// ```
/// use logwright::record::{ecs, Record};
/// let mut line = String::new();
/// ecs::write(&mut line, &Record { message: "2 pages".into(), ..Record::default() }, "chaptrix");
/// assert!(line.starts_with(r#"{"@timestamp":"1970-01-01T00:00:00.000000Z","log.level":"INFO","message":"2 pages","#));
/// ```
pub fn write(out: &mut String, record: &Record<'_>, service: &str) {
    write_numbered(out, record, service, record.seq);
}

/// The same with the number that the writing sink gives to the record.
pub(crate) fn write_numbered(out: &mut String, record: &Record<'_>, service: &str, seq: Option<u64>) {
    let mut line = Line::begin(out);
    // The first member has no comma in front.
    line.time(&member::TIMESTAMP[1..], record.timestamp);
    line.word(member::LEVEL, record.level.as_str());
    line.str(member::MESSAGE, &record.message);
    line.word(member::VERSION, keys::SCHEMA_VERSION);
    line.service(record, service);
    line.event(record, seq);
    line.place(record);
    line.error(record);
    Labels { line: &mut line, names: HashSet::new() }.write(record);
    line.end();
}

impl Line<'_> {
    fn service(&mut self, record: &Record<'_>, service: &str) {
        if !service.is_empty() {
            self.str(member::SERVICE, service);
        }
        if let Some(run) = record.run {
            self.hex::<8>(member::RUN, run.into());
        }
        if !service.is_empty() {
            self.str(member::DATASET, &format!("{service}.log"));
        }
    }

    fn event(&mut self, record: &Record<'_>, seq: Option<u64>) {
        let kind = match record.kind {
            Kind::OpStart => "start",
            Kind::OpEnd => "end",
            Kind::Panic | Kind::LogLoss => "error",
            Kind::Log | Kind::OpEvent | Kind::LogOpen => "info",
        };
        // By the schema it may have several values.
        self.out.push_str(member::TYPE);
        self.out.push('[');
        push_str(self.out, kind);
        self.out.push(']');
        self.optional(member::OPERATION, record.operation.as_deref());
        self.count(member::SEQ, seq);
        if let Some(start) = record.start {
            self.time(member::START, start);
        }
        self.count(member::DURATION, record.duration_ns);
        self.optional(member::OUTCOME, record.status.map(outcome));
    }

    fn place(&mut self, record: &Record<'_>) {
        self.str(member::LOGGER, &record.logger);
        if let Some(src) = &record.src {
            let place = src.rsplit_once(':').and_then(|(file, line)| Some((file, line.parse().ok()?)));
            let (file, line) = place.map_or((&**src, None), |(file, line)| (file, Some(line)));
            self.str(member::FILE, file);
            self.count(member::FILE_LINE, line);
        }
        self.count(member::PID, record.pid.map(u64::from));
        self.optional(member::THREAD, record.thread.as_deref());
        if let Some(trace_id) = record.trace_id {
            self.hex::<32>(member::TRACE_ID, trace_id.0.get());
        }
        if let Some(op_id) = record.op_id {
            self.hex::<16>(member::OP_ID, op_id.0.get().into());
        }
    }

    fn error(&mut self, record: &Record<'_>) {
        self.optional(member::ERROR, record.error.as_deref());
        self.optional(member::ERROR_TYPE, record.error_type.as_deref());
        let causes: Vec<_> =
            strings(record.error_chain.as_str()).map(|cause| format!("caused by: {cause}")).collect();
        self.optional(member::CAUSES, (!causes.is_empty()).then(|| causes.join("\n")).as_deref());
    }

    fn optional(&mut self, member: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.str(member, value);
        }
    }
}

/// What the schema calls the way a call ended.
const fn outcome(status: Status) -> &'static str {
    match status {
        Status::Success => "success",
        Status::Failure | Status::Panicked => "failure",
        Status::Started | Status::Cancelled => "unknown",
    }
}

/// The object of labels. Elasticsearch refuses a line with one name twice in it.
struct Labels<'l, 'a, 'n> {
    line: &'l mut Line<'a>,
    names: HashSet<Cow<'n, str>>,
}

impl<'n> Labels<'_, '_, 'n> {
    fn write(mut self, record: &'n Record<'_>) {
        for object in [&record.context, &record.result] {
            members(object.as_str()).for_each(|(key, value)| self.user(key, value));
        }
        self.own("status", record.status.map(|status| format!("\"{status}\"")));
        self.own("parent_id", record.parent_id.map(|id| format!("\"{id}\"")));
        self.count("busy_ns", record.busy_ns);
        self.count("attempts", record.attempts);
        self.count("retry_wait_ms", record.retry_wait_ms);
        self.count("dropped_events", Some(record.dropped_events).filter(|&count| count > 0));
        let truncated: Vec<_> = strings(record.truncated.as_str()).collect();
        self.own("truncated", (!truncated.is_empty()).then(|| quoted(&truncated.join(" "))));
        self.count("lost", record.lost);
        if !self.names.is_empty() {
            self.line.out.push('}');
        }
    }

    /// A field of the user's: raw key and raw value.
    fn user(&mut self, key: &'n str, value: &str) {
        let name = string(key).unwrap_or_default();
        let name = if name.contains(['.', '*', '\\']) {
            Cow::Owned(name.replace(['.', '*', '\\'], "_"))
        } else {
            name
        };
        match value.as_bytes().first() {
            // Nothing is what a missing field says as well.
            Some(b'n') | None => {}
            Some(b'{' | b'[') => self.add(name, &quoted(value)),
            _ => self.add(name, value),
        }
    }

    fn count(&mut self, name: &str, value: Option<u64>) {
        self.own(name, value.map(|value| value.to_string()));
    }

    fn own(&mut self, name: &str, value: Option<String>) {
        if let Some(value) = value {
            self.add(Cow::Owned(format!("{}{name}", keys::OWN_LABEL)), &value);
        }
    }

    fn add(&mut self, mut name: Cow<'n, str>, value: &str) {
        while name.trim().is_empty() || self.names.contains(&name) {
            let number = self.names.len();
            name = Cow::Owned(format!("{name}_{number}"));
        }
        if self.names.is_empty() {
            self.line.out.push_str(member::LABELS);
        }
        self.line.out.push(if self.names.is_empty() { '{' } else { ',' });
        push_str(self.line.out, &name);
        self.line.out.push(':');
        self.line.out.push_str(value);
        self.names.insert(name);
    }
}

fn quoted(text: &str) -> String {
    let mut out = String::new();
    push_str(&mut out, text);
    out
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value};

    use super::*;
    use crate::json::{Json, members};
    use crate::record::tests::full;

    fn line(record: &Record<'_>, service: &str) -> Map<String, Value> {
        let mut line = String::new();
        write(&mut line, record, service);
        assert!(line.ends_with("}\n") && line.matches('\n').count() == 1, "{line}");
        let whole: Map<String, Value> = serde_json::from_str(&line).unwrap();
        // One name twice would be one member less.
        assert_eq!(members(line.trim_end()).count(), whole.len(), "{line}");
        let labels = members(&line).find(|(key, _)| *key == "\"labels\"").map_or("", |(_, labels)| labels);
        let read = whole.get("labels").map_or(0, |labels| labels.as_object().unwrap().len());
        assert_eq!(members(labels).count(), read, "{labels}");
        whole
    }

    #[test]
    fn a_full_record_has_every_field_in_the_order_of_the_keys() {
        let mut text = String::new();
        write(&mut text, &full(), "chaptrix");
        let names: Vec<_> = members(&text).map(|(key, _)| key.trim_matches('"')).collect();
        assert_eq!(names, keys::LINE);
        assert_eq!(names[..3], ["@timestamp", "log.level", "message"]);
        let line = line(&full(), "chaptrix");
        for (key, expected) in [
            ("service.name", "chaptrix".into()),
            ("event.dataset", "chaptrix.log".into()),
            ("service.ephemeral_id", "5f1d0a2c".into()),
            ("event.type", vec!["end"].into()),
            ("event.action", "stitch".into()),
            ("event.sequence", 431.into()),
            ("event.duration", 2_342_886_104_u64.into()),
            ("event.outcome", "failure".into()),
            ("log.origin.file.name", "src/stitch.rs".into()),
            ("log.origin.file.line", 12.into()),
            ("span.id", "6e0c63257de34c92".into()),
            ("error.stack_trace", "caused by: disk\nfull\ncaused by: no space".into()),
        ] {
            assert_eq!(line[key], Value::clone(&expected), "{key}");
        }
        let labels = line["labels"].as_object().unwrap();
        assert_eq!((&labels["comic"], &labels["pages"]), (&"Tower\u{1b}".into(), &0.into()));
        assert_eq!(labels["logwright_parent_id"], "0000000000000001");
        assert_eq!(labels["logwright_truncated"], "/message /context/comic");
        assert_eq!(labels["logwright_lost"], 1);
    }

    #[test]
    fn a_record_that_has_nothing_has_what_the_schema_requires() {
        let line = line(&Record::default(), "");
        let names: Vec<_> = line.keys().map(String::as_str).collect();
        assert_eq!(names, ["@timestamp", "ecs.version", "event.type", "log.level", "log.logger", "message"]);
    }

    #[test]
    fn kinds_and_ways_out_are_words_of_the_schema() {
        let kinds =
            Kind::ALL.map(|kind| line(&Record { kind, ..Record::default() }, "")["event.type"].clone());
        assert_eq!(
            kinds.map(|kind| kind[0].as_str().unwrap().to_owned()),
            ["info", "start", "info", "end", "error", "error", "info"]
        );
        let outcomes = Status::ALL.map(|status| {
            let line = line(&Record { status: Some(status), ..Record::default() }, "");
            assert_eq!(line["labels"]["logwright_status"], status.as_str());
            line["event.outcome"].clone()
        });
        assert_eq!(outcomes, ["unknown", "success", "failure", "unknown", "failure"]);
    }

    #[test]
    fn labels_are_scalars_whose_names_elasticsearch_takes() {
        let context =
            r#"{"a.b":1,"a*b":"x","a\\b":true,"a_b_1":2,"":0.5,"no":null,"in":{"k":[1,"\n"]},"list":["y"]}"#;
        let (context, result) = (Json::new(context), Json::new(r#"{"a_b":"of the result"}"#));
        let line = line(&Record { context, result, ..Record::default() }, "");
        let labels = line["labels"].as_object().unwrap();
        let expected = serde_json::json!({
            "a_b": 1, "a_b_1": "x", "a_b_2": true, "a_b_1_3": 2, "_4": 0.5,
            "in": r#"{"k":[1,"\n"]}"#, "list": r#"["y"]"#, "a_b_7": "of the result",
        });
        assert_eq!(labels, expected.as_object().unwrap());
    }

    #[test]
    fn a_place_without_a_line_is_a_name() {
        let of = |src: &'static str| line(&Record { src: Some(src.into()), ..Record::default() }, "");
        assert_eq!(of("C:\\a.rs")["log.origin.file.name"], "C:\\a.rs");
        assert_eq!(of("C:\\a.rs:7")["log.origin.file.line"], 7);
    }
}
