//! For tests of annotated code: see what it writes.

use std::sync::{Arc, OnceLock};

use tracing::subscriber::{Interest, NoSubscriber};
use tracing::{Dispatch, Metadata, Subscriber};
use tracing_subscriber::Registry;
use tracing_subscriber::layer::{Layer, SubscriberExt};

use crate::layer::RecordLayer;
use crate::record::Record;
use crate::sink::{Fanout, MemorySink};

/// Calls `body` and returns the records that it wrote on this thread, at every level.
///
/// Other threads and other tests are not disturbed: nothing is set up for the program, and no filter applies. For
/// async code, run a runtime of one thread in `body`:
///
/// ```
/// # use logwright::{structured_op, testing};
/// #[structured_op]
/// async fn fetch() {}
///
/// let runtime = tokio::runtime::Builder::new_current_thread().build()?;
/// assert_eq!(testing::capture(|| runtime.block_on(fetch())).len(), 2);
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// ```
/// use logwright::{log_time, testing};
///
/// #[log_time]
/// fn stitch() {}
///
/// let records = testing::capture(stitch);
/// assert_eq!(records[0].operation.as_deref(), Some("stitch"));
/// ```
pub fn capture(body: impl FnOnce()) -> Vec<Record<'static>> {
    captured(|layer| Registry::default().with(layer).with(ThisThread), body)
}

fn captured<S: Subscriber + Send + Sync + 'static>(
    subscriber: impl FnOnce(RecordLayer) -> S,
    body: impl FnOnce(),
) -> Vec<Record<'static>> {
    have_company();
    let memory = MemorySink::default();
    let sinks = Arc::new(Fanout::default());
    sinks.open(|| vec![Box::new(memory.clone())]);
    tracing::subscriber::with_default(subscriber(RecordLayer { sinks }), body);
    memory.take()
}

/// Where there is one dispatcher alone, tracing asks only the thread that comes to a callsite first whether anybody
/// listens there, and that need not be the one that does. A second one, which stays, makes it ask all of them.
fn have_company() {
    static SECOND: OnceLock<Dispatch> = OnceLock::new();
    SECOND.get_or_init(|| Dispatch::new(NoSubscriber::default()));
}

/// Makes every callsite ask anew, since other threads may have nobody who listens.
struct ThisThread;

impl<S: Subscriber> Layer<S> for ThisThread {
    fn register_callsite(&self, _: &'static Metadata<'static>) -> Interest {
        Interest::sometimes()
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::fmt::{self, Display, Formatter};
    use std::num::NonZero;

    use super::*;
    use crate::level::Level;
    use crate::op::{Emission, Failure, Site};
    use crate::record::{Kind, OpId, Status, Timestamp, TraceId};
    use crate::scope::{self, Ids, Scope};

    static SITE: Site =
        Site::new("stitch", "chaptrix::stitch", (Level::Info, Level::Error), ("src/stitch.rs", 12));

    /// What becomes of what `body` says, as a tracing event and without one.
    fn both_ways(body: impl Fn()) -> [Vec<Record<'static>>; 2] {
        let event = capture(&body);
        // With no layer that would take an event.
        let direct = captured(|layer| Registry::default().with(layer.direct()).with(ThisThread), &body);
        [event, direct].map(|records| {
            records.into_iter().map(|record| Record { timestamp: Timestamp::default(), ..record }).collect()
        })
    }

    #[track_caller]
    fn check(emission: &Emission<'_>, message: fmt::Arguments<'_>) -> Record<'static> {
        let [event, direct] = both_ways(|| emission.send(SITE.metadata(emission.level), message));
        assert_eq!(event, direct);
        assert_eq!(event.len(), 1);
        event.into_iter().next().unwrap()
    }

    /// One that has everything.
    fn full<'a>(failure: &'a Failure, kind: Kind, status: Status, level: Level) -> Emission<'a> {
        let id = |number| OpId(NonZero::new(number).unwrap());
        Emission {
            kind,
            level,
            operation: Some("stitch"),
            ids: Some(Ids {
                op: id(u64::MAX),
                parent: Some(id(7)),
                trace: TraceId(NonZero::new(u128::MAX).unwrap()),
                depth: 3,
            }),
            context: r#"{"comic":"Tower"}"#,
            events: r#"[{"type":"saved","data":{}}]"#,
            start: Some(Timestamp::from_micros(-1)),
            duration_ns: Some(u64::MAX),
            busy_ns: Some(0),
            status: Some(status),
            failure: Some(failure),
            result: r#"{"pages":0}"#,
            attempts: 2,
            retry_wait_ms: 2000,
            dropped_events: u64::MAX,
        }
    }

    #[test]
    fn a_record_is_the_same_with_an_event_and_without() {
        let failure =
            Failure { text: "page 7".into(), type_name: "FetchError", chain: r#"["no space"]"#.into() };
        let kinds = [Kind::Log, Kind::OpStart, Kind::OpEvent, Kind::OpEnd, Kind::Panic];
        let [started, ended] =
            [Status::Started, Status::Success].map(|status| full(&failure, Kind::OpEnd, status, Level::Info));
        assert_eq!(check(&started, format_args!("started")).status, Some(Status::Started));
        assert_eq!(check(&ended, format_args!("ended")).error.as_deref(), Some("page 7"));
        for (kind, level) in kinds.into_iter().flat_map(|kind| Level::ALL.map(|level| (kind, level))) {
            for status in [Status::Failure, Status::Cancelled, Status::Panicked] {
                let record = check(&full(&failure, kind, status, level), format_args!("{kind:?} {level}"));
                assert_eq!((record.kind, record.level, record.status), (kind, level, Some(status)));
                assert_eq!(record.src.as_deref(), Some("src/stitch.rs:12"));
            }
        }
    }

    #[test]
    fn what_is_missing_is_missing_both_ways() {
        let nothing = Emission { operation: Some(""), level: Level::Info, ..Emission::default() };
        let record = check(&nothing, format_args!(""));
        assert_eq!((record.operation, record.op_id, record.attempts), (None, None, None));
        let nameless = Failure { type_name: "FetchError", ..Failure::default() };
        let record = check(&Emission { failure: Some(&nameless), ..nothing }, format_args!(""));
        assert_eq!(record.error.as_deref(), Some("FetchError"));
    }

    #[test]
    fn a_record_without_ids_has_those_of_its_operation_both_ways() {
        let scope = Arc::new(Scope::start());
        let ids = scope.ids;
        let _entered = scope::enter(scope);
        let record = check(&Emission { level: Level::Info, ..Emission::default() }, format_args!("inside"));
        assert_eq!((record.op_id, record.trace_id), (Some(ids.op), Some(ids.trace)));
    }

    #[test]
    fn messages_are_cut_and_cleaned_both_ways() {
        struct Fails;
        impl Display for Fails {
            fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
                f.write_str("half")?;
                Err(fmt::Error)
            }
        }
        let (long, secret) = ("m".repeat(20_000), "at https://ann:pw@a.example/");
        let huge = format!("{}{secret}", "é".repeat(100_000));
        let emission = Emission { level: Level::Info, ..Emission::default() };
        let check = |message: fmt::Arguments<'_>| check(&emission, message).message.into_owned();
        assert!(check(format_args!("{long}")).ends_with("m…"));
        assert!(check(format_args!("{huge}")).ends_with("é…"));
        assert_eq!(check(format_args!("{secret}")), "at https://***@a.example/");
        assert_eq!(check(format_args!("at https://ann:pw@a.example/")), "at https://***@a.example/");
        assert_eq!(check(format_args!("{Fails}")), "<formatter failed>");
        for text in [&long, &huge, &secret.to_owned()] {
            let [event, direct] = both_ways(|| emission.send(SITE.metadata(Level::Info), text));
            assert_eq!(event, direct);
            assert_eq!(event[0].message, check(format_args!("{text}")));
        }
    }

    #[test]
    fn a_message_that_logs_while_it_is_formatted_stays_whole() {
        struct Talks(RefCell<u32>);
        impl Display for Talks {
            fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
                f.write_str("be")?;
                *self.0.borrow_mut() += 1;
                crate::info!("in between");
                f.write_str("low")
            }
        }
        let talks = Talks(RefCell::default());
        for records in both_ways(|| crate::info!("above {talks}")) {
            assert!(records.iter().any(|record| record.message == "above below"), "{records:?}");
        }
        assert_eq!(talks.0.into_inner(), 2);
    }
}
