//! Lines that are logged before logging is set up: kept until it is, so that nothing of a program's start is missing.
//! Knows nothing of who makes them, nor where they will go.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tracing_core::subscriber::NoSubscriber;
use tracing_core::{Metadata, dispatcher};

use crate::here;
use crate::json::{Json, push_text};
use crate::level::Level;
use crate::record::{Kind, Record, limits};

/// So many are kept.
const MOST: usize = 1000;
/// And no more once they take so much together.
const MOST_BYTES: usize = 1024 * 1024;
/// How often it is asked whether to keep one. A program that never sets logging up pays for so many and no more.
const MOST_ASKED: u64 = 100_000;

/// Whether it makes sense to ask; no more once logging has been set up.
static OPEN: AtomicBool = AtomicBool::new(true);
static KEPT: Mutex<Kept> =
    Mutex::new(Kept { lines: Vec::new(), bytes: 0, asked: 0, missed: 0, closed: false });

/// A record, and what a filter decides by.
pub(crate) struct Line {
    pub(crate) metadata: &'static Metadata<'static>,
    pub(crate) record: Record<'static>,
}

/// All that was kept, in order.
#[derive(Default)]
pub(crate) struct Kept {
    pub(crate) lines: Vec<Line>,
    bytes: usize,
    asked: u64,
    /// How many more there were.
    missed: u64,
    closed: bool,
}

impl Kept {
    /// What is to be said of those that there was no room for.
    pub(crate) fn loss(&self) -> Option<Record<'static>> {
        let Self { missed, asked, .. } = *self;
        let least = if asked >= MOST_ASKED { "at least " } else { "" };
        (missed > 0).then(|| Record {
            kind: Kind::LogLoss,
            level: Level::Warning,
            logger: "logwright".into(),
            message: format!("{least}{missed} records lost: they came before logging was set up").into(),
            lost: Some(missed),
            ..here::record()
        })
    }

    fn is_full(&self) -> bool {
        self.lines.len() >= MOST || self.bytes >= MOST_BYTES
    }
}

/// Whether lines may still be kept: the first question, and mostly the last.
#[inline]
pub(crate) fn is_open() -> bool {
    OPEN.load(Ordering::Relaxed)
}

/// Whether a line is to be made although nobody seems to want it.
#[cold]
#[inline(never)]
pub(crate) fn is_wanted() -> bool {
    let is_unheard = is_unheard();
    let mut kept = kept();
    kept.asked += 1;
    if kept.asked >= MOST_ASKED {
        OPEN.store(false, Ordering::Relaxed);
    }
    kept.missed += u64::from(is_unheard && kept.is_full());
    is_unheard && !kept.is_full()
}

/// Whether there is no subscriber, of the program or of this thread.
fn is_unheard() -> bool {
    dispatcher::get_default(|dispatch| dispatch.is::<NoSubscriber>())
}

/// Keeps a line that nobody hears. If it returns false there is somebody, or there was no room.
#[cold]
#[inline(never)]
pub(crate) fn keep(
    metadata: &'static Metadata<'static>,
    level: Level,
    message: fmt::Arguments<'_>,
    context: &str,
) -> bool {
    if !is_unheard() {
        return false;
    }
    // Before the lock: what is formatted may log as well.
    let record = record(metadata, level, message, context);
    let mut kept = kept();
    if kept.closed {
        return false;
    }
    if kept.is_full() {
        kept.missed += 1;
    } else {
        kept.bytes += record.message.len() + record.context.as_str().len();
        kept.lines.push(Line { metadata, record });
    }
    true
}

fn record(
    metadata: &'static Metadata<'static>,
    level: Level,
    message: fmt::Arguments<'_>,
    context: &str,
) -> Record<'static> {
    let mut text = String::new();
    push_text(&mut text, message);
    let place = metadata.file().zip(metadata.line());
    let mut record = Record {
        level,
        logger: metadata.target().into(),
        message: text.into(),
        context: Json::new(context.to_owned()),
        src: place.map(|(file, line)| format!("{file}:{line}").into()),
        ..here::record()
    };
    limits::apply(&mut record);
    record
}

/// Gives what was kept to whoever sets logging up, once; nothing is kept any more.
pub(crate) fn take() -> Kept {
    OPEN.store(false, Ordering::Relaxed);
    std::mem::replace(&mut *kept(), Kept { closed: true, ..Kept::default() })
}

fn kept() -> MutexGuard<'static, Kept> {
    KEPT.lock().unwrap_or_else(PoisonError::into_inner)
}
