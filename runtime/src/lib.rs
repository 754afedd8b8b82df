//! x
mod keys;
mod error;
mod level;
mod escape;
mod clock;
mod json;
pub mod record;
pub use level::Level;
pub use error::Error;
