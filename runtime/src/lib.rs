#![cfg_attr(test, allow(clippy::unwrap_used, reason = "a test may panic"))]
//! x
mod keys;
mod error;
mod level;
mod escape;
mod clock;
mod json;
pub mod record;
mod trap;
mod scope;
mod sink;
mod op;
mod layer;
mod filter;
mod panics;
pub mod testing;
mod setup;
mod macros;
#[doc(hidden)]
pub mod __private;
pub use level::Level;
pub use error::Error;
pub use logwright_macros::{log_time, main, retry, structured_op};
pub use op::{Attempt, Logger, OpHandle, get_logger};
pub use setup::{Color, Console, File, Guard, MIB, Setup, init, setup};
