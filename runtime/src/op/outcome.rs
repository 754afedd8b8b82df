//! What a returned value says: whether it is an `Err`, and what is known of the error. As with fields, method
//! resolution chooses at compile time: an error with sources, else one that is displayed, else debugged, else
//! only its type is named. A value that is no `Result` is a success.

use std::error::Error as StdError;
use std::fmt::{self, Debug, Display};

use super::emit::Emission;
use super::site::Site;
use crate::json::{push_fmt, push_text};
use crate::level::Level;
use crate::scope;

/// The error of an operation, as its record tells it.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Failure {
    pub(crate) text: String,
    pub(crate) type_name: &'static str,
    /// The sources' texts as a JSON array; empty without any.
    pub(crate) chain: String,
}

impl Failure {
    fn of<E: ?Sized>(text: fmt::Arguments<'_>) -> Self {
        Self { text: text_of(text), type_name: std::any::type_name::<E>(), chain: String::new() }
    }

    fn with_sources<E: ?Sized>(error: &dyn StdError) -> Self {
        // A cycle of sources must not hang the program that logs it.
        const MAX_SOURCES: usize = 16;
        let sources = std::iter::successors(error.source(), |source| (*source).source()).take(MAX_SOURCES);
        let mut chain = String::new();
        for source in sources {
            chain.push(if chain.is_empty() { '[' } else { ',' });
            push_fmt(&mut chain, format_args!("{source}"));
        }
        if !chain.is_empty() {
            chain.push(']');
        }
        Self { chain, ..Self::of::<E>(format_args!("{error}")) }
    }
}

impl Failure {
    /// Writes it as an ERROR record of its own.
    pub(crate) fn log(&self, site: &'static Site, what: &str) {
        if site.enabled_at(Level::Error) {
            Emission { level: Level::Error, ids: scope::ids(), failure: Some(self), ..Emission::default() }
                .send(site.metadata(Level::Error), format_args!("{what}: {}", self.text));
        }
    }
}

fn text_of(arguments: fmt::Arguments<'_>) -> String {
    let mut text = String::new();
    push_text(&mut text, arguments);
    text
}

/// The value of a call that ended.
#[derive(Debug)]
pub struct Returned<'a, R: ?Sized>(pub &'a R);

/// The error of a call that failed.
#[derive(Debug)]
pub struct Errored<'a, E: ?Sized>(pub &'a E);

macro_rules! ladder {
    ($($(#[$doc:meta])* $trait:ident for ($($reference:tt)*) where $error:ident: $bound:path => $failure:expr;)*) => {$(
        $(#[$doc])*
        pub trait $trait {
            /// What is known of the error; `None` on success.
            fn __failure(&self) -> Option<Failure>;
        }

        impl<T, $error: $bound> $trait for $($reference)* Returned<'_, Result<T, $error>> {
            fn __failure(&self) -> Option<Failure> {
                self.0.as_ref().err().map($failure)
            }
        }

        impl<$error: $bound> $trait for $($reference)* Errored<'_, $error> {
            fn __failure(&self) -> Option<Failure> {
                Some(self.0).map($failure)
            }
        }
    )*};
}

/// What is known of the error by `Debug` alone, as `err(debug)` asks for.
pub fn debugged<T, E: Debug>(returned: &Result<T, E>) -> Option<Failure> {
    returned.as_ref().err().map(|error| Failure::of::<E>(format_args!("{error:?}")))
}

/// Any type: the last rung but one.
pub trait Any {}
impl<T: ?Sized> Any for T {}

/// The shape of `anyhow::Error` and of a boxed error that may cross threads.
pub trait AsSendError: AsRef<dyn StdError + Send + Sync + 'static> {}
impl<E: AsRef<dyn StdError + Send + Sync + 'static>> AsSendError for E {}

/// The shape of a boxed error.
pub trait AsError: AsRef<dyn StdError + 'static> {}
impl<E: AsRef<dyn StdError + 'static>> AsError for E {}

ladder! {
    /// Seven references: `Box<dyn Error + Send + Sync>` and `anyhow::Error`.
    FailsAsSendError for (&&&&&&) where E: AsSendError => |error| Failure::with_sources::<E>(error.as_ref());
    /// Six references: `Box<dyn Error>`.
    FailsAsError for (&&&&&) where E: AsError => |error| Failure::with_sources::<E>(error.as_ref());
    /// Five references: types that are errors.
    FailsError for (&&&&) where E: StdError => |error| Failure::with_sources::<E>(error);
    /// Four references: types with `Display`.
    FailsDisplay for (&&&) where E: Display => |error| Failure::of::<E>(format_args!("{error}"));
    /// Three references: types with `Debug`.
    FailsDebug for (&&) where E: Debug => |error| Failure::of::<E>(format_args!("{error:?}"));
    /// Two references: an error of which only the type is known.
    FailsAny for (&) where E: Any => |_| Failure::of::<E>(format_args!("{}", std::any::type_name::<E>()));
}

/// One reference: any other value is a success.
pub trait FailsNever {
    /// `None`.
    fn __failure(&self) -> Option<Failure> {
        None
    }
}

impl<R: ?Sized> FailsNever for Returned<'_, R> {}

/// Two references: the value inside `Ok`.
pub trait ReturnedOk<T> {
    /// What the call returned, if it succeeded.
    fn __success(&self) -> Option<&T>;
}

impl<T, E> ReturnedOk<T> for &Returned<'_, Result<T, E>> {
    fn __success(&self) -> Option<&T> {
        self.0.as_ref().ok()
    }
}

/// One reference: any other value as it is.
pub trait ReturnedValue<R: ?Sized> {
    /// What the call returned.
    fn __success(&self) -> Option<&R>;
}

impl<R: ?Sized> ReturnedValue<R> for Returned<'_, R> {
    fn __success(&self) -> Option<&R> {
        Some(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    macro_rules! failure {
        ($value:expr) => {
            (&&&&&&&Returned(&$value)).__failure()
        };
        (error $error:expr) => {
            (&&&&&&&Errored(&$error)).__failure()
        };
    }

    struct Opaque;

    fn text(failure: Option<Failure>) -> (String, String) {
        let failure = failure.unwrap();
        (failure.text, failure.chain)
    }

    fn wrapped() -> crate::Error {
        crate::Error::io("cannot open `x`".into(), std::io::Error::other("disk gone"))
    }

    #[test]
    fn each_kind_of_error_is_told_as_well_as_it_can_be() {
        let chained = ("cannot open `x`".to_owned(), "[\"disk gone\"]".to_owned());
        assert_eq!(text(failure!(Err::<(), _>(wrapped()))), chained);
        assert_eq!(text(failure!(Err::<(), Box<dyn StdError>>(Box::new(wrapped())))), chained);
        assert_eq!(text(failure!(Err::<(), Box<dyn StdError + Send + Sync>>(Box::new(wrapped())))), chained);
        assert_eq!(text(failure!(Err::<(), _>("plain".to_owned()))).0, "plain");
        assert_eq!(text(failure!(Err::<(), _>(Some(3)))).0, "Some(3)");
        assert!(text(failure!(Err::<(), _>(Opaque))).0.ends_with("::Opaque"));
        assert_eq!(failure!(Ok::<_, Opaque>(1)), None);
        assert_eq!(failure!(Some(1)), None);
        assert_eq!(text(failure!(error wrapped())), chained);
    }

    #[test]
    fn an_error_that_borrows_needs_no_static_lifetime() {
        #[derive(Debug)]
        struct Borrowed<'a>(&'a str);
        impl Display for Borrowed<'_> {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.0)
            }
        }
        impl StdError for Borrowed<'_> {}
        let text_of = |owned: &String| failure!(Err::<(), _>(Borrowed(owned))).unwrap().text;
        assert_eq!(text_of(&"short".to_owned()), "short");
    }
}
