//! The guard of `#[structured_op]`: a record when the call starts, one when it ends, and the events in between.

use std::sync::Arc;
use std::time::Duration;

use super::emit::Emission;
use super::outcome::Failure;
use super::pool::Pool;
use super::site::Site;
use super::watch::{Ending, Watch, left};
use crate::json::Fields;
use crate::level::Level;
use crate::record::{Kind, Status};
use crate::scope::{self, Entered, Scope};

/// One call of an annotated function, from start to end.
#[derive(Debug)]
pub struct Operation(Option<Box<Live>>);

#[derive(Debug)]
struct Live {
    site: &'static Site,
    scope: Arc<Scope>,
    context: Fields,
    busy: Option<Duration>,
    was_panicking: bool,
}

thread_local! {
    static FREE: Pool<Live> = const { Pool::new() };
}

impl Operation {
    /// Starts the operation, if the record of its end may be wanted.
    #[inline]
    pub fn start(site: &'static Site, fields: impl FnOnce(&mut Fields)) -> Self {
        if !site.enabled() && !site.enabled_at(site.failure_level) {
            return Self(None);
        }
        let mut live = Live::prepare(site);
        fields(&mut live.context);
        live.start();
        Self(Some(live))
    }

    /// A handle for the body, `bind = op`.
    #[must_use]
    pub fn handle(&self) -> OpHandle {
        OpHandle(self.0.as_ref().map(|live| Arc::clone(&live.scope)))
    }
}

/// The operation that `#[structured_op(bind = op)]` gives to the body of its function.
///
/// `event!(op: op, ..)` adds an event to this very operation, from any thread and whatever the current operation
/// is. It does nothing where the operation is switched off by its level.
///
/// ```
/// use logwright::structured_op;
///
/// #[structured_op(bind = op)]
/// fn download(pages: &[&str]) {
///     std::thread::scope(|threads| {
///         for page in pages {
///             let op = op.clone();
///             threads.spawn(move || logwright::event!(op: op, "page_saved", page));
///         }
///     });
/// }
/// # download(&["1.jpg", "2.jpg"]);
/// ```
#[derive(Clone, Debug)]
pub struct OpHandle(Option<Arc<Scope>>);

impl OpHandle {
    pub(crate) fn scope(&self) -> Option<&Arc<Scope>> {
        self.0.as_ref()
    }
}

impl Watch for Operation {
    #[inline]
    fn is_live(&self) -> bool {
        self.0.is_some()
    }

    #[inline]
    fn enter(&self) -> Option<Entered> {
        self.0.as_ref().map(|live| scope::enter(Arc::clone(&live.scope)))
    }

    fn add_busy(&mut self, time: Duration) {
        if let Some(live) = &mut self.0 {
            *live.busy.get_or_insert_default() += time;
        }
    }

    fn end(&mut self, ending: Ending) {
        if let Some(live) = self.0.take() {
            live.end(ending);
        }
    }
}

impl Drop for Operation {
    #[inline]
    fn drop(&mut self) {
        if let Some(live) = self.0.take() {
            let ending = left(live.was_panicking);
            live.end(ending);
        }
    }
}

impl Live {
    #[inline(never)]
    fn prepare(site: &'static Site) -> Box<Self> {
        let was_panicking = std::thread::panicking();
        match FREE.try_with(Pool::take).ok().flatten() {
            Some(mut live) => {
                Scope::restart(&mut live.scope);
                (live.site, live.busy, live.was_panicking) = (site, None, was_panicking);
                live
            }
            None => {
                let scope = Arc::new(Scope::start());
                Box::new(Self { site, scope, context: Fields::default(), busy: None, was_panicking })
            }
        }
    }

    #[inline(never)]
    fn start(&mut self) {
        self.context.close();
        let (site, level) = (self.site, self.site.level);
        if site.enabled() {
            let status = Some(Status::Started);
            Emission { kind: Kind::OpStart, level, status, ..self.emission() }
                .send(site.metadata(level), format_args!("{} started", site.name));
        }
    }

    /// What the start and the end have in common, so that each stands alone.
    fn emission(&self) -> Emission<'_> {
        Emission {
            operation: Some(self.site.name),
            ids: Some(self.scope.ids),
            context: self.context.as_str(),
            ..Emission::default()
        }
    }

    #[inline(never)]
    fn end(mut self: Box<Self>, ending: Ending) {
        let elapsed = self.scope.elapsed_ns();
        let (level, status, failure, result) = match ending {
            Ending::Returned(None, result) => (self.site.level, Status::Success, None, result),
            Ending::Returned(failure, _) => {
                (self.site.failure_level, Status::Failure, failure, String::new())
            }
            Ending::Cancelled => (Level::Warning, Status::Cancelled, None, String::new()),
            Ending::Panicked => (Level::Error, Status::Panicked, None, String::new()),
        };
        if self.site.enabled_at(level) {
            self.write(level, status, elapsed, failure.as_ref(), &result);
        }
        self.context.clear();
        let _ = FREE.try_with(|free| free.give(self));
    }

    fn write(&self, level: Level, status: Status, elapsed: u64, failure: Option<&Failure>, result: &str) {
        // Taken out: the sinks run in `send`, and nothing of the operation may be locked then.
        let gathered = self.scope.take_gathered();
        let emission = Emission {
            kind: Kind::OpEnd,
            level,
            events: gathered.events(),
            start: Some(self.scope.start),
            duration_ns: Some(elapsed),
            busy_ns: self.busy.map(|time| u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)),
            status: Some(status),
            error: failure.map(|failure| failure.text.as_str()),
            error_type: failure.map(|failure| failure.type_name),
            error_chain: failure.map_or("", |failure| failure.chain.as_str()),
            result,
            attempts: gathered.attempts,
            retry_wait_ms: gathered.retry_wait_ms,
            dropped_events: gathered.dropped_events,
            ..self.emission()
        };
        let (name, metadata) = (self.site.name, self.site.metadata(level));
        let (seconds, millis) = (elapsed / 1_000_000_000, elapsed / 1_000_000 % 1000);
        match (status, failure) {
            (Status::Failure, Some(Failure { text, .. })) => {
                emission.send(metadata, format_args!("{name} failed after {seconds}.{millis:03} s: {text}"));
            }
            (Status::Success, _) => {
                emission.send(metadata, format_args!("{name} completed in {seconds}.{millis:03} s"));
            }
            _ => emission.send(metadata, format_args!("{name} {status} after {seconds}.{millis:03} s")),
        }
        self.scope.give_back(gathered);
    }
}

/// Adds an event to an operation, or to the current one; with level DEBUG on it is a record of its own as well.
pub fn event(
    site: &'static Site,
    operation: Option<&OpHandle>,
    kind: &str,
    fields: impl FnOnce(&mut Fields),
) {
    let scope = match operation {
        Some(handle) => handle.scope().cloned(),
        None => scope::current(),
    };
    let live = site.enabled();
    if scope.is_none() && !live {
        return;
    }
    let mut data = Fields::default();
    fields(&mut data);
    let data = data.finish();
    if let Some(scope) = &scope {
        scope.add_event(kind, &data);
    }
    if live {
        let ids = scope.map(|scope| scope.ids);
        Emission { kind: Kind::OpEvent, level: site.level, ids, context: &data, ..Emission::default() }
            .send(site.metadata(site.level), format_args!("{kind}"));
    }
}
