//! Records a panic before the program's own hook has its turn.

use std::panic::PanicHookInfo;

use crate::json::push_text;
use crate::level::Level;
use crate::op::{Emission, Failure, Site};
use crate::record::Kind;
use crate::scope;

static SITE: Site = Site::new("", "logwright::panic", (Level::Critical, Level::Critical), (file!(), line!()));

/// Puts the recording hook in front of the one that is there.
pub(crate) fn record() {
    let previous = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        #[cfg(feature = "tokio")]
        if crate::trap::is_quiet() {
            return;
        }
        emit(info);
        previous(info);
    }));
}

fn emit(info: &PanicHookInfo<'_>) {
    let payload = info.payload();
    let message = payload
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("a value that is no text");
    let place = info.location().map(ToString::to_string).unwrap_or_default();
    if SITE.enabled() {
        let mut failure = Failure::default();
        push_text(&mut failure.text, format_args!("{message}"));
        Emission {
            kind: Kind::Panic,
            level: Level::Critical,
            ids: scope::ids(),
            failure: Some(&failure),
            ..Emission::default()
        }
        .send(SITE.metadata(Level::Critical), format_args!("panicked at {place}: {}", failure.text));
    }
}
