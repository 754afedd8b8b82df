//! What users are promised, one file for each part.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;
mod log_time;
mod retry;
mod structured_op;
mod async_fns;
mod ways_out;
mod stacking;
mod stacking_boxed;
mod shapes;
mod drops;
mod signatures;
mod loggers;
mod endings;
mod retry_options;
mod retry_boxed;
mod blocks;
mod blocks_merged;
mod blocks_stacked;
mod main_fn;
mod future_size;
mod templates;
mod inference;
mod macros;
mod editions;
mod dependencies;
mod features;
mod diagnostics;
mod redaction;
mod setup;
mod files;
mod viewer;
mod chaptrix;
mod foreign;
mod tidy;
