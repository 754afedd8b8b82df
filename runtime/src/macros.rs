//! The macros for single lines and events. Fields have one syntax in all of them and in the attributes:
//! `x`, `?x` (by `Debug`), `%x` (by `Display`), `name = value`, `name = ?value`, `name = %value`.

/// Adds an event to the current operation: the innermost `#[structured_op]` call that this code runs in, at any
/// depth, in plain and in async code. Its name is a text, as `"page_saved"`. `op: handle` names another operation, see
/// [`OpHandle`](crate::OpHandle).
///
/// The record of the operation's end has its first 128 events, or as many as 64 KiB hold. With level DEBUG on, each is a record of its own
/// as well. Without an operation and below DEBUG nothing is evaluated.
///
/// ```
/// # let chapters = [1, 2];
/// logwright::event!("chapters_checked", count = chapters.len());
/// ```
#[macro_export]
macro_rules! event {
    (op: $op:expr, $kind:expr $(, $($fields:tt)*)?) => {
        $crate::__event!(::core::option::Option::Some(&$op), $kind $(, $($fields)*)?)
    };
    ($kind:expr $(, $($fields:tt)*)?) => {
        $crate::__event!(::core::option::Option::None, $kind $(, $($fields)*)?)
    };
}

/// Writes a record of level TRACE; see [`info!`](crate::info).
#[macro_export]
macro_rules! trace {
    ($($arguments:tt)+) => { $crate::__log!(Trace, $($arguments)+) };
}

/// Writes a record of level DEBUG; see [`info!`](crate::info).
#[macro_export]
macro_rules! debug {
    ($($arguments:tt)+) => { $crate::__log!(Debug, $($arguments)+) };
}

/// Writes a record of level INFO: fields, if any, then a message as for `format!`.
///
/// The logger is the module; `logger: expr` names another, see [`get_logger`](crate::get_logger). Where the level
/// is off nothing is evaluated; before logging is set up nobody knows what is off, so the first 1,000 lines are made
/// and kept, see [`Setup::install`](crate::Setup::install).
///
/// ```
/// # let (url, pages) = ("https://example.org", 3);
/// logwright::info!("Logging initialized");
/// logwright::info!(url, pages = pages + 1, "Found {pages} images");
/// ```
#[macro_export]
macro_rules! info {
    ($($arguments:tt)+) => { $crate::__log!(Info, $($arguments)+) };
}

/// Writes a record of level WARNING; see [`info!`](crate::info).
#[macro_export]
macro_rules! warn {
    ($($arguments:tt)+) => { $crate::__log!(Warning, $($arguments)+) };
}

/// Writes a record of level ERROR; see [`info!`](crate::info).
#[macro_export]
macro_rules! error {
    ($($arguments:tt)+) => { $crate::__log!(Error, $($arguments)+) };
}

/// Writes a record of level CRITICAL; see [`info!`](crate::info).
#[macro_export]
macro_rules! critical {
    ($($arguments:tt)+) => { $crate::__log!(Critical, $($arguments)+) };
}

/// Puts a file like `logwright.toml` into the program, for [`setup_with`](crate::setup_with). The path is from the
/// directory of the package's `Cargo.toml`.
///
/// The file is read at compile time, and what is wrong with it is an error of the build that says where, and what was
/// probably meant; but the directives of `filter` are read when the program starts. A change of the file builds the
/// crate anew. With feature `config`; what may be in the file [`setup`](crate::setup) tells.
///
/// ```no_run
/// const CONFIG: logwright::Config = logwright::include_config!("src/setup/example.toml");
///
/// let _log = logwright::setup_with("chaptrix", CONFIG).install()?;
/// # Ok::<(), logwright::Error>(())
/// ```
#[cfg(feature = "config")]
#[macro_export]
macro_rules! include_config {
    ($path:literal) => {
        $crate::Config::included($path, $crate::__private::included!($path))
    };
}

/// Puts a file like `logwright.toml` into the program: with feature `config` alone.
#[cfg(not(feature = "config"))]
#[macro_export]
macro_rules! include_config {
    ($($arguments:tt)*) => {
        ::core::compile_error!("`include_config!` needs logwright's feature `config`")
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __event {
    ($op:expr, $kind:expr $(, $($fields:tt)*)?) => {{
        $crate::__site!(Debug);
        $crate::__private::event(&__SITE, $op, $kind, |__fields| {
            let _ = &__fields;
            $($crate::__fields!(__fields; $($fields)*);)?
        });
    }};
}

#[doc(hidden)]
#[macro_export]
macro_rules! __log {
    ($level:ident, logger: $logger:expr, $($arguments:tt)+) => {{
        if let ::core::option::Option::Some(__wanted) =
            $crate::__private::Target::wanted(&$logger, $crate::Level::$level)
        {
            $crate::__message!(__wanted, $level, [] $($arguments)+);
        }
    }};
    ($level:ident, $($arguments:tt)+) => {{
        $crate::__site!($level);
        if let ::core::option::Option::Some(__wanted) = __SITE.wanted() {
            $crate::__message!(__wanted, $level, [] $($arguments)+);
        }
    }};
}

#[doc(hidden)]
#[macro_export]
macro_rules! __site {
    ($level:ident) => {
        static __SITE: $crate::__private::Site = $crate::__private::Site::new(
            "",
            ::core::module_path!(),
            ($crate::Level::$level, $crate::Level::$level),
            (::core::file!(), ::core::line!()),
        );
    };
}

/// Moves fields into the brackets until only the message is left.
#[doc(hidden)]
#[macro_export]
macro_rules! __message {
    ($to:ident, $level:ident, [$($done:tt)*] ? $name:ident, $($rest:tt)+) => {
        $crate::__message!($to, $level, [$($done)* ?$name,] $($rest)+)
    };
    ($to:ident, $level:ident, [$($done:tt)*] % $name:ident, $($rest:tt)+) => {
        $crate::__message!($to, $level, [$($done)* %$name,] $($rest)+)
    };
    ($to:ident, $level:ident, [$($done:tt)*] $name:ident = ? $value:expr, $($rest:tt)+) => {
        $crate::__message!($to, $level, [$($done)* $name = ?$value,] $($rest)+)
    };
    ($to:ident, $level:ident, [$($done:tt)*] $name:ident = % $value:expr, $($rest:tt)+) => {
        $crate::__message!($to, $level, [$($done)* $name = %$value,] $($rest)+)
    };
    ($to:ident, $level:ident, [$($done:tt)*] $name:ident = $value:expr, $($rest:tt)+) => {
        $crate::__message!($to, $level, [$($done)* $name = $value,] $($rest)+)
    };
    ($to:ident, $level:ident, [$($done:tt)*] $name:ident, $($rest:tt)+) => {
        $crate::__message!($to, $level, [$($done)* $name,] $($rest)+)
    };
    ($to:ident, $level:ident, [$($done:tt)*] $($message:tt)+) => {
        $crate::__private::log($to, $crate::Level::$level, ::core::format_args!($($message)+), |__fields| {
            let _ = &__fields;
            $crate::__fields!(__fields; $($done)*);
        })
    };
}

/// Adds each field, as its sigil says.
#[doc(hidden)]
#[macro_export]
macro_rules! __fields {
    ($to:ident;) => {};
    ($to:ident; ? $name:ident $(, $($rest:tt)*)?) => {
        $to.add_debug(::core::stringify!($name), &$name);
        $($crate::__fields!($to; $($rest)*);)?
    };
    ($to:ident; % $name:ident $(, $($rest:tt)*)?) => {
        $to.add_display(::core::stringify!($name), &$name);
        $($crate::__fields!($to; $($rest)*);)?
    };
    ($to:ident; $name:ident = ? $value:expr $(, $($rest:tt)*)?) => {
        $to.add_debug(::core::stringify!($name), &$value);
        $($crate::__fields!($to; $($rest)*);)?
    };
    ($to:ident; $name:ident = % $value:expr $(, $($rest:tt)*)?) => {
        $to.add_display(::core::stringify!($name), &$value);
        $($crate::__fields!($to; $($rest)*);)?
    };
    ($to:ident; $name:ident = $value:expr $(, $($rest:tt)*)?) => {
        $crate::__private::field(&$value).__add($to, ::core::stringify!($name));
        $($crate::__fields!($to; $($rest)*);)?
    };
    ($to:ident; $name:ident $(, $($rest:tt)*)?) => {
        $crate::__fields!($to; $name = $name $(, $($rest)*)?);
    };
}
