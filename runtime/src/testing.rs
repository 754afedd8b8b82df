//! For tests of annotated code: see what it writes.

use std::sync::{Arc, OnceLock};

use tracing::subscriber::{Interest, NoSubscriber};
use tracing::{Dispatch, Metadata, Subscriber};
use tracing_subscriber::Registry;
use tracing_subscriber::layer::{Layer, SubscriberExt};

use crate::layer::RecordLayer;
use crate::record::Record;
use crate::sink::{Fanout, MemorySink};

/// Calls `body` and returns the records that it wrote on this thread, at every level.
///
/// Other threads and other tests are not disturbed: nothing is set up for the program, and no filter applies. For
/// async code, run a runtime of one thread in `body`:
///
/// ```
/// # use logwright::{structured_op, testing};
/// #[structured_op]
/// async fn fetch() {}
///
/// let runtime = tokio::runtime::Builder::new_current_thread().build()?;
/// assert_eq!(testing::capture(|| runtime.block_on(fetch())).len(), 2);
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// ```
/// use logwright::{log_time, testing};
///
/// #[log_time]
/// fn stitch() {}
///
/// let records = testing::capture(stitch);
/// assert_eq!(records[0].operation.as_deref(), Some("stitch"));
/// ```
pub fn capture(body: impl FnOnce()) -> Vec<Record<'static>> {
    have_company();
    let memory = MemorySink::default();
    let sinks = Arc::new(Fanout::default());
    sinks.open(|| vec![Box::new(memory.clone())]);
    let subscriber = Registry::default().with(RecordLayer { sinks }).with(ThisThread);
    tracing::subscriber::with_default(subscriber, body);
    memory.take()
}

/// Where there is one dispatcher alone, tracing asks only the thread that comes to a callsite first whether anybody
/// listens there, and that need not be the one that does. A second one, which stays, makes it ask all of them.
fn have_company() {
    static SECOND: OnceLock<Dispatch> = OnceLock::new();
    SECOND.get_or_init(|| Dispatch::new(NoSubscriber::default()));
}

/// Makes every callsite ask anew, since other threads may have nobody who listens.
struct ThisThread;

impl<S: Subscriber> Layer<S> for ThisThread {
    fn register_callsite(&self, _: &'static Metadata<'static>) -> Interest {
        Interest::sometimes()
    }
}
