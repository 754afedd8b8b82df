//! `#[log_time]`: how long a call took.
//!
//! ```text
//! #[log_time]                          fn stitch(n: u32) -> Result<u32, E> {
//! fn stitch(n: u32) -> Result<u32, E>      static __SITE: Site = Site::new("stitch", ..);
//! { body }                        ==>      let __watch = Timer::begin(&__SITE);
//!                                          let __returned = call_once(|| -> Result<u32, E> { body });
//!                                          told(&__returned).__conclude(__watch);
//!                                          __returned
//!                                      }
//! ```
//!
//! Whole pictures of this and of the other attributes are in `tests/expand`.

use proc_macro2::TokenStream;

use crate::body::{Guard, TIMER, watch};
use crate::diag::Mistakes;
use crate::fields;
use crate::func::Func;
use crate::kind::Kind;
use crate::options::Options;
use crate::outcome::{failure_level, slow};
use crate::site::Site;
use crate::stack::LOG_TIME;

pub(crate) const KIND: Kind = Kind {
    name: LOG_TIME,
    verb: "time",
    twice: "its time would be told twice",
    options: &OPTIONS,
    positional: &[],
    only_tells: true,
    takes: |_| true,
    expand,
};

const OPTIONS: [&str; 11] =
    ["level", "name", "target", "logger", "fields", "err", "slow", "min", "skip", "only", "crate"];

fn expand(func: &Func, options: &mut Options, mistakes: &mut Mistakes) -> TokenStream {
    let mut site = Site::read(LOG_TIME, func, ("Debug", "Debug"), options, mistakes);
    if let Some(level) = options.level("level", mistakes) {
        (site.level, site.failure_level) = (level.clone(), level);
    }
    let (apart, debug) = failure_level(func, &mut site, options, mistakes);
    slow(&mut site, options, mistakes);
    let fields = fields::expand(options.list("fields", mistakes), &func.parameters, mistakes);
    let guard = Guard { site, watch: TIMER, failure_apart: apart, fields, bind: None, result: None, debug };
    watch(func, &guard)
}
