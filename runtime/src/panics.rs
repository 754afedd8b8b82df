//! Records a panic before the program's own hook has its turn.

use std::panic::PanicHookInfo;

/// Puts the recording hook in front of the one that is there.
pub(crate) fn record() {
    let previous = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
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
    tracing::error!(
        name: "logwright",
        target: "logwright::panic",
        kind = "panic",
        critical = true,
        error = message,
        "panicked at {place}: {message}"
    );
}
