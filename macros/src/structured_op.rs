//! `#[structured_op]`: a record when a call starts and one when it ends.
//!
//! The shape is that of `#[log_time]` with `Operation` for `Timer`; an async function becomes
//!
//! ```text
//! #[structured_op]                     async fn fetch(url: &str) -> Result<Page, E> {
//! async fn fetch(url: &str)                static __SITE: Site = Site::new("fetch", ..);
//!     -> Result<Page, E>          ==>      let __watch = Operation::begin(&__SITE);
//! { body }                                 let (__watch, __returned) =
//!                                              Watched::new(__watch, async move { <typed edge> body }).await;
//!                                          told(&__returned).__conclude(__watch);
//!                                          __returned
//!                                      }
//! ```

use proc_macro2::TokenStream;

use crate::body::{Guard, watch};
use crate::diag::Mistakes;
use crate::fields;
use crate::func::Func;
use crate::kind::Kind;
use crate::options::{List, Options};
use crate::outcome::{failure_level, slow};
use crate::returned::Shape;
use crate::site::Site;
use crate::stack::STRUCTURED_OP;
use crate::unboxed::Unboxed;

pub(crate) const KIND: Kind = Kind {
    name: STRUCTURED_OP,
    verb: "record",
    twice: "it would be two operations",
    options: &OPTIONS,
    positional: &[],
    only_tells: true,
    takes: |_| true,
    expand,
};

const OPTIONS: [&str; 13] = [
    "level", "name", "target", "logger", "context", "fields", "result", "err", "slow", "bind", "skip",
    "only", "crate",
];

fn expand(func: &Func, options: &mut Options, mistakes: &mut Mistakes) -> TokenStream {
    let mut site = Site::read(STRUCTURED_OP, func, ("Info", "Error"), options, mistakes);
    if let Some(level) = options.level("level", mistakes) {
        site.level = level;
    }
    let (_, debug) = failure_level(func, &mut site, options, mistakes);
    slow(&mut site, options, mistakes);
    let fields = fields::expand(context(options, mistakes), &func.parameters, mistakes);
    let result = options
        .list("result", mistakes)
        .map(|list| fields::expand(Some(list), &["ret".to_owned()], mistakes));
    let inherited = options.is_inherited("bind");
    let bind = options.ident("bind", &func.parameters, mistakes);
    let only_makes_a_future = match func.shape {
        Shape::ImplFuture => true,
        Shape::BoxedFuture => !func.is_block && Unboxed::of(func).is_none(),
        _ => false,
    };
    if let Some(bind) = bind.as_ref().filter(|_| only_makes_a_future && !inherited) {
        mistakes.add(bind.span(), "`bind` needs an `async fn`: this function only makes a future");
    }
    let bind = bind.filter(|_| !only_makes_a_future);
    watch(func, &Guard { site, watch: "Operation", failure_apart: false, fields, bind, result, debug })
}

/// `context(..)` or `fields(..)`: the function's own goes over the block's, whatever it is called.
fn context(options: &mut Options, mistakes: &mut Mistakes) -> Option<List> {
    let lists = (options.list("context", mistakes), options.list("fields", mistakes));
    match lists {
        (Some(context), Some(fields)) if context.inherited != fields.inherited => {
            Some(if context.inherited { fields } else { context })
        }
        (Some(_), Some(fields)) => {
            let message = "`fields` and `context` are two names for one list; use one of them";
            mistakes.add(fields.key.span(), message);
            None
        }
        (context, fields) => context.or(fields),
    }
}
