//! Operations as trees: which call was made within which, from their records alone. Does no I/O.

mod call;
mod collect;
mod forest;
mod critical;

pub(crate) use call::Call;
pub(crate) use collect::{Calls, Choice, MAX_CALLS, Traces};
pub(crate) use forest::{Forest, Node};

#[cfg(test)]
pub(crate) use forest::tests;
