//! The guard of `#[structured_op]`: a record when the call starts, one when it ends, and the events in between.

use std::sync::Arc;
use std::time::Duration;

use super::emit::Emission;
use super::outcome::Failure;
use super::pool::Pool;
use super::site::{Site, Source};
use super::watch::{Busy, Call, Ending, Outcome, Watch};
use crate::clock::nanos;
use crate::digits::push_seconds;
use crate::json::{Fields, KEPT};
use crate::record::{Kind, Status};
use crate::scope::{self, Entered, Scope};

/// One call of an annotated function, from start to end.
pub type Operation = Watch<Operated>;

/// What is known of a call that is an operation.
#[derive(Debug)]
pub struct Operated {
    source: Source,
    scope: Arc<Scope>,
    context: Fields,
    result: Fields,
    message: String,
    busy: Busy,
    was_panicking: bool,
}

thread_local! {
    static FREE: Pool<Operated> = const { Pool::new() };
}

impl Operation {
    /// Starts an operation without fields, if the record of its end may be wanted.
    #[inline(never)]
    #[must_use]
    pub fn begin(site: &'static Site) -> Self {
        Self::start(site, |_| {})
    }

    /// Starts the operation, if the record of its end may be wanted.
    #[inline]
    pub fn start(site: &'static Site, fields: impl FnOnce(&mut Fields)) -> Self {
        if site.enabled() || site.enabled_at(site.failure_level) {
            Self::with(Source::of(site), fields)
        } else {
            Self(None)
        }
    }

    /// The same where it may be wanted at further levels, or in the name of a logger.
    pub fn start_for(source: Source, fields: impl FnOnce(&mut Fields)) -> Self {
        if source.is_wanted() { Self::with(source, fields) } else { Self(None) }
    }

    #[inline]
    fn with(source: Source, fields: impl FnOnce(&mut Fields)) -> Self {
        let mut live = Operated::prepare(source);
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
    /// Of no operation.
    #[doc(hidden)]
    #[must_use]
    pub const fn none() -> Self {
        Self(None)
    }

    pub(crate) fn scope(&self) -> Option<&Arc<Scope>> {
        self.0.as_ref()
    }
}

impl Call for Operated {
    type Entered = Entered;

    #[inline]
    fn enter(&self) -> Entered {
        scope::enter(Arc::clone(&self.scope))
    }

    fn busy(&mut self) -> &mut Busy {
        &mut self.busy
    }

    fn was_panicking(&self) -> bool {
        self.was_panicking
    }

    fn set_result(&mut self, fields: Fields) {
        self.result = fields;
    }

    #[inline(never)]
    fn end(mut self: Box<Self>, ending: Ending) {
        let elapsed = self.scope.elapsed_ns();
        let outcome = ending.outcome(self.source.site, Duration::from_nanos(elapsed));
        self.result.close();
        if self.source.enabled_at(outcome.level) {
            self.write(&outcome, elapsed);
        }
        self.context.clear();
        self.result.clear();
        self.message.shrink_to(KEPT);
        let _ = FREE.try_with(|free| free.give(self));
    }
}

impl Operated {
    #[inline(never)]
    fn prepare(source: Source) -> Box<Self> {
        let was_panicking = std::thread::panicking();
        match FREE.try_with(Pool::take).ok().flatten() {
            Some(mut live) => {
                Scope::restart(&mut live.scope);
                (live.source, live.busy, live.was_panicking) = (source, Busy::default(), was_panicking);
                live
            }
            None => {
                let scope = Arc::new(Scope::start());
                let (context, result, message) = Default::default();
                Box::new(Self {
                    source,
                    scope,
                    context,
                    result,
                    message,
                    busy: Busy::default(),
                    was_panicking,
                })
            }
        }
    }

    #[inline(never)]
    fn start(&mut self) {
        self.context.close();
        let (source, site) = (self.source, self.source.site);
        let level = site.level;
        if source.enabled_at(level) {
            self.message.clear();
            self.message.extend([site.name, " started"]);
            let status = Some(Status::Started);
            Emission { kind: Kind::OpStart, level, status, ..self.emission() }
                .send(source.metadata(level), &self.message);
        }
    }

    /// What the start and the end have in common, so that each stands alone.
    fn emission(&self) -> Emission<'_> {
        Emission {
            operation: Some(self.source.site.name),
            ids: Some(self.scope.ids),
            context: self.context.as_str(),
            ..Emission::default()
        }
    }

    /// Puts the message of the end together: `download completed in 0.472 s`.
    fn say_end(&mut self, status: Status, failure: Option<&Failure>, elapsed: u64) {
        let words = match status {
            Status::Success => [" ", "completed", " in "],
            Status::Failure => [" ", "failed", " after "],
            other => [" ", other.as_str(), " after "],
        };
        self.message.clear();
        self.message.push_str(self.source.site.name);
        self.message.extend(words);
        push_seconds::<3>(&mut self.message, elapsed);
        self.message.push_str(" s");
        if let Some(failure) = failure {
            self.message.extend([": ", &failure.text]);
        }
    }

    fn write(&mut self, outcome: &Outcome, elapsed: u64) {
        let Outcome { level, status, ref failure } = *outcome;
        let failure = failure.as_ref();
        self.say_end(status, failure, elapsed);
        // Taken out: the sinks run in `send`, and nothing of the operation may be locked then.
        let gathered = self.scope.take_gathered();
        let emission = Emission {
            kind: Kind::OpEnd,
            level,
            events: gathered.events(),
            start: Some(self.scope.start),
            duration_ns: Some(elapsed),
            busy_ns: self.busy.total.map(nanos),
            status: Some(status),
            failure,
            result: self.result.as_str(),
            attempts: gathered.attempts,
            retry_wait_ms: gathered.retry_wait_ms,
            dropped_events: gathered.dropped_events,
            ..self.emission()
        };
        emission.send(self.source.metadata(level), &self.message);
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
