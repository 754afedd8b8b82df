//! How a value becomes a field: as a JSON number, boolean or string where it is one, else by `Display`, else by
//! `Debug`. Which of them is chosen at compile time, by a ladder as in `outcome`, so no bound is ever added to the user's
//! types.

use std::borrow::Cow;
use std::fmt::{Debug, Display};
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::digits::push_int;
use crate::json::{Fields, push_captured, push_f64, push_fmt, push_str};
use crate::redact::{HIDDEN, Redacted};

/// A value that has a JSON form of its own.
pub trait Value {
    /// Appends that form.
    fn push(&self, out: &mut String);
}

macro_rules! value {
    ($($type:ty),* => |$this:ident, $out:ident| $push:expr) => {
        $(impl Value for $type {
            fn push(&self, $out: &mut String) {
                let $this = self;
                $push;
            }
        })*
    };
}

value!(i8, i16, i32, i64, isize, u8, u16, u32, u64, usize => |this, out| push_int(out, *this));
value!(bool => |this, out| out.push_str(if *this { "true" } else { "false" }));
// Beyond 64 bits readers lose digits of a JSON number.
value!(i128, u128, char => |this, out| push_fmt(out, format_args!("{this}")));
value!(f32 => |this, out| push_f64(out, f64::from(*this)));
value!(f64 => |this, out| push_f64(out, *this));
value!(str, String, Cow<'_, str> => |this, out| push_captured(out, this));
value!(Path, PathBuf => |this, out| push_fmt(out, format_args!("{}", this.display())));
value!(std::time::Duration => |this, out| push_f64(out, this.as_secs_f64()));

impl<T> Value for Redacted<T> {
    fn push(&self, out: &mut String) {
        push_str(out, HIDDEN);
    }
}

impl<T: Value + ?Sized> Value for &T {
    fn push(&self, out: &mut String) {
        (**self).push(out);
    }
}

impl<T: Value + ?Sized> Value for &mut T {
    fn push(&self, out: &mut String) {
        (**self).push(out);
    }
}

impl<T: Value + ?Sized> Value for Box<T> {
    fn push(&self, out: &mut String) {
        (**self).push(out);
    }
}

impl<T: Value + ?Sized> Value for Arc<T> {
    fn push(&self, out: &mut String) {
        (**self).push(out);
    }
}

impl<T: Value> Value for Option<T> {
    fn push(&self, out: &mut String) {
        match self {
            Some(value) => value.push(out),
            None => out.push_str("null"),
        }
    }
}

/// Declares the rungs; see `outcome`.
macro_rules! ladder {
    ($($(#[$doc:meta])* $rung:ident($next:ident) where $bound:path => |$value:ident, $out:ident| $push:expr;)*) => {$(
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $rung<'a, T: ?Sized>($next<'a, T>);

        impl<'a, T: ?Sized> Deref for $rung<'a, T> {
            type Target = $next<'a, T>;

            #[inline]
            fn deref(&self) -> &Self::Target {
                &self.0
            }
        }

        impl<T: $bound + ?Sized> $rung<'_, T> {
            /// Adds the field.
            pub fn __add(&self, fields: &mut Fields, key: &str) {
                let $value: &T = self.value();
                fields.add(key, |$out| $push);
            }
        }
    )*};
}

ladder! {
    /// Values with a JSON form.
    ValueField(DisplayField) where Value => |value, out| value.push(out);
    /// Values with `Display`.
    DisplayField(DebugField) where Display => |value, out| push_fmt(out, format_args!("{value}"));
    /// Values with `Debug`.
    DebugField(NoField) where Debug => |value, out| push_fmt(out, format_args!("{value:?}"));
}

/// A value that cannot be shown.
#[derive(Debug)]
pub struct NoField<'a, T: ?Sized>(&'a T);

impl<'a, T: ?Sized> NoField<'a, T> {
    fn value(&self) -> &'a T {
        self.0
    }

    /// Is there to say why it cannot be added.
    pub fn __add(&self, _: &mut Fields, _: &str)
    where
        T: Recordable,
    {
    }
}

/// What fields can be made of; named where a value is nothing of that kind.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a field: it has neither `Display` nor `Debug`",
    label = "cannot be recorded",
    note = "derive `Debug` for it, or record a part of it: `name = value.part`"
)]
pub trait Recordable {}

/// The top of the ladder.
#[inline]
pub const fn field<T: ?Sized>(value: &T) -> ValueField<'_, T> {
    ValueField(DisplayField(DebugField(NoField(value))))
}
