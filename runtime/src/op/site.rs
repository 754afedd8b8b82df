//! Where an annotation or a logging call stands in the source, and whether anybody wants to hear of it.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use tracing_core::callsite::{Callsite, Identifier};
use tracing_core::field::FieldSet;
use tracing_core::subscriber::Interest;
use tracing_core::{Kind, Metadata, dispatcher};

use crate::level::Level;
use crate::{early, keys};

/// A place in the source that writes records: one `static` for each annotated function and logging call.
///
/// Whether its own level is wanted is one relaxed load, once that has been asked for the first time. What tracing has
/// to know of it is made then as well, and not at compile time, where it would cost each build more than all the
/// rest of an annotation. The other levels (an operation that fails, a timer that is cancelled) follow when first used.
#[derive(Debug)]
pub struct Site {
    pub(crate) name: &'static str,
    target: &'static str,
    pub(crate) level: Level,
    /// The level of a call that returned an error.
    pub(crate) failure_level: Level,
    /// A call that takes as long is a WARNING at least.
    pub(crate) slow: Option<Duration>,
    /// A call that takes less says nothing at its own level.
    pub(crate) min: Duration,
    place: (&'static str, u32),
    interest: AtomicU8,
    metadata: OnceLock<Metadata<'static>>,
    others: OnceLock<Points>,
}

impl Site {
    /// A site with that name, in that module, with the levels of a success and of a failure, in that file and line.
    #[must_use]
    pub const fn new(
        name: &'static str,
        target: &'static str,
        (level, failure_level): (Level, Level),
        place: (&'static str, u32),
    ) -> Self {
        Self {
            name,
            target,
            level,
            failure_level,
            slow: None,
            min: Duration::ZERO,
            place,
            interest: AtomicU8::new(UNKNOWN),
            metadata: OnceLock::new(),
            others: OnceLock::new(),
        }
    }

    /// With a time from which a call is a WARNING.
    #[must_use]
    pub const fn slow(mut self, time: Duration) -> Self {
        self.slow = Some(time);
        self
    }

    /// With a time below which a call says nothing.
    #[must_use]
    pub const fn min(mut self, time: Duration) -> Self {
        self.min = time;
        self
    }

    /// Whether it is known that nobody wants records of the site's own level.
    #[inline]
    pub(super) fn is_off(&self) -> bool {
        self.interest.load(Ordering::Relaxed) == NEVER
    }

    /// Whether records of the site's own level are wanted.
    #[inline]
    pub fn enabled(&'static self) -> bool {
        match self.interest.load(Ordering::Relaxed) {
            NEVER => false,
            ALWAYS => true,
            _ => self.ask(),
        }
    }

    /// What a line of the site's own level must carry, if anybody wants it, or may want it when logging is set up.
    #[inline]
    pub fn wanted(&'static self) -> Option<&'static Metadata<'static>> {
        (self.enabled() || early::is_open() && early::is_wanted()).then(|| self.own())
    }

    /// Whether records of that level are wanted here.
    pub(crate) fn enabled_at(&'static self, level: Level) -> bool {
        if level.to_tracing() == self.level.to_tracing() { self.enabled() } else { self.at(level).enabled() }
    }

    /// What an event of that level must carry.
    pub(crate) fn metadata(&'static self, level: Level) -> &'static Metadata<'static> {
        if level.to_tracing() == self.level.to_tracing() { self.own() } else { self.at(level).metadata() }
    }

    /// Asks the subscriber, after telling tracing of the site if that has not been done.
    #[cold]
    #[inline(never)]
    fn ask(&'static self) -> bool {
        let (order, sometimes) = (Ordering::Relaxed, SOMETIMES);
        if self.interest.compare_exchange(UNKNOWN, sometimes, order, order).is_ok() {
            self.own();
            tracing_core::callsite::register(self);
        }
        match self.interest.load(order) {
            NEVER => false,
            ALWAYS => true,
            _ => asked(self.own()),
        }
    }

    fn own(&'static self) -> &'static Metadata<'static> {
        self.metadata.get_or_init(|| metadata(self.target, self.level, Some(self.place), Identifier(self)))
    }

    fn at(&'static self, level: Level) -> &'static Point {
        self.others.get_or_init(|| Points::new(self.target, Some(self.place))).at(level)
    }
}

impl Callsite for Site {
    fn set_interest(&self, interest: Interest) {
        self.interest.store(code(&interest), Ordering::Relaxed);
    }

    fn metadata(&self) -> &Metadata<'_> {
        self.metadata.get().expect("made before the site is registered")
    }
}

/// A site, and the logger that speaks for it where that is not its module's.
#[derive(Clone, Copy, Debug)]
pub struct Source {
    pub(crate) site: &'static Site,
    points: Option<&'static Points>,
}

impl Source {
    /// The site in its module's name.
    #[inline]
    #[must_use]
    pub const fn of(site: &'static Site) -> Self {
        Self { site, points: None }
    }

    pub(super) fn with(site: &'static Site, points: &'static Points) -> Self {
        Self { site, points: Some(points) }
    }

    /// Whether a call may write anything: at its own level, as a failure or for being slow.
    pub(crate) fn is_wanted(self) -> bool {
        let Site { level, failure_level, slow, .. } = *self.site;
        self.enabled_at(level)
            || self.enabled_at(failure_level)
            || slow.is_some() && self.enabled_at(level.max(Level::Warning))
    }

    /// Whether records of that level are wanted here.
    pub(crate) fn enabled_at(self, level: Level) -> bool {
        self.points.map_or_else(|| self.site.enabled_at(level), |points| points.at(level).enabled())
    }

    /// What an event of that level must carry.
    pub(crate) fn metadata(self, level: Level) -> &'static Metadata<'static> {
        self.points.map_or_else(|| self.site.metadata(level), |points| points.at(level).metadata())
    }
}

/// One name's callsites, one for each level; made at run time and kept for the life of the program.
#[derive(Debug)]
pub(crate) struct Points([&'static Point; 5]);

impl Points {
    pub(crate) fn new(target: &'static str, place: Option<(&'static str, u32)>) -> Self {
        let levels = [Level::Trace, Level::Debug, Level::Info, Level::Warning, Level::Error];
        Self(levels.map(|level| Point::leak(target, level, place)))
    }

    pub(crate) fn at(&self, level: Level) -> &'static Point {
        // ERROR and CRITICAL share tracing's highest level.
        self.0[(level as usize).min(4)]
    }
}

/// A callsite made at run time.
#[derive(Debug)]
pub(crate) struct Point {
    metadata: OnceLock<Metadata<'static>>,
    interest: AtomicU8,
}

const NEVER: u8 = 0;
const ALWAYS: u8 = 1;
const SOMETIMES: u8 = 2;
const UNKNOWN: u8 = 3;

fn code(interest: &Interest) -> u8 {
    if interest.is_never() {
        NEVER
    } else if interest.is_always() {
        ALWAYS
    } else {
        SOMETIMES
    }
}

impl Point {
    fn leak(target: &'static str, level: Level, place: Option<(&'static str, u32)>) -> &'static Self {
        let point: &'static Self =
            Box::leak(Box::new(Self { metadata: OnceLock::new(), interest: AtomicU8::new(SOMETIMES) }));
        point.metadata.get_or_init(|| metadata(target, level, place, Identifier(point)));
        tracing_core::callsite::register(point);
        point
    }

    pub(crate) fn metadata(&'static self) -> &'static Metadata<'static> {
        self.metadata.get().expect("set where the point is made")
    }

    pub(crate) fn enabled(&'static self) -> bool {
        match self.interest.load(Ordering::Relaxed) {
            NEVER => false,
            ALWAYS => true,
            _ => asked(self.metadata()),
        }
    }
}

impl Callsite for Point {
    fn set_interest(&self, interest: Interest) {
        self.interest.store(code(&interest), Ordering::Relaxed);
    }

    fn metadata(&self) -> &Metadata<'_> {
        self.metadata.get().expect("set where the point is made")
    }
}

#[cold]
fn asked(metadata: &'static Metadata<'static>) -> bool {
    dispatcher::get_default(|dispatch| dispatch.enabled(metadata))
}

fn metadata(
    target: &'static str,
    level: Level,
    place: Option<(&'static str, u32)>,
    callsite: Identifier,
) -> Metadata<'static> {
    let (file, line) = match place {
        Some((file, line)) => (Some(file), Some(line)),
        None => (None, None),
    };
    let fields = FieldSet::new(keys::FIELDS, callsite);
    Metadata::new(keys::EVENT_NAME, target, level.to_tracing(), file, line, Some(target), fields, Kind::EVENT)
}
