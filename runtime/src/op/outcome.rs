//! What a returned value says: whether it is an `Err`, and what is known of the error: its text and its sources, else
//! what `Display` says, else `Debug`, else only its type is named, as it is where the text is empty. A value that is
//! no `Result` is a success.
//!
//! Method resolution chooses at compile time, so no bound is added to the user's types: it takes the first rung of a
//! ladder whose methods are there for the type. The rungs are types that dereference to the next, not traits on
//! references: nothing has to be imported for them, and the compiler is done with them in half of the time.

use std::error::Error as StdError;
use std::fmt::{self, Debug, Display};
use std::ops::Deref;

use super::emit::Emission;
use super::site::Site;
use super::watch::{Call, Watch};
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

    /// Of an error of which no more than that is known.
    pub(crate) fn displayed<E: Display>(error: &E) -> Self {
        Self::of::<E>(format_args!("{error}"))
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
    /// What its record has as the error. A text that is empty would look like none there.
    pub(crate) fn named(&self) -> &str {
        if self.text.is_empty() { self.type_name } else { &self.text }
    }

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

/// What is known of the error by `Debug` alone, as `err(debug)` asks for.
pub fn debugged<C: Call, T, E: Debug>(returned: &Result<T, E>, watch: Watch<C>) {
    watch.close(|| returned.as_ref().err().map(|error| Failure::of::<E>(format_args!("{error:?}"))));
}

/// Any type: the last rung but one.
pub trait Any {}
impl<T: ?Sized> Any for T {}

/// The shape of `anyhow::Error`.
pub trait AsSendError: AsRef<dyn StdError + Send + Sync + 'static> {}
impl<E: AsRef<dyn StdError + Send + Sync + 'static>> AsSendError for E {}

/// A boxed error, whatever it borrows. A bound of `AsRef` would ask it to borrow nothing.
pub trait BoxedError {
    /// What is in the box.
    fn inside(&self) -> &dyn StdError;
}

impl BoxedError for Box<dyn StdError + '_> {
    fn inside(&self) -> &dyn StdError {
        &**self
    }
}

impl BoxedError for Box<dyn StdError + Send + '_> {
    fn inside(&self) -> &dyn StdError {
        &**self
    }
}

impl BoxedError for Box<dyn StdError + Send + Sync + '_> {
    fn inside(&self) -> &dyn StdError {
        &**self
    }
}

/// Declares the rungs: each has the methods for the values that it is for, and dereferences to the next one, which
/// the compiler looks at where the bound is not met.
macro_rules! ladder {
    ($($(#[$doc:meta])* $rung:ident($next:ident) where $error:ident: $bound:path => $failure:expr;)*) => {$(
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $rung<'a, R>($next<'a, R>);

        impl<'a, R> Deref for $rung<'a, R> {
            type Target = $next<'a, R>;

            #[inline]
            fn deref(&self) -> &Self::Target {
                &self.0
            }
        }

        impl<T, $error: $bound> $rung<'_, Result<T, $error>> {
            /// What is known of the error; `None` on success.
            pub fn __failure(&self) -> Option<Failure> {
                let returned: &Result<T, $error> = self.returned();
                returned.as_ref().err().map($failure)
            }

            /// Ends the call with what is known.
            #[inline]
            pub fn __conclude<C: Call>(&self, watch: Watch<C>) {
                watch.close(|| self.__failure());
            }
        }
    )*};
}

ladder! {
    /// Types that are errors: the most common, so the first.
    Told(Boxed) where E: StdError => |error| Failure::with_sources::<E>(error);
    /// `Box<dyn Error>`.
    Boxed(Wrapped) where E: BoxedError => |error| Failure::with_sources::<E>(error.inside());
    /// `anyhow::Error`.
    Wrapped(Displayed) where E: AsSendError => |error| Failure::with_sources::<E>(error.as_ref());
    /// Types with `Display`.
    Displayed(Debugged) where E: Display => |error| Failure::displayed(error);
    /// Types with `Debug`.
    Debugged(Named) where E: Debug => |error| Failure::of::<E>(format_args!("{error:?}"));
    /// An error of which only the type is known.
    Named(Returned) where E: Any => |_| Failure::of::<E>(format_args!("{}", std::any::type_name::<E>()));
}

/// The value of a call: any that is no `Result` is a success.
#[derive(Debug)]
pub struct Returned<'a, R>(pub &'a R);

impl<'a, R> Returned<'a, R> {
    fn returned(&self) -> &'a R {
        self.0
    }

    /// `None`.
    #[must_use]
    pub fn __failure(&self) -> Option<Failure> {
        None
    }

    /// Ends the call as a success.
    #[inline]
    pub fn __conclude<C: Call>(&self, watch: Watch<C>) {
        watch.close(|| None);
    }
}

/// The top of the ladder.
#[inline]
pub const fn told<R>(returned: &R) -> Told<'_, R> {
    Told(Boxed(Wrapped(Displayed(Debugged(Named(Returned(returned)))))))
}

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
pub trait ReturnedValue<R> {
    /// What the call returned.
    fn __success(&self) -> Option<&R>;
}

impl<R> ReturnedValue<R> for Returned<'_, R> {
    fn __success(&self) -> Option<&R> {
        Some(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    macro_rules! failure {
        ($value:expr) => {
            told(&$value).__failure()
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
