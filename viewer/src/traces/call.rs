//! One call of an operation, as its records tell of it.

use logwright::record::{Kind, OpId, Record, Status, Timestamp, TraceId};

use crate::input::Place;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Call {
    pub(crate) op_id: OpId,
    pub(crate) parent_id: Option<OpId>,
    pub(crate) trace: Option<TraceId>,
    pub(crate) run: Option<u32>,
    pub(crate) pid: Option<u32>,
    pub(crate) name: String,
    pub(crate) logger: String,
    pub(crate) thread: String,
    pub(crate) start: Timestamp,
    /// `None` for a call that never ended.
    pub(crate) duration_ns: Option<u64>,
    pub(crate) status: Option<Status>,
    pub(crate) error: Option<String>,
    /// The fields that its function names: a JSON object, or nothing.
    pub(crate) context: String,
    /// What happened in it: a JSON array, or nothing.
    pub(crate) events: String,
    pub(crate) attempts: Option<u64>,
    pub(crate) retry_wait_ms: Option<u64>,
    pub(crate) place: Place,
}

impl Call {
    /// The call that a record starts or ends, where it says which one.
    pub(crate) fn of(record: &Record<'_>, place: Place) -> Option<Self> {
        if !matches!(record.kind, Kind::OpStart | Kind::OpEnd) {
            return None;
        }
        let is_over = record.kind == Kind::OpEnd;
        let text = |text: &Option<std::borrow::Cow<'_, str>>| text.as_deref().unwrap_or_default().to_owned();
        let duration_ns = record.duration_ns.filter(|_| is_over);
        Some(Self {
            op_id: record.op_id?,
            parent_id: record.parent_id,
            trace: record.trace_id,
            run: record.run,
            pid: record.pid,
            name: text(&record.operation),
            logger: record.logger.clone().into_owned(),
            thread: text(&record.thread),
            start: record.start.unwrap_or_else(|| before(record.timestamp, duration_ns)),
            duration_ns: if is_over { Some(duration_ns.unwrap_or(0)) } else { None },
            status: record.status,
            error: record.error.as_deref().map(str::to_owned),
            context: record.context.as_str().to_owned(),
            events: record.events.as_str().to_owned(),
            attempts: record.attempts,
            retry_wait_ms: record.retry_wait_ms,
            place,
        })
    }

    pub(crate) fn is_failed(&self) -> bool {
        matches!(self.status, Some(Status::Failure | Status::Panicked))
    }

    /// What all calls under one outermost call share, as far as that is known.
    pub(crate) fn key(&self) -> (Option<u32>, Option<TraceId>) {
        (self.run, self.trace)
    }

    /// When it ended, in nanoseconds after `origin`; `None` where it did not.
    pub(crate) fn end_ns(&self, origin: Timestamp) -> Option<i128> {
        Some(self.start_ns(origin) + i128::from(self.duration_ns?))
    }

    /// When it began, in nanoseconds after `origin`.
    pub(crate) fn start_ns(&self, origin: Timestamp) -> i128 {
        (i128::from(self.start.as_micros()) - i128::from(origin.as_micros())) * 1000
    }
}

fn before(time: Timestamp, duration_ns: Option<u64>) -> Timestamp {
    let micros = i64::try_from(duration_ns.unwrap_or(0) / 1000).unwrap_or(0);
    Timestamp::from_micros(time.as_micros().saturating_sub(micros))
}
