//! Lines from before logging is set up.

use logwright::{Level, Setup, get_logger};
use tracing_subscriber::Registry;

/// All that may be said then.
pub(super) fn speaks() {
    #[logwright::log_time(level = "error")]
    #[logwright::structured_op(level = "error")]
    fn annotated() {}
    annotated();
    logwright::event!("an event");
    tracing::error!("of tracing");
    tracing::subscriber::with_default(Registry::default(), || logwright::error!("heard by another"));
    logwright::debug!("detail");
    logwright::warn!(logger: get_logger("adapter.web"), pages = 3, "by name");
    let worker = std::thread::Builder::new().name("worker".into());
    let worker = worker.spawn(|| logwright::critical!("at https://ann:pw@a.example/"));
    worker.expect("a thread starts").join().expect("it ends");
    std::thread::sleep(std::time::Duration::from_millis(20));
}

pub(super) fn early(setup: Setup) {
    speaks();
    let _log = setup.install();
    logwright::info!("after");
}

pub(super) fn layer(setup: Setup) {
    use tracing_subscriber::layer::SubscriberExt;
    speaks();
    let (layer, _log) = setup.layer();
    tracing::subscriber::set_global_default(Registry::default().with(layer)).expect("it is the first");
    logwright::info!("after");
}

/// More than are kept.
pub(super) fn flood(setup: Setup) {
    (0..1500).for_each(|n| logwright::info!("record {n}"));
    let _log = setup.level(Level::Warning).filter("logs=info").install();
}

/// Lines that take much room.
pub(super) fn huge(setup: Setup) {
    let text = "x".repeat(1_000_000);
    (0..200).for_each(|_| logwright::info!("{text}"));
    let _log = setup.install();
}

/// More than anybody counts.
pub(super) fn endless(setup: Setup) {
    (0..200_000).for_each(|n| logwright::info!("record {n}"));
    let _log = setup.install();
}

/// The program's subscriber is somebody else's: it hears what comes after it, and nobody what came before.
pub(super) fn beside(setup: Setup) {
    speaks();
    tracing::subscriber::set_global_default(Registry::default()).expect("it is the first");
    logwright::info!("heard by another");
    let (_layer, _log) = setup.layer::<Registry>();
}
