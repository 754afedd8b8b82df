//! Layers of other people beside ours, which colour what they print.

use logwright::{Guard, Setup};
use tracing_subscriber::fmt;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry::{LookupSpan, Registry};
use tracing_subscriber::util::SubscriberInitExt;

/// Prints with colours, wherever that goes. It leaves what it makes of a span's fields to the layers that come later.
fn printer<S: tracing::Subscriber + for<'span> LookupSpan<'span>>() -> fmt::Layer<S> {
    fmt::layer().with_ansi(true)
}

/// Ours in the place that `PLACE` names: the first layer hears of everything first.
fn among_them(setup: Setup) -> Guard {
    let registry = Registry::default();
    match std::env::var("PLACE").expect("it is said where").as_str() {
        "first" => {
            let (ours, log) = setup.layer();
            registry.with(ours).with(printer()).init();
            log
        }
        "last" => {
            let (ours, log) = setup.layer();
            registry.with(printer()).with(ours).init();
            log
        }
        "between" => {
            let (ours, log) = setup.layer();
            registry.with(printer()).with(ours).with(printer().pretty()).init();
            log
        }
        other => panic!("no place `{other}`"),
    }
}

/// Text with colours of its own in every place, inside spans whose fields others have made text of.
pub(super) fn coloured(setup: Setup) {
    const RED: &str = "\x1b[31mred\x1b[0m \u{9b}31m";
    #[logwright::structured_op(context(shown = %RED), result(text = *ret))]
    fn operation(text: &'static str) -> &'static str {
        logwright::event!("read", text);
        tracing::error!(text, debug = ?text, display = %text, "{text}");
        logwright::error!(text, "{text}");
        text
    }
    let _log = among_them(setup);
    let span = tracing::error_span!("page", title = RED, shown = %RED, later = tracing::field::Empty);
    span.in_scope(|| {
        tracing::Span::current().record("later", RED);
        operation(RED);
        let error = std::io::Error::other(RED);
        tracing::error!(error = &error as &dyn std::error::Error, "{error}");
    });
}
