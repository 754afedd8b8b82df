//! How a value becomes a field: as a JSON number, boolean or string where it is one, else by `Display`, else by
//! `Debug`. Which of them is chosen at compile time by the number of references that method resolution has to
//! take off, so no bound is ever added to the user's types.

use std::borrow::Cow;
use std::fmt::{Debug, Display};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::json::{Fields, push_captured, push_f64, push_fmt, push_number, push_str};
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

value!(i8, i16, i32, i64, isize, u8, u16, u32, u64, usize, bool => |this, out| push_number(out, format_args!("{this}")));
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

/// A value that is to become a field; see the module.
#[derive(Debug)]
pub struct Capture<'a, T: ?Sized>(pub &'a T);

/// Three references: values with a JSON form.
pub trait CaptureValue {
    /// Adds the field.
    fn __add(&self, fields: &mut Fields, key: &str);
}

impl<T: Value + ?Sized> CaptureValue for &&Capture<'_, T> {
    fn __add(&self, fields: &mut Fields, key: &str) {
        fields.add(key, |out| self.0.push(out));
    }
}

/// Two references: values with `Display`.
pub trait CaptureDisplay {
    /// Adds the field.
    fn __add(&self, fields: &mut Fields, key: &str);
}

impl<T: Display + ?Sized> CaptureDisplay for &Capture<'_, T> {
    fn __add(&self, fields: &mut Fields, key: &str) {
        fields.add(key, |out| push_fmt(out, format_args!("{}", self.0)));
    }
}

/// One reference: values with `Debug`.
pub trait CaptureDebug {
    /// Adds the field.
    fn __add(&self, fields: &mut Fields, key: &str);
}

impl<T: Debug + ?Sized> CaptureDebug for Capture<'_, T> {
    fn __add(&self, fields: &mut Fields, key: &str) {
        fields.add(key, |out| push_fmt(out, format_args!("{:?}", self.0)));
    }
}
