//! Where an annotation or a logging call stands in the source, and whether anybody wants to hear of it.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use tracing_core::callsite::{Callsite, DefaultCallsite, Identifier};
use tracing_core::field::FieldSet;
use tracing_core::subscriber::Interest;
use tracing_core::{Kind, Metadata, dispatcher};

use crate::keys;
use crate::level::Level;

/// A place in the source that writes records: one `static` for each annotated function and logging call.
///
/// Its own level has a callsite built at compile time, so that asking whether it is wanted is one relaxed load.
/// The other levels (an operation that fails, a timer that is cancelled) get theirs when first used.
#[derive(Debug)]
pub struct Site {
    pub(crate) name: &'static str,
    pub(crate) level: Level,
    /// The level of a call that returned an error.
    pub(crate) failure_level: Level,
    /// A call that takes as long is a WARNING at least.
    pub(crate) slow: Option<Duration>,
    /// A call that takes less says nothing at its own level.
    pub(crate) min: Duration,
    metadata: Metadata<'static>,
    callsite: DefaultCallsite,
    others: OnceLock<Points>,
}

impl Site {
    /// `this` is the very static that the result is stored in: metadata and callsite name each other.
    #[must_use]
    pub const fn new(
        this: &'static Self,
        name: &'static str,
        target: &'static str,
        (level, failure_level): (Level, Level),
        (file, line): (&'static str, u32),
    ) -> Self {
        Self {
            name,
            level,
            failure_level,
            slow: None,
            min: Duration::ZERO,
            metadata: metadata(target, level, Some((file, line)), Identifier(&this.callsite)),
            callsite: DefaultCallsite::new(&this.metadata),
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

    /// Whether records of the site's own level are wanted.
    #[inline]
    pub fn enabled(&'static self) -> bool {
        let interest = self.callsite.interest();
        !interest.is_never() && (interest.is_always() || asked(&self.metadata))
    }

    /// What an event of the site's own level must carry, if anybody wants it.
    #[inline]
    pub fn wanted(&'static self) -> Option<&'static Metadata<'static>> {
        self.enabled().then_some(&self.metadata)
    }

    /// Whether records of that level are wanted here.
    pub(crate) fn enabled_at(&'static self, level: Level) -> bool {
        if level.to_tracing() == self.level.to_tracing() { self.enabled() } else { self.at(level).enabled() }
    }

    /// What an event of that level must carry.
    pub(crate) fn metadata(&'static self, level: Level) -> &'static Metadata<'static> {
        if level.to_tracing() == self.level.to_tracing() { &self.metadata } else { self.at(level).metadata() }
    }

    fn at(&'static self, level: Level) -> &'static Point {
        let place = self.metadata.file().zip(self.metadata.line());
        self.others.get_or_init(|| Points::new(self.metadata.target(), place)).at(level)
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
        let value = if interest.is_never() {
            NEVER
        } else if interest.is_always() {
            ALWAYS
        } else {
            SOMETIMES
        };
        self.interest.store(value, Ordering::Relaxed);
    }

    fn metadata(&self) -> &Metadata<'_> {
        self.metadata.get().expect("set where the point is made")
    }
}

#[cold]
fn asked(metadata: &'static Metadata<'static>) -> bool {
    dispatcher::get_default(|dispatch| dispatch.enabled(metadata))
}

const fn metadata(
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
