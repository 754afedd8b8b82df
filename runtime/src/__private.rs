//! The only names that generated code uses. No part of the public interface: any of them may change in any
//! release, together with the macros of the same version.

/// For crates without the standard library's prelude.
pub use std::boxed::Box;

#[cfg(feature = "catalogue")]
pub use crate::catalogue::{Annotation, CATALOGUE};
pub use crate::json::Fields;
pub use crate::level::Level;
pub use crate::op::*;
pub use crate::retry::private::*;
#[cfg(feature = "catalogue")]
pub use linkme;
#[cfg(feature = "config")]
pub use logwright_macros::included;

/// The traits among which the value of a call that succeeded chooses. Imported all at once and without names: at least
/// one is used, and none is in the way of a name of the user's.
pub mod successes {
    pub use crate::op::{ReturnedOk as _, ReturnedValue as _};
}

/// Calls `body` once. The bound makes the compiler take the closure as one that may give away what it captures,
/// so that borrowed and moved values come out of it as they would out of the function.
#[inline]
pub fn call_once<R>(body: impl FnOnce() -> R) -> R {
    body()
}

/// The same for a body that makes a future, the output of which is told by the function's signature.
#[inline]
pub fn call_future<T, F: Future<Output = T>, B: FnOnce() -> F>(body: B) -> F {
    body()
}

/// The type of a value that there is not.
#[derive(Clone, Copy, Debug)]
pub enum Never {}

/// The same for a call with a guard: inside the guard's operation.
#[inline]
pub fn call_in<C: Call, R>(watch: &Watch<C>, body: impl FnOnce() -> R) -> R {
    let _entered = watch.enter();
    body()
}

/// The fields of a call whose body may take its arguments away before its guard starts; empty where nobody wants
/// them.
pub fn captured(source: Source, fill: impl FnOnce(&mut Fields)) -> Fields {
    let mut fields = Fields::default();
    if source.is_wanted() {
        fill(&mut fields);
    }
    fields
}

/// Sets logging up for `#[logwright::main]`.
pub fn main_starts(setup: crate::Setup) -> crate::Guard {
    setup.install_or_report()
}

/// Records the error that `main` returns.
pub fn main_ended(site: &'static Site, failure: Option<Failure>) {
    if let Some(failure) = failure {
        failure.log(site, "main failed");
    }
}
