//! What annotated code does while it runs. Speaks only tracing; names no sink, no layer, no set-up.

mod site;
mod emit;
mod capture;
mod outcome;
mod watch;
mod pool;
mod timer;
mod operation;
mod log;

pub use capture::{DebugField, DisplayField, NoField, Value, ValueField, field};
pub(crate) use emit::Emission;
pub use log::{Logger, Target, get_logger, log};
pub use operation::{OpHandle, Operation, event};
pub use outcome::{Failure, Returned, ReturnedOk, ReturnedValue, debugged, told};
pub use site::{Site, Source};
pub use timer::Timer;
pub use watch::{Call, Watch, Watched};
