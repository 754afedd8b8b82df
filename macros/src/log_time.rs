//! `#[log_time]`: how long a call took.
//!
//! ```text
//! #[log_time]                          fn stitch(n: u32) -> Result<u32, E> {
//! fn stitch(n: u32) -> Result<u32, E>      static __SITE: Site = Site::new(&__SITE, "stitch", ..);
//! { body }                        ==>      let __watch = Timer::start(&__SITE, |__fields| {});
//!                                          let __returned = call_in(&__watch, || -> Result<u32, E> { body });
//!                                          Watch::finish(__watch, &__returned, |..| ..);
//!                                          __returned
//!                                      }
//! ```

use proc_macro2::TokenStream;

use crate::body::{Guard, watch};
use crate::diag::Mistakes;
use crate::func::Func;
use crate::options::Options;
use crate::stack::LOG_TIME;
use crate::{fields, site};

const OPTIONS: [&str; 3] = ["level", "name", "fields"];

pub(crate) fn expand(arguments: TokenStream, item: TokenStream) -> syn::Result<TokenStream> {
    let func = Func::parse(LOG_TIME, item)?;
    let mut mistakes = Mistakes::default();
    let mut options = Options::parse(LOG_TIME, arguments, &OPTIONS, &[], &mut mistakes);
    let level = options.level("level", &mut mistakes).unwrap_or_else(|| site::variant("Debug"));
    let name = options.name(&func.sig.ident, &mut mistakes);
    let list = options.list("fields", &mut mistakes).unwrap_or_default();
    let fields = fields::expand(list, &func.parameters(), &mut mistakes);
    let guard =
        Guard { site: site::site(&name, &level, &level), watch: "Timer", fields, bind: None, result: None };
    mistakes.finish(watch(&func, &guard))
}
